"""What of the cases is asked for, and the SQL that it means: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, false, func, or_, select

from dashboard.access.scope import Scope
from dashboard.models.cases import CaseFile, CaseSource, CaseSpan
from dashboard.queries.case_sight import in_sight
from dashboard.vocabulary import GRADES, MERGED, OPEN_PHASES, PHASES
from geo.divisions import visible_children_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

OPEN, ENDED, START, OUTSIDE = "open", "ended", "start", "outside"
"""The open phases, all others, before the first one, and either of the last two."""
ALL_PHASES = (*PHASES, MERGED)
STEP_ENDS = (START, OPEN, ENDED, OUTSIDE, *ALL_PHASES)
RETURNED = "returned"
"""A step back to an earlier open phase."""
REACHES = ("place", "unplaced", "elsewhere", "handled", "office")
"""Happened in the region; there, but at no finer place that is known; happened outside it, but handled in it or with a
seat of it; handled in the region; handled by its own department and by none below."""
SORTS = ("due", "opened", "entered", "grade", "name", "number")
ASCENDING = frozenset({"due", "grade", "name", "number"})
"""Orders that people read from the small end; the worst grade is the first."""


@dataclass(frozen=True)
class Step:
    """Steps between phases in a span of days: `before` and `after` are of STEP_ENDS, or `before` is RETURNED."""

    before: str
    after: str
    first: date
    last: date


@dataclass(frozen=True)
class Stay:
    """Stays in a phase that ended in a span of days; `late`: only those that took longer than their deadline."""

    phase: str
    late: bool
    first: date
    last: date


@dataclass(frozen=True)
class CaseFilters:
    """Which cases, in which order; '' and None are no condition."""

    phase: str = ""  # of ALL_PHASES, or OPEN or ENDED
    clock: str = ""  # of CLOCKS
    risk_type: str = ""
    grade: str = ""  # of GRADES; 'none' for a case that began without a warning
    outcome: str = ""
    who: str = ""  # mine, department, nobody, or the id of an account
    source: str = ""  # of CASE_SOURCES
    reach: str = ""  # of REACHES
    text: str = ""  # in number, name or credit code
    opened_from: date | None = None
    opened_to: date | None = None
    reached: str = ""  # a phase in which the case has been
    step: Step | None = None
    stay: Stay | None = None
    sort: str = "due"
    descending: bool = False


@dataclass(frozen=True)
class CasesAsked:
    """Filters over a region, with what they are held against: today, who looks and for which department."""

    region: str
    filters: CaseFilters
    today: date
    viewer_id: int
    department: str  # the viewer's home region

    def ordered(self, order: tuple[str, bool] | None) -> CasesAsked:
        """Return the same cases in another order, one of SORTS and whether descending; None is this one."""
        if order is None:
            return self
        return replace(self, filters=replace(self.filters, sort=order[0], descending=order[1]))


def clock_at(today: date) -> ColumnElement[str]:
    """Return how a case stands to its deadline on `today`: one of CLOCKS."""
    return case(
        (CaseFile.phase.not_in(OPEN_PHASES), "none"),
        (CaseFile.suspended_on.is_not(None), "stopped"),
        (CaseFile.due_on.is_(None), "none"),
        (CaseFile.due_on < today, "overdue"),
        (CaseFile.amber_on <= today, "near"),
        else_="running",
    )


def visible(scope: Scope, asked: CasesAsked) -> ColumnElement[bool]:
    """Return the clause that keeps the cases of the region asked for; raise NotAllowed for one outside the scope.

    A region inside the scope sees nothing that the scope does not: its places, its offices and their seats lie inside.
    """
    scope.require(asked.region)
    here = Scope(asked.region)
    inside, handled = here.where(CaseFile.region_code), here.where(CaseFile.handler_code)
    return {
        "place": inside,
        "unplaced": and_(inside, ~_finer(asked.region)),
        "elsewhere": and_(in_sight(here), ~inside),
        "handled": handled,
        "office": CaseFile.handler_code == asked.region,
    }.get(asked.filters.reach, in_sight(here))


def _finer(region: str) -> ColumnElement[bool]:
    """Return the clause that keeps cases whose place lies in one of the regions a step down."""
    by_length: defaultdict[int, list[str]] = defaultdict(list)
    for code in visible_children_of(region):
        by_length[len(code)].append(code)
    ways = (func.substr(CaseFile.region_code, 1, length).in_(codes) for length, codes in by_length.items())
    return or_(false(), *ways)


def conditions(asked: CasesAsked) -> Iterator[ColumnElement[bool]]:
    """Yield what is asked for, but for phase and clock: those are counted each by itself."""
    filters = asked.filters
    plain = ((CaseFile.risk_type, filters.risk_type), (CaseFile.outcome, filters.outcome))
    yield from (column == value for column, value in plain if value)
    if filters.grade:
        yield CaseFile.grade == ("" if filters.grade == "none" else filters.grade)
    if filters.who:
        yield _of_whom(asked)
    if filters.source:
        yield CaseFile.id.in_(select(CaseSource.case_id).where(CaseSource.kind == filters.source))
    if filters.text:
        yield _with_text(filters.text)
    if filters.opened_from is not None:
        yield CaseFile.opened_on >= filters.opened_from
    if filters.opened_to is not None:
        yield CaseFile.opened_on <= filters.opened_to
    yield from _histories(filters)


def _with_text(given: str) -> ColumnElement[bool]:
    """Return the clause for cases with this text in number, name or credit code; capitals and small letters are one.

    It has to look at every case, so it looks at no more than it must: numbers and codes are capitals and figures only.
    """
    named = CaseFile.name.icontains(given, autoescape=True)
    if not given.isascii():
        return named
    coded = (column.contains(given.upper(), autoescape=True) for column in (CaseFile.number, CaseFile.uscc))
    return or_(*coded, named)


def _of_whom(asked: CasesAsked) -> ColumnElement[bool]:
    who = asked.filters.who
    if who == "department":
        return CaseFile.handler_code == asked.department
    if who == "nobody":
        return CaseFile.owner_id.is_(None)
    return CaseFile.owner_id == (asked.viewer_id if who == "mine" else int(who))


def _histories(filters: CaseFilters) -> Iterator[ColumnElement[bool]]:
    """Yield what is asked of the stays of a case."""
    if filters.reached:
        yield _with_stay(CaseSpan.phase == filters.reached)
    if filters.step is not None:
        yield _with_stay(step_taken(filters.step), CaseSpan.entered_on.between(filters.step.first, filters.step.last))
    if filters.stay is not None:
        stay = filters.stay
        late = [CaseSpan.days_taken > CaseSpan.days_allowed] if stay.late else []
        yield _with_stay(CaseSpan.phase == stay.phase, CaseSpan.left_on.between(stay.first, stay.last), *late)


def _with_stay(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    return CaseFile.id.in_(select(CaseSpan.case_id).where(*where))


def step_taken(step: Step) -> ColumnElement[bool]:
    """Return the clause that keeps the stays that such a step led to."""
    if step.before == RETURNED:
        steps = (
            and_(CaseSpan.phase == phase, CaseSpan.from_phase.in_(OPEN_PHASES[at + 1 :]))
            for at, phase in enumerate(OPEN_PHASES)
        )
        return or_(false(), *steps)
    return and_(_among(CaseSpan.from_phase, step.before), _among(CaseSpan.phase, step.after))


def _among(column: InstrumentedAttribute[str], end: str) -> ColumnElement[bool]:
    """Return the clause for one end of a step, or for a phase asked for."""
    if end == OPEN:
        return column.in_(OPEN_PHASES)
    if end == OUTSIDE:
        return column.not_in(OPEN_PHASES)
    if end == ENDED:
        return column.in_(ALL_PHASES[len(OPEN_PHASES) :])
    return column == ("" if end == START else end)


def of_phase(asked: CasesAsked) -> Iterator[ColumnElement[bool]]:
    """Yield the condition on the phase, if there is one."""
    if asked.filters.phase:
        yield _among(CaseFile.phase, asked.filters.phase)


def of_clock(asked: CasesAsked) -> Iterator[ColumnElement[bool]]:
    """Yield the condition on the clock, if there is one."""
    if asked.filters.clock:
        yield clock_at(asked.today) == asked.filters.clock


def ordering(filters: CaseFilters) -> tuple[ColumnElement[Any], ...]:
    """Return the order asked for, which is total: the id comes last, so that pages neither repeat nor skip."""
    column: ColumnElement[Any] = {
        "due": CaseFile.due_on,
        "opened": CaseFile.opened_on,
        "entered": CaseFile.entered_on,
        "grade": case({grade: at for at, grade in enumerate(GRADES)}, value=CaseFile.grade, else_=len(GRADES)),
        "name": CaseFile.name,
        "number": CaseFile.number,
    }[filters.sort]  # type: ignore[assignment] # columns of several types
    first = column.desc() if filters.descending else column.asc()
    return (first.nulls_last() if filters.sort == "due" else first, CaseFile.id.asc())
