"""Chinese working days: by when something wants an answer, and how long something took."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from math import floor

import chinese_calendar
from chinese_calendar import constants

SATURDAY = 5
KNOWN_YEARS = frozenset(day.year for day in constants.holidays)
"""The years whose holidays are known: the State Council fixes those of a year at the end of the year before."""


@cache
def is_workday(day: date) -> bool:
    """Tell whether people work on `day`: by the official calendar in `KNOWN_YEARS`, Monday to Friday in any other."""
    return bool(chinese_calendar.is_workday(day)) if day.year in KNOWN_YEARS else day.weekday() < SATURDAY


def after(day: date, working_days: int) -> date:
    """Return the last of so many working days after `day`; the day itself does not count."""
    left = working_days
    while left > 0:
        day += timedelta(days=1)
        left -= is_workday(day)
    return day


def between(first: date, last: date) -> int:
    """Return how many working days lie after `first` up to `last`; negative where `last` comes before `first`.

    The inverse of `after`: between(day, after(day, n)) == n.
    """
    if last < first:
        return -between(last, first)
    return sum(is_workday(first + timedelta(days=number)) for number in range(1, (last - first).days + 1))


def share_passed(day: date, working_days: int, share: float) -> date:
    """Return the first day on which `share` (0-1) of the working days after `day` has passed."""
    return after(day, max(1, floor(working_days * share)))


def before(day: date, working_days: int) -> date:
    """Return the last day after which so many working days lie up to `day`.

    For what is overdue: between(before(day, n), day) == n.
    """
    left = working_days
    while left > 0:
        left -= is_workday(day)
        day -= timedelta(days=1)
    return day
