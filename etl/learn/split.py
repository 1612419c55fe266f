"""The split in time: trained on the oldest days, calibrated on later ones, tested on the newest whose end is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etl.index.model import Learning


@dataclass(frozen=True)
class Split:
    """Days on which the past is looked at, all of them ends of weeks (Sundays).

    The horizon after each day of one part ends before the first day of the next, so no outcome that an earlier part
    learned from lies where a later part's factors are still to come.
    """

    train: tuple[date, ...]
    calibrate: date
    test: date

    def ends(self, learning: Learning) -> tuple[date, date, date]:
        """Return until when outcomes were used by each part."""
        horizon = timedelta(days=learning.horizon_days)
        return self.train[0] + horizon, self.calibrate + horizon, self.test + horizon


def split_before(as_of: date, learning: Learning) -> Split:
    """Return the split whose test horizon is the last to have ended, and settled, by `as_of`; training newest first.

    Without time to settle, most cases of the horizon would still be open, and only the quickly closed ones counted.
    """
    horizon = timedelta(days=learning.horizon_days)
    test = _week_end(as_of - timedelta(days=learning.settle_days) - horizon)
    calibrate = _week_end(test - horizon)
    newest = _week_end(calibrate - horizon)
    train = tuple(_week_end(newest - timedelta(days=learning.every_days * step)) for step in range(learning.snapshots))
    return Split(train, calibrate, test)


def _week_end(day: date) -> date:
    """Return the last Sunday up to a day."""
    return day - timedelta(days=day.isoweekday() % 7)
