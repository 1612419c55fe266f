"""The weeks that one run evaluates: Monday to Sunday, the last one cut at the as-of date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class Weeks:
    """`count` weeks, the last of them the week of `as_of`; week 0 is the oldest."""

    as_of: date
    count: int

    @property
    def first(self) -> date:
        """The Monday of week 0."""
        return self.monday(0)

    def monday(self, week: int) -> date:
        """Return the Monday of a week."""
        newest = self.as_of - timedelta(days=self.as_of.weekday())
        return newest - timedelta(weeks=self.count - 1 - week)

    def end(self, week: int) -> date:
        """Return the date at which a week is evaluated: its Sunday, or the as-of date in the last week."""
        return min(self.monday(week) + timedelta(days=6), self.as_of)

    def of(self, day: ir.Value) -> ir.Value:
        """Return the week of a date column; what is older than the first week falls into week 0."""
        days = day.delta(self.first, unit="day")
        return ibis.greatest((days / 7).floor().cast("int64"), 0)

    def table(self) -> ir.Table:
        """Return `week` (0 …), `week_on` (Monday) and `end_on` (when it is evaluated)."""
        rows = [{"week": week, "week_on": self.monday(week), "end_on": self.end(week)} for week in range(self.count)]
        return ibis.memtable(rows, schema={"week": "int64", "week_on": "date", "end_on": "date"})
