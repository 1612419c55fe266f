"""Versions of the model: proposed by one, decided by another, never edited."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dashboard.access.audit import verify_chain
from dashboard.access.permissions import Role
from dashboard.actions.index_models import DecideModel, ProposeModel, Verdict, decide_model, propose_model
from dashboard.errors import Invalid, NotAllowed, NotFound, SmokeError, Stale
from dashboard.models.audit import AuditEntry
from dashboard.models.index_models import ModelVersion
from dashboard.models.revision import current_revision
from dashboard.queries.index_models import model_of, model_text, model_versions, version_in_force
from dashboard.settings import HOUSE
from tests.builders import ADMINISTRATOR, ANALYST, LEADER, NOW, PROVINCE, STRANGER, WORKER, make_account, viewer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.access.viewer import Viewer

SHIPPED = HOUSE / "etl" / "index" / "models" / "2026.2.toml"
TEXT = SHIPPED.read_text(encoding="utf-8")
PROPOSER = viewer("proposer", "0", Role.ANALYST, Role.LEADER, number=80)
COLLEAGUE = viewer("colleague", "0", Role.ANALYST, Role.LEADER, number=81)
SECOND = viewer("second", "0", Role.LEADER, number=82)


def command(version: str = "2026.3", **changes: str) -> ProposeModel:
    text = TEXT.replace('version = "2026.2"', f'version = "{version}"').replace("red = 80", "red = 85")
    return ProposeModel(**{"version": version, "based_on": "2026.2", "text": text, "note": "少一些误报", **changes})


def propose(session: Session, person: Viewer = PROPOSER, given: ProposeModel | None = None, home: str = "0") -> None:
    propose_model(session, person, given or command(), SHIPPED, home, NOW)


def decide(
    session: Session, person: Viewer, verdict: Verdict, *, revision: int = 1, reason: str = "理由", later: int = 0
) -> None:
    order = DecideModel("2026.3", revision, verdict, reason)
    decide_model(session, person, order, "0", NOW + timedelta(seconds=later))


@pytest.fixture
def people(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Return the session factory of a database with those who propose and decide."""
    with sessions() as session:
        for person in (PROPOSER, COLLEAGUE, SECOND):
            make_account(session, person)
    return sessions


def actions_of(session: Session) -> list[tuple[str, str, str]]:
    return [(one.actor, one.action, one.subject) for one in session.scalars(select(AuditEntry).order_by("position"))]


def test_a_proposal_is_approved_by_a_second_person_and_is_then_in_force(people: sessionmaker[Session]) -> None:
    with people() as session:
        before = current_revision(session)
        propose(session)
        assert version_in_force(session, ANALYST) is None
        decide(session, SECOND, "approved", reason="")
        (row,) = model_versions(session, ANALYST, 9)
        assert (row.state, row.proposer, row.decider, row.revision) == ("approved", "proposer", "second", 2)
        assert version_in_force(session, ANALYST) == "2026.3"
        assert model_text(session, ANALYST, "2026.3", SHIPPED) == command().text
        assert model_of(session, ANALYST, "2026.3", SHIPPED).thresholds.red == 85
        assert current_revision(session) == before + 2
        assert actions_of(session) == [
            ("user:80", "model:proposed", "model:2026.3"),
            ("user:82", "model:approved", "model:2026.3"),
        ]
        assert verify_chain(session) == 2


def test_nobody_decides_on_their_own_proposal_and_only_they_withdraw_it(people: sessionmaker[Session]) -> None:
    with people() as session:
        propose(session)
        for verdict in ("approved", "rejected"):
            with pytest.raises(NotAllowed, match="second person"):
                decide(session, PROPOSER, verdict)
        with pytest.raises(NotAllowed, match="proposer"):
            decide(session, COLLEAGUE, "withdrawn")
        decide(session, PROPOSER, "withdrawn")
        with pytest.raises(Stale):
            decide(session, SECOND, "approved", revision=2)
        assert session.get_one(ModelVersion, "2026.3").state == "withdrawn"
        assert len(actions_of(session)) == 2


def test_a_rejection_needs_its_reason_and_keeps_it(people: sessionmaker[Session]) -> None:
    with people() as session:
        propose(session)
        for reason in (" ", "x" * 501):
            with pytest.raises(Invalid, match="reason"):
                decide(session, SECOND, "rejected", reason=reason)
        decide(session, SECOND, "rejected", reason="召回率太低")
        assert model_versions(session, ANALYST, 9)[0].reason == "召回率太低"
        assert version_in_force(session, ANALYST) is None


def test_what_is_sent_twice_is_written_once(people: sessionmaker[Session]) -> None:
    with people() as session:
        for _ in range(2):
            propose(session)
        for _ in range(2):
            decide(session, SECOND, "approved")
        assert len(actions_of(session)) == 2


def test_a_text_never_changes_and_a_name_is_used_once(people: sessionmaker[Session]) -> None:
    with people() as session:
        propose(session)
        other = command(text=command().text.replace("orange = 60", "orange = 61"))
        for person in (PROPOSER, COLLEAGUE):
            with pytest.raises(Invalid, match="already"):
                propose(session, person, other)
        decide(session, SECOND, "rejected")
        with pytest.raises(Invalid, match="already"):
            propose(session, PROPOSER, other)
        assert session.get_one(ModelVersion, "2026.3").text == command().text


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (command(version="2026.2"), Invalid),
        (command(version=""), Invalid),
        (command(version="../x"), Invalid),
        (command(version="x" * 41), Invalid),
        (command(version="二〇二六"), Invalid),
        (command(note="  "), Invalid),
        (command(note="x" * 501), Invalid),
        (command(text="red = "), Invalid),
        (command(text=TEXT), Invalid),
        (command(text=command().text.replace("orange = 60", "orange = 90")), Invalid),
    ],
)
def test_what_is_no_version_leaves_no_trace(
    sqlite_sessions: sessionmaker[Session], given: ProposeModel, error: type[SmokeError]
) -> None:
    with sqlite_sessions() as session:
        make_account(session, PROPOSER)
        with pytest.raises(error):
            propose(session, PROPOSER, given)
        assert session.scalars(select(ModelVersion)).all() == []
        assert actions_of(session) == []


@pytest.mark.parametrize(
    "person", [ANALYST, PROVINCE, WORKER, STRANGER, ADMINISTRATOR, LEADER], ids=lambda one: one.name
)
def test_only_analysts_of_the_whole_installation_propose(
    sqlite_sessions: sessionmaker[Session], person: Viewer
) -> None:
    with sqlite_sessions() as session:
        make_account(session, ANALYST)
        with pytest.raises(NotAllowed):
            propose(session, person)
        propose(session, ANALYST, home="33")  # an installation that serves the analyst's own province


@pytest.mark.parametrize("person", [ANALYST, PROVINCE, WORKER, STRANGER, ADMINISTRATOR], ids=lambda one: one.name)
def test_only_leaders_of_the_whole_installation_decide(sqlite_sessions: sessionmaker[Session], person: Viewer) -> None:
    local = viewer("local", "33", Role.LEADER, number=90)
    with sqlite_sessions() as session:
        make_account(session, PROPOSER)
        propose(session)
        for somebody in (person, local):
            with pytest.raises(NotAllowed):
                decide(session, somebody, "approved")
        assert session.get_one(ModelVersion, "2026.3").state == "proposed"


def test_who_may_not_read_models_reads_none(sqlite_sessions: sessionmaker[Session]) -> None:
    with sqlite_sessions() as session:
        for person in (WORKER, STRANGER, ADMINISTRATOR):
            for attempt in (
                lambda one=person: model_versions(session, one, 9),
                lambda one=person: version_in_force(session, one),
                lambda one=person: model_text(session, one, "2026.2", SHIPPED),
            ):
                with pytest.raises(NotAllowed):
                    attempt()


def test_a_version_that_nobody_knows_is_not_found(sqlite_sessions: sessionmaker[Session]) -> None:
    with sqlite_sessions() as session:
        assert model_of(session, ANALYST, "2026.1", SHIPPED).version == "2026.1"
        with pytest.raises(NotFound):
            model_text(session, ANALYST, "../2026.1", SHIPPED)
        with pytest.raises(NotFound):
            decide(session, SECOND, "approved")


def test_a_decision_on_what_has_moved_on_is_stale(people: sessionmaker[Session]) -> None:
    with people() as session:
        propose(session)
        with pytest.raises(Stale):
            decide(session, SECOND, "approved", revision=7)
        assert len(actions_of(session)) == 1


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(people: sessionmaker[Session]) -> None:
    with people() as session:
        propose(session)
    barrier = threading.Barrier(2)
    results: list[str] = []

    def act(person: Viewer, verdict: Verdict) -> None:
        with people() as session:
            barrier.wait()
            try:
                decide(session, person, verdict)
                results.append("done")
            except Stale:
                results.append("stale")

    threads = [threading.Thread(target=act, args=given) for given in ((SECOND, "approved"), (COLLEAGUE, "rejected"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "stale"]
    with people() as session:
        assert len(actions_of(session)) == 2


def test_the_version_approved_last_is_in_force(people: sessionmaker[Session]) -> None:
    with people() as session:
        for number, version in enumerate(("2026.4", "2026.3")):
            propose(session, PROPOSER, command(version))
            order = DecideModel(version, 1, "approved")
            decide_model(session, SECOND, order, "0", NOW + timedelta(minutes=10 - number))
        assert version_in_force(session, ANALYST) == "2026.4"
