"""Reference rates of the demo: every month, in small steps, at levels that a reader believes."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from dashboard.vocabulary import RATES
from etl.demo.rates import LEVELS, table
from etl.demo.seasons import RUN_UP_DAYS
from etl.demo.streams import Streams

AS_OF = date(2026, 9, 30)


@pytest.mark.parametrize("seed", [1, 7])
def test_each_rate_moves_in_small_steps_within_its_levels_from_before_the_first_signal(seed: int) -> None:
    rows = table(Streams(seed), months=14, as_of=AS_OF).to_pylist()
    assert list(dict.fromkeys(row["rate"] for row in rows)) == list(RATES)
    for name, (low, high, step) in LEVELS.items():
        own = [row for row in rows if row["rate"] == name]
        days = [date.fromisoformat(row["effective_on"]) for row in own]
        assert days == sorted(set(days))
        assert (AS_OF - days[0]).days > 14 * 30 + RUN_UP_DAYS
        assert days[-1] == AS_OF.replace(day=1)
        told = [float(row["pct"]) for row in own]
        assert low <= min(told) < max(told) <= high
        assert all(abs(later - earlier) < step * 1.01 for earlier, later in pairwise(told))
        assert all(row["reported_on"] == row["effective_on"] for row in own)
