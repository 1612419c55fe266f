"""The pipeline of cases: how far they get, what is open and how old, how long stages take, how it flows."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Integer, and_, cast, func, select

from dashboard.access.scope import Scope
from dashboard.models.cases import CaseFile, CaseSpan
from dashboard.queries.case_filters import clock_at
from dashboard.queries.case_flow import BASE_WEEKS, WEEK, backlog_forecast, daily_moves, flows, weekly_flow
from dashboard.vocabulary import OPEN_PHASES, PHASES
from geo.divisions import visible_children_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.queries.case_flow import FlowWeek, ForecastWeek

PERIODS = (4, 12, 26, 52)
"""Weeks that may be looked at."""
USUAL_PERIOD = 12
AGES = (30, 60, 90, 180)
"""Days since the opening at which one age band ends and the next begins: up to 30, 31-60, 61-90, 91-180, more."""
GLANCE_WEEKS = 4


@dataclass(frozen=True)
class OpenPhase:
    """The open cases in one phase: by clock (of CLOCKS) and by age (bands of AGES)."""

    phase: str
    cases: int
    by_clock: dict[str, int]
    by_age: tuple[int, ...]


@dataclass(frozen=True)
class StageTime:
    """Stays in one phase that ended in the period, in working days without pauses.

    `tenth`, `median` and `ninetieth` are quantiles; `allowed` is the deadline that most had (None: none), `late` the
    share of those with a deadline that took longer (None: none had one).
    """

    phase: str
    stays: int
    tenth: int
    median: int
    ninetieth: int
    allowed: int | None
    late: float | None


@dataclass(frozen=True)
class ChildRegion:
    """The open cases of one region a step down, or those without a finer place; `age` is the median of days."""

    code: str
    cases: int
    overdue: int
    age: float


@dataclass(frozen=True)
class Pipeline:
    """Everything that the pipeline shows of one region: cases that happened in it, whoever handles them."""

    since: date
    opened: int  # in the period
    reached: dict[str, int]  # of those, how many have been in each phase
    open_now: list[OpenPhase]
    flows: list[tuple[str, str, int]]
    times: list[StageTime]
    weeks: list[FlowWeek]
    forecast: list[ForecastWeek]
    children: list[ChildRegion]

    @property
    def backlog(self) -> int:
        """How many cases are open now."""
        return sum(one.cases for one in self.open_now)

    @property
    def is_empty(self) -> bool:
        """Whether there is no case to speak of: none open, none moved in the period."""
        return not self.backlog and not self.flows


def pipeline(session: Session, scope: Scope, region: str, today: date, weeks: int) -> Pipeline:
    """Return the pipeline of `region` over the last `weeks` weeks; raise NotAllowed for a region outside the scope."""
    scope.require(region)
    since = today - timedelta(days=WEEK * weeks - 1)
    standing = list(_open_cases(session, region, today))
    earliest = today - timedelta(days=WEEK * max(weeks, BASE_WEEKS) - 1)
    moves = daily_moves(session, region, earliest, today)
    flow = weekly_flow(moves, len(standing), today, max(weeks, BASE_WEEKS))
    opened, reached = _reached(session, region, since, today)
    return Pipeline(
        since,
        opened,
        reached,
        open_now=_by_phase(standing),
        flows=flows(moves, since),
        times=_stage_times(session, region, since, today),
        weeks=flow[-weeks:],
        forecast=backlog_forecast(flow, _begun_on(session, region)),
        children=_children(standing, region),
    )


class _Standing(NamedTuple):
    """One open case: where, in which phase, with which clock, how many days old. There are thousands of them."""

    region_code: str
    phase: str
    clock: str
    days: int


def _open_cases(session: Session, region: str, today: date) -> Iterator[_Standing]:
    clock = clock_at(today).label("clock")
    query = select(CaseFile.region_code, CaseFile.phase, clock, CaseFile.opened_on).where(
        CaseFile.phase.in_(OPEN_PHASES), Scope(region).where(CaseFile.region_code)
    )
    for code, phase, state, opened_on in session.execute(query):
        yield _Standing(code, phase, state, (today - opened_on).days)


def age_band(days: int) -> int:
    """Return the band of AGES that an age in days belongs to, 0 the youngest."""
    return sum(days > end for end in AGES)


def _by_phase(standing: Sequence[_Standing]) -> list[OpenPhase]:
    clocks: defaultdict[str, Counter[str]] = defaultdict(Counter)
    ages: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for (phase, clock), cases in Counter((one.phase, one.clock) for one in standing).items():
        clocks[phase][clock] += cases
    for (phase, days), cases in Counter((one.phase, one.days) for one in standing).items():
        ages[phase][age_band(days)] += cases
    bands = range(len(AGES) + 1)
    return [
        OpenPhase(phase, clocks[phase].total(), dict(clocks[phase]), tuple(ages[phase][band] for band in bands))
        for phase in OPEN_PHASES
    ]


def _children(standing: Sequence[_Standing], region: str) -> list[ChildRegion]:
    """Return the regions a step down that have open cases, most first.

    Cases of which no finer place is known come last, under the code of the region itself; [] where there is none finer.
    """
    known = set(visible_children_of(region))
    if not known:
        return []
    lengths = sorted({len(code) for code in known})
    found: defaultdict[str, list[_Standing]] = defaultdict(list)
    for one in standing:
        child = next((one.region_code[:n] for n in lengths if one.region_code[:n] in known), region)
        found[child].append(one)
    rows = [
        ChildRegion(code, len(those), sum(one.clock == "overdue" for one in those), median(one.days for one in those))
        for code, those in found.items()
    ]
    return sorted(rows, key=lambda row: (row.code == region, -row.cases, row.code))


def _reached(session: Session, region: str, since: date, today: date) -> tuple[int, dict[str, int]]:
    """Return how many cases were opened in the period, and how many of them have been in each phase."""
    opened = and_(CaseFile.opened_on.between(since, today), Scope(region).where(CaseFile.region_code))
    total = session.scalar(select(func.count()).select_from(CaseFile).where(opened)) or 0
    query = select(CaseSpan.phase, func.count(CaseSpan.case_id.distinct()))
    found = session.execute(
        query.where(CaseSpan.case_id.in_(select(CaseFile.id).where(opened))).group_by(CaseSpan.phase)
    )
    counted = {phase: cases for phase, cases in found}  # noqa: C416 - rows are no pairs to a type checker
    return total, {phase: counted.get(phase, 0) for phase in PHASES}


def _stage_times(session: Session, region: str, since: date, today: date) -> list[StageTime]:
    grain = (CaseSpan.phase, CaseSpan.days_taken, CaseSpan.days_allowed)
    query = (
        select(*grain, func.count())
        .where(
            CaseSpan.left_on.between(since, today),
            CaseSpan.phase.in_(OPEN_PHASES),
            CaseSpan.days_taken.is_not(None),
            Scope(region).where(CaseSpan.region_code),
        )
        .group_by(*grain)
        .order_by(*grain)
    )
    stays: defaultdict[str, list[tuple[int, int | None, int]]] = defaultdict(list)
    for phase, taken, allowed, cases in session.execute(query):
        stays[phase].append((taken or 0, allowed, cases))
    return [_stage_time(phase, stays[phase]) for phase in OPEN_PHASES if phase in stays]


def _stage_time(phase: str, stays: Sequence[tuple[int, int | None, int]]) -> StageTime:
    total, allowed = sum(cases for *_, cases in stays), Counter[int]()
    for _taken, days, cases in stays:
        if days is not None:
            allowed[days] += cases
    late = sum(cases for taken, days, cases in stays if days is not None and taken > days)
    return StageTime(
        phase,
        total,
        tenth=_quantile(stays, total, 0.1),
        median=_quantile(stays, total, 0.5),
        ninetieth=_quantile(stays, total, 0.9),
        allowed=allowed.most_common(1)[0][0] if allowed else None,
        late=late / allowed.total() if allowed else None,
    )


def _quantile(stays: Sequence[tuple[int, int | None, int]], total: int, share: float) -> int:
    """Return the smallest time that at least `share` of the stays did not exceed; `stays` come sorted by time."""
    passed = 0
    for taken, _allowed, cases in stays:
        passed += cases
        if passed >= share * total:
            return taken
    return stays[-1][0]


def _begun_on(session: Session, region: str) -> date | None:
    """Return the day on which the first case of a region was opened."""
    query = select(CaseFile.opened_on).where(Scope(region).where(CaseFile.region_code))
    return session.scalars(query.order_by(CaseFile.opened_on).limit(1)).one_or_none()


@dataclass(frozen=True)
class Glance:
    """A region's cases in a few numbers; `days` is the median from opening to closing of those closed lately."""

    open_now: dict[str, tuple[int, int]]  # by phase: cases, and how many of them are overdue
    closed: int  # in the last GLANCE_WEEKS weeks
    days: float | None


def case_glance(session: Session, scope: Scope, region: str, today: date) -> Glance | None:
    """Return the open cases by phase and those closed lately; None where there has never been a case.

    Numbers only, so it needs no permission on cases. Raises NotAllowed for a region outside the scope.
    """
    scope.require(region)
    here = Scope(region).where(CaseFile.region_code)
    late = func.sum(cast(and_(CaseFile.suspended_on.is_(None), CaseFile.due_on < today), Integer))
    query = select(CaseFile.phase, func.count(), func.coalesce(late, 0))
    found = session.execute(query.where(here, CaseFile.phase.in_(OPEN_PHASES)).group_by(CaseFile.phase))
    counts = {phase: (cases, overdue) for phase, cases, overdue in found}
    since = today - timedelta(days=WEEK * GLANCE_WEEKS - 1)
    spans = session.execute(
        select(CaseFile.opened_on, CaseFile.closed_on).where(here, CaseFile.closed_on.between(since, today))
    ).all()
    if not counts and not spans and _begun_on(session, region) is None:
        return None
    days = [(closed_on - opened_on).days for opened_on, closed_on in spans if closed_on is not None]
    phases = {phase: counts.get(phase, (0, 0)) for phase in OPEN_PHASES}
    return Glance(phases, len(days), float(median(days)) if days else None)
