"""A run, step by step: from landing files to one published generation."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ibis
from sqlalchemy import select

from dashboard.clock import now, today
from dashboard.db import make_engine, sessions
from dashboard.errors import SmokeError
from dashboard.models.reporting import Generation, Run, RunStep
from etl.engine import open_engine
from etl.index import Model, build_evidence, build_scores, load_model
from etl.marts import build_regions, build_warnings, build_watchlist, check_marts
from etl.publish import files, runs
from etl.publish.generation import announce, copy_marts, flip, record_landing
from etl.publish.guard import refuse_loss
from etl.sources import extract, load_sources
from etl.staging import stage

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ibis.backends.duckdb import Backend
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.settings import Settings

Observer = Callable[[str, str], None]
"""Hears (step, moment): `begun` and `done` of each step, and what the publishing steps tell in between."""


@dataclass
class Job:
    """What the steps of one run share."""

    run_id: str
    settings: Settings
    sources_file: Path
    as_of: date
    model: Model
    con: Backend
    engine: Engine
    factory: sessionmaker[Session]
    observe: Observer
    accept_loss: bool
    generation: int = 0
    steps: list[dict[str, Any]] = field(default_factory=list)

    def rows(self, *tables: str) -> int:
        """Return how many rows these tables hold together."""
        return sum(int(self.con.execute(self.con.table(table).count())) for table in tables)


def extract_sources(job: Job) -> int:
    """Read every landing file as text."""
    sources = load_sources(job.sources_file)
    extract(job.con, sources, job.sources_file.parent)
    return int(job.con.execute(job.con.table("source_files").rows_in.sum().fill_null(0)))


def stage_rows(job: Job) -> int:
    """Type, locate and match what is right; keep the rest in quarantine, on record whatever becomes of the run."""
    stage(job.con, job.as_of)
    files.write_quarantine(job.con, job.settings.var_dir / "runs" / job.run_id)
    record_landing(job.con, job.engine, job.run_id)
    if not job.accept_loss:
        refuse_loss(job.con, job.factory)
    return job.rows("stg_enterprises", "stg_signals", "stg_relations")


def gather_evidence(job: Job) -> int:
    """Turn staged rows into evidence."""
    build_evidence(job.con, job.model, job.as_of)
    return job.rows("fct_evidence")


def score(job: Job) -> int:
    """Score every enterprise at every week's end."""
    build_scores(job.con, job.model, job.as_of, job.settings.history_weeks)
    return job.rows("fct_score_week")


def build_marts(job: Job) -> int:
    """Aggregate what screens show."""
    weeks = job.settings.history_weeks
    build_warnings(job.con, job.model, job.as_of, weeks)
    build_watchlist(job.con, job.model, job.as_of, weeks)
    build_regions(job.con, job.as_of, weeks)
    return job.rows("agg_region_week", "fct_warning", "dim_watchlist")


def check(job: Job) -> int:
    """Verify the promises between tables."""
    check_marts(job.con, job.as_of)
    return 0


def write_files(job: Job) -> int:
    """Announce the generation and write the full population's scores beside it."""
    with job.factory() as session:
        job.generation = runs.next_generation(session)
    announce(job.factory, _generation(job))
    return files.write_scores(job.con, job.settings.var_dir / "generations", job.generation)


def write_rows(job: Job) -> int:
    """Copy the marts into the reporting database, where nobody reads them yet."""
    return copy_marts(job.con, job.engine, job.generation, lambda table: job.observe("rows", table))


def go_live(job: Job) -> int:
    """Flip the pointer; from here on readers see the new generation."""
    flip(job.factory, job.generation, job.settings.generations_kept, lambda moment: job.observe("flip", moment))
    return 0


STEPS: tuple[tuple[str, Callable[[Job], int]], ...] = (
    ("extract", extract_sources),
    ("stage", stage_rows),
    ("evidence", gather_evidence),
    ("score", score),
    ("marts", build_marts),
    ("check", check),
    ("files", write_files),
    ("rows", write_rows),
    ("flip", go_live),
)


def silent(_step: str, _moment: str) -> None:
    """Observe nothing."""


def run(
    settings: Settings,
    *,
    sources_file: Path | None = None,
    as_of: date | None = None,
    observe: Observer = silent,
    accept_loss: bool = False,
) -> dict[str, Any]:
    """Make and publish one generation; return its summary (run_id, generation, as_of, model_version, steps, counts).

    `as_of` is today in the settings' time zone unless given. Unless `accept_loss`, a register that is not there or has
    lost more than half of its enterprises ends the run (`etl.publish.guard`). Whatever fails is recorded in `rpt_run`
    before it is raised; AnotherRun, before anything is recorded, if a run is at work in the same state folder.
    """
    day = as_of or today(settings.timezone)
    engine = make_engine(settings.database)
    factory = sessions(engine)
    try:
        with runs.only_run(settings.var_dir):
            runs.clear_the_dead(factory, settings.var_dir)
            run_id = str(uuid.uuid4())
            started = Run(run_id=run_id, as_of=day, model_version="", state="running", started_at=now(), message="")
            runs.begin(factory, started)
            try:
                landing = sources_file or settings.sources
                return _attempt(run_id, settings, landing, day, engine, observe, accept_loss=accept_loss)
            except Exception as error:
                runs.end(factory, run_id, "failed", one_line(error))
                runs.clear_unpublished(factory, settings.var_dir)
                raise
    finally:
        engine.dispose()


def one_line(error: Exception) -> str:
    """Return what went wrong in one line: a domain error's own sentence, or the kind and first line of any other."""
    first = (str(error).strip().splitlines() or [""])[0]
    return first if isinstance(error, SmokeError) else f"{type(error).__name__}: {first}"


def _attempt(
    run_id: str,
    settings: Settings,
    sources_file: Path,
    day: date,
    engine: Engine,
    observe: Observer,
    *,
    accept_loss: bool,
) -> dict[str, Any]:
    factory = sessions(engine)
    model = load_model(settings.model_file)
    runs.name_model(factory, run_id, model.version)
    folder = settings.var_dir / "runs" / run_id
    work = folder / "work"
    work.mkdir(parents=True)
    con = open_engine(work / "run.duckdb", threads=settings.etl_threads, memory_gb=settings.etl_memory_gb)
    try:
        job = Job(run_id, settings, sources_file, day, model, con, engine, factory, observe, accept_loss)
        for position, (name, step) in enumerate(STEPS):
            _take(job, position, name, step)
        summary = _summary(job)
    finally:
        con.disconnect()
        shutil.rmtree(work)
    runs.sweep(factory, settings.var_dir)
    return summary


def _take(job: Job, position: int, name: str, step: Callable[[Job], int]) -> None:
    job.observe(name, "begun")
    begun = time.perf_counter()
    rows = step(job)
    seconds = round(time.perf_counter() - begun, 3)
    taken = {"step": name, "seconds": seconds, "rows": rows}
    job.steps.append(taken)
    runs.record_step(job.factory, RunStep(run_id=job.run_id, position=position, **taken))
    job.observe(name, "done")


def _generation(job: Job) -> Generation:
    """Return the row that says what this generation was made of."""
    landed = job.con.table("source_files")
    totals = landed.aggregate(
        **{name: landed[name].sum().fill_null(0) for name in ("rows_in", "rows_staged", "rows_quarantined")}
    )
    whole = landed.group_by("source").agg(whole=(landed.state.isin(("read", "empty"))).all())
    counted = whole.aggregate(expected=whole.count(), read=whole.whole.sum().fill_null(0)).to_pyarrow().to_pylist()[0]
    until = job.con.table("stg_signals").reported_on.max().to_pyarrow().as_py()
    return Generation(
        generation=job.generation,
        run_id=job.run_id,
        as_of=job.as_of,
        model_version=job.model.version,
        state="building",
        data_until=until,
        sources_expected=counted["expected"],
        sources_read=counted["read"],
        enterprises=job.rows("fct_score"),
        **{name: int(value) for name, value in totals.to_pyarrow().to_pylist()[0].items()},
    )


def _summary(job: Job) -> dict[str, Any]:
    with job.factory() as session:
        made = session.scalars(select(Generation).where(Generation.generation == job.generation)).one()
        counts = {
            name: getattr(made, name)
            for name in (
                "enterprises",
                "rows_in",
                "rows_staged",
                "rows_quarantined",
                "sources_expected",
                "sources_read",
            )
        }
    scores = job.con.table("fct_score")
    grades = scores.group_by("grade").agg(n=ibis._.count()).to_pyarrow().to_pylist()
    return {
        "run_id": job.run_id,
        "generation": job.generation,
        "as_of": job.as_of.isoformat(),
        "model_version": job.model.version,
        "seconds": round(sum(step["seconds"] for step in job.steps), 3),
        "steps": job.steps,
        "grades": {row["grade"]: row["n"] for row in grades},
        "warnings": job.rows("fct_warning"),
        **counts,
    }
