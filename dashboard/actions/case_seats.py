"""Seats at a case: who sees it beside its handler and those above, while asked, while helping, and after handing on.

A region has one seat at a case. An invitation lends one only to those who would see nothing without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from dashboard.models.cases import CaseOrder, CaseSeat
from dashboard.workflow.orders import has_handled
from dashboard.workflow.standing import standing_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.actions.casework import Held
    from dashboard.models.cases import CaseFile

INVITED, ASSISTANT, HANDLER = "invited", "assistant", "handler"
FOR_GOOD = frozenset({"origin", HANDLER})


def invite(session: Session, case: CaseFile, region: str, at: datetime) -> None:
    """Let a department that is asked for an answer see the case, unless it sees it for good; does not commit.

    That it looks on because somebody below it was asked or helps is not for good: they may refuse, or end it.
    """
    rows = session.execute(
        select(CaseSeat.region_code, CaseSeat.role).where(CaseSeat.case_id == case.id, CaseSeat.ended_at.is_(None))
    )
    seats = {one.region_code: one.role for one in rows}
    lasting = {code: role for code, role in seats.items() if role in FOR_GOOD}
    standing = standing_of(region, handler=case.handler_code, place=case.region_code, seats=lasting)
    if region not in seats and standing == "none":
        give_seat(session, case.id, region, INVITED, at)


def uninvite(session: Session, case_id: int, region: str, at: datetime) -> None:
    """End the seat that an invitation lent, when no other order waits for that department; does not commit."""
    waiting = (CaseOrder.case_id == case_id, CaseOrder.to_code == region, CaseOrder.state == "pending")
    if session.scalars(select(CaseOrder.id).where(*waiting).limit(1)).first() is None:
        lent = (CaseSeat.case_id == case_id, CaseSeat.region_code == region, CaseSeat.role == INVITED)
        session.execute(update(CaseSeat).where(*lent, CaseSeat.ended_at.is_(None)).values(ended_at=at))


def drop_escalations(held: Held) -> None:
    """Take back what the scheduler sent up about a case on which nobody works any more; does not commit."""
    session, at = held.session, held.when.at
    sent = (CaseOrder.case_id == held.case.id, CaseOrder.kind == "escalation", CaseOrder.state == "pending")
    ended = {"state": "withdrawn", "answered_at": at, "answered_by": held.viewer.id}
    dropped = update(CaseOrder).where(*sent).values(**ended, version=CaseOrder.version + 1)
    for region in sorted(session.scalars(dropped.returning(CaseOrder.to_code))):
        uninvite(session, held.case.id, region, at)


def give_seat(session: Session, case_id: int, region: str, role: str, at: datetime) -> None:
    """Give a department a seat, in place of the one it had; does not commit."""
    own = session.get(CaseSeat, (case_id, region), populate_existing=True)
    if own is None:
        session.add(CaseSeat(case_id=case_id, region_code=region, role=role, since_at=at, ended_at=None))
    else:
        own.role, own.since_at, own.ended_at = role, at, None
    session.flush()


def end_assistance(session: Session, case_id: int, region: str, at: datetime) -> None:
    """End an assistance: who handled the case before keeps that seat, anybody else's ends; does not commit."""
    own = session.get_one(CaseSeat, (case_id, region), populate_existing=True)
    if has_handled(session, case_id, region):
        own.role, own.since_at = HANDLER, at
    else:
        own.ended_at = at
    session.flush()


def take_over(held: Held, receiver: str) -> None:
    """Write the seats of a case that goes to `receiver`: the former handler keeps seeing it; does not commit.

    What asked the new handler for help is settled with it: nobody assists itself.
    """
    session, case, at = held.session, held.case, held.when.at
    give_seat(session, case.id, case.handler_code, HANDLER, at)
    own = (CaseSeat.case_id == case.id, CaseSeat.region_code == receiver, CaseSeat.role.in_((INVITED, ASSISTANT)))
    session.execute(update(CaseSeat).where(*own, CaseSeat.ended_at.is_(None)).values(ended_at=at))
    asked = (CaseOrder.case_id == case.id, CaseOrder.kind == "assist", CaseOrder.to_code == receiver)
    settled = {"state": "withdrawn", "answered_at": at, "answered_by": held.viewer.id}
    pending = update(CaseOrder).where(*asked, CaseOrder.state == "pending")
    session.execute(pending.values(**settled, version=CaseOrder.version + 1))
