"""The chart of weekly warnings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.theme import LIGHT, Look
from dashboard.figures.warnings import weekly_warnings_line
from dashboard.i18n import words_for

if TYPE_CHECKING:
    from collections.abc import Sequence

MONDAY = date(2026, 6, 1)


@dataclass(frozen=True)
class Week:
    """One week as the chart wants it."""

    week_on: date
    warnings: int
    expected: float | None = None
    upper: float | None = None


FIRST = Week(MONDAY - timedelta(weeks=1), 0)


def weeks(counts: Sequence[int], upper: float | None = None) -> list[Week]:
    """Return the first week on record, which is not drawn, and those of `counts`."""
    expected = None if upper is None else upper / 2
    return [FIRST, *(Week(MONDAY + timedelta(weeks=at), count, expected, upper) for at, count in enumerate(counts))]


def draw(given: Sequence[Week], *, running: bool = False, look: Look | None = None) -> Any:  # noqa: ANN401 - a Figure
    return weekly_warnings_line(given, running=running, words=words_for("en"), look=look or Look())


def named(figure: Any, name: str) -> Any:  # noqa: ANN401 - a trace
    (found,) = [trace for trace in figure.data if trace.name == name]
    return found


def alarms(figure: Any) -> Any:  # noqa: ANN401 - a trace
    (found,) = [trace for trace in figure.data if trace.marker.symbol == "triangle-up"]
    return found


def test_without_weeks_nothing_is_drawn() -> None:
    assert len(draw([]).data) == 0
    assert len(draw([FIRST]).data) == 0  # a warning is a rise since the week before: the first week has none


def test_one_week_is_drawn() -> None:
    figure = draw(weeks([4]))
    assert list(named(figure, "New warnings").y) == [4]
    assert [note.text for note in figure.layout.annotations] == ["<b>4</b>"]


def test_one_week_that_is_not_over_is_drawn_as_a_number_alone() -> None:
    figure = draw(weeks([4]), running=True)
    assert list(named(figure, "New warnings").y) == []
    assert figure.layout.annotations[-1].text.startswith("<b>4</b>")
    assert "so far" in figure.layout.annotations[-1].text  # nobody reads half a week as a fall


def test_the_running_week_is_an_open_dot_on_a_dotted_line() -> None:
    figure = draw(weeks([4, 6, 2]), running=True)
    now = named(figure, "This week so far")
    assert list(named(figure, "New warnings").y) == [4, 6]
    assert list(now.y) == [6, 2]
    assert (now.line.dash, now.marker.symbol) == ("dot", "circle-open")


def test_a_week_that_is_over_is_part_of_the_line() -> None:
    figure = draw(weeks([4, 6, 2]))
    assert list(named(figure, "New warnings").y) == [4, 6, 2]
    assert all(trace.name != "This week so far" for trace in figure.data)


def test_too_little_data_has_no_bound_and_no_alarm() -> None:
    figure = draw(weeks([4, 600, 2]))
    assert {trace.name for trace in figure.data if trace.name} == {"New warnings"}
    assert len(alarms(figure).x) == 0


def test_the_bound_is_drawn_only_where_it_is_known() -> None:
    given = [*weeks([4, 6]), *weeks([0, 0, 5, 7], upper=9.0)[3:]]
    figure = draw(given)
    for name in ("Upper bound", "Expected"):
        assert list(named(figure, name).x) == [week.week_on for week in given[3:]]


@given(st.lists(st.tuples(st.integers(0, 30), st.none() | st.floats(0, 30)), min_size=2, max_size=40))
def test_alarms_stand_exactly_on_weeks_above_their_bound(given: list[tuple[int, float | None]]) -> None:
    series = [Week(MONDAY + timedelta(weeks=at), count, upper, upper) for at, (count, upper) in enumerate(given)]
    drawn = alarms(draw(series))
    above = [week for week in series[1:] if week.upper is not None and week.warnings > week.upper]
    assert list(zip(drawn.x, drawn.y, strict=True)) == [(week.week_on, week.warnings) for week in above]


def test_ticks_name_months_in_the_readers_language() -> None:
    figure = weekly_warnings_line(weeks([1] * 30), running=False, words=words_for("zh_CN"), look=Look())
    assert list(figure.layout.xaxis.ticktext) == ["6月", "9月", "12月"]


@pytest.mark.parametrize("rem", [14.0, 32.0])
def test_type_grows_with_the_wall(rem: float) -> None:
    figure = draw(weeks([3, 4], upper=9.0), look=Look(LIGHT, rem))
    sizes = [figure.layout.font.size, *(note.font.size for note in figure.layout.annotations)]
    assert min(sizes) == pytest.approx(rem * 15 / 16, abs=0.1)
