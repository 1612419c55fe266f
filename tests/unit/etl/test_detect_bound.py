"""The bound on weekly warnings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from etl.detect.bound import BASELINE_COUNT, BASELINE_WEEKS, GUARD_WEEKS, Z, bound, bounds


def test_a_constant_series_expects_itself() -> None:
    found = bound(np.tile([15.0, 17.0], 15), GUARD_WEEKS)
    assert found is not None
    expected, upper = found
    assert expected == pytest.approx(16, abs=0.3)
    # Hardly any scatter: dispersion 1, and the variance of the extrapolated mean is that of a Poisson trend.
    weeks = np.arange(30)
    leverage = 1 / 30 + (30 + GUARD_WEEKS - weeks.mean()) ** 2 / ((weeks - weeks.mean()) ** 2).sum()
    deviation = np.sqrt(16 + 16 * leverage)
    assert upper == pytest.approx(16 * (1 + 2 / 3 * Z * deviation / 16) ** 1.5, rel=0.03)


def test_a_growing_series_expects_growth() -> None:
    found = bound(np.exp(np.linspace(2, 3, 40)).round(), GUARD_WEEKS)
    assert found is not None
    assert found[0] == pytest.approx(np.exp(3 + 3 / 39), rel=0.02)


def test_scatter_widens_the_bound() -> None:
    calm, wild = np.tile([9.0, 11.0], 20), np.tile([2.0, 18.0], 20)
    narrow, wide = bound(calm, GUARD_WEEKS), bound(wild, GUARD_WEEKS)
    assert narrow is not None
    assert wide is not None
    assert wide[1] > narrow[1] * 1.3


def test_too_little_data_has_no_bound() -> None:
    assert bound(np.full(BASELINE_WEEKS - 1, 50.0), GUARD_WEEKS) is None
    assert bound(np.zeros(60), GUARD_WEEKS) is None
    few = np.zeros(60)
    few[5] = BASELINE_COUNT - 1
    assert bound(few, GUARD_WEEKS) is None


def test_the_newest_weeks_do_not_raise_their_own_bound() -> None:
    counts = [0.0, *[9.0, 11.0] * 20]
    calm = pd.DataFrame({"region_code": "0", "week": range(41), "count": counts})
    outbreak = calm.assign(count=[*counts[:-3], 90.0, 90.0, 90.0])
    last = bounds(calm)[-1]
    assert last["week"] == 40
    assert bounds(outbreak)[-1] == last


def test_weeks_are_bounded_once_enough_lie_before_them() -> None:
    many = pd.DataFrame({"region_code": "0", "week": range(40), "count": [9.0, 11.0] * 20})
    few = pd.DataFrame({"region_code": "33", "week": range(40), "count": 1.0})
    found = bounds(pd.concat([few, many]))
    assert {row["region_code"] for row in found} == {"0"}
    assert [row["week"] for row in found] == list(range(1 + BASELINE_WEEKS + GUARD_WEEKS, 40))
