"""Warnings in time: hysteresis and cool-down on invented series, due dates, and what lists hold back."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.settings import HOUSE
from dashboard.vocabulary import SUB_INDEXES
from dashboard.workdays import KNOWN_YEARS, after, is_workday
from etl.decisions import EXEMPTIONS
from etl.index import load_model
from etl.index.calendar import Weeks
from etl.index.grade import RANK
from etl.index.rules import WarningRules, WorkingDays
from etl.marts import build_warnings
from tests.staged import EVIDENCE, enterprise, fill, rows, staged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etl.index import Model

AS_OF = date(2026, 6, 28)  # a Sunday: every week is whole
MARGIN, COOL_DOWN = 3.0, 4
MODEL = load_model(HOUSE / "etl/index/models/2026.2.toml").model_copy(
    update={"warnings": WarningRules(margin=MARGIN, cool_down_weeks=COOL_DOWN)}
)
LIMITS = {grade: getattr(MODEL.thresholds, grade) for grade in ("red", "orange", "yellow")}
INDEX = st.integers(min_value=30, max_value=90) | st.sampled_from((36, 37, 39, 40, 56, 57, 59, 60, 76, 77, 79, 80))
SERIES = st.lists(st.lists(INDEX, min_size=2, max_size=24), min_size=6, max_size=12)
TRY = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SCORE = {
    "uscc": "string",
    "week_on": "date",
    "smoke_index": "decimal(5, 2)",
    "risk_type": "string",
    "grade": "string",
    **{f"contribution_{sub}": "decimal(5, 2)" for sub in SUB_INDEXES},
}
EXEMPT = {"uscc": "0", "kind": "white", "risk_type": "", "begins_on": AS_OF, "ends_on": AS_OF}


class Warned(NamedTuple):
    """What a test reads of a warning."""

    week: int
    grade: str


def grade_of(index: int) -> str:
    return next((grade for grade, limit in LIMITS.items() if index >= limit), "blue")


def warned(
    series: Sequence[Sequence[int]], exemptions: Sequence[dict[str, object]] = (), model: Model = MODEL
) -> list[list[Warned]]:
    """Return the warnings of each enterprise whose index ran like this, one value a week, the first in week 0."""
    count = max(map(len, series))
    weeks = Weeks(AS_OF - timedelta(weeks=40 - count), count)
    con = staged(enterprise(str(number)) for number in range(len(series)))
    scores: list[dict[str, object]] = []
    evidence: list[dict[str, object]] = []
    for number, values in enumerate(series):
        for week, index in enumerate(values):
            blank: dict[str, object] = {f"contribution_{sub}": 0 for sub in SUB_INDEXES}
            row = {"uscc": str(number), "week_on": weeks.monday(week), "smoke_index": index, "risk_type": "pyramid"}
            scores.append(blank | row | {"grade": grade_of(index), "contribution_complaints": index})
            piece = {"uscc": str(number), "factor": "petition", "sub_index": "complaints", "risk_type": ""}
            evidence.append(piece | {"known_on": weeks.monday(week), "strength": 1.0, "ref": f"{number}-{week}"})
    fill(con, "fct_score_week", scores, SCORE)
    fill(con, "fct_evidence", evidence, EVIDENCE)
    fill(con, "stg_exemptions", exemptions, EXEMPTIONS)
    build_warnings(con, model, weeks.as_of, count)
    found: list[list[Warned]] = [[] for _ in series]
    for told in rows(con, "fct_warning", "uscc", "week_on"):
        week = (told["week_on"] - weeks.first).days // 7
        found[int(told["uscc"])].append(Warned(week, told["grade"]))
    con.disconnect()
    return found


@TRY
@given(SERIES)
def test_warnings_of_any_series_are_rises_apart_and_complete(series: list[list[int]]) -> None:
    for values, found in zip(series, warned(series), strict=True):
        rises_only(values, found)
        apart_by_the_cool_down(found)
        left_in_between(values, found)
        no_rise_forgotten(values, found)


def rises_only(values: list[int], found: list[Warned]) -> None:
    for warning in found:
        assert warning.grade == grade_of(values[warning.week])
        assert RANK[grade_of(values[warning.week - 1])] < RANK[warning.grade]


def apart_by_the_cool_down(found: list[Warned]) -> None:
    """No warning of the same or a lower grade comes within the cool-down."""
    for place, later in enumerate(found):
        for earlier in found[:place]:
            again = RANK[earlier.grade] >= RANK[later.grade]
            assert not again or later.week - earlier.week >= COOL_DOWN, found


def left_in_between(values: list[int], found: list[Warned]) -> None:
    """Between two warnings of one grade the index was below the threshold less the margin."""
    for grade, limit in LIMITS.items():
        weeks = [warning.week for warning in found if warning.grade == grade]
        for earlier, later in itertools.pairwise(weeks):
            assert min(values[earlier:later]) < limit - MARGIN, (grade, values, found)


def no_rise_forgotten(values: list[int], found: list[Warned]) -> None:
    """Find the warning of every week whose grade is above any that can have been held within a cool-down before."""
    for week in range(1, len(values)):
        before = values[max(0, week - COOL_DOWN) : week]
        if RANK[grade_of(values[week])] > max(RANK[grade_of(int(value + MARGIN))] for value in before):
            assert Warned(week, grade_of(values[week])) in found, (week, values, found)


@TRY
@given(SERIES, st.lists(INDEX, min_size=1, max_size=6))
def test_later_weeks_change_no_earlier_warning(series: list[list[int]], later: list[int]) -> None:
    whole = max(map(len, series))
    level = [values + [values[-1]] * (whole - len(values)) for values in series]
    grown = warned([values + later for values in level])
    assert [[one for one in found if one.week < whole] for found in grown] == warned(level)


def test_a_series_that_flaps_is_warned_of_once() -> None:
    assert warned([[30, 60, 58, 60, 57, 61]]) == [[Warned(1, "orange")]]


def test_what_was_left_is_warned_of_again_after_the_cool_down_only() -> None:
    early = [30, 60, 30, 60, 30, 30, 30, 60]
    assert warned([early]) == [[Warned(1, "orange"), Warned(7, "orange")]]
    assert warned([[30, 60, 30, 80]]) == [[Warned(1, "orange"), Warned(3, "red")]]
    assert warned([[30, 80, 30, 60]]) == [[Warned(1, "red")]]


def test_a_model_without_rules_warns_of_every_rise() -> None:
    bare = load_model(HOUSE / "etl/index/models/2026.1.toml")
    assert (bare.warnings.margin, bare.warnings.cool_down_weeks) == (0, 0)
    assert warned([[30, 60, 59, 60]], model=bare) == [[Warned(1, "orange"), Warned(3, "orange")]]


@pytest.mark.parametrize(
    ("kind", "risk_type", "grade", "held"),
    [
        ("white", "", 80, True),
        ("white", "pyramid", 80, True),
        ("white", "lending", 80, False),
        ("grey", "", 60, True),
        ("grey", "", 80, False),
    ],
)
def test_lists_hold_warnings_back(kind: str, risk_type: str, grade: int, *, held: bool) -> None:
    entry = EXEMPT | {"kind": kind, "risk_type": risk_type, "begins_on": date(2025, 1, 1)}
    assert (warned([[30, grade]], [entry]) == [[]]) is held


def test_a_list_speaks_of_its_days_only() -> None:
    raised = Weeks(AS_OF - timedelta(weeks=38), 2).monday(1)
    for begins, ends, held in ((raised, raised, True), (raised + timedelta(1), AS_OF, False)):
        entry = EXEMPT | {"begins_on": begins, "ends_on": ends}
        assert (warned([[30, 60]], [entry]) == [[]]) is held
    ended = EXEMPT | {"begins_on": date(2025, 1, 1), "ends_on": raised - timedelta(1)}
    assert warned([[30, 60]], [ended]) == [[Warned(1, "orange")]]


def test_what_a_list_held_back_starts_no_cool_down() -> None:
    raised = Weeks(AS_OF - timedelta(weeks=36), 4).monday(1)
    entry = EXEMPT | {"begins_on": raised, "ends_on": raised}
    assert warned([[30, 60, 30, 60]], [entry]) == [[Warned(3, "orange")]]


@pytest.mark.parametrize(
    ("code", "owner"), [("330106109001", "330106"), ("330106", "330106"), ("3301", "3301"), ("33", "33"), ("", "0")]
)
def test_the_owner_is_the_county_or_the_deepest_that_is_known(code: str, owner: str) -> None:
    con = staged([enterprise("0", region_code=code)])
    weeks = Weeks(AS_OF, 2)
    blank: dict[str, object] = {f"contribution_{sub}": 0 for sub in SUB_INDEXES}
    row = {"uscc": "0", "week_on": weeks.monday(1), "smoke_index": 60, "risk_type": "pyramid", "grade": "orange"}
    fill(con, "fct_score_week", [blank | row | {"contribution_complaints": 60}], SCORE)
    piece = {"uscc": "0", "factor": "petition", "sub_index": "complaints", "risk_type": "", "known_on": AS_OF}
    fill(con, "fct_evidence", [piece | {"strength": 1.0, "ref": "s"}], EVIDENCE)
    con.create_table("stg_exemptions", schema=ibis.schema(EXEMPTIONS))
    build_warnings(con, MODEL, AS_OF, 2)
    (warning,) = rows(con, "fct_warning", "uscc")
    assert warning["owner_code"] == owner
    assert warning["due_on"] == after(AS_OF, WorkingDays().orange) == date(2026, 7, 10)


def test_working_days_leave_out_holidays_and_count_the_days_worked_instead() -> None:
    assert after(date(2026, 2, 13), 1) == date(2026, 2, 14)  # a Saturday worked for the Spring Festival
    assert after(date(2026, 2, 14), 1) == date(2026, 2, 24)
    assert after(date(2026, 6, 26), 2) == date(2026, 6, 30)


def test_beyond_the_calendar_weekdays_are_taken() -> None:
    year = max(KNOWN_YEARS) + 1
    assert [is_workday(date(year, 10, day)) for day in range(1, 8)] == [
        date(year, 10, day).weekday() < 5 for day in range(1, 8)
    ]
