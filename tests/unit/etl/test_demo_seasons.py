"""Days: seasons, weekends, delays."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from dashboard.vocabulary import SIGNAL_SOURCES
from etl.demo.seasons import DELAYS, Season, day_number, months_before, reported, spring_festival
from etl.demo.streams import Streams

ORIGINS = tuple(DELAYS)


@pytest.mark.parametrize(
    "festival",
    [date(2020, 1, 25), date(2021, 2, 12), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17)],
)
def test_spring_festival_falls_within_a_day_of_the_almanac(festival: date) -> None:
    assert abs(spring_festival(festival.year) - day_number(festival)) <= 1


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 2, 29), 48, date(2020, 2, 29)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 14, date(2025, 10, 31)),
    ],
)
def test_months_are_counted_back_as_people_do(day: date, months: int, earlier: date) -> None:
    assert months_before(day, months) == earlier


def test_a_year_has_its_lull_its_campaign_and_its_weekends() -> None:
    first, last = day_number(date(2025, 1, 1)), day_number(date(2025, 12, 31))
    weights = np.diff(Season.over(first, last).steps, prepend=0.0)
    days = [date(2025, 1, 1) + timedelta(place) for place in range(365)]
    by_month = {
        month: np.mean([w for w, day in zip(weights, days, strict=True) if day.month == month]) for month in (2, 5, 6)
    }
    assert by_month[6] > 1.2 * by_month[5] > by_month[2]
    weekend = np.array([day.weekday() > 4 for day in days])
    assert weights[weekend].mean() < 0.8 * weights[~weekend].mean()
    assert days[int(weights.argmin())] - date(2025, 1, 29) < timedelta(12)


def test_events_fall_inside_the_window_and_after_the_founding() -> None:
    season = Season.over(1000, 1099)
    share = np.linspace(0, 1, 5000, endpoint=False)
    earliest = np.tile([0, 1000, 1050, 1099, 2000], 1000)
    days = season.days(share, earliest)
    assert days.min() >= 1000
    assert days.max() <= 1099
    assert np.all(days >= np.minimum(earliest, 1099))


def test_nothing_is_reported_before_it_happens_and_offices_rest_at_weekends() -> None:
    rows = np.arange(22_000)
    origin = rows % len(ORIGINS)
    occurred = 20_000 + rows % 365
    day = reported(Streams(4), rows, origin, occurred)
    assert np.all(day >= occurred)
    weekend = (day + 3) % 7 > 4
    assert not weekend[origin == ORIGINS.index("court")].any()
    assert weekend[origin == ORIGINS.index("web_monitoring")].any()
    delay = day - occurred
    assert (
        np.median(delay[origin == ORIGINS.index("court")])
        > 20
        > np.median(delay[origin == ORIGINS.index("hotline_110")])
    )


def test_every_origin_of_the_vocabulary_has_a_delay() -> None:
    assert set(ORIGINS) == set(SIGNAL_SOURCES)
