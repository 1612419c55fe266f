"""What people did about one enterprise: handled warnings, lists, cases. It moves with the operations revision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.models.accounts import UserAccount
from dashboard.models.cases import CaseFile
from dashboard.models.exemptions import Exemption
from dashboard.models.warnings import WarningHandling

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.scope import Scope


@dataclass(frozen=True)
class Record:
    """The rows inside the scope, newest first, and the names of the people in them by account."""

    handlings: list[WarningHandling]
    exemptions: list[Exemption]
    cases: list[CaseFile]
    people: dict[int, str]

    def in_force(self, today: date) -> Exemption | None:
        """Return the list that it stands on today, if any."""
        held = (one for one in self.exemptions if one.withdrawn_at is None and one.begins_on <= today <= one.ends_on)
        return next(held, None)


def record_of(session: Session, scope: Scope, uscc: str) -> Record:
    """Return what people did about an enterprise, as far as it lies inside the scope."""
    handlings = session.scalars(
        select(WarningHandling)
        .where(WarningHandling.uscc == uscc, scope.where(WarningHandling.region_code))
        .order_by(WarningHandling.week_on.desc())
    ).all()
    exemptions = session.scalars(
        select(Exemption)
        .where(Exemption.uscc == uscc, scope.where(Exemption.region_code))
        .order_by(Exemption.created_at.desc())
    ).all()
    cases = session.scalars(
        select(CaseFile)
        .where(CaseFile.uscc == uscc, scope.where(CaseFile.region_code))
        .order_by(CaseFile.opened_at.desc())
    ).all()
    ids = {one.changed_by for one in handlings} | {one.created_by for one in exemptions}
    ids |= {one.opened_by for one in cases} | {one.assignee_id for one in handlings if one.assignee_id}
    named = session.execute(select(UserAccount.id, UserAccount.name).where(UserAccount.id.in_(ids)))
    return Record(list(handlings), list(exemptions), list(cases), {row.id: row.name for row in named})
