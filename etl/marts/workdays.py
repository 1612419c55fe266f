"""Chinese working days: by when a warning wants an answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import chinese_calendar
import ibis
from chinese_calendar import constants

from etl.index.grade import RANK

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.rules import WorkingDays

SATURDAY = 5
KNOWN_YEARS = frozenset(day.year for day in constants.holidays)
"""The years whose holidays are known: the State Council fixes those of a year at the end of the year before."""


def is_workday(day: date) -> bool:
    """Tell whether people work on `day`: by the official calendar in `KNOWN_YEARS`, Monday to Friday in any other."""
    return bool(chinese_calendar.is_workday(day)) if day.year in KNOWN_YEARS else day.weekday() < SATURDAY


def after(day: date, working_days: int) -> date:
    """Return the last of so many working days after `day`; the day itself does not count."""
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= is_workday(day)
    return day


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
