"""Escalation: what is overdue climbs one level at a time, once, whoever else looks at the same time."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from dashboard.access.audit import record, verify_chain
from dashboard.actions import escalation
from dashboard.actions.case_orders import (
    AnswerOrder,
    SendOrder,
    WithdrawOrder,
    answer_order,
    send_order,
    withdraw_order,
)
from dashboard.actions.case_steps import Resume, Suspend, resume, suspend
from dashboard.actions.escalation import escalate_overdue
from dashboard.clock import Moment
from dashboard.errors import Invalid, NotAllowed, NotFound
from dashboard.models.audit import AuditEntry
from dashboard.models.cases import CaseFile, CaseOrder
from dashboard.queries.case_seen import case_seen
from dashboard.workdays import after
from dashboard.workflow.load import workflow_for
from dashboard.workflow.orders import causes_told
from tests.builders import CITY, COUNTY, LEADER, NEIGHBOUR, NOW, PROVINCE, make_account, viewer
from tests.casefiles import TODAY, WHEN, act_on, make_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session, sessionmaker

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as opened:
        for person in (LEADER, PROVINCE, CITY, COUNTY, NEIGHBOUR):
            make_account(opened, person)
        yield opened


def days_later(days: int) -> Moment:
    return Moment(NOW + timedelta(days=days), TODAY + timedelta(days=days))


def orders(session: Session) -> list[tuple[str, str, str]]:
    rows = session.scalars(select(CaseOrder).where(CaseOrder.kind == "escalation").order_by(CaseOrder.id))
    return [(row.from_code, row.to_code, row.state) for row in rows]


def test_a_stage_past_its_deadline_is_told_to_the_level_above_once(session: Session) -> None:
    case = make_case(session, due_on=YESTERDAY)
    in_time = make_case(session, due_on=TODAY)
    assert [escalate_overdue(session, WHEN) for _ in range(2)] == [1, 0]
    (order,) = session.scalars(select(CaseOrder))
    assert (order.case_id, order.from_code, order.to_code, order.state) == (case.id, "330106", "3301", "pending")
    assert (order.made_by, order.answer_due_on) == (None, after(TODAY, 5))
    (told,) = causes_told(order.text, workflow_for("330106"))
    assert told.values["due"] == YESTERDAY
    late, fine = (session.get_one(CaseFile, one.id, populate_existing=True) for one in (case, in_time))
    assert (late.escalated_to, late.version, fine.escalated_to) == ("3301", 1, None)
    (entry,) = session.scalars(select(AuditEntry))
    assert (entry.actor, entry.action, entry.subject) == ("scheduler", "order:escalation", f"case:{case.id}")
    assert json.loads(entry.details)["after"] == {"escalated_to": "3301"}
    assert verify_chain(session) == 1


def test_what_nobody_acknowledges_climbs_from_county_to_city_to_province_to_the_nation(session: Session) -> None:
    make_case(session, due_on=YESTERDAY)
    steps = [escalate_overdue(session, days_later(days)) for days in (0, 8, 16, 24, 32, 40)]
    assert steps == [1, 1, 1, 0, 0, 0]
    assert orders(session) == [
        ("330106", "3301", "pending"),
        ("3301", "33", "pending"),
        ("33", "0", "pending"),
    ]


def test_what_is_acknowledged_climbs_no_further(session: Session) -> None:
    case = make_case(session, due_on=YESTERDAY)
    escalate_overdue(session, WHEN)
    (order,) = session.scalars(select(CaseOrder))
    command = AnswerOrder(act_on(case), order.id, order.version, accept=True, answer="")
    assert answer_order(session, CITY, command, days_later(1)) == "answered"
    assert escalate_overdue(session, days_later(60)) == 0


def test_an_escalation_can_be_neither_refused_nor_withdrawn(session: Session) -> None:
    case = make_case(session, due_on=YESTERDAY)
    escalate_overdue(session, WHEN)
    (order,) = session.scalars(select(CaseOrder))
    with pytest.raises(Invalid, match="cannot be refused"):
        answer_order(session, CITY, AnswerOrder(act_on(case), order.id, 1, accept=False, answer="不办。"), WHEN)
    with pytest.raises(NotAllowed, match="may withdraw"):
        withdraw_order(session, COUNTY, WithdrawOrder(act_on(case), order.id, 1, "不必。"), WHEN)


@pytest.mark.parametrize("stopped", ["suspended", "closed", "nation"])
def test_a_clock_that_stands_still_escalates_nothing(session: Session, stopped: str) -> None:
    columns: dict[str, dict[str, Any]] = {
        "suspended": {"suspended_on": TODAY},
        "closed": {"phase": "closed"},
        "nation": {"handler_code": "0"},
    }
    make_case(session, due_on=YESTERDAY, **columns[stopped])
    assert escalate_overdue(session, WHEN) == 0


def test_a_pause_that_should_have_ended_is_told_above_once_and_the_stage_after_it_again(session: Session) -> None:
    case = make_case(session, stage="investigation", due_on=TODAY)
    suspend(session, COUNTY, Suspend(act_on(case), "等待鉴定。", TODAY + timedelta(days=3)), WHEN)
    assert [escalate_overdue(session, days_later(days)) for days in (3, 4, 4)] == [0, 1, 0]
    text = session.scalars(select(CaseOrder.text)).one()
    (told,) = causes_told(text, workflow_for("330106"))
    assert "suspended" in told.message
    assert told.values["due"] == TODAY + timedelta(days=3)
    session.refresh(case)
    resume(session, COUNTY, Resume(act_on(case), ""), days_later(5))
    assert [escalate_overdue(session, days_later(days)) for days in (5, 6, 6)] == [0, 1, 0]


def test_a_request_without_an_answer_is_told_above_who_owes_it_and_can_still_be_answered(session: Session) -> None:
    far = viewer("far", "320102", *COUNTY.roles, number=40)
    make_account(session, far)
    case = make_case(session)
    number = send_order(session, COUNTY, SendOrder(act_on(case), "transfer", "320102", "属地管辖。"), WHEN)
    over = days_later(8)
    sent = escalate_overdue(session, over)
    assert (sent, orders(session)[0]) == (2, ("320102", "3201", "pending"))  # and the stage of 5 days itself
    late = session.get_one(CaseOrder, int(number), populate_existing=True)
    assert (late.escalated_on, late.state, late.version) == (over.on, "pending", 1)
    command = AnswerOrder(act_on(case), late.id, 1, accept=False, answer="不属本区管辖。")
    assert answer_order(session, far, command, over) == "refused"
    above = viewer("above", "3201", *COUNTY.roles, number=far.id)
    assert case_seen(session, above, case.number).standing == "onlooker"  # until it has acknowledged
    told = session.scalars(select(CaseOrder.id).where(CaseOrder.to_code == "3201")).one()
    answer_order(session, above, AnswerOrder(act_on(case), told, 1, accept=True, answer="已督促。"), over)
    with pytest.raises(NotFound):
        case_seen(session, above, case.number)


def test_two_causes_for_the_same_department_are_one_escalation(session: Session) -> None:
    case = make_case(session)
    send_order(session, PROVINCE, SendOrder(act_on(case), "supervise", "", "请加快。"), WHEN)
    assert escalate_overdue(session, days_later(8)) == 1
    text = session.scalars(select(CaseOrder.text).where(CaseOrder.kind == "escalation")).one()
    assert len(causes_told(text, workflow_for("330106"))) == 2


def test_a_killed_scheduler_leaves_whole_cases_and_the_next_goes_on(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [make_case(session, due_on=YESTERDAY).id for _ in range(3)]
    done = list[str]()

    def dying(*args: Any, **told: Any) -> None:  # noqa: ANN401 - whatever the scheduler hands on
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append("")
        record(*args, **told)

    with monkeypatch.context() as patch:
        patch.setattr(escalation, "record", dying)
        with pytest.raises(KeyboardInterrupt):
            escalate_overdue(session, WHEN)
    assert len(orders(session)) == 1
    assert escalate_overdue(session, WHEN) == 2
    assert session.scalars(select(CaseOrder.case_id).order_by(CaseOrder.id)).all() == cases


def test_two_schedulers_at_once_send_nothing_twice(sessions: sessionmaker[Session], session: Session) -> None:
    for _ in range(6):
        make_case(session, due_on=YESTERDAY)
    session.commit()
    barrier, sent = threading.Barrier(2), list[int]()

    def look() -> None:
        barrier.wait()
        with sessions() as own:
            sent.append(escalate_overdue(own, WHEN))

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(sent), len(orders(session)), verify_chain(session)) == (6, 6, 6)


def test_a_region_of_a_municipality_escalates_past_the_codings_bracket(session: Session) -> None:
    make_case(session, due_on=YESTERDAY, handler_code="110101")
    assert escalate_overdue(session, WHEN) == 1
    assert orders(session) == [("110101", "11", "pending")]
