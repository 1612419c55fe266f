"""How far a case's repayment has come: the newest report counts; repayment comes before fines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.models.findings import CaseDetermination, CaseRepayment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def newest_repayment(session: Session, case_id: int) -> CaseRepayment | None:
    """Return the report that counts, None where nothing was reported.

    Reports are never dated before the newest one, so the last written is the newest.
    """
    query = select(CaseRepayment).where(CaseRepayment.case_id == case_id).order_by(CaseRepayment.id.desc()).limit(1)
    return session.scalars(query).one_or_none()


def is_settled(determination: CaseDetermination | None, newest: CaseRepayment | None) -> bool:
    """Tell whether nothing is left to repay: all is repaid, or no report and no sum in the determination say any is."""
    if newest is not None:
        return newest.repaid >= newest.owed and newest.people_repaid >= newest.people_owed
    return determination is None or not determination.amount
