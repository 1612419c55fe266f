"""A day once more: what was known on it, computed beside the live generation and held against what was published."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
from sqlalchemy import select

from dashboard.clock import end_of_day, now
from dashboard.db import make_engine, sessions
from dashboard.errors import Invalid
from dashboard.models.population import FILES
from dashboard.models.reporting import Run
from etl.decisions import model_for
from etl.engine import open_engine
from etl.publish import files
from etl.steps import COMPUTING, Asked, extract_sources, make_job, stage_rows

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.settings import Settings
    from etl.index import Model

STEPS = (("extract", extract_sources), ("stage", stage_rows), *COMPUTING)


@dataclass(frozen=True)
class Difference:
    """How one file differs from the published one; equal rows in other bytes count as a difference too."""

    file: str
    only_here: int
    only_there: int


@dataclass(frozen=True)
class Replayed:
    """What a replay made and what it was held against; `generation` None: nothing of that day is kept."""

    folder: Path
    model_version: str
    generation: int | None
    differences: tuple[Difference, ...]


def replay(
    settings: Settings, *, as_of: date, version: str | None, sources_file: Path | None, out: Path | None
) -> Replayed:
    """Compute what was known on `as_of` into `out`, or a folder under the state folder's `replays`; compare and return.

    Rows count if they were reported by then, and decisions if they were made before the run of that day that published
    began (before the day ended, if there was none). `version` names the model; without one it is that run's, or the one
    then in force. Reads the database and writes nothing to it, takes no lock, and leaves generations alone. Invalid if
    `out` holds anything; otherwise raises what a run would.
    """
    if out is not None and out.exists() and any(out.iterdir()):
        raise Invalid(f"{out} is not empty: a replay needs a folder of its own")
    engine = make_engine(settings.database)
    try:
        factory = sessions(engine)
        past = _published(factory, as_of, version)
        known_at = min(past.started_at if past else now(), end_of_day(as_of, settings.timezone))
        model = model_for(factory, settings, known_at, version or (past.model_version if past else None))
        final = out or settings.var_dir / "replays" / f"{as_of}-{model.version}"
        asked = Asked(sources_file or settings.sources, as_of, known_at, model.version, accept_loss=True)
        _compute(settings, asked, model, engine, final)
    finally:
        engine.dispose()
    there = settings.var_dir / "generations" / str(past.generation) if past else None
    if past is None or there is None or not there.exists():
        return Replayed(final, model.version, None, ())
    return Replayed(final, model.version, past.generation, differences(final, there))


def _published(factory: sessionmaker[Session], as_of: date, version: str | None) -> Run | None:
    """Return the newest run that published that day, by the model of this version if one is given."""
    asked = select(Run).where(Run.as_of == as_of, Run.state == "published").order_by(Run.started_at.desc()).limit(1)
    with factory() as session:
        return session.scalar(asked.where(Run.model_version == version) if version else asked)


def _compute(settings: Settings, asked: Asked, model: Model, engine: Engine, final: Path) -> None:
    work = final.with_name(f".working-{final.name}")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    con = open_engine(work / "run.duckdb", threads=settings.etl_threads, memory_gb=settings.etl_memory_gb)
    try:
        job = make_job("", settings, asked, model, con, engine, lambda _step, _moment: None)
        for _, step in STEPS:
            step(job)
        files.write_population(con, files.begin_folder(final))
    finally:
        con.disconnect()
        shutil.rmtree(work)
    files.name_folder(final)


def differences(here: Path, there: Path) -> tuple[Difference, ...]:
    """Return which files of the two folders are not the same bytes, and how many rows each has that the other has not.

    A file that is not `there` has nothing to be compared with and is a difference of all its rows.
    """
    found = []
    for name in FILES:
        ours, theirs = here / f"{name}.parquet", there / f"{name}.parquet"
        if not theirs.exists() or ours.read_bytes() != theirs.read_bytes():
            found.append(Difference(name, _rows_only_in(ours, theirs), _rows_only_in(theirs, ours)))
    return tuple(found)


def _rows_only_in(one: Path, other: Path) -> int:
    if not one.exists():
        return 0
    rest = " EXCEPT ALL FROM read_parquet($other)" if other.exists() else ""
    named = {"one": str(one)} | ({"other": str(other)} if rest else {})
    counted = duckdb.execute(f"SELECT count(*) FROM (FROM read_parquet($one){rest})", named).fetchone()  # noqa: S608 - ours
    return int(counted[0]) if counted else 0
