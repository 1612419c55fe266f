"""Classes and colours of a choropleth."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.ramp import COLOURS_DARK, COLOURS_LIGHT, SHARES, nice, quantile_ramp
from dashboard.figures.theme import DARK, LIGHT, Look

values = st.lists(st.floats(0, 1e6, allow_nan=False), max_size=400)


@given(values)
def test_there_is_one_more_colour_than_breaks_and_breaks_ascend(given: list[float]) -> None:
    ramp = quantile_ramp(given, Look())
    assert len(ramp.colours) == len(ramp.breaks) + 1
    assert list(ramp.breaks) == sorted(set(ramp.breaks))


@given(values, st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_higher_value_never_has_a_quieter_colour(given: list[float], one: float, other: float) -> None:
    ramp = quantile_ramp(given, Look())
    low, high = sorted((one, other))
    assert COLOURS_DARK.index(ramp.colour(low)) <= COLOURS_DARK.index(ramp.colour(high))


@given(values)
def test_zero_has_the_quietest_colour(given: list[float]) -> None:
    assert quantile_ramp([0.0, *given], Look()).colour(0.0) == COLOURS_DARK[0]


@given(st.floats(-1e9, 1e9))
def test_a_nice_number_stays_as_it_is_when_rounded_again(value: float) -> None:
    assert nice(nice(value)) == nice(value)


@given(st.floats(1e-6, 1e9))
def test_a_nice_number_is_near(value: float) -> None:
    assert value * 10 / 11 <= nice(value) <= value  # 1.0999… is written 1.0; the place itself stays in its class


@pytest.mark.parametrize("value", [math.inf, math.nan, -3.0, 0.0])
def test_what_cannot_be_read_aloud_is_zero(value: float) -> None:
    assert nice(value) == 0.0


def test_only_the_highest_places_are_warm() -> None:
    ramp = quantile_ramp([float(value) for value in range(1, 1001)], Look())
    drawn = [ramp.colour(float(value)) for value in range(1, 1001)]
    assert len(ramp.breaks) == len(SHARES)
    assert sum(colour in COLOURS_DARK[:4] for colour in drawn) == pytest.approx(750, abs=20)
    assert 1 <= drawn.count(COLOURS_DARK[-1]) <= 30


def test_equal_values_make_two_classes() -> None:
    ramp = quantile_ramp([5.0] * 50, Look())
    assert ramp.breaks == (5.0,)
    assert ramp.colour(0.0) != ramp.colour(5.0)


def test_without_values_there_is_one_class() -> None:
    assert quantile_ramp([], Look()).colours == COLOURS_DARK[:1]
    assert quantile_ramp([0.0, math.nan], Look()).breaks == ()


def test_each_look_has_its_own_colours() -> None:
    assert quantile_ramp([1.0, 2.0], Look(LIGHT)).colours[0] == COLOURS_LIGHT[0]
    assert quantile_ramp([1.0, 2.0], Look(DARK)).colours[0] == COLOURS_DARK[0]
