"""The watchlist, page by page: what the ETL listed, joined with what people did about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from dashboard.models.accounts import UserAccount
from dashboard.models.cases import CaseFile
from dashboard.models.exemptions import Exemption
from dashboard.models.reporting import RaisedWarning, Watched
from dashboard.models.warnings import WarningHandling
from dashboard.queries.filters import STATE, conditions, ordering, overdue
from dashboard.vocabulary import GRADES, SUB_INDEXES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from dashboard.access.scope import Scope
    from dashboard.queries.filters import Asked


@dataclass(frozen=True)
class Entry:
    """An exemption in force today, which the next run of the ETL will know if this generation does not."""

    id: int
    version: int
    kind: str
    risk_type: str
    reason: str  # a code of EXEMPTION_REASONS
    text: str
    ends_on: date
    by: str
    at: datetime


@dataclass(frozen=True)
class Listed:
    """One row; `change` is against a week before, `state` of filters.STATES, `version` 0 where nobody acted."""

    uscc: str
    name: str
    legal_representative: str
    region_code: str
    sector: str
    grade: str
    smoke_index: float
    change: float
    risk_type: str
    reasons: tuple[tuple[str, float], ...]  # factor and its points, strongest first
    contributions: tuple[float, ...]  # in points, in the order of SUB_INDEXES
    probability: float | None
    entered_on: date | None
    week_on: date | None  # of the newest warning on record
    owner_code: str | None  # the region whose lead department owns that warning
    due_on: date | None
    is_overdue: bool
    state: str
    reason: str  # why it was dismissed or reopened
    version: int
    assignee_id: int | None
    assignee: str  # name
    assignee_unit: str
    case_number: str | None
    exempt: str  # in this generation: '', white, grey
    entry: Entry | None


@dataclass(frozen=True)
class Counts:
    """How many rows the filters leave, by grade, whichever grades they ask for; `total` has those only."""

    total: int
    by_grade: dict[str, int]


def counts_of(session: Session, scope: Scope, generation: int, asked: Asked) -> Counts:
    """Return how many rows the filters leave; raise NotAllowed for a region outside the scope."""
    scope.require(asked.region)
    query = (
        select(Watched.grade, func.count().label("rows"))
        .outerjoin(WarningHandling, _HANDLING)
        .where(Watched.generation == generation, *conditions(asked))
        .group_by(Watched.grade)
    )
    found = {row.grade: row.rows for row in session.execute(query)}
    by_grade = {grade: found.get(grade, 0) for grade in GRADES}
    return Counts(sum(by_grade[grade] for grade in asked.filters.grades or GRADES), by_grade)


def page_of(session: Session, scope: Scope, generation: int, asked: Asked, first: int, most: int) -> list[Listed]:
    """Return at most `most` rows from the place `first` (0 the top) on, in the order asked for.

    Raises NotAllowed for a region outside the scope.
    """
    scope.require(asked.region)
    # Codes first: only they are sorted and skipped over, and a page deep down costs little more than the first.
    query = (
        select(Watched.uscc)
        .outerjoin(WarningHandling, _HANDLING)
        .where(Watched.generation == generation, *conditions(asked))
    )
    if asked.filters.grades:
        query = query.where(Watched.grade.in_(asked.filters.grades))
    codes = session.scalars(query.order_by(*ordering(asked.filters)).offset(first).limit(most)).all()
    found: dict[str, Listed] = {}
    for start in range(0, len(codes), _CHUNK):
        some = chosen_rows(session, scope, generation, codes[start : start + _CHUNK], asked.today)
        found |= {row.uscc: row for row in some}
    return [found[code] for code in codes]


def chosen_rows(session: Session, scope: Scope, generation: int, codes: Sequence[str], today: date) -> list[Listed]:
    """Return the listed enterprises of these credit codes inside the scope, highest index first."""
    where = (Watched.generation == generation, Watched.uscc.in_(codes), scope.where(Watched.region_code))
    return _read(session, _rows(today).where(*where).order_by(Watched.smoke_index.desc(), Watched.uscc), today)


_HANDLING = and_(WarningHandling.uscc == Watched.uscc, WarningHandling.week_on == Watched.warned_week_on)
_WARNING = and_(
    RaisedWarning.generation == Watched.generation,
    RaisedWarning.uscc == Watched.uscc,
    RaisedWarning.week_on == Watched.warned_week_on,
)


def _rows(today: date) -> Select[Any]:
    return (
        select(
            Watched,
            RaisedWarning.owner_code,
            overdue(today).label("is_overdue"),
            STATE.label("state"),
            WarningHandling,
            UserAccount.name.label("assignee"),
            UserAccount.unit.label("assignee_unit"),
            CaseFile.number.label("case_number"),
        )
        .outerjoin(WarningHandling, _HANDLING)
        .outerjoin(RaisedWarning, _WARNING)
        .outerjoin(UserAccount, UserAccount.id == WarningHandling.assignee_id)
        .outerjoin(CaseFile, CaseFile.id == WarningHandling.case_id)
    )


def _read(session: Session, query: Select[Any], today: date) -> list[Listed]:
    found = session.execute(query).all()
    entries = _entries(session, [row.Watched.uscc for row in found], today)
    return [_listed(row, entries.get(row.Watched.uscc)) for row in found]


def _listed(row: Any, entry: Entry | None) -> Listed:  # noqa: ANN401 - a row of entities and columns
    watched, handling = row.Watched, row.WarningHandling
    return Listed(
        **{name: getattr(watched, name) for name in _SAME},
        change=round(watched.smoke_index - watched.previous_index, 2),
        reasons=tuple((str(one["factor"]), float(one["contribution"])) for one in watched.reasons),
        contributions=tuple(getattr(watched, f"contribution_{sub}") for sub in SUB_INDEXES),
        week_on=watched.warned_week_on,
        owner_code=row.owner_code,
        is_overdue=bool(row.is_overdue),
        state=row.state,
        reason=handling.reason if handling else "",
        version=handling.version if handling else 0,
        assignee_id=handling.assignee_id if handling else None,
        assignee=row.assignee or "",
        assignee_unit=row.assignee_unit or "",
        case_number=row.case_number,
        entry=entry,
    )


_SAME = (
    *("uscc", "name", "legal_representative", "region_code", "sector", "grade", "smoke_index", "risk_type"),
    *("probability", "entered_on", "due_on", "exempt"),
)
_CHUNK = 500  # codes in one IN: databases bound the number of parameters


def _entries(session: Session, codes: Sequence[str], today: date) -> dict[str, Entry]:
    """Return the exemption in force of each enterprise; of several the one that ends last."""
    rows = session.execute(
        select(Exemption, UserAccount.name)
        .join(UserAccount, UserAccount.id == Exemption.created_by)
        .where(
            Exemption.uscc.in_(codes),
            Exemption.withdrawn_at.is_(None),
            Exemption.begins_on <= today,
            Exemption.ends_on >= today,
        )
        .order_by(Exemption.ends_on, Exemption.id)
    )
    return {entry.uscc: _entry(entry, name) for entry, name in rows}


def _entry(row: Exemption, by: str) -> Entry:
    reason, _, text = row.reason.partition(": ")
    return Entry(row.id, row.version, row.kind, row.risk_type, reason, text, row.ends_on, by, row.created_at)
