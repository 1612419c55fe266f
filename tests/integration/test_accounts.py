"""Accounts, their sign-ins, and the audit log that remembers both."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text

from dashboard.access import passwords, throttle
from dashboard.access.audit import record, verify_chain
from dashboard.access.people import account_named, accounts
from dashboard.access.permissions import Role
from dashboard.access.sign_in import authenticate
from dashboard.access.throttle import Throttled
from dashboard.access.viewer import CONSOLE, Viewer
from dashboard.access.walls import issue_wall_token, revoke_wall_token, wall_of_token, wall_tokens
from dashboard.actions.accounts import CreateUser, create_user, disable_user, set_password
from dashboard.errors import Invalid, NotAllowed, NotFound, SmokeError, Stale
from dashboard.models.accounts import SignIn, UserAccount, WallToken
from dashboard.models.audit import AuditEntry
from dashboard.models.revision import current_revision
from tests.builders import ADMINISTRATOR, COUNTY, LEADER, NOW, PASSWORD, PERSONAS, make_account, viewer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

LOCAL = viewer("local", "33", Role.ADMINISTRATOR, number=70)


def order(username: str = "li.na", region: str = "3301", **changes: object) -> CreateUser:
    values = {"password": PASSWORD, "name": "李娜", "roles": ("officer",), **changes}
    return CreateUser(username=username, home_region=region, **values)  # type: ignore[arg-type] # invalid ones too


def actions_of(sessions: sessionmaker[Session]) -> list[tuple[str, str]]:
    with sessions() as session:
        return [(entry.actor, entry.action) for entry in session.scalars(select(AuditEntry).order_by("position"))]


def test_an_account_is_made_with_its_audit_entry(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        before = current_revision(session)
        user_id = create_user(session, LOCAL, order(), NOW)
        account = session.get_one(UserAccount, user_id)
        assert (account.username, account.roles, account.version) == ("li.na", ["officer"], 1)
        assert PASSWORD not in account.password_hash
        assert current_revision(session) == before + 1
        assert verify_chain(session) == 1
        assert PASSWORD not in session.scalars(select(AuditEntry)).one().details
    assert actions_of(sessions) == [("user:70", "user:created")]


@pytest.mark.parametrize("username", ["张伟", "Ольга", "zhāng wěi", "👩 desk", "a" * 80])
def test_usernames_may_be_in_any_script(sessions: sessionmaker[Session], username: str) -> None:
    with sessions() as session:
        create_user(session, LOCAL, order(username), NOW)
        assert authenticate(session, username.upper(), PASSWORD, "10.0.0.1", NOW).username == username


def test_a_name_that_is_taken_in_another_spelling_is_refused(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        create_user(session, LOCAL, order("Li.Na"), NOW)
        with pytest.raises(Invalid, match="already"):
            create_user(session, LOCAL, order("ｌｉ.na"), NOW)
        assert len(accounts(session, LOCAL)) == 1
    assert len(actions_of(sessions)) == 1


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (order(""), Invalid),
        (order("  "), Invalid),
        (order("x" * 81), Invalid),
        (order("tab\tname"), Invalid),
        (order("zero\N{ZERO WIDTH JOINER}width"), Invalid),
        (order(name=" "), Invalid),
        (order(unit="x" * 121), Invalid),
        (order(roles=("king",)), Invalid),
        (order(roles=("wall",)), Invalid),
        (order(locale="tlh"), Invalid),
        (order(password="x" * 11), Invalid),
        (order(region="34"), NotAllowed),
        (order(region="0"), NotAllowed),
        (order(region="33x"), NotAllowed),
    ],
)
def test_what_no_account_may_be_leaves_no_trace(
    sqlite_sessions: sessionmaker[Session], command: CreateUser, error: type[SmokeError]
) -> None:
    with sqlite_sessions() as session:
        with pytest.raises(error):
            create_user(session, LOCAL, command, NOW)
        assert session.scalars(select(UserAccount)).all() == []
    assert actions_of(sqlite_sessions) == []


@pytest.mark.parametrize("person", [one for one in PERSONAS if one is not ADMINISTRATOR], ids=lambda one: one.name)
def test_only_administrators_touch_accounts_and_walls(sqlite_sessions: sessionmaker[Session], person: Viewer) -> None:
    with sqlite_sessions() as session:
        account = make_account(session, COUNTY)
        for attempt in (
            lambda: create_user(session, person, order(region=person.home_region), NOW),
            lambda: set_password(session, person, account.id, 1, PASSWORD, NOW),
            lambda: disable_user(session, person, account.id, 1, NOW),
            lambda: accounts(session, person),
            lambda: account_named(session, person, "county"),
            lambda: issue_wall_token(
                session, person, region=person.home_region, label="x", lasts=timedelta(1), now=NOW
            ),
            lambda: revoke_wall_token(session, person, 1, NOW),
            lambda: wall_tokens(session, person),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    assert actions_of(sqlite_sessions) == []


def test_an_administrator_ends_at_the_border(sqlite_sessions: sessionmaker[Session]) -> None:
    with sqlite_sessions() as session:
        make_account(session, LEADER)
        issue_wall_token(session, CONSOLE, region="0", label="nation", lasts=timedelta(1), now=NOW)
        for attempt in (
            lambda: set_password(session, LOCAL, LEADER.id, 1, PASSWORD, NOW),
            lambda: disable_user(session, LOCAL, LEADER.id, 1, NOW),
            lambda: account_named(session, LOCAL, "leader"),
            lambda: revoke_wall_token(session, LOCAL, 1, NOW),
        ):
            with pytest.raises(NotFound):
                attempt()
        assert accounts(session, LOCAL) == []
        assert wall_tokens(session, LOCAL) == []


def test_a_new_password_and_a_disabled_account_end_all_sign_ins(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
        for number, act in enumerate(("password", "disable"), start=1):
            session.add(SignIn(key_hash=act, user_id=COUNTY.id, address="", started_at=NOW, ended_at=None))
            session.commit()
            if act == "password":
                set_password(session, LOCAL, COUNTY.id, number, "another long 密码", NOW)
                assert authenticate(session, "county", "another long 密码", "10.0.0.1", NOW).id == COUNTY.id
            else:
                disable_user(session, LOCAL, COUNTY.id, number, NOW)
            assert session.get_one(SignIn, act, populate_existing=True).ended_at == NOW
        for password in (PASSWORD, "another long 密码"):
            with pytest.raises(NotAllowed):
                authenticate(session, "county", password, "10.0.0.1", NOW)
        with pytest.raises(Invalid, match="already"):
            disable_user(session, LOCAL, COUNTY.id, 3, NOW)


def test_nobody_disables_themselves(sqlite_sessions: sessionmaker[Session]) -> None:
    with sqlite_sessions() as session:
        make_account(session, ADMINISTRATOR)
        with pytest.raises(Invalid, match="own"):
            disable_user(session, ADMINISTRATOR, ADMINISTRATOR.id, 1, NOW)


def test_of_two_administrators_at_once_one_wins_and_the_other_is_told(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
    barrier = threading.Barrier(2)
    results: list[str] = []

    def act(number: int) -> None:
        with sessions() as session:
            barrier.wait()
            try:
                set_password(session, LOCAL, COUNTY.id, 1, f"a new password, no. {number}", NOW)
                results.append("done")
            except Stale:
                results.append("stale")

    threads = [threading.Thread(target=act, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "stale"]
    assert [action for _, action in actions_of(sessions)] == ["user:password_set"]


def test_many_writers_make_one_chain(sessions: sessionmaker[Session]) -> None:
    def write(number: int) -> None:
        for turn in range(5):
            with sessions() as session:
                record(session, NOW, f"user:{number}", "test:written", f"turn:{turn}", 行=turn)
                session.commit()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions() as session:
        assert verify_chain(session) == 20


TAMPERING = {
    "UPDATE audit_entry SET actor = 'user:9' WHERE position = 2": "entry 2 was changed",
    "UPDATE audit_entry SET details = '{}' WHERE position = 3": "entry 3 was changed",
    "UPDATE audit_entry SET at = '2026-11-22 06:05:01' WHERE position = 1": "entry 1 was changed",
    "DELETE FROM audit_entry WHERE position = 2": "entry 2 is missing",
    "DELETE FROM audit_entry WHERE position = 3": "after 2 were removed",
    "DELETE FROM audit_entry": "after 0 were removed",
}


@pytest.mark.parametrize(("statement", "found"), TAMPERING.items())
def test_tampering_with_the_log_is_found(sessions: sessionmaker[Session], statement: str, found: str) -> None:
    with sessions() as session:
        for number in range(3):
            record(session, NOW, "user:1", "test:written", f"turn:{number}", number=number)
        session.commit()
        assert verify_chain(session) == 3
        if session.get_bind().dialect.name == "sqlite":
            for trigger in ("no_update", "no_delete", "no_replace"):
                session.execute(text(f"DROP TRIGGER audit_entry_{trigger}"))
        else:
            session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        session.connection().exec_driver_sql(statement)
        session.commit()
        session.expire_all()
        with pytest.raises(Invalid, match=found):
            verify_chain(session)


def test_an_entry_falls_with_the_transaction_that_it_describes(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        record(session, NOW, "user:1", "test:written", "x")
        session.rollback()
        record(session, NOW, "user:1", "test:kept", "x")
        session.commit()
        assert verify_chain(session) == 1


def test_an_old_hash_is_renewed_at_the_next_sign_in(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    with sessions() as session:
        old = make_account(session, COUNTY).password_hash
        monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
        authenticate(session, "county", PASSWORD, "10.0.0.1", NOW)
        renewed = session.get_one(UserAccount, COUNTY.id).password_hash
        assert renewed != old
        assert not passwords.is_outdated(renewed)
        assert authenticate(session, "county", PASSWORD, "10.0.0.1", NOW).password_hash == renewed


def test_unknown_and_known_accounts_cost_the_same_work(
    sqlite_sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override] # noqa: A002 - argon2's own name
            verified.append(str(hash))
            return super().verify(hash, password)

    with sqlite_sessions() as session:
        make_account(session, COUNTY)
        monkeypatch.setattr(passwords, "_hasher", Counting(time_cost=1, memory_cost=8, parallelism=1))
        for username in ("county", "nobody"):
            with pytest.raises(NotAllowed):
                authenticate(session, username, "wrong password", "10.0.0.1", NOW)
    assert len(verified) == 2


def fail(session: Session, username: str, address: str) -> None:
    with pytest.raises(NotAllowed):
        authenticate(session, username, "wrong password", address, NOW)


def test_an_account_is_throttled_whatever_the_address(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
        for number in range(throttle.PER_ACCOUNT):
            fail(session, "county", f"10.0.0.{number}")
        with pytest.raises(Throttled) as refused:
            authenticate(session, "COUNTY", PASSWORD, "10.0.1.1", NOW + timedelta(minutes=5))
        assert refused.value.wait == timedelta(minutes=10)
        later = NOW + throttle.WINDOW
        assert authenticate(session, "county", PASSWORD, "10.0.1.1", later).id == COUNTY.id


def test_an_address_is_throttled_whatever_the_account(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
        for number in range(throttle.PER_ADDRESS):
            fail(session, f"guess {number}", "10.0.0.1")
        with pytest.raises(Throttled):
            authenticate(session, "county", PASSWORD, "10.0.0.1", NOW)
        assert authenticate(session, "county", PASSWORD, "10.0.0.2", NOW).id == COUNTY.id


def test_guessing_from_many_sides_at_once_gains_nothing(sessions: sessionmaker[Session]) -> None:
    judged: list[str] = []

    def guess(number: int) -> None:
        with sessions() as session:
            try:
                authenticate(session, "county", "wrong password", f"10.0.0.{number}", NOW)
            except Throttled:
                judged.append("refused")
            except NotAllowed:
                judged.append("judged")

    with sessions() as session:
        make_account(session, COUNTY)
    threads = [threading.Thread(target=guess, args=(number,)) for number in range(3 * throttle.PER_ACCOUNT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(judged) == 3 * throttle.PER_ACCOUNT
    assert judged.count("judged") <= throttle.PER_ACCOUNT


def test_a_success_clears_the_accounts_failures(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
        for _ in range(2):
            for _ in range(throttle.PER_ACCOUNT - 1):
                fail(session, "county", "10.0.0.1")
            assert authenticate(session, "county", PASSWORD, "10.0.0.1", NOW).id == COUNTY.id


def test_old_attempts_are_forgotten(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        throttle.reserve(session, "a", "10.0.0.1", NOW - timedelta(days=31))
        throttle.reserve(session, "a", "10.0.0.1", NOW)
        assert throttle.forget(session, NOW) == 1


def test_a_wall_token_is_kept_as_a_hash_and_found_by_its_secret(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        token = issue_wall_token(session, LOCAL, region="3301", label=" 大厅 ", lasts=timedelta(days=1), now=NOW)
        wall = wall_of_token(session, token, NOW)
        assert (wall.label, wall.region, wall.issued_by) == ("大厅", "3301", "user:70")
        assert token not in str(session.execute(select(WallToken.__table__)).all())
        for other in (token[:-1], token + "A", "", wall.token_hash):
            with pytest.raises(NotAllowed):
                wall_of_token(session, other, NOW)
        with pytest.raises(NotAllowed):
            wall_of_token(session, token, NOW + timedelta(days=1))
        revoke_wall_token(session, LOCAL, wall.id, NOW)
        with pytest.raises(NotAllowed):
            wall_of_token(session, token, NOW)
        with pytest.raises(NotFound):
            revoke_wall_token(session, LOCAL, wall.id, NOW)
    assert [action for _, action in actions_of(sessions)] == ["wall:issued", "wall:revoked"]


@pytest.mark.parametrize(
    ("label", "days", "region", "error"),
    [
        ("", 1, "33", Invalid),
        ("x" * 81, 1, "33", Invalid),
        ("x", 0, "33", Invalid),
        ("x", 9999, "33", Invalid),
        ("x", 1, "34", NotAllowed),
        ("x", 1, "bad", NotAllowed),
    ],
)
def test_an_impossible_wall_is_refused(
    sqlite_sessions: sessionmaker[Session], label: str, days: int, region: str, error: type[SmokeError]
) -> None:
    with sqlite_sessions() as session, pytest.raises(error):
        issue_wall_token(session, LOCAL, region=region, label=label, lasts=timedelta(days=days), now=NOW)
