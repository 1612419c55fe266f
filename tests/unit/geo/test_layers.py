"""Layers: complete, small, valid, and every area a place that exists."""

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geo import codes, divisions, layers

_ASSETS = Path(__file__).parents[3] / "assets" / "geo"
_DRILLS = [name for name in layers.all_layers() if not name.startswith("nation-")]


@cache
def _features(name: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads((_ASSETS / f"{name}.json").read_text(encoding="utf-8"))["features"]
    return features


@cache
def _geometries(name: str) -> Any:  # noqa: ANN401 - an object array of shapely geometries
    text = (_ASSETS / f"{name}.json").read_text(encoding="utf-8")
    return shapely.get_parts(shapely.from_geojson(text))


@pytest.mark.parametrize(
    ("name", "kilobytes", "count"),
    [
        ("nation-provinces", 120, 34),
        ("nation-cities", 260, 394),
        ("nation-counties", 650, 2891),
        ("nation-boundary", 5, 87),
    ],
)
def test_national_layers_are_complete_and_small(name: str, kilobytes: int, count: int) -> None:
    content = (_ASSETS / f"{name}.json").read_bytes()
    assert len(gzip.compress(content)) <= kilobytes * 1000
    assert len(_features(name)) == layers.layer(name).features == count


@pytest.mark.parametrize("name", ["nation-provinces", "nation-cities", "nation-counties"])
def test_every_national_layer_shows_taiwan_hong_kong_macau_and_the_islands(name: str) -> None:
    assert {"71", "81", "82"} <= {feature["properties"]["c"][:2] for feature in _features(name)}
    south, _ = layers.layer(name).bounds[0]
    assert south < -300, "the reefs of the South China Sea lie more than 3 000 km south of 36° N"


def test_the_manifest_describes_the_files() -> None:
    found = {path.name for path in _ASSETS.glob("*.json")}
    assert found == {layer.file for layer in layers.all_layers().values()}
    for layer in layers.all_layers().values():
        content = (_ASSETS / layer.file).read_bytes()
        assert hashlib.sha256(content).hexdigest().startswith(layer.version)
        assert layer.url == f"geo/{layer.file}?v={layer.version}"


@pytest.mark.parametrize("name", ["nation-provinces", "nation-cities", "nation-counties", *_DRILLS])
def test_every_area_is_a_valid_coverage(name: str) -> None:
    geometries = _geometries(name)
    assert shapely.is_valid(geometries).all()
    assert (shapely.area(geometries) > 0).all()
    assert shapely.coverage_is_valid(geometries)


@pytest.mark.parametrize("name", _DRILLS)
def test_every_clickable_area_is_one_step_down_and_exists(name: str) -> None:
    parent, _ = name.split("-")
    own = [feature["properties"]["c"] for feature in _features(name) if "k" not in feature["properties"]]
    assert set(own) <= set(divisions.visible_children_of(parent))
    assert set(own) == set(layers.layer(name).codes)


def test_every_area_carries_only_its_code_name_and_kind() -> None:
    for name in layers.all_layers():
        for feature in _features(name):
            assert set(feature["properties"]) <= {"c", "n", "k"}
            assert feature["properties"].get("k", "place") in {"place", "line"}


@pytest.mark.parametrize("province", divisions.children_of("0"))
def test_a_province_is_the_sum_of_its_parts(province: str) -> None:
    whole = next(
        geometry
        for feature, geometry in zip(_features("nation-provinces"), _geometries("nation-provinces"), strict=True)
        if feature["properties"]["c"] == province
    )
    parts = float(np.sum(shapely.area(_geometries(f"{province}-cities"))))
    # Reefs and Macau are a handful of points on the national map: 50 km² may go.
    assert parts == pytest.approx(shapely.area(whole), rel=0.02, abs=0.5)


@pytest.mark.parametrize("city", ["3301", "4419", "5134", "6207", "419001"])
def test_a_city_is_the_sum_of_its_counties(city: str) -> None:
    counties = float(np.sum(shapely.area(_geometries(f"{city[:4]}-counties"))))
    province = f"{city[:2]}-cities"
    shown = [feature["properties"]["c"] == city for feature in _features(province)]
    parts = float(np.sum(shapely.area(_geometries(province)[shown])))
    assert counties == pytest.approx(parts, rel=0.03)


def test_every_city_and_province_has_a_layer() -> None:
    for code in divisions.divisions().query("level in ('province', 'city')")["code"]:
        assert layers.drill_layer(code).features > 0 or code == "0"
    assert layers.layer_for("1101", "county") == layers.layer_for("11", "city") == layers.layer_for("11", "county")


@pytest.mark.parametrize(("code", "level"), [("110101", "town"), ("0", "town"), ("13", "county"), ("9999", "county")])
def test_what_has_no_map_says_so(code: str, level: str) -> None:
    with pytest.raises(LookupError, match="no map"):
        layers.layer_for(code, level)


def test_the_counties_have_no_drill() -> None:
    with pytest.raises(LookupError, match="no map below"):
        layers.drill_layer("110101")


def test_the_views_hold_what_they_should() -> None:
    (south, west), (north, east) = layers.MAIN_VIEW
    (y0, x0), (y1, x1) = layers.national_layers()["province"].bounds
    assert (west, north, east) == pytest.approx((x0, y1, x1), abs=0.1)
    assert south > y0
    (lower, _), (upper, _) = layers.SOUTH_CHINA_SEA_VIEW
    assert lower < y0
    assert upper > south
    assert codes.NATION == "0"
