"""The five-level linkage: orders between offices about a case, each answered by the department it was sent to.

A hand-over moves the case, its clock running on, once it is accepted or where the definition wants no answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access.scope import is_region_code
from dashboard.actions.case_rows import require_open, row_of, typed, write_row
from dashboard.actions.case_seats import ASSISTANT, end_assistance, give_seat, invite, take_over, uninvite
from dashboard.actions.casework import Done, carry_out
from dashboard.errors import Invalid, NotAllowed
from dashboard.i18n import N_
from dashboard.models.cases import CaseOrder
from dashboard.workdays import after
from dashboard.workflow.orders import MOVES, TO_BE_ANSWERED, given_by, may_go
from dashboard.workflow.standing import HANDLER

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.actions.casework import Act, Held
    from dashboard.clock import Moment

TEXT_LONGEST = 1000
ARCHIVED = "archived"
WHAT = N_("The order")
REASON_MISSING = N_("Say why: the other side and everybody after you will read it")


@dataclass(frozen=True)
class SendOrder:
    """Send an order of a kind to the department of region `to_code`; `text` says what is asked, and why.

    A return goes to who gave the case, and a supervision order to its handler: there `to_code` names just these, or ''.
    """

    act: Act
    kind: str
    to_code: str
    text: str


@dataclass(frozen=True)
class AnswerOrder:
    """Accept or refuse an order, or reply to one that cannot be refused; `version` is the order's, as it was seen."""

    act: Act
    order_id: int
    version: int
    accept: bool
    answer: str


@dataclass(frozen=True)
class WithdrawOrder:
    """Take back an order that still waits for its answer."""

    act: Act
    order_id: int
    version: int
    reason: str


@dataclass(frozen=True)
class EndAssist:
    """End the assistance of the department of `region_code`."""

    act: Act
    region_code: str
    reason: str


def send_order(session: Session, viewer: Viewer, command: SendOrder, when: Moment) -> str:
    """Send it and return its id as text; commits. Its answer is due as the case's definition says, in working days.

    Raises NotAllowed where the standing, the role or the level does not allow it, Invalid for a case that is closed
    (a supervision order may still ask for it to be reopened), a place where it cannot go, a second hand-over beside one
    that waits, or no text, Stale where a hand-over meets a case that has moved on.
    """
    if command.kind not in {*MOVES, "assist", "supervise"}:
        raise Invalid(f"there is no order {command.kind[:20]!r}")
    return carry_out(session, viewer, f"order:{command.kind}", command, when, lambda held: _sent(held, command))


def answer_order(session: Session, viewer: Viewer, command: AnswerOrder, when: Moment) -> str:
    """Answer an order and return its new state; commits. Only the department that it was sent to may.

    Accepting a hand-over makes that department the handler and whoever answers the person in charge. Raises Invalid for
    a refusal or a reply without a text, for a supervision order refused, and for an order that no longer waits, Stale
    when somebody answered or withdrew it first.
    """
    return carry_out(session, viewer, "order:answered", command, when, lambda held: _answered(held, command))


def withdraw_order(session: Session, viewer: Viewer, command: WithdrawOrder, when: Moment) -> str:
    """Withdraw an order and return its new state; commits. Its sender may; the handler any request to assist.

    Raises Invalid without a reason or when it no longer waits, Stale when it was answered meanwhile.
    """
    return carry_out(session, viewer, "order:withdrawn", command, when, lambda held: _withdrawn(held, command))


def end_assist(session: Session, viewer: Viewer, command: EndAssist, when: Moment) -> str:
    """End an assistance and return the region whose it was; commits. The handler may, or who assists itself.

    Raises Invalid without a reason or for a region that does not assist.
    """
    return carry_out(session, viewer, "order:assist_ended", command, when, lambda held: _ended(held, command))


def _sent(held: Held, command: SendOrder) -> Done:
    session, case, when, home = held.session, held.case, held.when, held.viewer.home_region
    text, rule = typed(command.text, TEXT_LONGEST, REASON_MISSING), _rule(held, command.kind)
    receiver = _receiver(held, command)
    _require_room(held, command.kind, receiver)
    due_on = after(when.on, rule) if rule else None
    order = CaseOrder(
        case_id=case.id,
        kind=command.kind,
        from_code=home,
        to_code=receiver,
        text=text,
        state="pending" if rule else "done",
        made_at=when.at,
        made_by=held.viewer.id,
        answer_due_on=due_on,
        escalated_on=None,
        answered_at=None,
        answered_by=None,
        answer="",
        version=1,
    )
    session.add(order)
    session.flush()
    told = {"to": receiver, "due": due_on.isoformat() if due_on else None}
    done = Done(str(order.id), reason=text, row=f"order:{order.id}", row_version=1, told=told)
    if rule:
        invite(session, case, receiver, when.at)
        return done
    return _in_effect(held, order, None, done)


def _rule(held: Held, kind: str) -> int | None:
    """Return within how many working days an answer is wanted, None: it takes effect at once; checks who may send."""
    if kind == "supervise":
        if held.case.phase == ARCHIVED:
            raise Invalid.telling(N_("This case is archived: nobody works on it any more"))
    else:
        require_open(held)
    try:
        rule = held.workflow.order(kind)
    except LookupError as error:
        raise Invalid.telling(N_("The workflow of this case has no such order")) from error
    held.require(rule.who)
    return rule.answer_days


def _receiver(held: Held, command: SendOrder) -> str:
    fixed: str | None = None
    if command.kind == "supervise":
        fixed = held.case.handler_code
    elif command.kind == "return":
        fixed = given_by(held.session, held.case)
        if fixed is None:
            raise Invalid.telling(N_("Nobody gave this case to your department: there is nobody to return it to"))
    receiver = command.to_code or fixed or ""
    if fixed and receiver != fixed:
        raise Invalid.telling(N_("That is not where this order goes: the case says to whom"))
    if not is_region_code(receiver) or not may_go(command.kind, held.viewer.home_region, receiver):
        raise Invalid.telling(N_("This order cannot go to that department"))
    return receiver


def _require_room(held: Held, kind: str, receiver: str) -> None:
    """Raise Invalid where an order of that sort waits already: one hand-over at a time, one request to each."""
    waiting = select(CaseOrder.kind).where(CaseOrder.case_id == held.case.id, CaseOrder.state == "pending")
    if kind in MOVES:
        if held.session.scalars(waiting.where(CaseOrder.kind.in_(MOVES)).limit(1)).first():
            raise Invalid.telling(N_("A hand-over of this case waits for its answer: withdraw it first"))
        return
    same = waiting.where(CaseOrder.kind == kind, CaseOrder.to_code == receiver)
    if kind == "supervise":
        same = same.where(CaseOrder.from_code == held.viewer.home_region)
    if held.session.scalars(same.limit(1)).first():
        raise Invalid.telling(N_("The same was asked of that department already, and waits for its answer"))
    if kind == "assist" and held.seats.get(receiver) == ASSISTANT:
        raise Invalid.telling(N_("That department assists already"))


def _in_effect(held: Held, order: CaseOrder, owner_id: int | None, done: Done) -> Done:
    """Let an order take effect; return what was done with what that makes of the case."""
    if order.kind == "assist":
        give_seat(held.session, held.case.id, order.to_code, ASSISTANT, held.when.at)
    if order.kind not in MOVES:
        return done
    former = {"handler_code": held.case.handler_code, "owner_id": held.case.owner_id}
    values = {"handler_code": order.to_code, "owner_id": owner_id}
    take_over(held, order.to_code)
    return replace(done, values=values, before={**done.before, **former}, after={**done.after, **values}, moves=True)


def _waiting(held: Held, order_id: int, version: int) -> CaseOrder:
    """Return an order of the case that waits, unless it has moved on since it was seen: that is told by `write_row`."""
    order = row_of(held, CaseOrder, order_id)
    if order.version == version and order.state != "pending":
        raise Invalid.telling(N_("This order no longer waits for an answer"))
    return order


def _closed(held: Held, order: CaseOrder, version: int, state: str, answer: str) -> Done:
    """Write how an order ended, let go who was asked, and return what the audit log is told."""
    told = {"kind": order.kind, "from": order.from_code, "to": order.to_code}
    ended = {"state": state, "answer": answer, "answered_at": held.when.at, "answered_by": held.viewer.id}
    number = write_row(held, order, version, (f"order:{order.id}", WHAT), ended)
    uninvite(held.session, held.case.id, order.to_code, held.when.at)
    before, after_it = {"state": "pending"}, {"state": state}
    return Done(state, before=before, after=after_it, row=f"order:{order.id}", row_version=number, told=told)


def _answered(held: Held, command: AnswerOrder) -> Done:
    order = _waiting(held, command.order_id, command.version)
    if order.to_code != held.viewer.home_region:
        raise NotAllowed.telling(N_("Only the department that it was sent to may answer"))
    answer, reply = command.answer.strip(), order.kind in TO_BE_ANSWERED
    if reply and not command.accept:
        raise Invalid.telling(N_("This cannot be refused: reply to it"))
    if answer or not command.accept or order.kind == "supervise":
        answer = typed(answer, TEXT_LONGEST, REASON_MISSING)
    if command.accept and order.kind in MOVES:
        require_open(held)
    state = "answered" if reply else "accepted" if command.accept else "refused"
    done = _closed(held, order, command.version, state, answer)
    if state == "refused":
        return replace(done, reason=answer)
    return _in_effect(held, order, held.viewer.id, done)


def _withdrawn(held: Held, command: WithdrawOrder) -> Done:
    order = _waiting(held, command.order_id, command.version)
    helping = order.kind == "assist" and held.standing == HANDLER
    if order.made_by is None or not (order.from_code == held.viewer.home_region or helping):
        raise NotAllowed.telling(N_("Only the department that sent it may withdraw it"))
    reason = typed(command.reason, TEXT_LONGEST, REASON_MISSING)
    return replace(_closed(held, order, command.version, "withdrawn", reason), reason=reason)


def _ended(held: Held, command: EndAssist) -> Done:
    reason = typed(command.reason, TEXT_LONGEST, REASON_MISSING)
    if held.seats.get(command.region_code) != ASSISTANT:
        raise Invalid.telling(N_("That department does not assist"))
    if held.standing != HANDLER and command.region_code != held.viewer.home_region:
        raise NotAllowed.telling(N_("An assisting department ends its own assistance only"))
    end_assistance(held.session, held.case.id, command.region_code, held.when.at)
    return Done(command.region_code, reason=reason, told={"region": command.region_code})
