"""Places: points, neighbours, areas, projection."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import places
from geo.projection import project, unproject


@given(st.floats(73, 136), st.floats(3, 54))
def test_projecting_there_and_back(lon: float, lat: float) -> None:
    assert np.allclose(unproject(*project(lon, lat)), (lon, lat), atol=1e-6)


def test_the_projections_own_centre_and_scale() -> None:
    x, y = project(np.array([105.0, 105.0]), np.array([36.0, 37.0]))
    assert np.allclose(x, 0)
    assert y[0] == pytest.approx(0, abs=1e-9)
    assert y[1] == pytest.approx(11.1, abs=0.3), "a degree of latitude is 111 km, a unit is 10 km"
    assert np.isnan(project(float("nan"), 30.0)).all()


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (116.46, 39.92, "110105"),
        (121.52, 31.21, "310115"),
        (113.75, 23.03, "441900"),
        (91.11, 29.66, "540102"),
        (98.28, 39.77, "620201"),
        (114.17, 22.30, "81"),
        (121.55, 25.04, "71"),
        (113.55, 22.19, "82"),
        (139.7, 35.7, None),
        (126.0, 30.0, None),
        (float("nan"), 30.0, None),
    ],
)
def test_county_at(lon: float, lat: float, code: str | None) -> None:
    assert places.county_at(lon, lat).tolist() == [code]


@pytest.mark.parametrize("level", ["province", "city", "county"])
def test_representative_points_lie_in_their_own_place(level: str) -> None:
    points = places.representative_points(level)
    assert points["code"].is_unique
    found = places.county_at(points["lon"].to_numpy(), points["lat"].to_numpy())
    own = [places.drawn_code(code) for code in points["code"]]
    agree = [str(hit).startswith(code) for hit, code in zip(found, own, strict=True)]
    assert np.mean(agree) > 0.995, "an outline simplified for drawing may lose a narrow place's point"


def test_every_division_has_a_point() -> None:
    assert [len(places.representative_points(level)) for level in ("province", "city", "county")] == [34, 342, 2978]


@pytest.mark.parametrize("level", ["province", "city", "county"])
def test_neighbours_are_mutual_and_never_oneself(level: str) -> None:
    pairs = set(places.neighbours(level).itertuples(index=False, name=None))
    assert pairs == {(b, a) for a, b in pairs}
    assert all(a != b for a, b in pairs)


def test_known_neighbours() -> None:
    pairs = set(places.neighbours("province").itertuples(index=False, name=None))
    assert ("11", "12") in pairs
    assert ("11", "13") in pairs
    assert ("11", "37") not in pairs
    assert ("46", "44") not in pairs


def test_areas_add_up() -> None:
    provinces, cities, counties = (places.areas(level)["area_km2"].sum() for level in ("province", "city", "county"))
    assert provinces == pytest.approx(9_506_000, rel=0.001)
    assert cities == pytest.approx(counties, rel=0.001)
    assert places.areas("province").set_index("code")["area_km2"]["11"] == pytest.approx(16_410, rel=0.01)


def test_other_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="no areas at level 'town'"):
        places.areas("town")
