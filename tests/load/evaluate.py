"""make evaluate: demos at several seeds, each run through the whole ETL and held against what was planted in it.

Prints, for the index and for a naive count of complaints that warns of as many enterprises: planted enterprises found
among the first k (k: how many are planted, so precision and recall are one), how long before a scheme breaks the first
of its members was orange or red, and how many were warned of in vain.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import date
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from dashboard.clock import today
from dashboard.db import migrate
from dashboard.settings import HOUSE, Settings
from etl.demo import generate
from etl.engine import open_engine
from etl.pipeline import run
from etl.sources import extract, load_sources
from etl.staging import stage
from tests.load.judging import judge

if TYPE_CHECKING:
    from pathlib import Path

    from tests.load.judging import Judged

ENTERPRISES, MONTHS, SEEDS = 100_000, 14, (2026, 1, 7)


def main(arguments: list[str] | None = None) -> int:
    """Evaluate at every seed asked for and print one table; return 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.evaluate", description=__doc__)
    parser.add_argument("--enterprises", type=int, default=ENTERPRISES, metavar="N", help=f"default {ENTERPRISES}")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, metavar="SEED", help="default 2026 1 7")
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="last day of the data; default today")
    asked = parser.parse_args(arguments)
    as_of = asked.as_of or today(Settings().timezone)
    table = Table(
        "seed", "scorer", "planted (k)", "found at k", "not broken yet", "found at k", "broken", "warned before",
        "days before, median", "in vain per 10,000", box=None,
    )  # fmt: skip
    for seed in asked.seeds:
        for judged in evaluate(seed, asked.enterprises, as_of, HOUSE / "var" / "evaluate" / str(seed)):
            table.add_row(str(seed), *_cells(judged))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    return 0


def evaluate(seed: int, enterprises: int, as_of: date, folder: Path) -> list[Judged]:
    """Make the demo of a seed in `folder`, run the ETL over it, return how the scorers did, and clear the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    landing = folder / "demo"
    generate(enterprises=enterprises, months=MONTHS, seed=seed, as_of=as_of, out=landing)
    settings = Settings(var_dir=folder)
    migrate(settings.database, HOUSE)
    made = run(settings, sources_file=landing / "sources.toml", as_of=as_of)
    weeks = folder / "generations" / str(made["generation"]) / "weeks.parquet"
    told = _complaints(settings, landing, as_of)
    judged = judge(weeks, told, landing / "truth" / "members.parquet", as_of=as_of, enterprises=made["enterprises"])
    shutil.rmtree(folder)
    return judged


def _complaints(settings: Settings, landing: Path, as_of: date) -> Path:
    """Write who was complained about and when, as staged; return the file."""
    path = landing / "complaints.parquet"
    con = open_engine(None, threads=settings.etl_threads, memory_gb=settings.etl_memory_gb)
    extract(con, load_sources(landing / "sources.toml"), landing)
    stage(con, as_of)
    signals = con.table("stg_signals")
    told = signals.filter(signals.sub_index == "complaints", signals.uscc.notnull()).select("uscc", "reported_on")
    con.to_parquet(told, path)
    con.disconnect()
    return path


def _cells(judged: Judged) -> list[str]:
    counts = (judged.planted, judged.found, judged.live, judged.live_found, judged.schemes, judged.ahead)
    shares = {1: judged.found / max(1, judged.planted), 3: judged.live_found / max(1, judged.live)}
    told = [f"{count} ({shares[at]:.0%})" if at in shares else str(count) for at, count in enumerate(counts)]
    lead = "—" if judged.lead_days is None else f"{judged.lead_days:.0f}"
    return [judged.scorer, *told, lead, f"{judged.false_per_10000:.1f}"]


if __name__ == "__main__":
    sys.exit(main())
