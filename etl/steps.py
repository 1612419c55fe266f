"""The steps of a run and what they share: each leaves named tables behind and returns how many rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ibis

from dashboard.db import sessions
from dashboard.models.reporting import Generation
from etl.case_outcomes import add_case_outcomes
from etl.decisions import stage_exemptions
from etl.graph import build_nodes, build_ties, related_evidence, rescore_related, tie_evidence
from etl.index import Model, build_evidence, build_scores
from etl.learn.steps import learn
from etl.marts import (
    build_evidence_rows,
    build_peers,
    build_population,
    build_regions,
    build_warnings,
    build_watchlist,
    check_marts,
)
from etl.publish import files, runs
from etl.publish.generation import announce, copy_marts, flip, record_landing
from etl.publish.guard import refuse_loss
from etl.publish.search import write_search
from etl.sources import extract, load_sources
from etl.staging import stage
from etl.staging.staged import STAGED

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from ibis.backends.duckdb import Backend
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.settings import Settings

Observer = Callable[[str, str], None]
"""Hears (step, moment): `begun` and `done` of each step, and what the publishing steps tell in between."""


@dataclass(frozen=True)
class Asked:
    """What one run shall do: over which files, as of which day, by what people had decided until when."""

    sources_file: Path
    as_of: date
    known_at: datetime
    version: str | None  # None: the model in force
    accept_loss: bool


@dataclass
class Job:
    """What the steps of one run share."""

    run_id: str
    settings: Settings
    sources_file: Path
    as_of: date
    known_at: datetime  # decisions of people count if they were made before it
    model: Model
    con: Backend
    engine: Engine
    factory: sessionmaker[Session]
    observe: Observer
    accept_loss: bool
    generation: int = 0
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of the generation's files."""
        return self.settings.var_dir / "generations" / str(self.generation)

    def rows(self, *tables: str) -> int:
        """Return how many rows these tables hold together."""
        return sum(int(self.con.execute(self.con.table(table).count())) for table in tables)


def make_job(
    run_id: str, settings: Settings, asked: Asked, model: Model, con: Backend, engine: Engine, observe: Observer
) -> Job:
    """Return the job that does what is asked."""
    return Job(
        run_id=run_id,
        settings=settings,
        sources_file=asked.sources_file,
        as_of=asked.as_of,
        known_at=asked.known_at,
        model=model,
        con=con,
        engine=engine,
        factory=sessions(engine),
        observe=observe,
        accept_loss=asked.accept_loss,
    )


def extract_sources(job: Job) -> int:
    """Read every landing file as text."""
    sources = load_sources(job.sources_file)
    extract(job.con, sources, job.sources_file.parent)
    return int(job.con.execute(job.con.table("source_files").rows_in.sum().fill_null(0)))


def stage_rows(job: Job) -> int:
    """Type, locate and match what is right, and fetch what people decided; nothing of it is on record yet."""
    stage(job.con, job.as_of)
    stage_exemptions(job.con, job.factory, job.known_at)
    add_case_outcomes(job.con, job.factory, job.known_at, job.as_of)
    return job.rows(*STAGED)


def stage_and_record(job: Job) -> int:
    """Stage, and keep the rest in quarantine, on record whatever becomes of the run."""
    rows = stage_rows(job)
    files.write_quarantine(job.con, job.settings.var_dir / "runs" / job.run_id)
    record_landing(job.con, job.engine, job.run_id)
    if not job.accept_loss:
        refuse_loss(job.con, job.factory)
    return rows


def bind_ties(job: Job) -> int:
    """Tie parties together by what the register and the bureaux say."""
    build_ties(job.con, job.model, job.as_of)
    return job.rows("dim_tie")


def gather_evidence(job: Job) -> int:
    """Turn staged rows into evidence."""
    build_evidence(job.con, job.model, job.as_of)
    tie_evidence(job.con, job.model)
    return job.rows("fct_evidence")


def score(job: Job) -> int:
    """Score every enterprise at every week's end."""
    build_scores(job.con, job.model, job.as_of, job.settings.history_weeks)
    return job.rows("fct_score_week")


def spread_along_ties(job: Job) -> int:
    """Let risk spread along ties, score again whom it reached, and find communities."""
    related_evidence(job.con, job.model, job.as_of, job.settings.history_weeks)
    rescore_related(job.con, job.model, job.as_of, job.settings.history_weeks)
    build_nodes(job.con, job.as_of)
    return int(job.con.execute(job.con.table("fct_evidence").filter(ibis._.factor == "related_risk").count()))


def learn_from_outcomes(job: Job) -> int:
    """Learn from closed cases, and measure how good the index was."""
    learn(job.con, job.model, job.as_of, job.settings.history_weeks)
    return job.rows("fct_probability")


def build_marts(job: Job) -> int:
    """Aggregate what screens show."""
    weeks = job.settings.history_weeks
    build_evidence_rows(job.con, job.model, job.as_of, weeks)
    build_population(job.con, job.as_of)
    build_warnings(job.con, job.model, job.as_of, weeks)
    build_watchlist(job.con, job.model, job.as_of, weeks)
    build_regions(job.con, job.as_of, weeks)
    build_peers(job.con)
    return job.rows("agg_region_week", "fct_warning", "dim_watchlist", "agg_peer")


def check(job: Job) -> int:
    """Verify the promises between tables."""
    check_marts(job.con, job.as_of)
    return 0


def write_files(job: Job) -> int:
    """Announce the generation and write the full population's files, in a folder that has no name yet."""
    with job.factory() as session:
        job.generation = runs.next_generation(session)
    announce(job.factory, _generation(job))
    return files.write_population(job.con, files.begin_folder(job.folder))


def write_names(job: Job) -> int:
    """Write the index of names beside the files, and give the folder its name."""
    named = write_search(job.con, files.building_folder(job.folder), threads=job.settings.etl_threads)
    files.name_folder(job.folder)
    return named


def write_rows(job: Job) -> int:
    """Copy the marts into the reporting database, where nobody reads them yet."""
    return copy_marts(job.con, job.engine, job.generation, lambda table: job.observe("rows", table))


def go_live(job: Job) -> int:
    """Flip the pointer; from here on readers see the new generation."""
    flip(job.factory, job.generation, job.settings.generations_kept, lambda moment: job.observe("flip", moment))
    return 0


Step = Callable[[Job], int]

COMPUTING: tuple[tuple[str, Step], ...] = (
    ("ties", bind_ties),
    ("evidence", gather_evidence),
    ("score", score),
    ("related", spread_along_ties),
    ("learn", learn_from_outcomes),
    ("marts", build_marts),
    ("check", check),
)
"""From staged rows to everything that is published; a replay takes the same."""

STEPS: tuple[tuple[str, Step], ...] = (
    ("extract", extract_sources),
    ("stage", stage_and_record),
    *COMPUTING,
    ("files", write_files),
    ("search", write_names),
    ("rows", write_rows),
    ("flip", go_live),
)


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
