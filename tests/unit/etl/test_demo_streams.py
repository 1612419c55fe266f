"""Random numbers by address."""

from __future__ import annotations

import numpy as np
import pytest

from etl.demo.streams import Streams, spread_out

ROWS = np.arange(20_000)


def test_a_draw_depends_on_seed_stream_and_row_alone() -> None:
    whole = Streams(7).uniform("a", ROWS)
    assert np.array_equal(Streams(7).uniform("a", ROWS[500:700][::-1]), whole[500:700][::-1])
    assert not np.array_equal(Streams(8).uniform("a", ROWS), whole)
    assert not np.array_equal(Streams(7).uniform("b", ROWS), whole)


def test_uniform_numbers_fill_the_interval_evenly() -> None:
    drawn = Streams(1).uniform("even", ROWS)
    counts = np.histogram(drawn, bins=20, range=(0, 1))[0]
    assert counts.sum() == len(ROWS)
    # Chi-squared with 19 degrees of freedom: 43.8 is passed once in a thousand seeds, and the seed is fixed.
    assert float(((counts - 1000) ** 2 / 1000).sum()) < 43.8


def test_normal_numbers_have_mean_nought_and_spread_one() -> None:
    drawn = Streams(1).normal("bell", ROWS)
    assert abs(drawn.mean()) < 0.03
    assert drawn.std() == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("rate", [0.05, 2.0, 20.0, 200.0])
def test_poisson_counts_have_the_rate_as_mean_and_variance(rate: float) -> None:
    counts = Streams(3).poisson("count", ROWS, np.full(len(ROWS), rate))
    assert counts.min() >= 0
    assert counts.mean() == pytest.approx(rate, rel=0.06)
    assert counts.var() == pytest.approx(rate, rel=0.08)


def test_a_rate_of_nothing_counts_nothing() -> None:
    assert Streams(3).poisson("count", ROWS[:9], np.zeros(9)).tolist() == [0] * 9


def test_choices_follow_their_weights_line_by_line() -> None:
    table = np.array([[1.0, 0.0, 3.0], [0.0, 5.0, 0.0]])
    line = ROWS % 2
    drawn = Streams(2).choice_by("choice", ROWS, table, line)
    assert set(drawn[line == 1].tolist()) == {1}
    assert set(drawn[line == 0].tolist()) == {0, 2}
    assert (drawn[line == 0] == 2).mean() == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize("count", [1, 2, 10, 97, 1000, 65_536])
def test_spreading_out_is_a_permutation(count: int) -> None:
    assert sorted(spread_out(count, np.arange(count), 5 % count).tolist()) == list(range(count))
