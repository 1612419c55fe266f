"""Which cases a jurisdiction sees: the clause that every query on cases begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select, true

from dashboard.access.scope import NATION
from dashboard.models.cases import CaseFile, CaseSeat
from dashboard.models.casework import CaseTask

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from dashboard.access.scope import Scope


def in_sight(scope: Scope) -> ColumnElement[bool]:
    """Return the clause that keeps cases that happened in `scope`, are handled in it, or at which it has a seat."""
    if scope.prefix == NATION:
        return true()
    seated = select(CaseSeat.case_id).where(scope.where(CaseSeat.region_code), CaseSeat.ended_at.is_(None))
    return or_(scope.where(CaseFile.region_code), scope.where(CaseFile.handler_code), CaseFile.id.in_(seated))


def seen_of_few(scope: Scope) -> ColumnElement[bool]:
    """Return the same clause for queries that have found their few cases by an index already.

    It looks for a seat case by case, only where a case lies elsewhere, instead of collecting all seats first.
    """
    if scope.prefix == NATION:
        return true()
    own = (CaseSeat.case_id == CaseFile.id, scope.where(CaseSeat.region_code), CaseSeat.ended_at.is_(None))
    seated = select(CaseSeat.case_id).where(*own).correlate(CaseFile).exists()
    return or_(scope.where(CaseFile.region_code), scope.where(CaseFile.handler_code), seated)


def can_be_done() -> ColumnElement[bool]:
    """Return the clause for tasks of departments that work on the case: after a hand-over the former one looks on."""
    helps = select(CaseSeat.case_id).where(
        CaseSeat.case_id == CaseTask.case_id,
        CaseSeat.region_code == CaseTask.region_code,
        CaseSeat.role == "assistant",
        CaseSeat.ended_at.is_(None),
    )
    return or_(CaseTask.region_code == CaseFile.handler_code, helps.exists())
