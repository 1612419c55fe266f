"""The clock of a case in its stage: how it stands, what is left when it stops, and from when it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Protocol

from dashboard.workdays import after, before, between

if TYPE_CHECKING:
    from datetime import date


class Timed(Protocol):
    """What of a case its clock is made of: the columns of `case_file`."""

    due_on: date | None
    amber_on: date | None
    suspended_on: date | None
    days_left: int | None


@dataclass(frozen=True)
class Clock:
    """How a case stands to its deadline: one of CLOCKS, and the working days left; negative when overdue, or None."""

    code: str
    days_left: int | None


def clock_on(case: Timed, today: date) -> Clock:
    """Return a case's clock as it stands on a day; the day of the deadline itself is still in time."""
    if case.suspended_on is not None:
        return Clock("stopped", case.days_left)
    if case.due_on is None:
        return Clock("none", None)
    left = between(today, case.due_on)
    if today > case.due_on:
        return Clock("overdue", left)
    near = case.amber_on is not None and today >= case.amber_on
    return Clock("near" if near else "running", left)


def stopped(due_on: date, today: date, until_on: date) -> dict[str, date | int | None]:
    """Return the columns of a case whose clock stops today: no deadline runs, and what was left of it is kept.

    Whether the level above was told is asked anew of each stretch: of the pause, and of what comes after it.
    """
    return {
        "suspended_on": today,
        "suspended_until": until_on,
        "days_left": between(today, due_on),
        "due_on": None,
        "amber_on": None,
        "escalated_to": None,
    }


def resumed(days_left: int, days_allowed: int, amber_share: float, today: date) -> dict[str, date | int | None]:
    """Return the columns of a case whose clock goes on today with the working days that were left.

    It is near its deadline when as much of the whole has passed as without the pause, today at the earliest.
    """
    to_amber = days_left - (days_allowed - max(1, floor(days_allowed * amber_share)))
    return {
        "suspended_on": None,
        "suspended_until": None,
        "days_left": None,
        "due_on": after(today, days_left) if days_left >= 0 else before(today, -days_left),
        "amber_on": after(today, to_amber),
        "escalated_to": None,
    }


def days_taken(entered_on: date, on: date, due_on: date | None, days_allowed: int | None) -> int:
    """Return the working days that a stay has taken up to a day, without pauses.

    A deadline moves by as much as the clock stood still, so what is left of it tells what was taken. Where no clock
    runs nothing can be suspended, and the calendar tells.
    """
    if due_on is None or days_allowed is None:
        return between(entered_on, on)
    return days_allowed - between(on, due_on)
