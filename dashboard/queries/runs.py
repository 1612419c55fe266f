"""Runs, their steps and landing files, what was kept out, and the scheduler's jobs: for those who tend the machinery.

Landing files carry whole provinces, so these reads are for a nation-wide or home scope only: the caller's scope must
cover the home region.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from dashboard.models.jobs import JobRun
from dashboard.models.reporting import QuarantinedRow, Run, RunStep, SourceFile

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.access.scope import Scope


@dataclass(frozen=True)
class RunRow:
    """One attempt to make a generation."""

    run_id: str
    generation: int | None
    state: str
    started_at: datetime
    ended_at: datetime | None
    message: str


@dataclass(frozen=True)
class JobRow:
    """One execution of a scheduled job."""

    name: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    message: str


def newest_runs(session: Session, scope: Scope, home: str, most: int) -> list[RunRow]:
    """Return the newest runs, newest first."""
    scope.require(home)
    rows = session.scalars(select(Run).order_by(Run.started_at.desc()).limit(most))
    return [RunRow(row.run_id, row.generation, row.state, row.started_at, row.ended_at, row.message) for row in rows]


def steps_of(session: Session, scope: Scope, home: str, run_id: str) -> list[tuple[str, float, int]]:
    """Return (step, seconds, rows) of a run in order."""
    scope.require(home)
    rows = session.scalars(select(RunStep).where(RunStep.run_id == run_id).order_by(RunStep.position))
    return [(row.step, row.seconds, row.rows) for row in rows]


def files_of(session: Session, scope: Scope, home: str, run_id: str) -> list[dict[str, Any]]:
    """Return the landing files of a run as records with the columns of `rpt_source_file`."""
    scope.require(home)
    rows = session.scalars(select(SourceFile).where(SourceFile.run_id == run_id).order_by(SourceFile.position))
    names = ("source", "contract", "file", "state", "problem", "rows_in", "rows_staged", "rows_quarantined")
    return [{name: getattr(row, name) for name in names} for row in rows]


def quarantine_of(session: Session, scope: Scope, home: str, run_id: str, most: int) -> list[dict[str, Any]]:
    """Return quarantined rows of a run as records, in file order, at most `most`."""
    scope.require(home)
    rows = session.scalars(
        select(QuarantinedRow).where(QuarantinedRow.run_id == run_id).order_by(QuarantinedRow.position).limit(most)
    )
    return [
        {name: getattr(row, name) for name in ("source", "file", "line", "column", "value", "reason")} for row in rows
    ]


def newest_jobs(session: Session, scope: Scope, home: str, most: int) -> list[JobRow]:
    """Return the newest executions of scheduled jobs, newest first.

    Of the looks at the deadlines that found nothing only the last counts: they would push all else off the list.
    """
    scope.require(home)
    looks = JobRun.name == "deadlines"
    last = select(func.max(JobRun.id)).where(looks).scalar_subquery()
    listed = ~and_(looks, JobRun.state == "done", JobRun.message == "", JobRun.id != last)
    rows = session.scalars(select(JobRun).where(listed).order_by(JobRun.started_at.desc()).limit(most))
    return [JobRow(row.name, row.state, row.started_at, row.ended_at, row.message) for row in rows]
