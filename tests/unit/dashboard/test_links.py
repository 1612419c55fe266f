"""What a screen's address says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.access.scope import Scope
from dashboard.errors import Invalid, NotAllowed, NotFound, SmokeError
from dashboard.settings import Settings
from geo.divisions import divisions
from layouts.links import GRAINS, MEASURES, Place, area_clicked, home_of, place_in
from tests.builders import CITY, COUNTY, LEADER, PERSONAS, PROVINCE, STRANGER, WALL, WORKER

if TYPE_CHECKING:
    from dashboard.access.viewer import Viewer

NATION = Settings(environment="development", home_region="0")
ZHEJIANG = Settings(environment="development", home_region="33")

places = st.builds(
    Place,
    region=st.sampled_from(sorted(divisions()["code"])[::97]),
    measure=st.sampled_from(MEASURES),
    grain=st.sampled_from(("", *GRAINS[1:])),
)


@given(places)
def test_an_address_says_what_is_looked_at(place: Place) -> None:
    assert place_in(place.search, LEADER, NATION) == place


@given(places)
def test_an_address_leaves_out_what_is_usual(place: Place) -> None:
    assert ("measure" in place.search) == (place.measure != "mean")
    assert ("grain" in place.search) == bool(place.grain)


@given(st.text(max_size=200), st.sampled_from(PERSONAS))
def test_any_text_at_all_is_a_place_inside_the_jurisdiction_or_an_error_of_ours(search: str, person: Viewer) -> None:
    try:
        place = place_in(search, person, NATION)
    except SmokeError:
        return
    assert Scope(person.home_region).covers(place.region)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(["region", "measure", "grain"]), st.text(st.characters(codec="utf-8"), max_size=30))
)
def test_any_values_at_all_are_a_place_inside_the_jurisdiction_or_an_error_of_ours(values: dict[str, str]) -> None:
    search = "?" + "&".join(f"{name}={value}" for name, value in values.items())
    try:
        place = place_in(search, CITY, NATION)
    except SmokeError:
        return
    assert Scope("3301").covers(place.region)
    assert place.measure in MEASURES
    assert place.grain in ("", *GRAINS)


@pytest.mark.parametrize(
    "region", ["abc", "3", "333", "33a1", "33 ", "-1", "٣٣", "33\x00", "00", "%", "' OR 1=1", "3301061", "9" * 13]
)
def test_a_malformed_region_is_refused(region: str) -> None:
    with pytest.raises((Invalid, NotFound)):
        place_in(f"?region={region}", LEADER, NATION)


@pytest.mark.parametrize("region", ["99", "3399", "330199", "330106999"])
def test_a_region_that_does_not_exist_is_not_found(region: str) -> None:
    with pytest.raises(NotFound):
        place_in(f"?region={region}", LEADER, NATION)


@pytest.mark.parametrize(
    ("person", "region"),
    [
        (PROVINCE, "0"),
        (PROVINCE, "32"),
        (CITY, "33"),
        (CITY, "3302"),
        (COUNTY, "33"),
        (COUNTY, "330105"),
        (WORKER, "330106"),
        (WORKER, "330106110"),
        (STRANGER, "33"),
        (WALL, "0"),
    ],
)
def test_a_region_outside_the_jurisdiction_is_refused(person: Viewer, region: str) -> None:
    with pytest.raises(NotAllowed):
        place_in(f"?region={region}", person, NATION)


def test_who_may_not_look_there_does_not_learn_whether_it_exists() -> None:
    with pytest.raises(NotAllowed):
        place_in("?region=9999", CITY, NATION)


@pytest.mark.parametrize("search", ["?measure=worst", "?grain=village", "?measure=&measure=mean%00"])
def test_a_measure_or_a_grain_that_is_none_is_refused(search: str) -> None:
    with pytest.raises(Invalid):
        place_in(search, LEADER, NATION)


def test_the_last_of_repeated_parameters_counts() -> None:
    assert place_in("?region=32&region=33", LEADER, NATION).region == "33"
    with pytest.raises(NotAllowed):
        place_in("?region=33&region=32", PROVINCE, NATION)


def test_a_very_long_address_is_read_no_further_than_its_beginning() -> None:
    long = "?region=33&" + "x=1&" * 2500 + "region=32"
    assert len(long) > 10_000
    assert place_in(long, PROVINCE, NATION).region == "33"
    with pytest.raises(Invalid):
        place_in("?region=" + "3" * 10_000, LEADER, NATION)


@pytest.mark.parametrize("search", [None, "", "?", "?utm=1", "?region="])
def test_an_address_that_says_nothing_is_home(search: str | None) -> None:
    assert place_in(search, CITY, NATION) == Place("3301")


@pytest.mark.parametrize(
    ("person", "given", "home"),
    [(LEADER, NATION, "0"), (LEADER, ZHEJIANG, "33"), (CITY, ZHEJIANG, "3301"), (WALL, NATION, "33")],
)
def test_home_is_the_installations_or_ones_own_where_that_is_narrower(
    person: Viewer, given: Settings, home: str
) -> None:
    assert home_of(person, given) == home


@given(places)
def test_going_somewhere_keeps_the_measure_and_looks_one_step_down(place: Place) -> None:
    assert place.at("33") == Place("33", place.measure)


def test_a_click_leads_to_an_area_inside_the_jurisdiction_and_nowhere_else() -> None:
    def clicked(properties: dict[str, str]) -> Place | None:
        return area_clicked({"properties": properties}, Place("33", "high", "county"), Scope("33"))

    assert clicked({"c": "3301"}) == Place("3301", "high")
    assert clicked({"c": "33"}) is None
    assert clicked({"c": "32"}) is None
    assert clicked({"c": "3301", "k": "line"}) is None
    assert clicked({}) is None
    assert area_clicked(None, Place("33"), Scope("0")) is None
