"""The book of runs: one at a time, each one recorded from its first moment, the dead ones cleared away."""

from __future__ import annotations

import fcntl
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from dashboard.clock import now
from dashboard.errors import SmokeError
from dashboard.models.performance import Drift, Learned, Performance, Reliability
from dashboard.models.reporting import (
    Community,
    Generation,
    Peer,
    Pointer,
    QuarantinedRow,
    RaisedWarning,
    RegionWeek,
    Run,
    RunStep,
    SourceFile,
    Watched,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

OF_GENERATION = (
    RegionWeek,
    RaisedWarning,
    Watched,
    Community,
    Peer,
    Performance,
    Reliability,
    Drift,
    Learned,
    Generation,
)
OF_RUN = (RunStep, SourceFile, QuarantinedRow)
MESSAGE_LENGTH = 500


class AnotherRun(SmokeError):
    """A run is at work in this state folder: a second one would only fight it for the machine."""

    status = 409


@contextmanager
def only_run(var_dir: Path) -> Iterator[None]:
    """Hold the state folder's run lock, which the system releases when its holder dies; AnotherRun if it is held."""
    var_dir.mkdir(parents=True, exist_ok=True)
    path = var_dir / "etl.lock"
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnotherRun(f"another run is at work in {var_dir}; wait for it to end") from error
        yield


def begin(factory: sessionmaker[Session], run: Run) -> None:
    """Record a run as running."""
    with factory.begin() as session:
        session.add(run)


def record_step(factory: sessionmaker[Session], step: RunStep) -> None:
    """Record one finished step."""
    with factory.begin() as session:
        session.add(step)


def end(factory: sessionmaker[Session], run_id: str, state: str, message: str = "") -> None:
    """Record how a run ended: failed, or abandoned."""
    with factory.begin() as session:
        ended = {"state": state, "ended_at": now(), "message": message[:MESSAGE_LENGTH]}
        session.execute(update(Run).where(Run.run_id == run_id).values(**ended))


def name_model(factory: sessionmaker[Session], run_id: str, version: str) -> None:
    """Record which model a run computes with, once it is known to be one."""
    with factory.begin() as session:
        session.execute(update(Run).where(Run.run_id == run_id).values(model_version=version))


def next_generation(session: Session) -> int:
    """Return a number that no generation and no run has had, so that no cache can mistake one for another."""
    used = (session.scalar(select(func.max(column))) for column in (Generation.generation, Run.generation))
    return max(number or 0 for number in used) + 1


def clear_the_dead(factory: sessionmaker[Session], var_dir: Path) -> int:
    """Mark runs whose process died as abandoned and remove what they left; return how many there were.

    Only the holder of the run lock may call this: then whatever still says `running` has no process any more.
    """
    with factory.begin() as session:
        dead = session.scalars(select(Run.run_id).where(Run.state == "running")).all()
    for run_id in dead:
        end(factory, run_id, "abandoned", "its process ended before the run did")
    clear_unpublished(factory, var_dir)
    return len(dead)


def clear_unpublished(factory: sessionmaker[Session], var_dir: Path) -> None:
    """Remove the rows and folders of generations that never came to be published."""
    with factory.begin() as session:
        unborn = session.scalars(select(Generation.generation).where(Generation.state != "published"))
        drop_generations(session, set(unborn))
    sweep(factory, var_dir)


def drop_generations(session: Session, generations: set[int]) -> None:
    """Delete all rows of these generations; the caller's transaction decides when readers see it."""
    for table in OF_GENERATION:
        session.execute(delete(table).where(table.generation.in_(generations)))


def retire(session: Session, kept: int) -> None:
    """Delete generations beyond the newest `kept` published ones, and the details of runs older than those."""
    published = select(Generation.generation).where(Generation.state == "published")
    newest = session.scalars(published.order_by(Generation.generation.desc()).limit(kept)).all()
    live = session.scalars(select(Pointer.generation)).all()
    drop_generations(session, set(session.scalars(published)) - set(newest) - set(live))
    oldest = session.scalar(select(func.min(Run.started_at)).where(Run.generation.in_(newest)))
    forgotten = select(Run.run_id).where(Run.started_at < oldest)
    for table in OF_RUN:
        session.execute(delete(table).where(table.run_id.in_(forgotten)))


def sweep(factory: sessionmaker[Session], var_dir: Path) -> None:
    """Remove the folders of generations and runs that the database does not know (any more), and all work folders.

    Only the holder of the run lock may call this, when it has no work folder of its own (any more).
    """
    with factory() as session:
        generations = {str(number) for number in session.scalars(select(Generation.generation))}
        runs = set(session.scalars(select(SourceFile.run_id).distinct()))
    for folder, known in ((var_dir / "generations", generations), (var_dir / "runs", runs)):
        for entry in folder.iterdir() if folder.exists() else ():
            shutil.rmtree(entry / "work" if entry.name in known else entry, ignore_errors=entry.name in known)
