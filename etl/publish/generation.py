"""One generation in the reporting database: rows first, in batches that nobody reads; then one transaction flips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from dashboard.clock import now
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
    SourceFile,
    Watched,
)
from etl.publish.bulk import copy_rows
from etl.publish.files import first_of_each_file
from etl.publish.runs import retire

if TYPE_CHECKING:
    from collections.abc import Callable

    from ibis.backends.duckdb import Backend
    from sqlalchemy import Engine, Table
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.db import Base

QUARANTINE_SHOWN = 500  # rows of each file that screens list; the run's folder holds all
MARTS: tuple[tuple[str, type[Base]], ...] = (
    ("agg_region_week", RegionWeek),
    ("fct_warning", RaisedWarning),
    ("dim_watchlist", Watched),
    ("dim_community", Community),
    ("agg_peer", Peer),
    ("agg_performance", Performance),
    ("agg_reliability", Reliability),
    ("agg_drift", Drift),
    ("dim_learned", Learned),
)
"""Which mart becomes which table."""


def record_landing(con: Backend, engine: Engine, run_id: str) -> None:
    """Copy what landed and what was kept out to `rpt_source_file` and `rpt_quarantine`, whatever becomes of the run."""
    files = con.table("source_files")
    columns = [name for name in _table(SourceFile).columns.keys() if name != "run_id"]  # noqa: SIM118 - iterating yields columns
    copy_rows(con, files.select(*columns), engine, _table(SourceFile), run_id=run_id)
    copy_rows(con, first_of_each_file(con, QUARANTINE_SHOWN), engine, _table(QuarantinedRow), run_id=run_id)


def announce(factory: sessionmaker[Session], generation: Generation) -> None:
    """Record a generation as building, and its run as the one that builds it."""
    with factory.begin() as session:
        session.add(generation)
        session.execute(update(Run).where(Run.run_id == generation.run_id).values(generation=generation.generation))


def copy_marts(con: Backend, engine: Engine, number: int, observe: Callable[[str], None]) -> int:
    """Copy the marts under a generation number; return the number of rows. `observe` hears the name of each table."""
    rows = 0
    for mart, model in MARTS:
        rows += copy_rows(con, con.table(mart), engine, _table(model), generation=number)
        observe(mart)
    return rows


def flip(factory: sessionmaker[Session], number: int, kept: int, observe: Callable[[str], None]) -> None:
    """Make a generation the current one and retire what is older than `kept`, all in one transaction."""
    with factory.begin() as session:
        at = now()
        of_it = Generation.generation == number
        session.execute(update(Generation).where(of_it).values(state="published", published_at=at))
        session.execute(update(Run).where(Run.generation == number).values(state="published", ended_at=at))
        session.merge(Pointer(id=1, generation=number))
        session.flush()
        retire(session, kept)
        observe("before commit")


def _table(model: type[Base]) -> Table:
    table: Table = model.__table__  # type: ignore[assignment]  # declarative types it as any selectable
    return table
