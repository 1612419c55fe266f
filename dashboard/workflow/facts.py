"""What a case's file holds, as far as the gates of its steps ask: read once, for the action and for the page alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from dashboard.models.cases import CaseFile, CaseOrder
from dashboard.models.casework import CaseAttachment, CaseEvidence, CaseTask
from dashboard.models.findings import CaseDetermination, CaseMeasure, CasePerson
from dashboard.workflow.repayments import is_settled, newest_repayment

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session
    from sqlalchemy.orm.attributes import InstrumentedAttribute

HAND_OVERS = frozenset({"assign_down", "report_up", "transfer"})
"""Orders that give the case to another department once they are accepted."""


@dataclass(frozen=True)
class Facts:
    """What gates ask of one case; what was removed, withdrawn or answered does not count."""

    suspended: bool = False
    owner: bool = False
    people: int = 0
    evidence: int = 0
    determined: str | None = None  # risk type of the determination, '' where it found none; None: there is none
    measures: frozenset[str] = frozenset()  # kinds of those in force
    attachments: frozenset[str] = frozenset()  # kinds of those attached
    repayment_settled: bool = True
    tasks_open: int = 0
    orders_pending: int = 0  # between offices: an escalation keeps nobody from finishing what is late
    hand_over: str = ""  # kind of the order that would give the case away; '': none waits


def facts_of(session: Session, case: CaseFile) -> Facts:
    """Return what the gates ask of a case, as it stands in this transaction."""
    waiting = set(_kinds(session, case.id, CaseOrder.kind, CaseOrder.state == "pending"))
    determination = session.get(CaseDetermination, case.id, populate_existing=True)
    return Facts(
        suspended=case.suspended_on is not None,
        owner=case.owner_id is not None,
        **_counts(session, case.id),
        determined=determination.risk_type if determination else None,
        measures=frozenset(_kinds(session, case.id, CaseMeasure.kind, CaseMeasure.withdrawn_at.is_(None))),
        attachments=frozenset(_kinds(session, case.id, CaseAttachment.kind, CaseAttachment.removed_at.is_(None))),
        repayment_settled=is_settled(determination, newest_repayment(session, case.id)),
        hand_over=min(waiting & HAND_OVERS, default=""),
    )


def _counts(session: Session, case_id: int) -> dict[str, int]:
    waiting = (CaseOrder.case_id == case_id, CaseOrder.state == "pending")
    counted: dict[str, tuple[ColumnElement[bool], ...]] = {
        "people": (CasePerson.case_id == case_id,),
        "evidence": (CaseEvidence.case_id == case_id,),
        "tasks_open": (CaseTask.case_id == case_id, CaseTask.state == "open"),
        "orders_pending": (*waiting, CaseOrder.kind != "escalation"),
    }
    parts = [select(func.count()).where(*where).scalar_subquery().label(name) for name, where in counted.items()]
    return dict(session.execute(select(*parts)).mappings().one())


def _kinds(
    session: Session, case_id: int, kind: InstrumentedAttribute[str], standing: ColumnElement[bool]
) -> list[str]:
    return list(session.scalars(select(kind).where(kind.class_.case_id == case_id, standing).distinct()))
