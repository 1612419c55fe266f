"""The list of cases, page by page, its counts, and the board: a few cards of each phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from dashboard.models.accounts import UserAccount
from dashboard.models.cases import CaseFile
from dashboard.queries.case_filters import ALL_PHASES, clock_at, conditions, of_clock, of_phase, ordering, visible
from dashboard.vocabulary import CLOCKS, OPEN_PHASES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from dashboard.access.scope import Scope
    from dashboard.queries.case_filters import CasesAsked

_CHUNK = 500  # ids in one IN: databases bound the number of parameters


@dataclass(frozen=True)
class ListedCase:
    """One case as the list and the board show it."""

    id: int
    number: str
    uscc: str
    name: str
    region_code: str
    handler_code: str
    owner: str  # name; '' for nobody
    owner_unit: str
    risk_type: str
    grade: str
    workflow: str
    workflow_version: str
    stage: str
    phase: str
    opened_on: date
    entered_on: date
    due_on: date | None
    suspended_on: date | None
    days_left: int | None
    clock: str  # of CLOCKS
    outcome: str
    closed_on: date | None


@dataclass(frozen=True)
class CaseCounts:
    """How many cases the filters leave; by phase whichever phase, by clock whichever clock they ask for."""

    total: int
    by_phase: dict[str, int]
    by_clock: dict[str, int]  # of the open ones


def case_counts(session: Session, scope: Scope, asked: CasesAsked) -> CaseCounts:
    """Return how many cases the filters leave; raise NotAllowed for a region outside the scope."""
    clock = clock_at(asked.today).label("clock")
    # SQLite would read every case's text by way of an index on the phase: slower than case by case as they lie.
    phase = (func.coalesce(CaseFile.phase, "") if asked.filters.text else CaseFile.phase).label("phase")
    query = (
        select(phase, clock, func.count().label("cases"))
        .where(visible(scope, asked), *conditions(asked))
        .group_by(phase, clock)
    )
    wanted_phase, wanted = asked.filters.phase, asked.filters.clock
    inside = {"": ALL_PHASES, "open": OPEN_PHASES, "ended": ALL_PHASES[len(OPEN_PHASES) :]}.get(
        wanted_phase, (wanted_phase,)
    )
    by_phase, by_clock, total = dict.fromkeys(ALL_PHASES, 0), dict.fromkeys(CLOCKS, 0), 0
    for at, state, cases in session.execute(query):
        by_phase[at] += cases if wanted in {"", state} else 0
        by_clock[state] += cases if at in inside and at in OPEN_PHASES else 0
        total += cases if at in inside and wanted in {"", state} else 0
    return CaseCounts(total, by_phase, by_clock)


def case_page(session: Session, scope: Scope, asked: CasesAsked, first: int, most: int) -> list[ListedCase]:
    """Return at most `most` cases from the place `first` (0 the top) on, in the order asked for.

    Raises NotAllowed for a region outside the scope.
    """
    # Ids first: only they are sorted and skipped over, and a page deep down costs little more than the first.
    where = (visible(scope, asked), *conditions(asked), *of_phase(asked), *of_clock(asked))
    query = select(CaseFile.id).where(*where).order_by(*ordering(asked.filters)).offset(first).limit(most)
    return _told(session, session.scalars(query).all(), asked.today)


def case_board(session: Session, scope: Scope, asked: CasesAsked, most: int) -> dict[str, list[ListedCase]]:
    """Return the first `most` cases of each open phase, in the order asked for, whichever phase the filters ask for.

    Raises NotAllowed for a region outside the scope.
    """
    place = func.row_number().over(partition_by=CaseFile.phase, order_by=ordering(asked.filters)).label("place")
    where: list[ColumnElement[bool]] = [visible(scope, asked), *conditions(asked), *of_clock(asked)]
    ranked = select(CaseFile.id, place).where(*where, CaseFile.phase.in_(OPEN_PHASES)).subquery()
    chosen = select(ranked.c.id).where(ranked.c.place <= most).order_by(ranked.c.place)
    columns: dict[str, list[ListedCase]] = {phase: [] for phase in OPEN_PHASES}
    for row in _told(session, session.scalars(chosen).all(), asked.today):
        columns[row.phase].append(row)
    return columns


def _told(session: Session, ids: Sequence[int], today: date) -> list[ListedCase]:
    """Return the cases of these ids, in their order."""
    found: dict[int, ListedCase] = {}
    for start in range(0, len(ids), _CHUNK):
        query = (
            select(
                *(getattr(CaseFile, name) for name in _SAME),
                func.coalesce(UserAccount.name, "").label("owner"),
                func.coalesce(UserAccount.unit, "").label("owner_unit"),
                clock_at(today).label("clock"),
            )
            .outerjoin(UserAccount, UserAccount.id == CaseFile.owner_id)
            .where(CaseFile.id.in_(ids[start : start + _CHUNK]))
        )
        rows: list[Any] = list(session.execute(query).mappings())
        found |= {row["id"]: ListedCase(**row) for row in rows}
    return [found[one] for one in ids]


_SAME = (
    *("id", "number", "uscc", "name", "region_code", "handler_code", "risk_type", "grade", "workflow"),
    *("workflow_version", "stage", "phase", "opened_on", "entered_on", "due_on", "suspended_on", "days_left"),
    *("outcome", "closed_on"),
)
