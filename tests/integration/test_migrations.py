"""The migrations make the tables that the models describe, on both kinds of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from dashboard.db import Base, make_engine, migrate
from dashboard.models import accounts, audit, jobs, reporting, revision
from dashboard.settings import HOUSE

if TYPE_CHECKING:
    from sqlalchemy import Engine

SUBJECTS = (accounts, audit, jobs, reporting, revision)


def test_migrations_and_models_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_changes_nothing(database_url: str, engine: Engine) -> None:
    before = sorted(inspect(engine).get_table_names())
    migrate(database_url, HOUSE)
    assert sorted(inspect(engine).get_table_names()) == before
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_head")) == 1


@pytest.mark.postgres
def test_an_empty_postgresql_is_brought_up(empty_postgres_url: str) -> None:
    migrate(empty_postgres_url, HOUSE)
    engine = make_engine(empty_postgres_url)
    assert set(Base.metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()


ROW = "INTO audit_entry VALUES (1, '2026-11-22 06:05:00', 'a', 'b:c', 'd', '{}', '', 'h')"


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_to_change_the_audit_log(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT " + ROW)
        with pytest.raises(DatabaseError, match="append-only"):
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("replacement", [ROW.replace("'h'", "'other'"), ROW.replace("(1,", "(2,")])
def test_sqlite_refuses_to_replace_an_audit_entry(sqlite_url: str, replacement: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT " + ROW)
        with pytest.raises(DatabaseError, match="append-only"):
            connection.exec_driver_sql("REPLACE " + replacement)
    engine.dispose()
