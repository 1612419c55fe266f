"""Whose desk shows what: each kind of item for exactly the right people, gone when done, put off, and handed over."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select, update

from dashboard.access.audit import verify_chain
from dashboard.access.permissions import Role
from dashboard.actions.delegations import Delegate, WithdrawDelegation, delegate, withdraw_delegation
from dashboard.actions.inbox import Snooze, read_mention, snooze, unsnooze
from dashboard.clock import Moment
from dashboard.errors import Invalid, NotAllowed, NotFound, Stale
from dashboard.models.accounts import UserAccount
from dashboard.models.audit import AuditEntry
from dashboard.models.cases import CaseFile, CaseOrder
from dashboard.models.casework import CaseComment, CaseMention, CaseTask
from dashboard.models.desks import InboxSnooze
from dashboard.models.warnings import WarningHandling
from dashboard.queries.inbox import Asked, counts, item_of, items
from dashboard.queries.inbox_desk import absences, desk_of, stand_ins
from tests.builders import (
    ANALYST,
    CHIEF,
    CITY,
    COUNTY,
    LEADER,
    NEIGHBOUR,
    NOW,
    PROVINCE,
    SIGNING_IN,
    STRANGER,
    TOWN,
    WORKER,
    make_account,
    viewer,
)
from tests.casefiles import TODAY, WHEN, make_case, seat
from tests.generations import publish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.access.viewer import Viewer
    from dashboard.queries.inbox import Item

OFFICERS = (LEADER, PROVINCE, CITY, COUNTY, CHIEF, TOWN, NEIGHBOUR, ANALYST)
COLLEAGUE = viewer("colleague", "330106", Role.OFFICER, number=20)
DAY = timedelta(days=1)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        for person in (*SIGNING_IN, COLLEAGUE):
            make_account(session, person)
        yield session


def at(day: date) -> Moment:
    return Moment(NOW + (day - TODAY), day)


def list_of(session: Session, person: Viewer, day: date = TODAY, **asked: object) -> list[Item]:
    return items(session, desk_of(session, person, at(day)), Asked(**asked))  # type: ignore[arg-type] # of a test


def keys(session: Session, person: Viewer, whose: str = "", day: date = TODAY) -> list[str]:
    return [one.key for one in list_of(session, person, day, group=whose)]


def seen_by(session: Session, key: str) -> dict[str, str]:
    """Return by whom an item is seen, and as whose."""
    found = {}
    for person in (*OFFICERS, COLLEAGUE):
        for one in list_of(session, person):
            if one.key == key:
                found[person.name] = one.whose
    return found


def make_task(session: Session, case: CaseFile, **columns: object) -> CaseTask:
    given = {
        "title": "走访门店",
        "region_code": "330106",
        "owner_id": COUNTY.id,
        "due_on": TODAY + 9 * DAY,
        "state": "open",
    }
    task = CaseTask(
        case_id=case.id, checklist=[], made_at=NOW, made_by=CHIEF.id, reason="", version=1, **(given | columns)
    )
    session.add(task)
    session.commit()
    return task


def make_order(
    session: Session, case: CaseFile, kind: str, sender: Viewer, receiver: Viewer, **columns: object
) -> CaseOrder:
    given = {"state": "pending", "made_at": NOW, "made_by": sender.id, "answer_due_on": TODAY + 5 * DAY, "answer": ""}
    order = CaseOrder(
        case_id=case.id,
        kind=kind,
        from_code=sender.home_region,
        to_code=receiver.home_region,
        text="请办理",
        version=1,
        **(given | columns),
    )
    session.add(order)
    session.commit()
    return order


def test_a_case_waits_for_its_owner_until_it_is_closed(session: Session) -> None:
    case = make_case(session, handler=COUNTY)
    assert seen_by(session, f"case:{case.id}") == {"county": "me"}
    session.execute(update(CaseFile).values(phase="closed", stage="closed"))
    assert seen_by(session, f"case:{case.id}") == {}


def test_a_case_without_owner_waits_for_everybody_of_its_department_who_works_on_cases(session: Session) -> None:
    case = make_case(session, handler=COUNTY, owner_id=None)
    expected = {"county": "department", "chief": "department", "colleague": "department"}
    assert seen_by(session, f"case:{case.id}") == expected  # neither those above nor who only reads
    session.execute(update(CaseFile).values(owner_id=COLLEAGUE.id))
    assert seen_by(session, f"case:{case.id}") == {"colleague": "me"}


def test_a_task_waits_for_its_owner_or_its_department_until_it_is_done(session: Session) -> None:
    case = make_case(session, handler=CITY)
    seat(session, case, NEIGHBOUR)
    mine = make_task(session, case)
    assert seen_by(session, f"task:{mine.id}") == {}  # the county looks on: it could not end it
    seat(session, case, COUNTY)
    nobodys = make_task(session, case, region_code="330105", owner_id=None)
    assert seen_by(session, f"task:{mine.id}") == {"county": "me"}
    assert seen_by(session, f"task:{nobodys.id}") == {"neighbour": "department"}
    session.execute(update(CaseTask).values(state="done"))
    assert seen_by(session, f"task:{mine.id}") == seen_by(session, f"task:{nobodys.id}") == {}


def test_nothing_of_a_case_out_of_sight_is_told(session: Session) -> None:
    case = make_case(session, handler=NEIGHBOUR, place="330105")
    task = make_task(session, case, region_code="330106")
    order = make_order(session, case, "assist", NEIGHBOUR, COUNTY)
    assert seen_by(session, f"task:{task.id}") == seen_by(session, f"order:{order.id}") == {}
    seat(session, case, COUNTY)
    assert seen_by(session, f"task:{task.id}") == {"county": "me"}
    assert set(seen_by(session, f"order:{order.id}")) == {"county", "chief", "colleague"}


@pytest.mark.parametrize(
    ("kind", "sender", "receiver", "readers"),
    [
        ("report_up", COUNTY, CITY, {"city": "department"}),
        ("escalation", COUNTY, PROVINCE, {"province": "department"}),
        ("assign_down", COUNTY, TOWN, {"town": "department"}),
        ("supervise", CITY, COUNTY, {"county": "me", "chief": "department", "colleague": "department"}),
    ],
)
def test_an_order_waits_for_the_department_that_answers_it(
    session: Session, kind: str, sender: Viewer, receiver: Viewer, readers: dict[str, str]
) -> None:
    case = make_case(session, handler=COUNTY, place="330106109")
    order = make_order(session, case, kind, sender, receiver)
    assert seen_by(session, f"order:{order.id}") == readers
    session.execute(update(CaseOrder).values(state="answered"))
    assert seen_by(session, f"order:{order.id}") == {}


def test_a_refusal_waits_for_who_was_refused_for_two_weeks_or_until_something_is_sent(session: Session) -> None:
    case = make_case(session, handler=COUNTY)
    given = {"state": "refused", "answered_at": NOW, "answered_by": CITY.id, "answer": "请继续办理"}
    order = make_order(session, case, "report_up", COUNTY, CITY, **given)
    key = f"refused:{order.id}"
    assert seen_by(session, key) == {"county": "me"}
    assert key in keys(session, COUNTY, day=TODAY + 14 * DAY)
    assert key not in keys(session, COUNTY, day=TODAY + 15 * DAY)
    make_order(session, case, "transfer", COUNTY, NEIGHBOUR, made_at=NOW + timedelta(hours=1))
    assert seen_by(session, key) == {}


def test_a_returned_case_waits_where_it_came_back(session: Session) -> None:
    case = make_case(session, handler=COUNTY, owner_id=None)
    given = {"state": "done", "answer_due_on": None}
    order = make_order(session, case, "return", TOWN, COUNTY, **given)
    others = {"chief": "department", "colleague": "department"}
    assert seen_by(session, f"refused:{order.id}") == {"county": "department"} | others
    make_order(session, case, "assign_down", COUNTY, TOWN, made_at=NOW + timedelta(hours=1))
    assert seen_by(session, f"refused:{order.id}") == {}


def test_a_mention_waits_until_it_is_read_by_whoever_is_named(session: Session) -> None:
    case = make_case(session, handler=COUNTY)
    comment = CaseComment(case_id=case.id, text="请看 @analyst", made_at=NOW, made_by=COUNTY.id)
    session.add(comment)
    session.flush()
    session.add(CaseMention(comment_id=comment.id, user_id=ANALYST.id, read_at=None))
    session.commit()
    key = f"mention:{comment.id}:{ANALYST.id}"
    assert seen_by(session, key) == {"analyst": "me"}
    with pytest.raises(NotFound):
        read_mention(session, COUNTY, comment.id, WHEN)
    read_mention(session, ANALYST, comment.id, WHEN)
    read_mention(session, ANALYST, comment.id, at(TODAY + DAY))
    assert seen_by(session, key) == {}
    assert session.scalars(select(CaseMention.read_at)).one() == NOW


def test_an_assigned_warning_waits_with_its_due_date_until_it_is_in_a_case(session: Session) -> None:
    publish(session)
    week = TODAY - timedelta(days=6)
    for number, uscc in enumerate(("913301060000000001", "913301060000099999")):
        session.add(
            WarningHandling(
                uscc=uscc,
                week_on=week,
                region_code="330106",
                state=("open", "acknowledged")[number],
                assignee_id=COUNTY.id,
                changed_at=NOW,
                changed_by=CHIEF.id,
            )
        )
    session.commit()
    known, unknown = list_of(session, COUNTY)
    assert seen_by(session, known.key) == {"county": "me"}
    assert (known.key, known.due_on, known.clock) == (
        f"warning:913301060000000001:{week}",
        TODAY + 4 * DAY,
        "running",
    )
    assert (unknown.name, unknown.due_on, unknown.clock) == ("913301060000099999", None, "none")
    session.execute(update(WarningHandling).values(state="in_case"))
    assert list_of(session, COUNTY) == []


def test_overdue_comes_first_then_due_soon_then_by_date(session: Session) -> None:
    case = make_case(session, handler=COUNTY, due_on=TODAY + 20 * DAY, amber_on=TODAY)
    stopped = make_case(session, handler=COUNTY, due_on=None, amber_on=None, suspended_on=TODAY)
    days = {"later": 9, "soon": 2, "late": -1, "later still": 30}
    tasks = {name: make_task(session, case, due_on=TODAY + days[name] * DAY).id for name in days}
    tasks["none"] = make_task(session, case, due_on=None).id
    found = list_of(session, COUNTY)
    assert [(one.key, one.clock) for one in found] == [
        (f"task:{tasks['late']}", "overdue"),
        (f"task:{tasks['soon']}", "near"),
        (f"case:{case.id}", "near"),
        (f"task:{tasks['later']}", "running"),
        (f"task:{tasks['later still']}", "running"),
        (f"task:{tasks['none']}", "none"),
        (f"case:{stopped.id}", "stopped"),
    ]
    counted = counts(session, desk_of(session, COUNTY, WHEN))
    assert (counted.of(), counted.of("me"), counted.of("department")) == (7, 7, 0)
    assert counted.of("me", "task", "overdue") == counted.of(clock="overdue") == 1
    assert [one.kind for one in list_of(session, COUNTY, kind="case")] == ["case", "case"]


def test_a_case_suspended_for_longer_than_was_said_is_overdue(session: Session) -> None:
    stopped = {"due_on": None, "amber_on": None, "suspended_on": TODAY - DAY, "suspended_until": TODAY, "days_left": 5}
    case = make_case(session, handler=COUNTY)
    for name, value in stopped.items():
        setattr(case, name, value)
    session.commit()
    assert [list_of(session, COUNTY, TODAY + days * DAY)[0].clock for days in (0, 1)] == ["stopped", "overdue"]
    assert counts(session, desk_of(session, COUNTY, at(TODAY + DAY))).of(clock="overdue") == 1


def test_an_item_is_put_off_until_a_date_for_oneself_alone(session: Session) -> None:
    case = make_case(session, handler=COUNTY, owner_id=None)
    key = f"case:{case.id}"
    snooze(session, COUNTY, Snooze(key, TODAY + 3 * DAY), WHEN)
    snooze(session, COUNTY, Snooze(key, TODAY + 2 * DAY), WHEN)
    assert set(seen_by(session, key)) == {"chief", "colleague"}
    (hidden,) = list_of(session, COUNTY, snoozed=True)
    assert (hidden.key, hidden.until_on) == (key, TODAY + 2 * DAY)
    assert counts(session, desk_of(session, COUNTY, WHEN)).snoozed == 1
    assert key not in keys(session, COUNTY, day=TODAY + DAY)
    assert key in keys(session, COUNTY, day=TODAY + 2 * DAY)
    unsnooze(session, COUNTY, key, WHEN)
    unsnooze(session, COUNTY, key, WHEN)
    assert keys(session, COUNTY) == [key]
    told = [(one.action, one.actor) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.position))]
    assert told == [("inbox:snoozed", "user:4")] * 2 + [("inbox:unsnoozed", "user:4")]


def test_putting_off_and_taking_back_lock_in_the_same_order(session: Session) -> None:
    written = list[str]()
    item, engine = f"case:{make_case(session, handler=COUNTY).id}", session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *given: written.append(given[2]))
    for hides in (True, False):
        written.clear()
        if hides:
            snooze(session, COUNTY, Snooze(item, TODAY + DAY), WHEN)
        else:
            unsnooze(session, COUNTY, item, WHEN)
        tables = [next((name for name in ("audit_head", "inbox_snooze") if name in one), "") for one in written]
        assert next(one for one in tables if one) == "audit_head"


def test_what_was_put_off_and_is_past_is_forgotten_with_the_next(session: Session) -> None:
    snooze(session, COUNTY, Snooze("case:1", TODAY + DAY), WHEN)
    snooze(session, COUNTY, Snooze("case:2", TODAY + 9 * DAY), at(TODAY + DAY))
    assert session.scalars(select(InboxSnooze.item)).all() == ["case:2"]


def test_an_item_is_not_put_off_into_the_past_or_for_ever(session: Session) -> None:
    for days in (-1, 0, 61):
        with pytest.raises(Invalid):
            snooze(session, COUNTY, Snooze("case:1", TODAY + days * DAY), WHEN)
    snooze(session, COUNTY, Snooze("case:1", TODAY + 60 * DAY), WHEN)


def test_what_is_no_item_is_not_put_off(session: Session) -> None:
    for item in ("", "case:", "case:x", "secret:1", "warning:1:2", "case:1 ", "mention:1"):
        with pytest.raises(Invalid):
            snooze(session, COUNTY, Snooze(item, TODAY + DAY), WHEN)
        with pytest.raises(Invalid):
            unsnooze(session, COUNTY, item, WHEN)


def test_an_overdue_supervision_order_is_never_hidden(session: Session) -> None:
    case = make_case(session, handler=COUNTY)
    order = make_order(session, case, "supervise", CITY, COUNTY, answer_due_on=TODAY + DAY)
    key = f"order:{order.id}"
    snooze(session, COUNTY, Snooze(key, TODAY + 30 * DAY), WHEN)
    assert key not in keys(session, COUNTY)
    assert key not in keys(session, COUNTY, day=TODAY + DAY)
    assert keys(session, COUNTY, day=TODAY + 2 * DAY)[0] == key  # it came back by itself
    with pytest.raises(Invalid, match="answer it"):
        snooze(session, COUNTY, Snooze(key, TODAY + 30 * DAY), at(TODAY + 2 * DAY))


LEAP = date(2028, 2, 29)


def test_a_stand_in_sees_the_items_of_who_is_away_from_midnight_to_midnight(session: Session) -> None:
    case = make_case(session, handler=COUNTY)
    task = make_task(session, case)
    supervision = make_order(session, case, "supervise", CITY, COUNTY)
    mine = {f"case:{case.id}", f"task:{task.id}", f"order:{supervision.id}"}
    delegate(session, COUNTY, Delegate(CITY.id, LEAP, LEAP, "休假"), at(LEAP - DAY))
    assert keys(session, CITY, day=LEAP - DAY) == keys(session, CITY, day=LEAP + DAY) == []
    found = list_of(session, CITY, LEAP)
    assert {one.key for one in found} == mine
    assert {(one.whose, one.absent) for one in found} == {("delegated", "county")}
    assert set(keys(session, COUNTY, "me", LEAP)) == mine  # who is away loses nothing
    assert counts(session, desk_of(session, CITY, at(LEAP))).of("delegated") == len(mine)
    assert keys(session, PROVINCE, day=LEAP) == []


def test_a_chain_of_stand_ins_ends_with_the_last(session: Session) -> None:
    case = make_case(session, handler=COUNTY)
    delegate(session, COUNTY, Delegate(CHIEF.id, TODAY, TODAY + DAY, "开会"), WHEN)
    delegate(session, CHIEF, Delegate(CITY.id, TODAY, TODAY, "开会"), WHEN)
    (item,) = list_of(session, CITY)
    assert (item.key, item.absent) == (f"case:{case.id}", "county")
    assert keys(session, CITY, day=TODAY + DAY) == []


def test_a_withdrawn_delegation_shows_nothing_any_more(session: Session) -> None:
    make_case(session, handler=COUNTY)
    number = delegate(session, COUNTY, Delegate(CITY.id, TODAY, TODAY + DAY, "开会"), WHEN)
    assert delegate(session, COUNTY, Delegate(CITY.id, TODAY, TODAY + DAY, " 开会 "), WHEN) == number  # a double click
    (mine,), (theirs,) = absences(session, COUNTY, TODAY), absences(session, CITY, TODAY)
    assert (mine.mine, mine.person.name, theirs.mine, theirs.person.name) == (True, "city", False, "county")
    with pytest.raises(NotFound):
        withdraw_delegation(session, CITY, WithdrawDelegation(number, 1), WHEN)
    with pytest.raises(Stale):
        withdraw_delegation(session, COUNTY, WithdrawDelegation(number, 7), WHEN)
    for _ in range(2):
        withdraw_delegation(session, COUNTY, WithdrawDelegation(number, 1), WHEN)
    assert keys(session, CITY) == []
    assert absences(session, COUNTY, TODAY) == []
    told = [
        (one.action, json.loads(one.details))
        for one in session.scalars(select(AuditEntry).order_by(AuditEntry.position))
    ]
    assert [action for action, _ in told] == ["delegation:added", "delegation:withdrawn"]
    assert told[0][1]["reason"] == "开会"
    assert verify_chain(session) == len(told)


def test_who_can_stand_in(session: Session) -> None:
    assert [one.name for one in stand_ins(session, COUNTY)] == ["chief", "colleague", "city", "province", "leader"]
    assert stand_ins(session, ANALYST) == []
    for person in (TOWN, NEIGHBOUR, ANALYST, STRANGER, COUNTY, WORKER):
        with pytest.raises(Invalid, match="stand in"):
            delegate(session, COUNTY, Delegate(person.id, TODAY, TODAY, "开会"), WHEN)
    session.execute(update(UserAccount).where(UserAccount.id == CITY.id).values(disabled_at=NOW))
    session.commit()
    for number in (CITY.id, 999):
        with pytest.raises(Invalid, match="stand in"):
            delegate(session, COUNTY, Delegate(number, TODAY, TODAY, "开会"), WHEN)
    assert session.scalars(select(AuditEntry)).all() == []


def test_days_that_cannot_be(session: Session) -> None:
    for first, last, reason in (
        (-1, 1, "x"),
        (2, 1, "x"),
        (400, 400, "x"),
        (0, 400, "x"),
        (0, 1, " "),
        (0, 1, "x" * 201),
    ):
        with pytest.raises(Invalid):
            delegate(session, COUNTY, Delegate(CITY.id, TODAY + first * DAY, TODAY + last * DAY, reason), WHEN)


def test_one_has_one_stand_in_a_day_and_none_in_a_circle(session: Session) -> None:
    delegate(session, COUNTY, Delegate(CHIEF.id, TODAY, TODAY + 5 * DAY, "开会"), WHEN)
    for first, last in ((0, 0), (5, 9), (-0, 9)):
        with pytest.raises(Invalid, match="already"):
            delegate(session, COUNTY, Delegate(CITY.id, TODAY + first * DAY, TODAY + last * DAY, "开会"), WHEN)
    delegate(session, COUNTY, Delegate(CITY.id, TODAY + 6 * DAY, TODAY + 6 * DAY, "开会"), WHEN)
    delegate(session, CHIEF, Delegate(COLLEAGUE.id, TODAY + 4 * DAY, TODAY + 8 * DAY, "开会"), WHEN)
    with pytest.raises(Invalid, match="each other"):
        delegate(session, COLLEAGUE, Delegate(COUNTY.id, TODAY + 5 * DAY, TODAY + 7 * DAY, "开会"), WHEN)
    delegate(session, COLLEAGUE, Delegate(COUNTY.id, TODAY + 6 * DAY, TODAY + 7 * DAY, "开会"), WHEN)
    assert desk_of(session, COUNTY, at(TODAY + 6 * DAY)).away.keys() == {COLLEAGUE.id, CHIEF.id}


def test_only_who_reads_cases_has_an_inbox(session: Session) -> None:
    for person in (WORKER, STRANGER):
        with pytest.raises(NotAllowed):
            desk_of(session, person, WHEN)
        with pytest.raises(NotAllowed):
            snooze(session, person, Snooze("case:1", TODAY + DAY), WHEN)
    with pytest.raises(NotAllowed):
        delegate(session, ANALYST, Delegate(PROVINCE.id, TODAY, TODAY, "开会"), WHEN)


def test_one_item_is_found_by_its_key_where_it_waits(session: Session) -> None:
    case = make_case(session, handler=COUNTY)
    assert item_of(session, desk_of(session, COUNTY, WHEN), f"case:{case.id}")
    assert item_of(session, desk_of(session, CITY, WHEN), f"case:{case.id}") is None
