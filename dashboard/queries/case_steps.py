"""Where a case stands on its way: its stays, what its file holds, and who may be in charge of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access.permissions import Permission
from dashboard.models.cases import CaseSpan
from dashboard.queries.case_seen import CaseSeen, case_seen
from dashboard.vocabulary import OPEN_PHASES
from dashboard.workflow.clocks import days_taken
from dashboard.workflow.facts import Facts, facts_of
from dashboard.workflow.people import people_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.workflow.definition import Step


@dataclass(frozen=True)
class Progress:
    """A case on its way, as of a day: working days taken by stage, and people by account number with their names."""

    seen: CaseSeen
    taken: dict[str, int]
    facts: Facts
    workers: dict[int, str]

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to do something."""
        return self.seen.case.phase in OPEN_PHASES

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that lead on from the present stage; none for somebody who may take none at all."""
        return self.seen.workflow.steps_of(self.seen.case.stage) if self.seen.may("case:stepped") else ()


def progress_of(session: Session, viewer: Viewer, number: str, today: date) -> Progress:
    """Return how far a case has come; raise what `case_seen` raises."""
    seen = case_seen(session, viewer, number)
    case = seen.case
    stays = session.scalars(select(CaseSpan).where(CaseSpan.case_id == case.id).order_by(CaseSpan.position)).all()
    return Progress(
        seen=seen,
        taken=_taken(stays, seen, today),
        facts=facts_of(session, case),
        workers={one.id: one.told for one in people_of(session, [case.handler_code], Permission.CASE_WRITE)},
    )


def _taken(stays: Sequence[CaseSpan], seen: CaseSeen, today: date) -> dict[str, int]:
    """Return the working days in each stage, all stays in it together, without pauses."""
    taken: dict[str, int] = {}
    for stay in stays:
        days = stay.days_taken if stay.left_on is not None else _so_far(stay, seen, today)
        taken[stay.stage] = taken.get(stay.stage, 0) + (days or 0)
    return taken


def _so_far(stay: CaseSpan, seen: CaseSeen, today: date) -> int:
    case = seen.case
    if case.days_left is not None and stay.days_allowed is not None:
        return stay.days_allowed - case.days_left
    return days_taken(stay.entered_on, today, case.due_on, stay.days_allowed)
