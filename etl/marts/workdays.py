"""By when a warning wants an answer: the days of `dashboard.workdays` as a table of the run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import ibis

from dashboard.workdays import after
from etl.index.grade import RANK

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir

    from etl.index.rules import WorkingDays


def due_dates(first: date, last: date, allowed: WorkingDays) -> ir.Table:
    """Return `grade`, `raised_on` and `due_on` for every day from `first` to `last` and every grade warned of."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    rows = [
        {"grade": grade, "raised_on": day, "due_on": after(day, getattr(allowed, grade))}
        for grade in RANK
        if RANK[grade]
        for day in days
    ]
    return ibis.memtable(rows, schema={"grade": "string", "raised_on": "date", "due_on": "date"})
