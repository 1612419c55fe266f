"""A whole case as it is handed over: everything in its file, for the offices that answer for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.errors import NotAllowed
from dashboard.i18n import N_
from dashboard.models.cases import CaseOrder, CaseSource, CaseSpan
from dashboard.models.casework import CaseAttachment, CaseCustody, CaseEvidence
from dashboard.queries.findings import findings_of, names_of
from dashboard.workflow.standing import ABOVE, HANDLER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.queries.findings import Findings


@dataclass(frozen=True)
class Handover:
    """A case's file: what was found, and all that led there, each oldest first."""

    found: Findings
    sources: Sequence[CaseSource]
    spans: Sequence[CaseSpan]
    orders: Sequence[CaseOrder]
    evidence: Sequence[CaseEvidence]
    custody: Mapping[int, Sequence[CaseCustody]]  # by piece of evidence
    attachments: Sequence[CaseAttachment]  # those that were taken out as well
    names: Mapping[int, str]  # unit and name of whoever did something, by account


def handover_of(session: Session, viewer: Viewer, number: str) -> Handover:
    """Return the file of the case with this number.

    Raises as `case_seen` does, and NotAllowed for an office that neither works on the case nor stands above it.
    """
    found = findings_of(session, viewer, number)
    if found.seen.standing not in {HANDLER, ABOVE}:
        raise NotAllowed.telling(N_("Your department does not work on this case"))
    here = found.seen.case.id
    sources = session.scalars(select(CaseSource).where(CaseSource.case_id == here).order_by(CaseSource.id)).all()
    spans = session.scalars(select(CaseSpan).where(CaseSpan.case_id == here).order_by(CaseSpan.position)).all()
    orders = session.scalars(select(CaseOrder).where(CaseOrder.case_id == here).order_by(CaseOrder.id)).all()
    evidence = session.scalars(select(CaseEvidence).where(CaseEvidence.case_id == here).order_by(CaseEvidence.id)).all()
    kept = select(CaseAttachment).where(CaseAttachment.case_id == here).order_by(CaseAttachment.id)
    attachments = session.scalars(kept).all()
    custody = _custody(session, [one.id for one in evidence])
    writers = (
        {one.entered_by for one in spans} | {one.added_by for one in sources} | {one.added_by for one in attachments}
    )
    writers |= {one.made_by for one in orders if one.made_by} | {found.seen.case.owner_id or 0}
    writers |= {one.answered_by for one in orders if one.answered_by}
    writers |= {one.by for moves in custody.values() for one in moves}
    names = dict(found.names) | names_of(session, writers)
    return Handover(found, sources, spans, orders, evidence, custody, attachments, names)


def _custody(session: Session, pieces: list[int]) -> dict[int, list[CaseCustody]]:
    moves: dict[int, list[CaseCustody]] = defaultdict(list)
    of = select(CaseCustody).where(CaseCustody.evidence_id.in_(pieces))
    for move in session.scalars(of.order_by(CaseCustody.evidence_id, CaseCustody.position)):
        moves[move.evidence_id].append(move)
    return dict(moves)
