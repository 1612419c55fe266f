"""What officers do with warnings: owner, colleague, stranger, two at once, twice, too late, and with nonsense."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dashboard.access.audit import verify_chain
from dashboard.access.permissions import Role
from dashboard.actions.cases import OpenCase, open_case
from dashboard.actions.exemptions import AddExemption, add_exemption, withdraw_exemption
from dashboard.actions.handling import MOST, Seen
from dashboard.actions.warnings import Assign, Decide, assign, decide
from dashboard.errors import Invalid, NotAllowed, NotFound, SmokeError, Stale
from dashboard.i18n import words_for
from dashboard.models.audit import AuditEntry
from dashboard.models.cases import CaseFile, CaseSource
from dashboard.models.exemptions import Exemption
from dashboard.models.revision import current_revision
from dashboard.models.warnings import WarningHandling
from layouts.notices import told
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    CITY,
    COUNTY,
    LEADER,
    NOW,
    PROVINCE,
    STRANGER,
    WORKER,
    make_account,
    viewer,
)
from tests.generations import AS_OF, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.access.viewer import Viewer

WEEK = AS_OF - timedelta(days=6)
COLLEAGUE = viewer("colleague", "330106", Role.OFFICER, number=20)
NEIGHBOUR = viewer("neighbour", "330105", Role.OFFICER, number=21)
TODAY = date(2026, 11, 22)
ZONE = "Asia/Shanghai"


def seen(number: int, version: int = 0) -> Seen:
    """Return a warning of tests/generations.py; 1 is orange, 2 yellow, 3 red."""
    return Seen(f"9133010600000{number:05d}", WEEK, version)


def exempt(**changes: object) -> AddExemption:
    values = {
        "uscc": seen(1).uscc,
        "region_code": "330106",
        "kind": "white",
        "risk_type": "",
        "reason": "false_positive",
        "text": "现场核查无异常",
        "begins_on": TODAY,
        "ends_on": TODAY + timedelta(days=90),
        **changes,
    }
    return AddExemption(**values)  # type: ignore[arg-type] # invalid ones too


@pytest.fixture
def office(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Return a database with a generation and everybody's accounts."""
    return _furnished(sessions)


@pytest.fixture
def one_office(sqlite_sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Return the same on SQLite alone."""
    return _furnished(sqlite_sessions)


def _furnished(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    with sessions() as session:
        publish(session, only=["330106"])
        for person in (LEADER, PROVINCE, CITY, COUNTY, COLLEAGUE, NEIGHBOUR, WORKER, ANALYST, ADMINISTRATOR):
            make_account(session, person)
    return sessions


def handled(session: Session, number: int) -> WarningHandling:
    return session.get_one(WarningHandling, (seen(number).uscc, WEEK), populate_existing=True)


def entries(session: Session) -> list[tuple[str, str, dict[str, object]]]:
    found = session.scalars(select(AuditEntry).order_by(AuditEntry.position))
    return [(entry.actor, entry.action, json.loads(entry.details)) for entry in found]


def test_a_warning_is_acknowledged_dismissed_and_reopened_with_its_entries(office: sessionmaker[Session]) -> None:
    with office() as session:
        before = current_revision(session)
        assert decide(session, COUNTY, Decide((seen(1),), "acknowledged"), NOW) == 1
        assert decide(session, CITY, Decide((seen(1, 1),), "dismissed", " 广告已下架 "), NOW) == 1
        row = handled(session, 1)
        assert (row.state, row.reason, row.version, row.changed_by) == ("dismissed", "广告已下架", 2, CITY.id)
        assert (row.region_code, row.changed_at) == ("330106", NOW)
        assert decide(session, COUNTY, Decide((seen(1, 2),), "open"), NOW) == 1
        assert handled(session, 1).state == "open"
        assert current_revision(session) == before + 3
        assert entries(session)[1] == (
            "user:3",
            "warning:dismissed",
            {"state": "dismissed", "before": "acknowledged", "reason": "广告已下架"},
        )
        assert verify_chain(session) == 3


@pytest.mark.parametrize("person", [WORKER, STRANGER, ADMINISTRATOR, ANALYST], ids=lambda person: person.name)
def test_who_may_not_handle_warnings_is_refused(one_office: sessionmaker[Session], person: Viewer) -> None:
    attempts: tuple[Callable[[Session], object], ...] = (
        lambda session: decide(session, person, Decide((seen(1),), "acknowledged"), NOW),
        lambda session: assign(session, person, Assign((seen(1),), person.id), NOW),
        lambda session: open_case(session, person, OpenCase((seen(1),), ZONE), NOW),
        lambda session: add_exemption(session, person, exempt(), NOW),
        lambda session: withdraw_exemption(session, person, 1, 1, "x", NOW),
    )
    with one_office() as session:
        for attempt in attempts:
            with pytest.raises(NotAllowed):
                attempt(session)
        assert entries(session) == []


def test_a_leader_puts_nobody_on_a_list(one_office: sessionmaker[Session]) -> None:
    with one_office() as session, pytest.raises(NotAllowed):
        add_exemption(session, LEADER, exempt(), NOW)


def test_the_neighbouring_county_learns_nothing(one_office: sessionmaker[Session]) -> None:
    with one_office() as session:
        for attempt in (
            lambda: decide(session, NEIGHBOUR, Decide((seen(1),), "acknowledged"), NOW),
            lambda: decide(session, COUNTY, Decide((seen(1), seen(101)), "acknowledged"), NOW),
            lambda: decide(session, COUNTY, Decide((Seen("9" * 18, WEEK, 0),), "acknowledged"), NOW),
            lambda: decide(session, COUNTY, Decide((Seen(seen(1).uscc, TODAY, 0),), "acknowledged"), NOW),
            lambda: open_case(session, NEIGHBOUR, OpenCase((seen(1),), ZONE), NOW),
        ):
            with pytest.raises(NotFound):
                attempt()
        with pytest.raises(NotAllowed):
            add_exemption(session, NEIGHBOUR, exempt(), NOW)
        assert entries(session) == []
        assert session.scalars(select(WarningHandling)).all() == []


@pytest.mark.parametrize(
    "command",
    [
        Decide((), "acknowledged"),
        Decide((seen(1),), "dismissed"),
        Decide((seen(1),), "dismissed", "  "),
        Decide((seen(1),), "dismissed", "x" * 501),
        Decide((seen(1),), "in_case"),
        Decide((seen(1),), "burnt"),
        Decide(tuple(seen(number) for number in range(MOST + 1)), "acknowledged"),
    ],
)
def test_what_cannot_be_meant_leaves_no_trace(one_office: sessionmaker[Session], command: Decide) -> None:
    with one_office() as session:
        with pytest.raises(Invalid):
            decide(session, COUNTY, command, NOW)
        assert entries(session) == []


def test_a_warning_in_a_case_is_neither_dismissed_nor_assigned(one_office: sessionmaker[Session]) -> None:
    with one_office() as session:
        open_case(session, COUNTY, OpenCase((seen(1),), ZONE), NOW)
        attempts: tuple[Callable[[], object], ...] = (
            lambda: decide(session, COUNTY, Decide((seen(1, 1),), "dismissed", "x"), NOW),
            lambda: assign(session, COUNTY, Assign((seen(1, 1),), COUNTY.id), NOW),
        )
        for attempt in attempts:
            with pytest.raises(Invalid) as refused:
                attempt()
            assert refused.value.sentence is not None
            assert "已立案" in told(refused.value.sentence, words_for("zh_CN"), ZONE)


def test_many_are_assigned_at_once_or_none_with_the_stale_ones_named(office: sessionmaker[Session]) -> None:
    with office() as session:
        assert assign(session, CITY, Assign((seen(1), seen(2), seen(3)), COUNTY.id), NOW) == 3
        assert decide(session, COLLEAGUE, Decide((seen(2, 1),), "acknowledged"), NOW) == 1
        with pytest.raises(Stale) as refused:
            assign(session, CITY, Assign((seen(1, 1), seen(2, 1), seen(4)), CITY.id), NOW)
        assert [handled(session, number).assignee_id for number in (1, 2, 3)] == [COUNTY.id] * 3
        assert session.get(WarningHandling, (seen(4).uscc, WEEK)) is None
        assert len(entries(session)) == 4
    assert refused.value.sentence is not None
    said = told(refused.value.sentence, words_for("zh_CN"), ZONE)
    assert "2号有限公司" in said
    assert "1号有限公司" not in said
    assert "colleague" in said
    assert "county" in said
    assert "11-22 14:05" in said


@pytest.mark.parametrize("person", [COUNTY, CITY, LEADER], ids=lambda person: person.name)
def test_who_handles_warnings_there_is_assigned(one_office: sessionmaker[Session], person: Viewer) -> None:
    with one_office() as session:
        assert assign(session, CITY, Assign((seen(1),), person.id), NOW) == 1
        assert handled(session, 1).assignee_id == person.id
        assert assign(session, CITY, Assign((seen(1, 1),), None), NOW) == 1
        assert handled(session, 1).assignee_id is None


@pytest.mark.parametrize("number", [NEIGHBOUR.id, WORKER.id, ANALYST.id, 999])
def test_nobody_else_is_assigned(one_office: sessionmaker[Session], number: int) -> None:
    with one_office() as session:
        with pytest.raises(Invalid):
            assign(session, CITY, Assign((seen(1),), number), NOW)
        assert entries(session) == []


def test_a_second_click_changes_nothing_and_is_no_error(office: sessionmaker[Session]) -> None:
    with office() as session:
        for expected in (1, 0):
            assert decide(session, COUNTY, Decide((seen(1),), "dismissed", "已核"), NOW) == expected
        for expected in (1, 0):
            assert assign(session, COUNTY, Assign((seen(2),), COUNTY.id), NOW) == expected
        numbers = {open_case(session, COUNTY, OpenCase((seen(3),), ZONE), NOW) for _ in range(2)}
        ids = {add_exemption(session, COUNTY, exempt(), NOW) for _ in range(2)}
        for _ in range(2):
            withdraw_exemption(session, COUNTY, min(ids), 1, "期满前复查", NOW)
        assert (len(numbers), len(ids)) == (1, 1)
        assert [action for _, action, _ in entries(session)] == [
            "warning:dismissed",
            "warning:assigned",
            "warning:in_case",
            "case:opened",
            "exemption:added",
            "exemption:withdrawn",
        ]


def at_once(office: sessionmaker[Session], *acts: Callable[[Session], object]) -> list[object]:
    """Let people act in the same instant, and return what each was answered."""
    barrier = threading.Barrier(len(acts))
    answers: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        with office() as session:
            barrier.wait()
            try:
                answers[place] = acts[place](session)
            except SmokeError as error:
                answers[place] = type(error).__name__

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("version", [0, 1])
def test_of_two_officers_at_once_one_wins_and_the_other_is_told(office: sessionmaker[Session], version: int) -> None:
    if version:
        with office() as session:
            decide(session, COUNTY, Decide((seen(1), seen(2)), "acknowledged"), NOW)
    both = tuple(seen(number, version) for number in (1, 2))
    answers = at_once(
        office,
        lambda session: decide(session, COUNTY, Decide(both, "dismissed", "重复"), NOW),
        lambda session: assign(session, COLLEAGUE, Assign(both[::-1], COLLEAGUE.id), NOW),
    )
    assert sorted(map(str, answers)) == ["2", "Stale"]
    with office() as session:
        assert {handled(session, number).version for number in (1, 2)} == {version + 1}
        assert verify_chain(session) == 2 + 2 * version


def test_cases_opened_at_once_have_numbers_of_their_own(office: sessionmaker[Session]) -> None:
    def opening(number: int, person: Viewer) -> Callable[[Session], object]:
        return lambda session: open_case(session, person, OpenCase((seen(number),), ZONE), NOW)

    answers = at_once(office, opening(1, COUNTY), opening(2, COLLEAGUE), opening(3, CITY), opening(3, COLLEAGUE))
    opened = [str(answer) for answer in answers if answer != "Stale"]
    assert sorted(opened) == ["330106-2026-0001", "330106-2026-0002", "330106-2026-0003"]
    with office() as session:
        cases = session.scalars(select(CaseFile)).all()
        assert sorted(case.number for case in cases) == sorted(opened)
        assert {handled(session, number).case_id for number in (1, 2, 3)} == {case.id for case in cases}


def test_a_case_keeps_what_it_began_with_and_its_year_is_the_jurisdictions(one_office: sessionmaker[Session]) -> None:
    with one_office() as session:
        late = NOW.replace(month=12, day=31, hour=17)  # the new year has begun in Shanghai
        assert open_case(session, COUNTY, OpenCase((seen(5),), ZONE), late) == "330106-2027-0001"
        case = session.scalars(select(CaseFile)).one()
        source = session.scalars(select(CaseSource)).one()
        assert (case.uscc, case.stage, case.phase, case.handler_code) == (seen(5).uscc, "intake", "intake", "330106")
        assert (source.case_id, source.kind, source.key) == (case.id, "warning", f"{seen(5).uscc}:{WEEK}")
        assert (case.region_code, case.risk_type) == ("330106109", "lending")


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "black"},
        {"risk_type": "arson"},
        {"reason": "because"},
        {"text": " "},
        {"text": "x" * 401},
        {"ends_on": TODAY - timedelta(days=1)},
        {"ends_on": TODAY + timedelta(days=367)},
    ],
)
def test_what_no_exemption_may_be_leaves_no_trace(
    one_office: sessionmaker[Session], changes: dict[str, object]
) -> None:
    with one_office() as session:
        with pytest.raises(Invalid):
            add_exemption(session, COUNTY, exempt(**changes), NOW)
        assert entries(session) == []


def test_an_enterprise_stands_on_a_list_once_and_comes_off_with_a_reason(office: sessionmaker[Session]) -> None:
    with office() as session:
        number = add_exemption(session, COUNTY, exempt(), NOW)
        with pytest.raises(Stale, match="county"):
            add_exemption(session, CITY, exempt(risk_type="lending"), NOW)
        with pytest.raises(Invalid):
            withdraw_exemption(session, COUNTY, number, 1, " ", NOW)
        with pytest.raises(NotFound):
            withdraw_exemption(session, NEIGHBOUR, number, 1, "x", NOW)
        withdraw_exemption(session, CITY, number, 1, "新增投诉", NOW)
        with pytest.raises(Stale, match="city"):
            withdraw_exemption(session, COUNTY, number, 1, "也要撤", NOW)
        again = add_exemption(session, CITY, exempt(kind="grey", risk_type="lending"), NOW)
        assert again != number
        entry = session.get_one(Exemption, number, populate_existing=True)
        assert (entry.reason, entry.withdrawn_by, entry.version) == ("false_positive: 现场核查无异常", CITY.id, 2)
        assert verify_chain(session) == 3


def test_two_officers_put_an_enterprise_on_a_list_once(office: sessionmaker[Session]) -> None:
    answers = at_once(
        office,
        lambda session: add_exemption(session, COUNTY, exempt(), NOW),
        lambda session: add_exemption(session, COLLEAGUE, exempt(text="另一理由"), NOW),
    )
    assert "Stale" in answers
    with office() as session:
        assert len(session.scalars(select(Exemption)).all()) == 1
