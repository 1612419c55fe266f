"""The pieces that panels are made of."""

from __future__ import annotations

from typing import get_args

import pytest

from dashboard.i18n import words_for
from dashboard.queries.regions import ENOUGH, RegionNow
from dashboard.settings import HOUSE
from layouts.links import MEASURES
from layouts.panels import State, aria, data, grade_mark, loading, measure_text, measure_value, measure_words, state
from tests.trees import class_of, prop, said

EN, ZH = words_for("en"), words_for("zh_CN")
AREA = RegionNow("33", 2000, 4.0, 4.25, 4.0, 2, 5, 30, 7)


@pytest.mark.parametrize("kind", get_args(State))
def test_every_state_has_a_look_of_its_own_and_is_read_out(kind: State) -> None:
    shown = state(kind, "sentence")
    assert (class_of(shown), prop(shown, "role")) == (f"state state--{kind}", "status")
    css = (HOUSE / "assets" / "20_panels.css").read_text(encoding="utf-8")
    assert f".state--{kind}::before" in css


def test_loading_is_a_state() -> None:
    assert class_of(loading(EN)) == "state state--loading"
    assert said(loading(ZH)) != said(loading(EN))


@pytest.mark.parametrize("grade", ["red", "orange", "yellow", "blue"])
def test_a_grade_is_never_colour_alone(grade: str) -> None:
    mark = grade_mark(grade, EN.grade(grade))
    assert mark.children == EN.grade(grade)
    css = (HOUSE / "assets" / "20_panels.css").read_text(encoding="utf-8")
    assert f".{class_of(mark).split()[1]}::before" in css


@pytest.mark.parametrize(
    ("measure", "value", "text"), [("mean", 4.25, "4.2"), ("high", 7.0, "7"), ("rate", 35.0, "35.0")]
)
def test_measures_have_a_value_and_a_text(measure: str, value: float, text: str) -> None:
    assert measure_value(AREA, measure) == value
    assert measure_text(value, measure, EN) == text


@pytest.mark.parametrize(("enterprises", "text"), [(0, "—"), (ENOUGH - 1, "—"), (ENOUGH, "750"), (4000, "7.5")])
def test_a_rate_of_few_enterprises_is_none(enterprises: int, text: str) -> None:
    value = measure_value(RegionNow("33", enterprises, 0.0, 0.0, None, 0, 0, 0, 3), "rate")
    assert measure_text(value, "rate", EN) == text


@pytest.mark.parametrize("measure", MEASURES)
def test_measures_are_named_in_both_languages_with_their_unit(measure: str) -> None:
    chinese, english = measure_words(measure, ZH), measure_words(measure, EN)
    assert all((*chinese, *english))
    assert not set(chinese) & set(english)


def test_attributes_are_spelled_as_html_wants_them() -> None:
    assert aria(label="Map") == {"aria-label": "Map"}
    assert data(clock_seconds="30") == {"data-clock-seconds": "30"}
