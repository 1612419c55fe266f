"""The one source of time: aware instants, and dates in the jurisdiction's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Moment:
    """One instant, and the date that people see on the wall at it: what an action that counts days is given."""

    at: datetime
    on: date


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today(timezone: str) -> date:
    """Return the calendar date that people in `timezone` (an IANA name) see on the wall."""
    return now().astimezone(ZoneInfo(timezone)).date()


def moment(timezone: str) -> Moment:
    """Return the present instant with its date in `timezone` (an IANA name)."""
    at = now()
    return Moment(at, at.astimezone(ZoneInfo(timezone)).date())


def local(instant: datetime, timezone: str) -> datetime:
    """Return `instant` as shown on clocks in `timezone`; raise ValueError for a naive instant."""
    if instant.tzinfo is None:
        message = "a naive instant has no place on a clock"
        raise ValueError(message)
    return instant.astimezone(ZoneInfo(timezone))


def end_of_day(day: date, timezone: str) -> datetime:
    """Return the instant at which `day` is over in `timezone`: what is dated so cannot be newer."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone))
