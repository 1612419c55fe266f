"""Regions as one generation has them, for every persona."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.access.permissions import Permission
from dashboard.access.scope import Scope
from dashboard.errors import NotAllowed
from dashboard.queries.regions import WARNING_WEEKS, newest_week, region_series, regions_now, towns_now
from geo.divisions import children_of
from geo.views import view_of
from tests.builders import ADMINISTRATOR, ANALYST, CITY, COUNTY, LEADER, PROVINCE, STRANGER, WALL, WORKER
from tests.generations import (
    AS_OF,
    RECENT_WEEKS,
    WEEKS,
    ZONE,
    ZONE_DRAWN_ON,
    ZONED_CITY,
    publish,
    region_week,
    regions,
)
from tests.generations import COUNTY as THE_COUNTY

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.access.viewer import Viewer

NATION = Scope("0")
READERS = (LEADER, PROVINCE, CITY, COUNTY, WORKER, ADMINISTRATOR, ANALYST, WALL)
REGIONS = ("0", "33", "32", "3301", "3302", "330106", "330105", "330106109")


def figure(code: str, name: str) -> Any:  # noqa: ANN401 - any column
    return region_week(1, code, 0)[name]


@pytest.mark.parametrize("person", READERS, ids=lambda person: person.name)
@pytest.mark.parametrize("region", REGIONS)
def test_nobody_reads_a_region_outside_the_jurisdiction(published: Session, person: Viewer, region: str) -> None:
    scope = person.scope(Permission.OVERVIEW_READ)
    if Scope(person.home_region).covers(region):
        assert {row.code for row in regions_now(published, scope, 1, region, "")} <= set(view_of(region).layer.codes)
        assert len(region_series(published, scope, 1, region)) in {WEEKS, RECENT_WEEKS, 2}
        return
    for query, arguments in ((regions_now, (region, "")), (towns_now, (region,)), (region_series, (region,))):
        with pytest.raises(NotAllowed):
            query(published, scope, 1, *arguments)


def test_a_stranger_has_no_scope_to_read_with() -> None:
    for permission in Permission:
        with pytest.raises(NotAllowed):
            STRANGER.scope(permission)


def test_a_countys_map_shows_the_areas_around_it_without_their_figures(published: Session) -> None:
    view = view_of(THE_COUNTY)
    assert len(view.layer.codes) > 5
    assert [row.code for row in regions_now(published, Scope(THE_COUNTY), 1, THE_COUNTY, "")] == [THE_COUNTY]


def test_a_province_officer_sees_a_county_among_its_neighbours(published: Session) -> None:
    rows = regions_now(published, Scope("33"), 1, THE_COUNTY, "")
    assert {row.code for row in rows} == set(view_of(THE_COUNTY).layer.codes)


def test_a_town_worker_sees_no_figures_of_the_county(published: Session) -> None:
    assert regions_now(published, Scope("330106109"), 1, "330106109", "") == []


@pytest.mark.parametrize(
    ("region", "grain"), [("0", ""), ("0", "province"), ("0", "city"), ("0", "county"), ("33", ""), ("3301", "")]
)
def test_a_map_has_the_areas_one_step_down_or_as_fine_as_asked(published: Session, region: str, grain: str) -> None:
    rows = regions_now(published, NATION, 1, region, grain)
    known = regions()
    drawn = [code for code in view_of(region, grain).layer.codes if code in known]
    assert len(drawn) > 10
    assert [row.code for row in rows] == sorted(drawn)


def test_an_areas_figures_are_those_of_the_newest_week(published: Session) -> None:
    (row,) = [row for row in regions_now(published, NATION, 1, "0", "") if row.code == "33"]
    names = ("enterprises", "smoothed_index", "red", "orange", "yellow")
    assert [getattr(row, name) for name in names] == [figure("33", name) for name in names]
    assert row.previous_smoothed_index == region_week(1, "33", 1)["smoothed_index"]
    assert row.high == figure("33", "red") + figure("33", "orange")


def test_recent_warnings_are_those_of_four_weeks_and_no_more(published: Session) -> None:
    weeks: list[Any] = [region_week(1, "33", back) for back in range(WARNING_WEEKS)]
    expected = sum(week["new_red"] + week["new_orange"] + week["new_yellow"] for week in weeks)
    (row,) = [row for row in regions_now(published, NATION, 1, "0", "") if row.code == "33"]
    assert row.warnings == expected
    assert row.warning_rate == pytest.approx(10_000 * expected / row.enterprises)


def test_a_development_zone_is_counted_where_it_is_drawn(published: Session) -> None:
    rows = {row.code: row for row in regions_now(published, NATION, 1, ZONED_CITY, "")}
    carrier = rows[ZONE_DRAWN_ON]
    assert ZONE not in rows
    for name in ("enterprises", "red", "orange", "yellow"):
        assert getattr(carrier, name) == figure(ZONE, name) + figure(ZONE_DRAWN_ON, name)
    indexes = [(figure(code, "mean_index"), figure(code, "enterprises")) for code in (ZONE, ZONE_DRAWN_ON)]
    assert carrier.mean_index == pytest.approx(sum(mean * n for mean, n in indexes) / carrier.enterprises)


def test_no_enterprise_of_a_city_is_lost_on_its_map(published: Session) -> None:
    drawn = regions_now(published, NATION, 1, ZONED_CITY, "")
    assert sum(row.enterprises for row in drawn) == sum(figure(code, "enterprises") for code in children_of(ZONED_CITY))


def test_a_zones_own_map_singles_out_where_it_is_drawn(published: Session) -> None:
    assert view_of(ZONE).selected == ZONE_DRAWN_ON
    assert ZONE_DRAWN_ON in {row.code for row in regions_now(published, Scope(ZONED_CITY), 1, ZONE, "")}


def test_a_county_lists_its_towns(published: Session) -> None:
    rows = towns_now(published, Scope(THE_COUNTY), 1, THE_COUNTY)
    assert [row.code for row in rows] == children_of(THE_COUNTY)


def test_a_series_is_in_order_and_says_where_too_little_is_known(published: Session) -> None:
    series = region_series(published, NATION, 1, "33")
    assert [week.week_on for week in series] == sorted(week.week_on for week in series)
    assert len(series) == WEEKS
    assert series[0].upper is None
    assert series[-1].upper == 24.0
    assert (AS_OF - series[-1].week_on).days == 6


def test_a_generation_that_is_none_has_no_rows(published: Session) -> None:
    assert newest_week(published, 99) is None
    assert regions_now(published, NATION, 99, "0", "") == []
    assert towns_now(published, NATION, 99, THE_COUNTY) == []
    assert region_series(published, NATION, 99, "0") == []


def test_a_region_without_rows_has_none(published: Session) -> None:
    assert regions_now(published, NATION, 1, "44", "") == []
    assert region_series(published, NATION, 1, "4401") == []
    assert regions_now(published, NATION, 1, "71", "") == []


def test_generations_are_never_mixed(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        publish(session, 1, only=["0", "33"])
        publish(session, 2, only=["0", "33", "32"])
        before, after = (regions_now(session, NATION, generation, "0", "") for generation in (1, 2))
    assert [row.code for row in before] == ["33"]
    assert [row.code for row in after] == ["32", "33"]
    assert after[1].red == before[0].red + 1
