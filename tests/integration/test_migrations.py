"""The migrations make the tables that the models describe, on both kinds of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DatabaseError

from dashboard.db import Base, make_engine, migrate
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
from dashboard.models.cases import CaseFile, CaseSource, CaseSpan
from dashboard.models.warnings import WarningHandling
from dashboard.settings import HOUSE
from tests.builders import COUNTY as OFFICER
from tests.builders import make_account
from tests.generations import COUNTY, publish

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

SUBJECTS = (
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


def test_rows_from_before_survive_the_new_columns(sessions: sessionmaker[Session], engine: Engine) -> None:
    with sessions() as session:
        publish(session, only=["0"])
    config = Config()
    config.set_main_option("script_location", str(HOUSE / "migrations"))
    config.attributes["url"] = engine.url.render_as_string(hide_password=False)
    command.downgrade(config, "0003")
    command.upgrade(config, "head")
    with engine.connect() as connection:
        raised = connection.execute(text("SELECT owner_code, due_on, raised_on FROM rpt_warning LIMIT 1")).one()
        listed = connection.execute(text("SELECT index_lending, exempt FROM rpt_watchlist LIMIT 1")).one()
    assert raised.owner_code == COUNTY
    assert raised.due_on == raised.raised_on
    assert tuple(listed) == (0.0, "")


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


OLD_CASE = """
INSERT INTO case_file
    (id, number, uscc, name, region_code, risk_type, warned_week_on, stage, opened_at, opened_by, version)
VALUES (1, '330106-2026-0001', '913301060000000001', 'x', '330106109', 'lending', '2026-11-16', 'intake',
    '2026-11-20 01:00:00', 4, 1)
"""
OLD_HANDLING = """
INSERT INTO warning_handling (uscc, week_on, region_code, state, reason, case_id, version, changed_at, changed_by)
VALUES ('913301060000000001', '2026-11-16', '330106109', 'in_case', '', 1, 1, '2026-11-20 01:00:00', 4)
"""


def test_a_case_from_before_the_workflow_keeps_its_warning_and_gets_its_history(
    sessions: sessionmaker[Session], engine: Engine
) -> None:
    with sessions() as session:
        make_account(session, OFFICER)
    config = Config()
    config.set_main_option("script_location", str(HOUSE / "migrations"))
    config.attributes["url"] = engine.url.render_as_string(hide_password=False)
    command.downgrade(config, "0006")
    with engine.begin() as connection:
        connection.exec_driver_sql(OLD_CASE)
        connection.exec_driver_sql(OLD_HANDLING)
    command.upgrade(config, "head")
    with sessions() as session:
        case = session.scalars(select(CaseFile)).one()
        assert (case.stage, case.phase, case.handler_code, case.due_on) == ("intake", "intake", "330106", None)
        assert (case.workflow, str(case.opened_on), str(case.entered_on)) == ("default", "2026-11-20", "2026-11-20")
        stay = session.scalars(select(CaseSpan)).one()
        assert (stay.case_id, stay.position, stay.transition, stay.stage, stay.left_on) == (
            1,
            1,
            "open",
            "intake",
            None,
        )
        source = session.scalars(select(CaseSource)).one()
        assert (source.case_id, source.kind, source.key) == (1, "warning", "913301060000000001:2026-11-16")
        assert session.scalars(select(WarningHandling.case_id)).one() == 1
    command.downgrade(config, "0006")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT number FROM case_file")) == "330106-2026-0001"
        assert connection.scalar(text("SELECT case_id FROM warning_handling")) == 1
    command.upgrade(config, "head")
