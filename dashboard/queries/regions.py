"""Regions as one generation has them: the present state of a level, and the weekly series of one region."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, case, func, select

from dashboard.access.scope import Scope
from dashboard.models.reporting import RegionWeek
from geo.views import divisions_in, view_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Row
    from sqlalchemy.orm import InstrumentedAttribute, Session

    Found = Row[str, int, float, float, float | None, int, int, int, int]
    Wanted = Select[str, int, float, float, float | None, int, int, int, int]


WARNING_WEEKS = 4  # "recent warnings" are those of this many weeks, the present one included
PER = 10_000  # warnings are counted per this many enterprises
ENOUGH = 40  # enterprises from which a region speaks for itself; below, its mean is smoothed and it has no rate
MOST_CODES = 500  # codes named one by one in a statement; beyond, the whole level is read


@dataclass(frozen=True)
class RegionNow:
    """One region in the newest week. Indexes 0-100; counts of enterprises; warnings of the last four weeks."""

    code: str
    enterprises: int
    mean_index: float
    smoothed_index: float
    previous_smoothed_index: float | None
    red: int
    orange: int
    yellow: int
    warnings: int

    @property
    def high(self) -> int:
        """Enterprises graded red or orange."""
        return self.red + self.orange

    @property
    def is_small(self) -> bool:
        """Whether there are too few enterprises for a rate or a place in an order to mean anything."""
        return self.enterprises < ENOUGH

    @property
    def warning_rate(self) -> float | None:
        """Recent warnings per 10 000 enterprises in operation; None where there are too few of them."""
        return None if self.is_small else PER * self.warnings / self.enterprises


@dataclass(frozen=True)
class RegionPast:
    """One region in one week: counts by grade at its end, warnings in it, and the bound for them."""

    week_on: date
    enterprises: int
    mean_index: float
    red: int
    orange: int
    yellow: int
    warnings: int
    new_red: int
    expected: float | None
    upper: float | None


def newest_week(session: Session, generation: int) -> date | None:
    """Return the Monday of the newest week of a generation, or None when it has no region."""
    return session.scalar(select(func.max(RegionWeek.week_on)).where(RegionWeek.generation == generation))


def regions_now(session: Session, scope: Scope, generation: int, region: str, grain: str) -> list[RegionNow]:
    """Return the areas that a map of `region` shows (see geo.views.view_of), by code.

    A county without ground of its own (a development zone) is counted in the area that it is drawn on. Raises
    NotAllowed for a region outside the scope, LookupError for one of which no map is known.
    """
    scope.require(region)
    newest = newest_week(session, generation)
    if newest is None:
        return []
    area_of = divisions_in(view_of(region, grain))
    found = session.execute(_regions_statement(generation, newest, view_of(region, grain).level, list(area_of)))
    inside = [_area(row) for row in found if row.region_code in area_of and scope.covers(row.region_code)]
    carried: dict[str, list[RegionNow]] = {}
    for row in inside:
        carried.setdefault(area_of[row.code], []).append(row)
    return [_joined(code, rows) for code, rows in sorted(carried.items())]


def _area(row: Found) -> RegionNow:
    code, enterprises, mean, smoothed, before, red, orange, yellow, warnings = row
    return RegionNow(code, enterprises, mean, smoothed, before, red, orange, yellow, int(warnings))


def _joined(code: str, rows: list[RegionNow]) -> RegionNow:
    """Return several divisions as one area: counts add up, means are weighted by enterprises."""
    if len(rows) == 1:
        return replace(rows[0], code=code)
    total = sum(row.enterprises for row in rows)
    before = [row.previous_smoothed_index for row in rows]

    def weighted(values: Sequence[float | None]) -> float:
        return sum((value or 0.0) * row.enterprises for value, row in zip(values, rows, strict=True)) / (total or 1)

    return RegionNow(
        code=code,
        enterprises=total,
        mean_index=weighted([row.mean_index for row in rows]),
        smoothed_index=weighted([row.smoothed_index for row in rows]),
        previous_smoothed_index=None if None in before else weighted(before),
        red=sum(row.red for row in rows),
        orange=sum(row.orange for row in rows),
        yellow=sum(row.yellow for row in rows),
        warnings=sum(row.warnings for row in rows),
    )


def towns_now(session: Session, scope: Scope, generation: int, county: str) -> list[RegionNow]:
    """Return the towns of a county that have enterprises, by code; raise NotAllowed for one outside the scope."""
    scope.require(county)
    newest = newest_week(session, generation)
    if newest is None:
        return []
    found = session.execute(
        _regions_statement(generation, newest, "town", None).where(Scope(county).where(RegionWeek.region_code))
    )
    return [_area(row) for row in found]


def _regions_statement(generation: int, newest: date, level: str, codes: list[str] | None) -> Wanted:
    """Select the columns of RegionNow; `codes` narrows to those regions where the level alone would be far too much."""
    since = newest - timedelta(weeks=WARNING_WEEKS - 1)
    week_before = newest - timedelta(weeks=1)

    def at(week: date, column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
        return func.max(case((RegionWeek.week_on == week, column)))

    raised = RegionWeek.new_red + RegionWeek.new_orange + RegionWeek.new_yellow
    statement = (
        select(
            RegionWeek.region_code,
            at(newest, RegionWeek.enterprises),
            at(newest, RegionWeek.mean_index),
            at(newest, RegionWeek.smoothed_index),
            at(week_before, RegionWeek.smoothed_index),
            at(newest, RegionWeek.red),
            at(newest, RegionWeek.orange),
            at(newest, RegionWeek.yellow),
            func.sum(raised),
        )
        .where(RegionWeek.generation == generation, RegionWeek.week_on >= since)
        .group_by(RegionWeek.region_code)
        .having(at(newest, RegionWeek.enterprises).is_not(None))
        .order_by(RegionWeek.region_code)
    )
    if codes is not None and len(codes) <= MOST_CODES:
        return statement.where(RegionWeek.region_code.in_(codes))
    return statement.where(RegionWeek.level == level)


def region_series(session: Session, scope: Scope, generation: int, region: str) -> list[RegionPast]:
    """Return the weeks of one region, oldest first; raise NotAllowed for a region outside the scope."""
    scope.require(region)
    rows = session.scalars(
        select(RegionWeek)
        .where(RegionWeek.generation == generation, RegionWeek.region_code == region)
        .order_by(RegionWeek.week_on)
    )
    return [
        RegionPast(
            week_on=row.week_on,
            enterprises=row.enterprises,
            mean_index=row.mean_index,
            red=row.red,
            orange=row.orange,
            yellow=row.yellow,
            warnings=row.new_red + row.new_orange + row.new_yellow,
            new_red=row.new_red,
            expected=row.expected,
            upper=row.upper,
        )
        for row in rows
    ]
