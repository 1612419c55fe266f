"""Permissions, scopes and passwords, without a database or a server."""

from __future__ import annotations

import pytest
from argon2.low_level import Type
from sqlalchemy import Column, MetaData, String, Table, create_engine, insert, select

from dashboard.access import gate, passwords
from dashboard.access.permissions import ROLE_PERMISSIONS, Permission, Role
from dashboard.access.scope import Scope
from dashboard.access.viewer import CONSOLE
from dashboard.errors import Invalid, NotAllowed
from tests.builders import ADMINISTRATOR, LEADER, PERSONAS, PROVINCE, STRANGER, WALL, WORKER

CODES = ["0", "", "33", "330", "3301", "330106", "330106109", "330106109001", "34", "3401", "99", "9901", "3"]
MALFORMED = ["", "3", "330", "33010", "3301061", "３３", "33%", "33' OR 1=1", "nation", "00 ", "٣٣", "33\n"]


def test_every_role_has_its_permissions() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert {permission for held in ROLE_PERMISSIONS.values() for permission in held} == set(Permission)


@pytest.mark.parametrize("permission", list(Permission))
def test_who_may_do_what(permission: Permission) -> None:
    officers = {"province", "city", "county"}
    desks = officers | {"leader", "analyst"}
    maps = desks | {"worker", "administrator"}
    expected = {
        Permission.OVERVIEW_READ: maps,
        Permission.RISKMAP_READ: maps,
        Permission.RUNS_READ: desks | {"administrator"},
        Permission.ENTERPRISE_READ: desks,
        Permission.PORTRAIT_READ: desks,
        Permission.WARNING_WRITE: desks - {"analyst"},
        Permission.CASE_READ: desks,
        Permission.CASE_WRITE: desks - {"analyst"},
        Permission.EXEMPTION_WRITE: officers,
        Permission.MODEL_READ: desks,
        Permission.MODEL_PROPOSE: {"analyst"},
        Permission.MODEL_APPROVE: {"leader"},
        Permission.USER_WRITE: {"administrator"},
        Permission.AUDIT_READ: {"administrator"},
        Permission.WALL_WRITE: {"administrator"},
    }
    assert {person.name for person in PERSONAS if person.may(permission)} == expected[permission]


def test_a_wall_reads_the_two_screens_and_names_only() -> None:
    assert {permission for permission in Permission if WALL.may(permission)} == {
        Permission.OVERVIEW_READ,
        Permission.RISKMAP_READ,
        Permission.ENTERPRISE_READ,
    }


def test_a_permission_holds_in_the_home_region() -> None:
    assert PROVINCE.scope(Permission.OVERVIEW_READ) == Scope("33")
    assert WORKER.scope(Permission.RISKMAP_READ) == Scope("330106109")
    with pytest.raises(NotAllowed, match="user:5"):
        WORKER.scope(Permission.ENTERPRISE_READ)
    with pytest.raises(NotAllowed):
        STRANGER.scope(Permission.OVERVIEW_READ)


def test_the_audit_log_can_tell_viewers_apart() -> None:
    assert [LEADER.actor, WALL.actor, CONSOLE.actor] == ["user:1", "wall:1", "console"]
    assert ADMINISTRATOR.actor != WALL.actor


@pytest.mark.parametrize(
    ("prefix", "covered"),
    [
        ("0", {"0", "33", "3301", "330106", "330106109", "330106109001", "34", "3401", "99", "9901"}),
        ("33", {"33", "3301", "330106", "330106109", "330106109001"}),
        ("3301", {"3301", "330106", "330106109", "330106109001"}),
        ("330106109001", {"330106109001"}),
        ("99", {"99", "9901"}),
    ],
)
def test_a_scope_covers_what_lies_inside(prefix: str, covered: set[str]) -> None:
    assert {code for code in CODES if Scope(prefix).covers(code)} == covered
    for code in CODES:
        if code not in covered:
            with pytest.raises(NotAllowed):
                Scope(prefix).require(code)


@pytest.mark.parametrize("code", MALFORMED)
def test_malformed_codes_are_refused(code: str) -> None:
    with pytest.raises(Invalid):
        Scope(code)
    assert not Scope("0").covers(code)
    with pytest.raises(NotAllowed):
        Scope("33").require(code)


@pytest.mark.parametrize("prefix", ["33", "3301", "330106", "39", "99"])
def test_the_clause_keeps_what_the_scope_covers(prefix: str) -> None:
    table = Table("rows", MetaData(), Column("code", String, index=True))
    codes = [*CODES, "39", "3999", "40", "4001", "390101"]
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"code": code} for code in codes])
        kept = set(connection.scalars(select(table.c.code).where(Scope(prefix).where(table.c.code))))
        statement = select(table.c.code).where(Scope(prefix).where(table.c.code))
        sql = str(statement.compile(engine, compile_kwargs={"literal_binds": True}))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()
    engine.dispose()
    assert kept == {code for code in codes if code.startswith(prefix)}
    assert "USING COVERING INDEX" in plan[0][3]


def test_the_nation_needs_no_condition() -> None:
    clause = Scope("0").where(Column("code", String))
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        assert connection.scalar(select(clause)) == 1
    engine.dispose()
    assert "code" not in str(clause)


def test_passwords_are_hashed_with_argon2id_of_the_strength_that_the_rfc_asks_for() -> None:
    assert passwords.STRENGTH.type is Type.ID
    assert passwords.STRENGTH.memory_cost >= 64 * 1024
    assert passwords.STRENGTH.time_cost >= 3


def test_a_password_matches_itself_however_the_keyboard_wrote_it() -> None:
    composed, decomposed, full_width = "señor-long-enough", "señor-long-enough", "ｓｅñor-long-enough"
    hashed = passwords.hash_password(composed)
    assert passwords.matches(hashed, decomposed)
    assert passwords.matches(hashed, full_width)
    assert not passwords.matches(hashed, composed + " ")
    assert not passwords.matches(None, composed)
    assert not passwords.matches("no hash at all", composed)


@pytest.mark.parametrize(
    "password", ["short", "x" * 201, "aaaaaaaaaaaaaaaa", "zhang.wei-2026-zhang.wei", "ZHANG.WEI is my name"]
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.require_strong(password, "zhang.wei")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Zhang.Wei", "zhang.wei"), ("ＡＢＣ", "abc"), ("Straße", "STRASSE"), (" 张伟 ", "张伟"), ("ﬁn", "FIN")],
)
def test_two_spellings_of_a_username_are_one(one: str, other: str) -> None:
    assert passwords.fold_username(one) == passwords.fold_username(other)
    assert passwords.account_key(one) == passwords.account_key(other)


def test_different_usernames_stay_different() -> None:
    assert passwords.fold_username("张伟") != passwords.fold_username("張偉")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("保本\n高息", True),
        ("\\u0000", True),
        ("\\\\u0000", True),
        ("a\x00", False),
        ("\\\x00", False),
        ("\ud800", False),
    ],
)
def test_text_about_a_nul_is_text_and_a_nul_is_none(text: str, stored: bool) -> None:  # noqa: FBT001 - the answer
    assert gate._can_be_stored({"state": [{"value": text}]}) is stored
