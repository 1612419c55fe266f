"""Index and graph over a million enterprises, beside a bare scan-and-group of the same landing files.

`python -m tests.load.million VAR SOURCES AS_OF stage|score` is one half of the work in a process of its own, so that
the peak of the second half is that of index and graph alone; it prints JSON.
"""

from __future__ import annotations

import codecs
import json
import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from dashboard.clock import end_of_day, today
from dashboard.db import make_engine, migrate
from dashboard.settings import HOUSE, Settings
from etl.engine import open_engine
from etl.index import load_model
from etl.steps import Asked, bind_ties, extract_sources, gather_evidence, make_job, score, spread_along_ties, stage_rows
from tests.load.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from etl.steps import Job

ENTERPRISES = 1_000_000
AIM = 4.0  # times the floor
KIB, GIB = 1024, 1024**3

HALVES: dict[str, dict[str, Callable[[Job], int]]] = {
    "stage": {"extract": extract_sources, "stage": stage_rows},
    "score": {"ties": bind_ties, "evidence": gather_evidence, "score": score, "related": spread_along_ties},
}


def crunching(folder: Path, enterprises: int = ENTERPRISES) -> Figure:
    """Return seconds and peak memory of index and graph over a demo of this size, made in `folder` if need be."""
    settings = Settings(environment="demo", var_dir=folder)
    sources = folder / "demo" / "sources.toml"
    migrate(settings.database, HOUSE)
    as_of = today(settings.timezone)
    if not sources.exists():
        making = ["etl", "demo", "--enterprises", str(enterprises)]
        making += ["--as-of", as_of.isoformat(), "--out", str(sources.parent)]
        subprocess.run([sys.executable, "-m", *making], cwd=HOUSE, check=True, stdout=subprocess.DEVNULL)
    staged, scored = (_half(folder, sources, as_of, half) for half in HALVES)
    floor, seconds = scan_and_group(sources.parent), sum(scored["seconds"].values())
    detail = ", ".join(f"{step} {taken:.1f}" for step, taken in scored["seconds"].items())
    beside = (
        f"scan-and-group {floor:.1f} s; {detail}; before it extract and stage {sum(staged['seconds'].values()):.1f} s"
    )
    return Figure(
        f"index and graph, {enterprises:,} enterprises",
        f"{seconds:.1f} s, {seconds / floor:.1f} × the floor, {scored['peak'] / GIB:.1f} GiB",
        f"aim ≤ {AIM:.0f} ×",
        beside,
    )


def _half(folder: Path, sources: Path, as_of: date, half: str) -> dict[str, Any]:
    arguments = [str(folder), str(sources), as_of.isoformat(), half]
    command = [sys.executable, "-m", "tests.load.million", *arguments]
    made = subprocess.run(command, cwd=HOUSE, check=True, env=os.environ, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(made.stdout)
    return told


def scan_and_group(folder: Path) -> float:
    """Return the seconds in which bare DuckDB reads every column of the Parquet and CSV files and groups by the first.

    CSV files in other encodings than UTF-8, which bare DuckDB cannot read, and spreadsheets are left out.
    """
    began = time.perf_counter()
    plain = [file for file in sorted(folder.glob("landing/*/*.csv")) if _is_utf8(file)]
    con = duckdb.connect()
    for file in (*sorted(folder.glob("landing/*/*.parquet")), *plain):
        name = "'" + str(file).replace("'", "''") + "'"
        csv = f"read_csv({name}, all_varchar = true, strict_mode = false, ignore_errors = true)"
        source = f"read_parquet({name})" if file.suffix == ".parquet" else csv
        first = con.execute(f"FROM {source} LIMIT 0").description[0][0]
        grouped = f'SELECT "{first}", count(*) AS n, sum(hash(COLUMNS(*))) FROM {source} GROUP BY "{first}"'  # noqa: S608 - our own files
        con.execute(f"SELECT max(n) FROM ({grouped})").fetchall()  # noqa: S608 - as above
    return time.perf_counter() - began


def _is_utf8(file: Path) -> bool:
    with file.open("rb") as lines:
        head = lines.read(1 << 16)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def main(folder: Path, sources: Path, as_of: date, half: str) -> None:
    """Do one half in this process and print its seconds by step and its peak in bytes."""
    settings = Settings(environment="demo", var_dir=folder)
    path = folder / "staged.duckdb"
    if half == "stage":
        path.unlink(missing_ok=True)
    con = open_engine(path, threads=settings.etl_threads, memory_gb=settings.etl_memory_gb)
    asked = Asked(sources, as_of, end_of_day(as_of, settings.timezone), None, accept_loss=True)
    model = load_model(settings.model_file)
    job = make_job("", settings, asked, model, con, make_engine(settings.database), lambda _step, _moment: None)
    seconds = {}
    for name, step in HALVES[half].items():
        began = time.perf_counter()
        step(job)
        seconds[name] = time.perf_counter() - began
    con.disconnect()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB
    sys.stdout.write(json.dumps({"seconds": seconds, "peak": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]), sys.argv[4])
