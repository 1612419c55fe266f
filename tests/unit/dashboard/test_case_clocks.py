"""A case's clock across holidays, leap days and pauses: what was left when it stopped is left when it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.clock import Moment, local
from dashboard.workdays import after, before, between, is_workday, share_passed
from dashboard.workflow.clocks import clock_on, days_taken, resumed, stopped

days = st.dates(date(2019, 1, 1), date(2027, 12, 31))


@dataclass
class Case:
    """The columns of a case that its clock is made of."""

    due_on: date | None = date(2026, 11, 27)
    amber_on: date | None = date(2026, 11, 25)
    suspended_on: date | None = None
    days_left: int | None = None


@pytest.mark.parametrize(
    ("today", "code", "left"),
    [
        (date(2026, 11, 24), "running", 3),
        (date(2026, 11, 25), "near", 2),
        (date(2026, 11, 27), "near", 0),  # the day itself is in time
        (date(2026, 11, 28), "overdue", 0),  # a Saturday: late, though no working day has passed
        (date(2026, 12, 1), "overdue", -2),
    ],
)
def test_a_clock_is_near_then_overdue(today: date, code: str, left: int) -> None:
    clock = clock_on(Case(), today)
    assert (clock.code, clock.days_left) == (code, left)


def test_a_clock_that_stands_still_or_is_none() -> None:
    still = clock_on(Case(due_on=None, suspended_on=date(2026, 11, 2), days_left=4), date(2027, 5, 1))
    assert (still.code, still.days_left) == ("stopped", 4)
    none = clock_on(Case(due_on=None), date(2026, 11, 24))
    assert (none.code, none.days_left) == ("none", None)


@pytest.mark.parametrize(
    ("entered", "allowed", "due"),
    [
        (date(2026, 9, 29), 4, date(2026, 10, 10)),  # the National Day holiday, and a Saturday that people work on
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a working Saturday before the Spring Festival
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2024, 2, 28), 2, date(2024, 3, 1)),
        (date(2025, 2, 28), 1, date(2025, 3, 3)),
    ],
)
def test_deadlines_across_holidays_and_leap_days(entered: date, allowed: int, due: date) -> None:
    assert after(entered, allowed) == due
    assert days_taken(entered, due, due, allowed) == allowed


def test_a_day_ends_at_midnight_where_people_are() -> None:
    late = datetime(2026, 11, 26, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    for instant, on in ((late, date(2026, 11, 26)), (late + timedelta(minutes=1), date(2026, 11, 27))):
        when = Moment(instant, local(instant, "Asia/Shanghai").date())
        assert when.on == on
        assert clock_on(Case(), when.on).days_left == (date(2026, 11, 27) - on).days


@given(days, st.integers(1, 60), st.integers(0, 120), st.integers(0, 200))
def test_a_pause_costs_nothing(entered: date, allowed: int, worked: int, paused: int) -> None:
    due, amber = after(entered, allowed), share_passed(entered, allowed, 0.7)
    stop = entered + timedelta(days=worked)
    held = stopped(due, stop, stop + timedelta(days=paused))
    left = held["days_left"]
    assert isinstance(left, int)
    assert held["due_on"] is held["amber_on"] is None
    go = stop + timedelta(days=paused)
    again = resumed(left, allowed, 0.7, go)
    due_now, amber_now = again["due_on"], again["amber_on"]
    assert isinstance(due_now, date)
    assert isinstance(amber_now, date)
    assert between(go, due_now) == left
    assert days_taken(entered, go, due_now, allowed) == between(entered, stop)
    assert amber_now >= go
    assert (again["suspended_on"], again["suspended_until"], again["days_left"]) == (None, None, None)
    if not paused and is_workday(stop) and stop <= amber:
        assert (due_now, amber_now) == (due, amber)


@given(days, st.integers(0, 80))
def test_before_is_the_inverse_of_after(day: date, count: int) -> None:
    first = before(day, count)
    assert between(first, day) == count
    assert not count or is_workday(first + timedelta(days=1))


def test_where_no_clock_runs_the_calendar_tells_what_was_taken() -> None:
    assert days_taken(date(2026, 11, 20), date(2026, 11, 24), None, None) == 2
