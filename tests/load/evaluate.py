"""make evaluate: demos at several seeds, each run through the whole ETL and held against what was planted in it.

Prints, as Markdown, what is found and what is warned of in vain, by the index and by a naive count of complaints that
warns of as many enterprises; how early; how pure the grades are; and what the learned probability is worth.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from dashboard.clock import today
from dashboard.db import make_engine, migrate, sessions
from dashboard.demonstration.run import MONTHS
from dashboard.models.performance import Learned, Reliability
from dashboard.settings import HOUSE, Settings
from dashboard.vocabulary import GRADES
from etl.demo import generate
from etl.engine import open_engine
from etl.learn.intervals import wilson
from etl.pipeline import run
from etl.sources import extract, load_sources
from etl.staging import stage
from tests.load.judging import LOOKED_AT, Files, Judged, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

ENTERPRISES, SEEDS = 100_000, (2026, 1, 7)
_SURE = 0.5
FOUND = f"""What is found. k: planted enterprises in operation whose scheme's build-up has begun; found at k: of them,
among the first k of the ranking (so precision and recall are one), and the share of schemes with a member there.
At {", ".join(map(str, LOOKED_AT))}: share of planted ones among so many. Warned of: by the index graded orange or red,
by complaints as many with most of them in 180 days. In vain: of those, in no scheme, to 10 000 in operation."""
EARLY = """How early. Schemes that broke within the history, a quarter into it or later. Warned before: with a member
(a core member) warned of in a week after the build-up began and before the break. Days before: from the first such week
to the break, median over all these schemes, 0 for those not warned of; and over those that both scorers warned of."""
PURE = "How pure the grades are: enterprises in operation and with evidence, and which share of them is planted."
LEARNED = f"""What the probability is worth, on the last day whose cases are known. Brier: mean squared error; base:
that of giving everybody the same. Sure: those given {_SURE} or more, what they were promised and what came."""


class Evaluated(NamedTuple):
    """What one demo showed."""

    seed: int
    judged: list[Judged]
    grades: dict[str, tuple[int, int]]
    figures: dict[str, float | None]  # of the learned card
    bins: list[Reliability]


def main(arguments: list[str] | None = None) -> int:
    """Evaluate at every seed asked for, print the tables of all; return 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.evaluate", description=__doc__)
    parser.add_argument("--enterprises", type=int, default=ENTERPRISES, metavar="N", help=f"default {ENTERPRISES}")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, metavar="SEED", help="default 2026 1 7")
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="last day of the data; default today")
    asked = parser.parse_args(arguments)
    as_of = asked.as_of or today(Settings().timezone)
    told = []
    for seed in asked.seeds:
        sys.stderr.write(f"seed {seed}\n")  # each takes a minute or two
        told.append(evaluate(seed, asked.enterprises, as_of, HOUSE / "var" / "evaluate" / str(seed)))
    report(told, f"{asked.enterprises:,} enterprises, {MONTHS} months, as of {as_of}, 95 % intervals in brackets")
    return 0


def evaluate(seed: int, enterprises: int, as_of: date, folder: Path) -> Evaluated:
    """Make the demo of a seed in `folder`, run the ETL over it, return what it showed, and clear the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    landing = folder / "demo"
    generate(enterprises=enterprises, months=MONTHS, seed=seed, as_of=as_of, out=landing)
    settings = Settings(var_dir=folder)
    migrate(settings.database, HOUSE)
    made = run(settings, sources_file=landing / "sources.toml", as_of=as_of)
    generation = folder / "generations" / str(made["generation"])
    told = _complaints(settings, landing, as_of)
    members = landing / "truth" / "members.parquet"
    judged, grades = judge(
        Files(generation / "weeks.parquet", generation / "enterprises.parquet", told, members), as_of
    )
    found = Evaluated(seed, judged, grades, *_learned(settings))
    shutil.rmtree(folder)
    return found


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


def _learned(settings: Settings) -> tuple[dict[str, float | None], list[Reliability]]:
    engine = make_engine(settings.database)
    with sessions(engine)() as session:
        card: dict[str, Any] = session.scalars(select(Learned.card)).one()
        bins = list(session.scalars(select(Reliability).order_by(Reliability.bin)))
        session.expunge_all()
    engine.dispose()
    figures: dict[str, float | None] = card.get("figures", {})
    return figures, bins


def report(told: Sequence[Evaluated], title: str) -> None:
    """Print the tables of all seeds."""
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(title, highlight=False)
    scored = [(str(found.seed), judged) for found in told for judged in found.judged]
    head = (
        "k",
        "found at k",
        "not broken yet",
        "found of these",
        "schemes",
        "found",
        *(f"at {k}" for k in LOOKED_AT),
        "warned of",
        "in vain",
    )
    _print(console, FOUND, ("seed", "scorer", *head), ((seed, *_found(one)) for seed, one in scored))
    head = ("schemes", "warned before", "core warned", "days before", "both warned", "days before")
    _print(console, EARLY, ("seed", "scorer", *head), ((seed, *_early(one)) for seed, one in scored))
    _print(console, PURE, ("seed", *GRADES), ((str(found.seed), *_pure(found.grades)) for found in told))
    head = ("seed", "enterprises", "confirmed", "AUC", "Brier", "base", "sure", "promised", "came true")
    _print(console, LEARNED, head, ((str(found.seed), *_sure(found)) for found in told))


def _print(console: Console, words: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    table = Table(*head, box=MARKDOWN)
    for row in rows:
        table.add_row(*row)
    console.print("", words, "", table, sep="\n", highlight=False, soft_wrap=True)


def _found(one: Judged) -> tuple[str, ...]:
    return (
        one.scorer,
        str(one.planted),
        _share(one.found, one.planted),
        str(one.live),
        _share(one.live_found, one.live),
        str(one.begun),
        f"{one.begun_found / max(1, one.begun):.0%}",
        *(f"{one.hits[k] / k:.0%}" for k in LOOKED_AT),
        str(one.alarms),
        f"{one.per_10000:.1f}",
    )


def _early(one: Judged) -> tuple[str, ...]:
    middle, low, high = one.lead
    shares = (_share(one.ahead, one.schemes), _share(one.core_ahead, one.schemes))
    both = "—" if one.both_lead is None else f"{one.both_lead:.0f}"
    return one.scorer, str(one.schemes), *shares, f"{middle:.0f} [{low:.0f}–{high:.0f}]", str(one.both), both


def _pure(grades: dict[str, tuple[int, int]]) -> list[str]:
    return [f"{n}: {planted / n:.0%}" if n else "0" for n, planted in (grades.get(grade, (0, 0)) for grade in GRADES)]


def _sure(found: Evaluated) -> list[str]:
    said = {name: "—" if value is None else f"{value:g}" for name, value in found.figures.items()}
    top = [one for one in found.bins if one.predicted >= _SURE]
    n = sum(one.n for one in top)
    came = round(sum(one.observed * one.n for one in top))
    promised = f"{sum(one.predicted * one.n for one in top) / n:.0%}" if n else "—"
    names = ("n", "confirmed", "auc", "brier", "brier_base")
    return [*(said.get(name, "—") for name in names), str(n), promised, _share(came, n)]


def _share(hits: int, n: int) -> str:
    if not n:
        return "—"
    low, high = wilson(hits, n)
    return f"{hits / n:.0%} [{low * 100:.0f}–{high * 100:.0f}]"


if __name__ == "__main__":
    sys.exit(main())
