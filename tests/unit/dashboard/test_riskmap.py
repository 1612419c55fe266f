"""The risk map's parts: the way back up, the ranking, a county's list and points, what the areas are drawn from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from dash import dcc

from dashboard.figures.ramp import Ramp
from dashboard.figures.theme import Look
from dashboard.i18n import words_for
from dashboard.queries.regions import RegionNow
from dashboard.queries.watchlist import Enterprise, Enterprises
from geo.projection import project
from geo.views import view_of
from layouts import maps, riskmap
from layouts.links import Place
from tests.trees import class_of, of_class, parts, prop, said

EN, ZH = words_for("en"), words_for("zh_CN")
RAMP = Ramp((5.0,), ("#111111", "#222222"))


def area(code: str, index: float = 5.0, enterprises: int = 200) -> RegionNow:
    return RegionNow(code, enterprises, index, index, None, 1, 2, 3, 4)


def listed(number: int, grade: str = "red", **changes: Any) -> Enterprise:  # noqa: ANN401 - any column
    row: dict[str, Any] = {
        "uscc": f"9133010600000000{number}X",
        "name": f"禾青试验{number}号有限公司",
        "region_code": "330106109",
        "sector": "private_fund",
        "lon": 120.1,
        "lat": 30.2,
        "grade": grade,
        "smoke_index": 86.44,
        "change": -3.5,
        "risk_type": "lending",
        "entered_on": date(2026, 11, 19),
        "reasons": ("promised_yield", "advert"),
    }
    return Enterprise(**row | changes)


def links(tree: Any) -> dict[str, str]:  # noqa: ANN401 - a component
    return {prop(part, "children"): prop(part, "href") for part in parts(tree) if isinstance(part, dcc.Link)}


def test_the_ranking_leads_to_every_place_that_has_a_map() -> None:
    rows = [area("3301", 3.0), area("3302", 8.0)]
    tree = riskmap.ranking(rows, Place("33"), RAMP, ZH, "/riskmap")
    assert [text for text in said(tree) if not text[0].isdigit()] == ["宁波", "杭州"]
    assert links(tree) == {"宁波": "/riskmap?region=3302", "杭州": "/riskmap?region=3301"}


def test_towns_are_no_links() -> None:
    tree = riskmap.ranking([area("330106109")], Place("330106"), RAMP, ZH, "/riskmap")
    assert links(tree) == {}
    assert "三墩镇" in "".join(said(tree)) or "三墩" in said(tree)


def test_the_ranking_says_numerator_and_denominator_and_is_coloured_as_the_map() -> None:
    tree = riskmap.ranking([area("3301", 8.0, 1200), area("3302", 2.0)], Place("33"), RAMP, EN, "/riskmap")
    assert of_class(tree, "places")[0].children[0].title == "3 of 1,200 enterprises"
    assert [bar.style for bar in of_class(tree, "bar")] == [
        {"width": "100.0%", "background": "#222222"},
        {"width": "25.0%", "background": "#111111"},
    ]


@pytest.mark.parametrize(("measure", "value"), [("mean", "5.0"), ("high", "3"), ("rate", "200")])
def test_the_ranking_shows_the_measure_that_was_chosen(measure: str, value: str) -> None:
    tree = riskmap.ranking([area("3301")], Place("33", measure), RAMP, EN, "/riskmap")
    assert [part.children for part in of_class(tree, "places__value")] == [value]


def test_no_places_are_no_data_and_places_too_small_for_a_rate_are_too_little() -> None:
    small = [area("3301", 5.0, 39)]
    assert class_of(riskmap.ranking([], Place("33"), RAMP, EN, "/riskmap")) == "state state--none"
    assert class_of(riskmap.ranking(small, Place("33", "rate"), RAMP, EN, "/riskmap")) == "state state--little"
    assert links(riskmap.ranking(small, Place("33", "high"), RAMP, EN, "/riskmap")) != {}


def test_an_area_too_small_for_a_rate_has_none_and_does_not_move_the_colours() -> None:
    rows = [area("3301", 5.0, 39), area("3302", 5.0, 400)]
    assert maps.hideout(rows, view_of("33"), "rate", EN, RAMP)["values"]["3301"] == [None, 4, "39", "—"]
    assert maps.ramp_of(rows, "rate", Look()).breaks == (100.0,)


def test_all_zero_is_no_division_by_zero() -> None:
    tree = riskmap.ranking([area("3301", 0.0)], Place("33"), RAMP, EN, "/riskmap")
    assert of_class(tree, "bar")[0].style["width"] == "0.0%"


def test_a_countys_enterprises_are_listed_in_words() -> None:
    (record,) = riskmap.enterprise_records(Enterprises(1, [listed(1)]), ZH)
    assert record == {
        "index": 86.44,  # a number, so that the list can be sorted by it
        "change": -3.5,
        "grade": ZH.grade("red"),
        "name": "禾青试验1号有限公司",
        "href": "",
        "place": "三墩镇",
        "sector": "私募基金",
        "type": "非法放贷",
        "since": "11-19",
        "reasons": "承诺收益 · 广告宣传",
    }


def test_a_name_leads_to_the_portrait_for_those_who_may_read_it() -> None:
    (record,) = riskmap.enterprise_records(Enterprises(1, [listed(1)]), ZH, portraits=True)
    assert record["href"] == "/enterprise/91330106000000001X"


def test_an_enterprise_without_evidence_has_no_type_and_no_date() -> None:
    row = listed(1, "blue", smoke_index=0.0, entered_on=None, reasons=())
    (record,) = riskmap.enterprise_records(Enterprises(1, [row]), EN)
    assert (record["type"], record["since"], record["reasons"]) == ("", "", "")


def test_points_lie_on_the_maps_plane_and_the_worst_is_drawn_last() -> None:
    found = Enterprises(2, [listed(1, "red"), listed(2, "blue", lon=120.0)])
    features = riskmap.enterprise_points(found, EN)["features"]
    assert [feature["properties"]["grade"] for feature in features] == ["blue", "red"]
    x, y = project([120.1], [30.2])
    assert features[1]["geometry"]["coordinates"] == pytest.approx([x[0], y[0]], abs=0.001)
    assert features[1]["properties"]["lines"] == ["Smoke Index 86.4 · Red"]


def test_an_enterprise_that_nobody_located_is_listed_but_is_no_point() -> None:
    found = Enterprises(2, [listed(1, lon=None), listed(2, lat=None)])
    assert riskmap.enterprise_points(found, EN)["features"] == []
    assert len(riskmap.enterprise_records(found, EN)) == 2


def test_points_lie_inside_their_countys_area() -> None:
    (y0, x0), (y1, x1) = view_of("330106").bounds
    (point,) = riskmap.enterprise_points(Enterprises(1, [listed(1)]), EN)["features"]
    x, y = point["geometry"]["coordinates"]
    assert x0 < x < x1
    assert y0 < y < y1


@pytest.mark.parametrize(
    ("measure", "entry"),
    [("mean", [5.0, 3, "200", "5.0"]), ("high", [3.0, 3, "200", "3"]), ("rate", [200.0, 4, "200", "200"])],
)
def test_an_area_carries_value_numerator_and_denominator(measure: str, entry: list[object]) -> None:
    view = view_of("33")
    drawn = maps.hideout([area("3301")], view, measure, EN, RAMP)
    assert drawn["values"] == {"3301": entry}
    assert "{value}" in drawn["tip"]
    assert "{whole}" in drawn["tip"]


def test_areas_without_rows_have_no_value_at_all() -> None:
    drawn = maps.hideout([], view_of("33"), "mean", EN, maps.ramp_of([], "mean", Look()))
    assert drawn["values"] == {}
    assert drawn["nothing"] == "No data for this area"


def test_borders_are_hair_thin_where_areas_are_many() -> None:
    def thin(region: str, grain: str) -> object:
        return maps.hideout([], view_of(region, grain), "mean", ZH, RAMP)["thin"]

    assert (thin("0", "province"), thin("0", "county"), thin("33", "")) == (False, True, False)


def test_english_names_are_sent_only_to_who_reads_english() -> None:
    assert maps.hideout([], view_of("0"), "mean", ZH, RAMP)["names"] == {}
    assert maps.hideout([], view_of("0"), "mean", EN, RAMP)["names"]["33"] == "Zhejiang"


def test_the_legend_begins_at_zero_and_has_a_step_for_each_colour() -> None:
    drawn = maps.legend(RAMP, "mean", EN)
    assert said(drawn)[:2] == ["0.0", "5.0"]
    coloured = [
        part.style["background"] for part in parts(drawn) if "background" in (getattr(part, "style", None) or {})
    ]
    assert coloured[:2] == list(RAMP.colours)


def test_a_refresh_carries_no_geometry() -> None:
    drawn = maps.hideout([area("3301")], view_of("33"), "mean", ZH, RAMP)
    assert "features" not in drawn
    assert len(str(drawn)) < 1000
