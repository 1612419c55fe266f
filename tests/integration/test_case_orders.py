"""The five-level linkage on both databases: who may send what to whom, and what every answer makes of the case."""

from __future__ import annotations

import itertools
import json
import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dashboard.access.audit import verify_chain
from dashboard.actions.case_orders import (
    AnswerOrder,
    EndAssist,
    SendOrder,
    WithdrawOrder,
    answer_order,
    end_assist,
    send_order,
    withdraw_order,
)
from dashboard.clock import Moment
from dashboard.errors import Invalid, NotAllowed, NotFound, Sentence, Stale
from dashboard.models.audit import AuditEntry
from dashboard.models.cases import CaseFile, CaseOrder, CaseSeat
from dashboard.queries.case_seen import case_seen
from dashboard.workdays import after
from tests.builders import (
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
    make_account,
)
from tests.casefiles import TODAY, WHEN, act_on, make_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.access.viewer import Viewer

LATER = Moment(NOW + timedelta(days=1), TODAY + timedelta(days=1))
_seconds = itertools.count()
HAND_OVERS = [("assign_down", TOWN), ("report_up", CITY), ("transfer", NEIGHBOUR)]


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as opened:
        for person in SIGNING_IN:
            make_account(opened, person)
        yield opened


def now(session: Session, case: CaseFile) -> CaseFile:
    return session.get_one(CaseFile, case.id, populate_existing=True)


def send(session: Session, case: CaseFile, kind: str, to: str, by: Viewer = COUNTY) -> CaseOrder:
    when = Moment(NOW + timedelta(seconds=next(_seconds)), TODAY)
    number = send_order(session, by, SendOrder(act_on(now(session, case)), kind, to, "请办理。"), when)
    return session.get_one(CaseOrder, int(number), populate_existing=True)


def answer(session: Session, case: CaseFile, order: CaseOrder, by: Viewer, text: str = "", *, accept: bool) -> str:
    act = act_on(now(session, case))
    return answer_order(session, by, AnswerOrder(act, order.id, order.version, accept, text), LATER)


def standing(session: Session, case: CaseFile, person: Viewer) -> str:
    try:
        return case_seen(session, person, case.number).standing
    except NotFound:
        return "none"


def seats(session: Session, case: CaseFile) -> dict[str, str]:
    rows = session.scalars(select(CaseSeat).where(CaseSeat.case_id == case.id, CaseSeat.ended_at.is_(None)))
    return {row.region_code: row.role for row in rows}


def _merged(session: Session) -> CaseFile:
    case = make_case(session)
    case.stage = case.phase = "merged"
    session.commit()
    return case


def entries(session: Session, case: CaseFile) -> list[tuple[str, dict[str, object]]]:
    query = select(AuditEntry).where(AuditEntry.subject == f"case:{case.id}").order_by(AuditEntry.position)
    return [(row.action, json.loads(row.details)) for row in session.scalars(query)]


@pytest.mark.parametrize(("kind", "receiver"), HAND_OVERS)
def test_an_accepted_hand_over_moves_the_case_and_its_clock_runs_on(
    session: Session, kind: str, receiver: Viewer
) -> None:
    case = make_case(session)
    due_on, version = case.due_on, case.version
    order = send(session, case, kind, receiver.home_region)
    assert (order.state, order.made_by) == ("pending", COUNTY.id)
    assert order.answer_due_on == after(TODAY, 3 if kind == "assign_down" else 5)
    assert standing(session, case, receiver) in {"onlooker", "above"}
    assert now(session, case).handler_code == "330106"
    assert answer(session, case, order, receiver, accept=True) == "accepted"
    moved = now(session, case)
    assert (moved.handler_code, moved.owner_id, moved.due_on) == (receiver.home_region, receiver.id, due_on)
    assert moved.version == version + 2  # once for the order, once for its acceptance
    assert seats(session, case) == {"330106": "handler"}
    assert standing(session, case, receiver) == "handler"
    assert standing(session, case, COUNTY) == ("above" if receiver == TOWN else "onlooker")
    action, told = entries(session, case)[-1]
    assert (action, told["after"]) == (
        "order:answered",
        {"state": "accepted", "handler_code": receiver.home_region, "owner_id": receiver.id},
    )
    assert verify_chain(session) == 2


@pytest.mark.parametrize(("kind", "receiver"), HAND_OVERS)
def test_a_refusal_says_why_and_leaves_the_case_where_it_is(session: Session, kind: str, receiver: Viewer) -> None:
    case = make_case(session, place="330108")
    order = send(session, case, kind, receiver.home_region)
    with pytest.raises(Invalid, match="Say why"):
        answer(session, case, order, receiver, " ", accept=False)
    assert answer(session, case, order, receiver, "不属本区管辖。", accept=False) == "refused"
    refused = session.get_one(CaseOrder, order.id, populate_existing=True)
    assert (refused.answer, refused.answered_by, refused.answered_at) == ("不属本区管辖。", receiver.id, LATER.at)
    assert (now(session, case).handler_code, now(session, case).owner_id) == ("330106", COUNTY.id)
    assert entries(session, case)[-1][1]["reason"] == "不属本区管辖。"
    assert seats(session, case) == {}
    assert standing(session, case, receiver) == ("above" if receiver == CITY else "none")


def test_who_is_asked_sees_the_case_until_it_is_withdrawn_and_its_neighbour_never_does(session: Session) -> None:
    case = make_case(session)
    assert standing(session, case, NEIGHBOUR) == "none"
    order = send(session, case, "transfer", "330105")
    assert (standing(session, case, NEIGHBOUR), seats(session, case)) == ("onlooker", {"330105": "invited"})
    with pytest.raises(NotAllowed, match="does not work on this case"):
        send(session, case, "assist", "330109", NEIGHBOUR)
    withdrawn = WithdrawOrder(act_on(now(session, case)), order.id, 1, "已另行安排。")
    with pytest.raises(NotAllowed, match="sent it"):
        withdraw_order(session, CITY, withdrawn, LATER)
    assert withdraw_order(session, CHIEF, withdrawn, LATER) == "withdrawn"
    assert standing(session, case, NEIGHBOUR) == "none"
    with pytest.raises(NotFound):
        answer(session, case, order, NEIGHBOUR, accept=True)


def test_one_hand_over_waits_at_a_time_and_only_its_receiver_answers(session: Session) -> None:
    case = make_case(session)
    order = send(session, case, "report_up", "3301")
    for kind, to in (("transfer", "330105"), ("report_up", "33"), ("assign_down", "330106109")):
        with pytest.raises(Invalid, match="withdraw it first"):
            send(session, case, kind, to)
    for person in (COUNTY, PROVINCE, TOWN):
        with pytest.raises((NotAllowed, NotFound)):
            answer(session, case, order, person, accept=True)
    assert answer(session, case, order, CITY, accept=True) == "accepted"
    again = session.get_one(CaseOrder, order.id, populate_existing=True)
    with pytest.raises(Invalid, match="no longer waits"):
        answer(session, case, again, CITY, accept=True)


@pytest.mark.parametrize(
    ("kind", "to"),
    [
        ("assign_down", "330105"),
        ("assign_down", "330106"),
        ("report_up", "3302"),
        ("report_up", "330106109"),
        ("transfer", "3302"),
        ("transfer", "330106"),
        ("transfer", "1101"),
        ("transfer", "330199"),
        ("assist", "33"),
        ("assist", "x' OR 1"),
        ("assist", ""),
    ],
)
def test_an_order_goes_only_where_its_kind_leads(session: Session, kind: str, to: str) -> None:
    case = make_case(session)
    with pytest.raises(Invalid, match="cannot go"):
        send(session, case, kind, to)
    assert entries(session, case) == []


def test_an_order_wants_a_text_a_known_kind_and_a_role(session: Session) -> None:
    case = make_case(session)
    act = act_on(case)
    with pytest.raises(Invalid, match="Say why"):
        send_order(session, COUNTY, SendOrder(act, "transfer", "330105", "  "), WHEN)
    with pytest.raises(Invalid, match="longer than"):
        send_order(session, COUNTY, SendOrder(act, "transfer", "330105", "字" * 1001), WHEN)
    for kind in ("escalation", "stepped"):
        with pytest.raises(Invalid, match="no order"):
            send_order(session, COUNTY, SendOrder(act, kind, "3301", "请办理。"), WHEN)
    with pytest.raises(NotAllowed):
        send_order(session, STRANGER, SendOrder(act, "transfer", "330105", "请办理。"), WHEN)
    town = make_case(session, handler=TOWN)
    with pytest.raises(NotAllowed, match="role or the level"):
        send(session, town, "transfer", "330106110", TOWN)


def test_a_return_goes_back_at_once_to_who_gave_it(session: Session) -> None:
    case = make_case(session, handler=CITY, place="3301")
    with pytest.raises(Invalid, match="Nobody gave"):
        send(session, case, "return", "", CITY)
    answer(session, case, send(session, case, "assign_down", "330106", CITY), COUNTY, accept=True)
    with pytest.raises(Invalid, match="the case says"):
        send(session, case, "return", "330105")
    order = send(session, case, "return", "")
    assert (order.state, order.to_code, order.answer_due_on) == ("done", "3301", None)
    assert (now(session, case).handler_code, now(session, case).owner_id) == ("3301", None)
    assert seats(session, case) == {"3301": "handler", "330106": "handler"}
    with pytest.raises(Invalid, match="Nobody gave"):  # a return gives nothing that could be returned
        send(session, case, "return", "", CITY)


def test_who_is_asked_to_help_and_accepts_assists_until_that_is_ended(session: Session) -> None:
    case = make_case(session)
    order = send(session, case, "assist", "330105")
    with pytest.raises(Invalid, match="already, and waits"):
        send(session, case, "assist", "330105")
    assert answer(session, case, order, NEIGHBOUR, accept=True) == "accepted"
    assert (standing(session, case, NEIGHBOUR), now(session, case).handler_code) == ("assistant", "330106")
    with pytest.raises(Invalid, match="assists already"):
        send(session, case, "assist", "330105")
    ending = EndAssist(act_on(case), "330105", "协查完成。")
    with pytest.raises(Invalid, match="does not assist"):
        end_assist(session, COUNTY, replace(ending, region_code="330109"), LATER)
    with pytest.raises(NotAllowed):
        end_assist(session, CITY, ending, LATER)
    assert end_assist(session, NEIGHBOUR, ending, LATER) == "330105"
    assert standing(session, case, NEIGHBOUR) == "none"


def test_a_refused_or_withdrawn_request_to_help_ends_the_sight_of_the_case(session: Session) -> None:
    case = make_case(session)
    answer(session, case, send(session, case, "assist", "330105"), NEIGHBOUR, "人手不足。", accept=False)
    assert standing(session, case, NEIGHBOUR) == "none"
    order = send(session, case, "assist", "330105")
    answer(session, case, send(session, case, "report_up", "3301"), CITY, accept=True)
    withdraw_order(session, CITY, WithdrawOrder(act_on(now(session, case)), order.id, 1, "市级统一办理。"), LATER)
    assert standing(session, case, NEIGHBOUR) == "none"  # the new handler took the former one's request back


def test_a_former_handler_who_helped_keeps_its_sight_of_the_case(session: Session) -> None:
    case = make_case(session, place="330108")
    answer(session, case, send(session, case, "report_up", "3301"), CITY, accept=True)
    answer(session, case, send(session, case, "assist", "330106", CITY), COUNTY, accept=True)
    assert standing(session, case, COUNTY) == "assistant"
    end_assist(session, CITY, EndAssist(act_on(now(session, case)), "330106", "已完成。"), LATER)
    assert (standing(session, case, COUNTY), seats(session, case)) == ("onlooker", {"330106": "handler"})


def test_who_takes_a_case_over_no_longer_assists_at_it(session: Session) -> None:
    case = make_case(session)
    asked = send(session, case, "assist", "330105")
    answer(session, case, send(session, case, "transfer", "330105"), NEIGHBOUR, accept=True)
    assert session.get_one(CaseOrder, asked.id, populate_existing=True).state == "withdrawn"
    assert seats(session, case) == {"330106": "handler"}


def test_a_supervision_order_is_replied_to_and_never_refused(session: Session) -> None:
    case = make_case(session)
    for person in (COUNTY, NEIGHBOUR):
        with pytest.raises((NotAllowed, NotFound)):
            send(session, case, "supervise", "", person)
    order = send(session, case, "supervise", "", PROVINCE)
    assert (order.to_code, order.state) == ("330106", "pending")
    assert send(session, case, "supervise", "330106", CITY).from_code == "3301"  # another level presses for itself
    with pytest.raises(Invalid, match="asked of that department already"):
        send(session, case, "supervise", "", PROVINCE)
    with pytest.raises(Invalid, match="cannot be refused"):
        answer(session, case, order, COUNTY, "不办。", accept=False)
    with pytest.raises(Invalid, match="Say why"):
        answer(session, case, order, COUNTY, accept=True)
    assert answer(session, case, order, COUNTY, "本周内完成约谈。", accept=True) == "answered"
    told = entries(session, case)[-1][1]
    assert "reason" not in told
    assert now(session, case).version == 1  # a form that is open at the handler's is not late for it


def test_a_closed_case_may_only_be_pressed_for_and_an_archived_one_not_even_that(session: Session) -> None:
    case = make_case(session, stage="closed")
    for kind, to in (("report_up", "3301"), ("assist", "330105"), ("return", "")):
        with pytest.raises(Invalid, match="closed"):
            send(session, case, kind, to)
    assert send(session, case, "supervise", "", CITY).state == "pending"
    with pytest.raises(Invalid, match="archived"):
        send(session, make_case(session, stage="archived"), "supervise", "", CITY)
    with pytest.raises(Invalid, match="merged"):
        send(session, _merged(session), "transfer", "330105")


def test_a_hand_over_of_a_case_that_has_moved_on_is_late(session: Session) -> None:
    case = make_case(session)
    before = act_on(case)
    answer(session, case, send(session, case, "transfer", "330105"), NEIGHBOUR, "收到。", accept=True)
    late = replace(before, key="another-key-0001")
    with pytest.raises(NotAllowed):
        send_order(session, COUNTY, SendOrder(late, "report_up", "3301", "请办理。"), LATER)
    with pytest.raises(Stale, match="was changed by neighbour"):
        send_order(session, NEIGHBOUR, SendOrder(late, "report_up", "3301", "请办理。"), LATER)


def test_of_two_answers_at_once_one_is_told_what_the_other_said(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        for person in SIGNING_IN:
            make_account(session, person)
        case = make_case(session)
        order = send(session, case, "report_up", "3301")
    barrier, said = threading.Barrier(2), list[object]()

    def reply(key: str, *, accept: bool) -> None:
        command = AnswerOrder(replace(act_on(case), key=key), order.id, 1, accept, "市局意见。")
        barrier.wait()
        with sessions() as own:
            try:
                said.append(answer_order(own, CITY, command, LATER))
            except Stale as stale:
                said.append(stale)

    threads = [threading.Thread(target=reply, args=(f"key-{n:06d}",), kwargs={"accept": n > 0}) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (late,) = [one for one in said if isinstance(one, Stale)]
    assert late.sentence is not None
    assert late.sentence.values["what"] == Sentence("The order")
    assert late.sentence.values["who"] == "city"
    with sessions() as session:
        ended = session.get_one(CaseOrder, order.id)
        assert {ended.state, *said} == {ended.state, late}
        assert (session.get_one(CaseFile, case.id).handler_code == "3301") is (ended.state == "accepted")
        assert verify_chain(session) == 2


def test_the_nation_may_take_a_case_over_and_give_it_down_again(session: Session) -> None:
    case = make_case(session)
    answer(session, case, send(session, case, "report_up", "0"), LEADER, accept=True)
    order = send(session, case, "assign_down", "330106109", LEADER)
    assert standing(session, case, TOWN) == "onlooker"
    assert answer(session, case, order, TOWN, accept=True) == "accepted"
    assert standing(session, case, LEADER) == "above"
