"""What a case found and what was done about it, as its file holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.models.accounts import UserAccount
from dashboard.models.findings import CaseDetermination, CaseMeasure, CasePerson, CaseRepayment
from dashboard.queries.case_seen import case_seen
from dashboard.workflow.penalties import base_of, rule_for, verdict_on
from dashboard.workflow.repayments import is_settled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.queries.case_seen import CaseSeen
    from dashboard.workflow.penalties import Verdict


@dataclass(frozen=True)
class Findings:
    """A case with its people, finding, measures and reports of repayment; amounts in CNY."""

    seen: CaseSeen
    people: Sequence[CasePerson]
    determination: CaseDetermination | None
    measures: Sequence[CaseMeasure]  # withdrawn ones too, oldest first
    repayments: Sequence[CaseRepayment]  # newest first: the first one counts
    names: Mapping[int, str]  # unit and name of whoever wrote something here, by account

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to repay."""
        return is_settled(self.determination, self.repayments[0] if self.repayments else None)

    @property
    def fines(self) -> float:
        """All fines that stand, CNY."""
        return sum(one.fine for one in self.measures if one.withdrawn_at is None)

    def verdict(self, subject: str, fine: float, base: float | None) -> Verdict:
        """Return what the legal range says about a fine; without a base it is what was determined."""
        found = self.determination
        rule = rule_for(self.seen.workflow, found.risk_type if found else self.seen.case.risk_type, subject)
        return verdict_on(fine, base_of(rule, found) if base is None else base, rule)


def findings_of(session: Session, viewer: Viewer, number: str) -> Findings:
    """Return the findings of the case with this number; raises as `case_seen` does."""
    seen = case_seen(session, viewer, number)
    case_id = seen.case.id
    people = session.scalars(select(CasePerson).where(CasePerson.case_id == case_id).order_by(CasePerson.id)).all()
    taken = select(CaseMeasure).where(CaseMeasure.case_id == case_id)
    measures = session.scalars(taken.order_by(CaseMeasure.taken_on, CaseMeasure.id)).all()
    reported = select(CaseRepayment).where(CaseRepayment.case_id == case_id).order_by(CaseRepayment.id.desc())
    repayments = session.scalars(reported).all()
    determination = session.get(CaseDetermination, case_id)
    writers = {one.added_by for one in people} | {one.made_by for one in measures} | {one.made_by for one in repayments}
    writers |= {one.withdrawn_by for one in measures if one.withdrawn_by}
    writers |= {determination.made_by} if determination else set()
    return Findings(seen, people, determination, measures, repayments, names_of(session, writers))


def names_of(session: Session, writers: set[int]) -> dict[int, str]:
    """Return unit and name of accounts by their id."""
    found = session.execute(
        select(UserAccount.id, UserAccount.unit, UserAccount.name).where(UserAccount.id.in_(writers))
    )
    return {one.id: " ".join(part for part in (one.unit, one.name) if part) for one in found}
