"""How cases move between phases: steps, what comes in and goes out each week, and where the backlog is heading."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from statistics import mean, variance
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from dashboard.access.scope import Scope
from dashboard.models.cases import CaseSpan
from dashboard.vocabulary import OPEN_PHASES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

WEEK = 7
BASE_WEEKS = 12  # weeks of in- and outflow that a forecast stands on
AHEAD_WEEKS = 8
FEW = 30  # moves in those weeks below which their rates say nothing
EIGHTY = 1.2816  # standard deviations on either side of a normal variable's mean that hold 80 % of it


@dataclass(frozen=True)
class DayMoves:
    """How many cases went from one phase ('' for none before) to another on one day."""

    on: date
    before: str
    after: str
    cases: int


@dataclass(frozen=True)
class FlowWeek:
    """Seven days that end on `ends_on`; `backlog` is how many cases were open in the evening of that day."""

    ends_on: date
    opened: int  # new cases, and reopened ones
    closed: int  # closed, archived or taken in by another
    returned: int  # sent back to an earlier phase
    backlog: int


@dataclass(frozen=True)
class ForecastWeek:
    """The backlog to be expected in the evening of `ends_on`, and the span that holds it in four of five cases."""

    ends_on: date
    expected: float
    lower: float
    upper: float


def daily_moves(session: Session, region: str, first: date, last: date) -> list[DayMoves]:
    """Return the steps of cases that happened in `region`, by day, from `first` to `last`.

    Whoever calls has made sure that the viewer may look at `region`.
    """
    grain = (CaseSpan.entered_on, CaseSpan.from_phase, CaseSpan.phase)
    query = (
        select(*grain, func.count())
        .where(CaseSpan.entered_on.between(first, last), Scope(region).where(CaseSpan.region_code))
        .group_by(*grain)
        .order_by(*grain)
    )
    return [DayMoves(*row) for row in session.execute(query)]


def flows(moves: Sequence[DayMoves], since: date) -> list[tuple[str, str, int]]:
    """Return (before, after, cases) of the moves since a day, sorted; before is '' for a new case."""
    counted: Counter[tuple[str, str]] = Counter()
    for move in moves:
        if move.on >= since:
            counted[move.before, move.after] += move.cases
    return [(before, after, cases) for (before, after), cases in sorted(counted.items())]


def weekly_flow(moves: Sequence[DayMoves], open_now: int, today: date, weeks: int) -> list[FlowWeek]:
    """Return the last `weeks` times seven days up to `today`, oldest first.

    The backlog is reckoned backwards from what is open now, so that it agrees with every other panel.
    """
    counts: list[Counter[str]] = [Counter() for _ in range(weeks)]
    for move in moves:
        back = (today - move.on).days // WEEK
        if 0 <= back < weeks:
            counts[back][_kind(move)] += move.cases
    backlog, found = open_now, []
    for back, count in enumerate(counts):
        ends_on = today - timedelta(days=WEEK * back)
        found.append(FlowWeek(ends_on, count["opened"], count["closed"], count["returned"], backlog))
        backlog += count["closed"] - count["opened"]
    return found[::-1]


def _kind(move: DayMoves) -> str:
    before, after = move.before in OPEN_PHASES, move.after in OPEN_PHASES
    if not before:
        return "opened" if after else "apart"
    if not after:
        return "closed"
    return "returned" if OPEN_PHASES.index(move.after) < OPEN_PHASES.index(move.before) else "onwards"


def backlog_forecast(weeks: Sequence[FlowWeek], begun_on: date | None) -> list[ForecastWeek]:
    """Return the backlog of the next AHEAD_WEEKS weeks; empty where there is too little data to say.

    What comes in and what goes out each week are taken as two independent Poisson counts with the rates a and d of the
    last BASE_WEEKS weeks. Their difference over h weeks is then Skellam distributed (J. G. Skellam, Journal of the
    Royal Statistical Society 109, 1946, p. 296): mean h (a - d), variance h (a + d). To it comes the error of rates
    that were estimated from n weeks, h² (a + d) / n, and both are multiplied by the dispersion of the weekly
    differences where that is above 1 (quasi-likelihood, R. W. M. Wedderburn, Biometrika 61, 1974). The span is the
    normal approximation at 80 %, never below 0. Holidays, campaigns and new staff are unknown to it.

    Too little data: fewer than BASE_WEEKS weeks since the first case (`begun_on`), or fewer than FEW moves in them.
    """
    base = weeks[-BASE_WEEKS:]
    moved = sum(week.opened + week.closed for week in base)
    if begun_on is None or len(base) < BASE_WEEKS or moved < FEW:
        return []
    last = base[-1]
    if begun_on > last.ends_on - timedelta(days=WEEK * BASE_WEEKS - 1):
        return []
    nets = [week.opened - week.closed for week in base]
    drift, turnover = mean(nets), moved / len(base)
    dispersion = max(1.0, variance(nets) / turnover)
    found = []
    for ahead in range(1, AHEAD_WEEKS + 1):
        expected = last.backlog + ahead * drift
        spread = EIGHTY * sqrt(dispersion * turnover * (ahead + ahead**2 / len(base)))
        span = (max(0.0, value) for value in (expected, expected - spread, expected + spread))
        found.append(ForecastWeek(last.ends_on + timedelta(days=WEEK * ahead), *span))
    return found
