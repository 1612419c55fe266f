"""Escalation: what is overdue goes one level up by itself. The scheduler calls it; nobody has to click.

Two things escalate: a stage past its deadline, or suspended for longer than was said, once in each stay and each
pause, from its handler to the department above; and an order without an answer, from whoever owes it to the department
above that. An escalation is itself such an order, so that what nobody acknowledges climbs on, up to the nation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select, update

from dashboard.access.audit import record
from dashboard.access.scope import NATION
from dashboard.actions.case_seats import invite
from dashboard.models.cases import CaseFile, CaseOrder
from dashboard.models.revision import bump_revision
from dashboard.vocabulary import MERGED, OPEN_PHASES
from dashboard.workdays import after
from dashboard.workflow.load import workflow_of
from dashboard.workflow.orders import order_late, pause_late, stage_late
from geo.divisions import visible_parent_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from dashboard.access.audit import Detail
    from dashboard.clock import Moment

ACTOR = "scheduler"


@dataclass(frozen=True)
class Cause:
    """Something late: who owes it, what it is as `dashboard.workflow.orders` codes it, what it marked on the case."""

    owed_by: str
    text: str
    changed: Mapping[str, object] = field(default_factory=dict)

    @property
    def receiver(self) -> str:
        """The region of the department above; the nation has none, and is never late here."""
        return visible_parent_of(self.owed_by) or NATION


def escalate_overdue(session: Session, when: Moment) -> int:
    """Send what is overdue to the level above and return how many escalations that made; commits after each case.

    Cases come in the order of their ids, each held fast and looked at anew: two at once send nothing twice, and one
    that is killed leaves whole cases, which the next goes on from.
    """
    sent = 0
    for case_id in _cases_late(session, when.on):
        try:
            sent += _escalated(session, case_id, when)
        except BaseException:
            session.rollback()
            raise
    return sent


def _cases_late(session: Session, today: date) -> list[int]:
    stages = select(CaseFile.id).where(*_stage_is_late(today))
    orders = select(CaseOrder.case_id).join(CaseFile).where(*_order_is_late(today), CaseFile.phase != MERGED)
    found = session.scalars(stages.union(orders)).all()
    session.rollback()  # nothing is held while the cases are gone through one by one
    return sorted(found)


def _stage_is_late(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        CaseFile.phase.in_(OPEN_PHASES),
        or_(and_(CaseFile.due_on < today, CaseFile.suspended_on.is_(None)), CaseFile.suspended_until < today),
        CaseFile.escalated_to.is_(None),
        CaseFile.handler_code != NATION,
    )


def _order_is_late(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        CaseOrder.state == "pending",
        CaseOrder.answer_due_on < today,
        CaseOrder.escalated_on.is_(None),
        CaseOrder.to_code != NATION,
    )


def _escalated(session: Session, case_id: int, when: Moment) -> int:
    """Escalate what is late of one case; commits. What goes to the same department goes as one."""
    # The case first, by a write, so that everybody queues up for it on every kind of database.
    session.execute(update(CaseFile).where(CaseFile.id == case_id).values(version=CaseFile.version))
    case = session.get_one(CaseFile, case_id, populate_existing=True)
    causes = [*_orders_late(session, case, when.on), *_stage_late(session, case, when.on)]
    receivers = sorted({cause.receiver for cause in causes})
    for receiver in receivers:
        _send(session, case, [cause for cause in causes if cause.receiver == receiver], when)
    if receivers:
        bump_revision(session)
    session.commit()
    return len(receivers)


def _orders_late(session: Session, case: CaseFile, today: date) -> list[Cause]:
    """Return the orders without an answer as causes, each marked: it escalates once."""
    if case.phase == MERGED:
        return []
    late = update(CaseOrder).where(CaseOrder.case_id == case.id, *_order_is_late(today)).values(escalated_on=today)
    rows = session.execute(late.returning(CaseOrder.kind, CaseOrder.to_code, CaseOrder.answer_due_on)).all()
    return [Cause(row.to_code, order_late(row.kind, row.answer_due_on)) for row in sorted(rows)]


def _stage_late(session: Session, case: CaseFile, today: date) -> list[Cause]:
    """Return the stage past its deadline or its pause's end as a cause, marked until its clock starts or stops anew."""
    above = visible_parent_of(case.handler_code)
    here = (CaseFile.id == case.id, *_stage_is_late(today))
    paused, last_day = CaseFile.suspended_until.is_not(None), func.coalesce(CaseFile.suspended_until, CaseFile.due_on)
    late = update(CaseFile).where(*here).values(escalated_to=above).returning(CaseFile.stage, paused, last_day)
    return [
        Cause(case.handler_code, (pause_late if stood else stage_late)(stage, day), {"escalated_to": above})
        for stage, stood, day in session.execute(late)
    ]


def _send(session: Session, case: CaseFile, causes: list[Cause], when: Moment) -> None:
    first, workflow = causes[0], workflow_of(case.workflow, case.workflow_version)
    # Acknowledged as fast as a supervision order is answered; where the definition wants no answer, it climbs no more.
    days = next((rule.answer_days for rule in workflow.orders if rule.kind == "supervise"), None)
    order = CaseOrder(
        case_id=case.id,
        kind="escalation",
        from_code=first.owed_by,
        to_code=first.receiver,
        text=" ".join(cause.text for cause in causes),
        state="pending",
        made_at=when.at,
        made_by=None,
        answer_due_on=after(when.on, days) if days else None,
        escalated_on=None,
        answered_at=None,
        answered_by=None,
        answer="",
        version=1,
    )
    session.add(order)
    session.flush()
    invite(session, case, first.receiver, when.at)
    told: dict[str, Detail] = {"number": case.number, "version": case.version, "row": f"order:{order.id}"}
    told |= {"row_version": 1, "from": first.owed_by, "to": first.receiver, "causes": [one.text for one in causes]}
    changed = {name: value for cause in causes for name, value in cause.changed.items()}
    if changed:
        told |= {"before": dict.fromkeys(changed), "after": changed}
    record(session, when.at, ACTOR, "order:escalation", f"case:{case.id}", **told)
