"""Alembic's environment: `dashboard.db.migrate` passes the URL, and the tables are those of dashboard.models."""

from __future__ import annotations

from alembic import context

from dashboard.db import Base, make_engine
from dashboard.models import (
    accounts,
    audit,
    cases,
    casework,
    desks,
    exemptions,
    findings,
    index_models,
    jobs,
    performance,
    reporting,
    revision,
    warnings,
)

TABLES = (
    accounts,
    audit,
    cases,
    casework,
    desks,
    exemptions,
    findings,
    index_models,
    jobs,
    performance,
    reporting,
    revision,
    warnings,
)  # importing them is what fills Base.metadata
FOREIGN = {"apscheduler_jobs"}  # APScheduler makes its own table


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Return whether Alembic should look at this thing in the database."""
    return not (kind == "table" and name in FOREIGN)


def run() -> None:
    """Upgrade, or compare, over one connection."""
    engine = make_engine(context.config.attributes["url"])
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=include_name,
            compare_type=True,
            render_as_batch=engine.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
