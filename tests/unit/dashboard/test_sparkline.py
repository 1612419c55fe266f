"""Word-sized lines."""

from __future__ import annotations

from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.sparkline import HEIGHT, WIDTH, sparkline_svg

NAMESPACE = "{http://www.w3.org/2000/svg}"


def drawing(values: list[float], colour: str = "#e5484d") -> ET.Element:
    head, _, picture = sparkline_svg(values, colour).partition(",")
    assert head == "data:image/svg+xml"
    return ET.fromstring(unquote(picture))  # noqa: S314 - our own picture


def points(values: list[float]) -> list[tuple[float, float]]:
    line = drawing(values).find(f"{NAMESPACE}polyline")
    assert line is not None
    return [(float(x), float(y)) for x, y in (point.split(",") for point in line.attrib["points"].split())]


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=60))
def test_every_value_has_its_point_inside_the_picture(values: list[int]) -> None:
    drawn = points([float(value) for value in values])
    assert len(drawn) == len(values)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in drawn)
    assert [x for x, _y in drawn] == sorted(x for x, _y in drawn)


def test_up_is_up() -> None:
    (_, low), (_, high) = points([1.0, 2.0])
    assert high < low  # an SVG counts from the top


def test_the_dot_stands_on_the_last_value() -> None:
    dot = drawing([3.0, 9.0, 5.0]).find(f"{NAMESPACE}circle")
    assert dot is not None
    assert (float(dot.attrib["cx"]), float(dot.attrib["cy"])) == points([3.0, 9.0, 5.0])[-1]


def test_equal_values_are_a_level_line() -> None:
    assert len({y for _x, y in points([4.0, 4.0, 4.0])}) == 1


@pytest.mark.parametrize("values", [[], [7.0]])
def test_less_than_two_values_are_no_line(values: list[float]) -> None:
    assert sparkline_svg(values, "#000000") == ""


def test_it_carries_nothing_that_a_page_could_trip_over() -> None:
    uri = sparkline_svg([1.0, 2.0], "#e5484d")
    assert not set(uri) & set('"#\n')
    assert len(uri) < 1000
