"""The overview's parts: cards, types, newest warnings, ranking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from dash import dcc, html

from dashboard.figures.theme import DARK, Look
from dashboard.i18n import words_for
from dashboard.queries.regions import ENOUGH, RegionNow, RegionPast
from dashboard.queries.warnings import NewestWarning, NewestWarnings
from dashboard.queries.watchlist import TypeCounts
from layouts import overview
from layouts.links import Place
from tests.trees import class_of, of_class, parts, prop, said

NATION = Place("0")
AS_OF = date(2026, 11, 22)
EN, ZH = words_for("en"), words_for("zh_CN")
NONE_AT_ALL = [TypeCounts("fundraising", 0, 0, 0), TypeCounts("pyramid", 0, 0, 0), TypeCounts("lending", 0, 0, 0)]


def week(back: int, red: int = 3, enterprises: int = 1000) -> RegionPast:
    return RegionPast(AS_OF - timedelta(days=6 + 7 * back), enterprises, 5.0, red, 20, 300, 9, 1, None, None)


def area(code: str, index: float, before: float | None = None, enterprises: int = 100) -> RegionNow:
    return RegionNow(code, enterprises, index, index, before, 1, 2, 3, 4)


def raised(grade: str = "red", change: float = 3.5, days: int = 0, *, is_new: bool = False) -> NewestWarning:
    return NewestWarning(
        uscc="91330106000000001X",
        name="禾青试验一号有限公司",
        region_code="330106109",
        grade=grade,
        smoke_index=86.4,
        change=change,
        is_new=is_new,
        risk_type="pyramid",
        reason="promised_yield",
        raised_on=AS_OF - timedelta(days=days),
    )


def test_cards_show_the_newest_week_and_its_change() -> None:
    cards = overview.kpi_cards([week(1, red=3), week(0, red=5)], NATION, EN, Look())
    red, orange, _yellow, watched = (said(card) for card in cards)
    assert red == ["Red", "5", "+2", " ", "since last week"]
    assert orange[:3] == ["Orange", "20", "0"]
    assert watched[:2] == ["Enterprises watched", "1,000"]


def test_cards_write_large_numbers_as_their_readers_do() -> None:
    series = [week(0, enterprises=1_234_567)]
    assert "123万" in said(overview.kpi_cards(series, NATION, ZH, Look()))
    assert "1.2M" in said(overview.kpi_cards(series, NATION, EN, Look()))


def test_one_week_has_no_change_and_no_line() -> None:
    card = overview.kpi_cards([week(0)], NATION, EN, Look())[0]
    assert "—" in said(card)
    assert not [part for part in parts(card) if isinstance(part, html.Img)]


def test_each_cards_line_has_its_grades_colour() -> None:
    cards = overview.kpi_cards([week(1), week(0)], NATION, EN, Look())
    lines = [prop(part, "src") for part in parts(cards) if isinstance(part, html.Img)]
    expected = (DARK.red, DARK.orange, DARK.yellow, DARK.accent)
    assert [colour.removeprefix("#") in line for line, colour in zip(lines, expected, strict=True)] == [True] * 4


def test_no_weeks_is_no_data_and_no_zero() -> None:
    (only,) = overview.kpi_cards([], NATION, EN, Look())
    assert class_of(only) == "state state--none"


def test_types_carry_word_counts_and_bars_on_one_scale() -> None:
    rows = [TypeCounts("fundraising", 3, 5, 90), TypeCounts("pyramid", 1, 3, 40), TypeCounts("lending", 0, 0, 2)]
    table = overview.types_table(rows, EN)
    assert said(table) == [
        *("Illegal fundraising", "3", "5", "90"),
        *("Pyramid selling", "1", "3", "40"),
        *("Illegal lending", "0", "0", "2"),
    ]
    widths = [float(part.style["width"].removesuffix("%")) for part in of_class(table, "types__part")]
    assert widths == [37.5, 62.5, 12.5, 37.5, 0, 0]


def test_types_of_yellow_alone_are_no_division_by_zero() -> None:
    table = overview.types_table([*NONE_AT_ALL[:2], TypeCounts("lending", 0, 0, 7)], EN)
    assert said(table)[-1] == "7"


def test_no_graded_enterprise_is_zero_and_says_so() -> None:
    assert class_of(overview.types_table(NONE_AT_ALL, EN)) == "state state--zero"


def test_without_permission_no_name_is_shown_but_why() -> None:
    listed = overview.newest_list(None, EN)
    assert class_of(listed) == "state state--none"
    assert "permission" in said(listed)[0]


def test_a_warnings_name_leads_to_the_portrait_for_those_who_may_read_it() -> None:
    row = raised()
    found = NewestWarnings(1, [row])
    (portrait,) = of_class(overview.newest_list(found, EN, portraits=True), "newest__name")
    (place,) = of_class(overview.newest_list(found, EN), "newest__name")
    assert portrait.href == f"/enterprise/{row.uscc}"
    assert place.href == f"/riskmap?region={row.region_code}"


def test_no_newest_warning_is_zero() -> None:
    assert class_of(overview.newest_list(NewestWarnings(0, []), EN)) == "state state--zero"


def test_a_warning_says_who_where_what_and_when() -> None:
    texts = said(overview.newest_list(NewestWarnings(1, [raised(days=2)]), ZH))
    assert texts == ["86.4", "↑3.5", "禾青试验一号有限公司", "杭州 · 西湖区 · 网络传销", ZH.grade("red"), "11-20"]


@pytest.mark.parametrize(
    ("row", "change", "when"),
    [
        (raised(is_new=True), "new", "22 Nov"),
        (raised(change=-2.25, days=3), "↓2.2", "19 Nov"),
        (raised(change=12, days=1), "↑12.0", "21 Nov"),
    ],
)
def test_a_warning_says_how_it_moved(row: NewestWarning, change: str, when: str) -> None:
    texts = said(overview.newest_list(NewestWarnings(1, [row]), EN))
    assert texts[1] == change
    assert texts[-1] == when


@pytest.mark.parametrize(("grade", "word"), [("red", "Red"), ("orange", "Orange")])
def test_a_warnings_grade_is_a_shape_and_a_word_too(grade: str, word: str) -> None:
    (mark,) = of_class(overview.newest_list(NewestWarnings(1, [raised(grade)]), EN), "grade")
    assert (mark.children, mark.className) == (word, f"grade grade--{grade}")


def ranked(rows: list[RegionNow]) -> list[tuple[str, str]]:
    listed = overview.ranking_list(rows, NATION, ZH)
    names = [part.children for part in of_class(listed, "ranking__name")]
    return list(zip(names, [part.children for part in of_class(listed, "ranking__move")], strict=True))


def test_ranking_is_by_index_with_the_places_moved() -> None:
    rows = [area("3301", 5.0, 9.0), area("3302", 8.0, 2.0), area("3303", 7.0, 8.0)]
    assert ranked(rows) == [("宁波", "▲2"), ("温州", "–"), ("杭州", "▼2")]


def test_equal_places_stand_in_the_order_of_their_codes() -> None:
    assert ranked([area("3303", 5.0, 5.0), area("3301", 5.0, 5.0)]) == [("杭州", "–"), ("温州", "–")]


def test_a_place_that_is_new_has_moved_up_from_the_end() -> None:
    assert ranked([area("3301", 9.0), area("3302", 5.0, 5.0)]) == [("杭州", "▲1"), ("宁波", "▼1")]


def test_only_the_highest_are_ranked_and_moves_count_all_places() -> None:
    rows = [area(f"33{number:02d}", 50.0 - number, float(number)) for number in range(1, 12)]
    listed = ranked(rows)
    assert len(listed) == overview.MOST_RANKED
    assert listed[0][1] == "▲10"


def test_a_place_with_few_enterprises_is_not_ranked() -> None:
    rows = [area("3301", 5.0, 5.0), replace(area("3302", 9.0), enterprises=ENOUGH - 1)]
    assert ranked(rows) == [("杭州", "–")]
    assert class_of(overview.ranking_list(rows[1:], NATION, EN)) == "state state--little"
    assert class_of(overview.ranking_list([], NATION, EN)) == "state state--none"


def test_all_zero_indexes_are_no_division_by_zero() -> None:
    assert len(ranked([area("3301", 0.0, 0.0), area("3302", 0.0, 0.0)])) == 2


def test_panels_whose_figures_are_not_collected_yet_say_so() -> None:
    skeleton = overview.layout(EN)
    assert len([text for text in said(skeleton) if text.startswith("No data yet")]) == 2
    assert len(of_class(skeleton, "state--loading")) >= 4


def test_every_figure_has_a_way_down() -> None:
    place = Place("33")
    cards = overview.kpi_cards([week(1), week(0)], place, EN, Look())
    assert [prop(part, "href") for card in cards for part in parts(card) if isinstance(part, dcc.Link)] == [
        "/riskmap?region=33&measure=high",
        "/riskmap?region=33&measure=high",
        "/riskmap?region=33",
        "/riskmap?region=33",
    ]
    ranked = overview.ranking_list([area("3301", 5.0)], place, EN)
    assert [prop(part, "href") for part in parts(ranked) if isinstance(part, dcc.Link)] == ["/overview?region=3301"]
    listed = overview.newest_list(NewestWarnings(1, [raised()]), EN)
    assert [prop(part, "href") for part in parts(listed) if isinstance(part, dcc.Link)] == ["/riskmap?region=330106109"]
