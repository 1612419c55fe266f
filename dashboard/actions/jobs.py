"""The scheduler's bookkeeping: the leader's lease and what became of each job."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from dashboard.access import throttle
from dashboard.models.accounts import SignIn
from dashboard.models.jobs import JobRun, LeaderLease

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

LEASE = "scheduler"
LAPSED = datetime(1970, 1, 1, tzinfo=UTC)
MESSAGE_LONGEST = 500
RUNS_KEPT = timedelta(days=90)
SIGN_INS_KEPT = timedelta(days=30)


def take_lease(session: Session, holder: str, seconds: int, now: datetime) -> bool:
    """Take or keep the lease for `seconds` from now and return whether `holder` leads; commits.

    One statement compares and sets: of processes that try at the same instant one changes the row, the others none.
    """
    free = or_(LeaderLease.holder == holder, LeaderLease.expires_at <= now)
    taken = session.scalars(
        update(LeaderLease)
        .where(LeaderLease.name == LEASE, free)
        .values(holder=holder, expires_at=now + timedelta(seconds=seconds))
        .returning(LeaderLease.name)
    ).all()
    session.commit()
    return bool(taken)


def give_lease_up(session: Session, holder: str) -> None:
    """Let the lease lapse now, so that another process need not wait; commits. Somebody else's stays untouched."""
    mine = (LeaderLease.name == LEASE, LeaderLease.holder == holder)
    session.execute(update(LeaderLease).where(*mine).values(expires_at=LAPSED))
    session.commit()


def begin_run(session: Session, name: str, attempt: int, holder: str, now: datetime) -> int:
    """Write down that a job starts and return the run's id; commits."""
    run = JobRun(name=name, attempt=attempt, holder=holder, state="running", started_at=now, ended_at=None)
    session.add(run)
    session.commit()
    return run.id


def end_run(session: Session, run_id: int, state: str, message: str, now: datetime) -> None:
    """Write down how a job ended, with one line about it; commits."""
    values = {"state": state, "message": message[:MESSAGE_LONGEST], "ended_at": now}
    session.execute(update(JobRun).where(JobRun.id == run_id).values(values))
    session.commit()


def abandon_runs(session: Session, now: datetime) -> Sequence[JobRun]:
    """Close the runs that a scheduler left behind when it died, and return them; commits. A new leader calls it."""
    left = session.scalars(select(JobRun).where(JobRun.state == "running").order_by(JobRun.id)).all()
    for run in left:
        run.state, run.ended_at, run.message = "abandoned", now, f"{run.holder} stopped while it ran"
    session.commit()
    return left


def tidy(session: Session, now: datetime) -> int:
    """Delete attempts, ended sign-ins and runs of long ago, and return how many rows went; commits."""
    runs = delete(JobRun).where(JobRun.started_at < now - RUNS_KEPT).returning(JobRun.id)
    sign_ins = delete(SignIn).where(SignIn.started_at < now - SIGN_INS_KEPT).returning(SignIn.key_hash)
    gone = len(session.scalars(runs).all()) + len(session.scalars(sign_ins).all()) + throttle.forget(session, now)
    session.commit()
    return gone
