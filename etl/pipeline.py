"""A run, step by step: from landing files to one published generation."""

from __future__ import annotations

import shutil
import time
import uuid
from typing import TYPE_CHECKING, Any

import ibis
from sqlalchemy import select

from dashboard.clock import end_of_day, now, today
from dashboard.db import make_engine, sessions
from dashboard.errors import SmokeError
from dashboard.models.reporting import Generation, Run, RunStep
from dashboard.workdays import KNOWN_YEARS
from etl.decisions import model_for
from etl.engine import open_engine
from etl.publish import runs
from etl.steps import STEPS, Asked, Job, make_job

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sqlalchemy import Engine

    from dashboard.settings import Settings
    from etl.steps import Observer, Step


def silent(_step: str, _moment: str) -> None:
    """Observe nothing."""


def run(
    settings: Settings,
    *,
    sources_file: Path | None = None,
    as_of: date | None = None,
    version: str | None = None,
    observe: Observer = silent,
    accept_loss: bool = False,
) -> dict[str, Any]:
    """Make and publish one generation; return its summary (run_id, generation, as_of, model_version, steps, counts).

    `as_of` is today in the settings' time zone unless given; `version` names the model to compute with, in place of the
    one in force (`etl.decisions`). Unless `accept_loss`, a register that is not there or has lost more than half of its
    enterprises ends the run (`etl.publish.guard`). Whatever fails is recorded in `rpt_run` before it is raised;
    AnotherRun, before anything is recorded, if a run is at work in the same state folder.
    """
    day = as_of or today(settings.timezone)
    engine = make_engine(settings.database)
    factory = sessions(engine)
    try:
        with runs.only_run(settings.var_dir):
            runs.clear_the_dead(factory, settings.var_dir)
            run_id = str(uuid.uuid4())
            began = now()
            known_at = min(began, end_of_day(day, settings.timezone))
            asked = Asked(sources_file or settings.sources, day, known_at, version, accept_loss)
            started = Run(run_id=run_id, as_of=day, model_version="", state="running", started_at=began, message="")
            runs.begin(factory, started)
            try:
                return _attempt(run_id, settings, asked, engine, observe)
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


def _attempt(run_id: str, settings: Settings, asked: Asked, engine: Engine, observe: Observer) -> dict[str, Any]:
    factory = sessions(engine)
    model = model_for(factory, settings, asked.known_at, asked.version)
    runs.name_model(factory, run_id, model.version)
    folder = settings.var_dir / "runs" / run_id
    work = folder / "work"
    work.mkdir(parents=True)
    con = open_engine(work / "run.duckdb", threads=settings.etl_threads, memory_gb=settings.etl_memory_gb)
    try:
        job = make_job(run_id, settings, asked, model, con, engine, observe)
        for position, (name, step) in enumerate(STEPS):
            _take(job, position, name, step)
        summary = _summary(job)
    finally:
        con.disconnect()
        shutil.rmtree(work)
    runs.sweep(factory, settings.var_dir)
    return summary


def _take(job: Job, position: int, name: str, step: Step) -> None:
    job.observe(name, "begun")
    begun = time.perf_counter()
    rows = step(job)
    seconds = round(time.perf_counter() - begun, 3)
    taken = {"step": name, "seconds": seconds, "rows": rows}
    job.steps.append(taken)
    runs.record_step(job.factory, RunStep(run_id=job.run_id, position=position, **taken))
    job.observe(name, "done")


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
        "due_by_weekdays": int(
            job.con.execute((~job.con.table("fct_warning").due_on.year().isin(KNOWN_YEARS)).sum().fill_null(0))
        ),
        **counts,
    }
