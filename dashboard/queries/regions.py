"""Regions as one generation has them: the present state of a level, and the weekly series of one region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Select, case, func, select

from dashboard.access.scope import Scope
from dashboard.models.reporting import RegionWeek

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


WARNING_WEEKS = 4  # "recent warnings" are those of this many weeks, the present one included
PER = 10_000  # warnings are counted per this many enterprises


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
    def warning_rate(self) -> float:
        """Recent warnings per 10 000 enterprises in operation; 0 where there is no enterprise."""
        return PER * self.warnings / self.enterprises if self.enterprises else 0.0


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


def regions_now(session: Session, scope: Scope, generation: int, parent: str, level: str) -> list[RegionNow]:
    """Return the regions of `level` inside `parent`, by code; raise NotAllowed for a parent outside the scope."""
    scope.require(parent)
    newest = newest_week(session, generation)
    if newest is None:
        return []
    return [
        RegionNow(
            code=row.region_code,
            enterprises=row.enterprises,
            mean_index=row.mean_index,
            smoothed_index=row.smoothed_index,
            previous_smoothed_index=row.previous,
            red=row.red,
            orange=row.orange,
            yellow=row.yellow,
            warnings=row.warnings,
        )
        for row in session.execute(_regions_statement(generation, parent, level, newest))
        if row.enterprises is not None
    ]


def _regions_statement(generation: int, parent: str, level: str, newest: date) -> Select[tuple[object, ...]]:
    def in_newest(column: object) -> object:
        return func.max(case((RegionWeek.week_on == newest, column)))

    since = newest - timedelta(weeks=WARNING_WEEKS - 1)
    week_before = newest - timedelta(weeks=1)
    raised = RegionWeek.new_red + RegionWeek.new_orange + RegionWeek.new_yellow
    return (
        select(
            RegionWeek.region_code,
            *(
                in_newest(getattr(RegionWeek, name)).label(name)
                for name in ("enterprises", "mean_index", "smoothed_index", "red", "orange", "yellow")
            ),
            func.max(case((RegionWeek.week_on == week_before, RegionWeek.smoothed_index))).label("previous"),
            func.sum(raised).label("warnings"),
        )
        .where(
            RegionWeek.generation == generation,
            RegionWeek.level == level,
            RegionWeek.week_on >= since,
            Scope(parent).where(RegionWeek.region_code),
        )
        .group_by(RegionWeek.region_code)
        .order_by(RegionWeek.region_code)
    )


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
