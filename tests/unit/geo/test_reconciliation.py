"""Reconciliation: every polygon and every county is accounted for."""

import pandas as pd

from geo import divisions, places
from geo.divisions import DATA

_TABLE = pd.read_csv(DATA / "reconciliation.csv", dtype=str, keep_default_na=False)


def test_every_polygon_of_the_source_has_its_line() -> None:
    assert _TABLE["level"].value_counts().to_dict() == {"county": 2891, "city": 394, "province": 34}
    assert not _TABLE.duplicated(["level", "gb"]).any()
    assert (_TABLE["reason"] != "").all()


def test_every_polygon_is_a_division_or_lies_in_one() -> None:
    known = set(divisions.divisions()["code"])
    assert set(_TABLE["region_code"]) - {""} <= known
    assert set(_TABLE["within"]) <= known
    own = _TABLE[_TABLE["region_code"] != ""]
    assert (own["region_code"] == own["within"]).all()
    assert not own.duplicated(["level", "region_code"]).any()


def test_only_named_places_are_no_division() -> None:
    without = _TABLE[(_TABLE["region_code"] == "") & (_TABLE["level"] == "county")]
    assert without["gb"].str[3:5].value_counts().to_dict() == {"71": 20, "81": 18, "62": 3}


def test_every_county_is_drawn_somewhere_in_its_own_city() -> None:
    counties = set(divisions.divisions().query("level == 'county'")["code"])
    shown = set(_TABLE.query("level == 'county'")["region_code"]) & counties
    elsewhere = places.drawn_on()
    assert shown | set(elsewhere["code"]) == counties
    assert not shown & set(elsewhere["code"])
    assert set(elsewhere["draws_on"]) <= shown
    assert (elsewhere["code"].str[:4] == elsewhere["draws_on"].str[:4]).all()
    assert elsewhere["reason"].notna().all()


def test_drawn_code() -> None:
    assert places.drawn_code("110105") == "110105"
    assert places.drawn_code("320576") == "320506"
    assert places.drawn_code("33") == "33"
