"""When things happen and when they become known: seasons, weekends and the delay of reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from etl.demo.streams import Floats, Ints, Streams, pick

_EPOCH = date(1970, 1, 1)
_SYNODIC_MONTH = 29.530588853
_NEW_MOON = (date(2000, 1, 6) - _EPOCH).days + (18 + 14 / 60 + 8) / 24
"""Days since 1970 of a new moon, Beijing time (Meeus, Astronomical Algorithms, chapter 49: 2000-01-06 18:14 UT)."""

RUN_UP_DAYS = 270
"""Signals begin this long before the window, so that what decays slowly is in balance when the window begins."""

DELAYS = {
    "hotline_12345": (2.0, 0.8),
    "hotline_110": (1.0, 0.7),
    "petition_office": (12.0, 0.8),
    "market_regulator": (24.0, 0.7),
    "court": (50.0, 0.6),
    "web_monitoring": (1.0, 1.0),
    "app_monitoring": (2.0, 0.7),
    "field_inspection": (6.0, 0.7),
    "bank_report": (8.0, 0.6),
    "citizen_tip": (5.0, 0.9),
    "other": (18.0, 0.6),
}
"""Median days from event to report and the spread of their logarithm, by origin."""

_OFFICE_HOURS = np.array(
    [
        origin in {"petition_office", "market_regulator", "court", "field_inspection", "bank_report", "other"}
        for origin in DELAYS
    ]
)
_MEDIAN, _SPREAD = (np.array(column) for column in zip(*DELAYS.values(), strict=True))


def day_number(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - _EPOCH).days


def months_before(day: date, months: int) -> date:
    """Return the same day of the month that many months earlier, or the month's last day where there is none."""
    month = day.year * 12 + day.month - 1 - months
    first = date(month // 12, month % 12 + 1, 1)
    following = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


def spring_festival(year: int) -> int:
    """Return the day number of the first new moon after 20 January, within a day of the true lunar new year."""
    january = (date(year, 1, 21) - _EPOCH).days
    return int(np.ceil((january - _NEW_MOON) / _SYNODIC_MONTH) * _SYNODIC_MONTH + _NEW_MOON)


@dataclass(frozen=True)
class Season:
    """How likely an ordinary event is on each day of a window."""

    first: int  # day number
    steps: Floats  # cumulative weight at the end of each day

    @classmethod
    def over(cls, first: int, last: int) -> Season:
        """Weigh each day from first to last: weekday, Spring Festival's lull, June's campaign, the year's end."""
        days = np.arange(first, last + 1)
        dates = days.astype("datetime64[D]")
        month = dates.astype("datetime64[M]").astype(int) % 12 + 1
        weight = np.where((days + 3) % 7 >= 5, 0.72, 1.11)  # noqa: PLR2004 - 1970-01-01 was a Thursday; 5 and 6 are the weekend
        weight = weight * np.where(month == 6, 1.35, 1.0) * np.where(month == 12, 1.2, 1.0)  # noqa: PLR2004 - months
        for year in range(_year(first), _year(last) + 1):
            weight = weight * (1.0 - 0.7 * np.exp(-(((days - spring_festival(year) - 3) / 6.0) ** 2)))
        return cls(first, np.cumsum(weight))

    def days(self, share: Floats, earliest: Ints) -> Ints:
        """Return a day for each share (0-1), by weight, among the days from `earliest` on."""
        skipped = np.clip(earliest - self.first, 0, len(self.steps) - 1)
        before = np.where(skipped > 0, self.steps[skipped - 1], 0.0) / self.steps[-1]
        return self.first + pick(self.steps, before + share * (1.0 - before))


def _year(day: int) -> int:
    """Return the year of a day number."""
    return int(np.datetime64(day, "D").astype("datetime64[Y]").astype(int)) + 1970


def reported(streams: Streams, rows: Ints, origin: Ints, occurred: Ints) -> Ints:
    """Return the day number of each report: log-normal delay, and offices file nothing at weekends."""
    delay = _MEDIAN[origin] * np.exp(_SPREAD[origin] * streams.normal("delay", rows)) - 0.5
    day = occurred + np.maximum(delay, 0.0).astype(np.int64)
    weekday = (day + 3) % 7
    return day + np.where(_OFFICE_HOURS[origin] & (weekday > 4), 7 - weekday, 0)  # noqa: PLR2004 - Friday
