"""Where points lie, who borders whom, where a label stands and how large a place is."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.divisions import DATA, exists
from geo.layers import all_layers
from geo.projection import project

_ASSETS = Path(__file__).parents[1] / "assets" / "geo"
_NEAR = 0.2
"""Map units (2 km): how far outside every polygon a point may be and still belong to one; coasts are simplified."""

_FINEST = (2, 6)
"""Lengths of the codes in drill layers below which nothing finer is drawn: counties, and places without any."""

_LEVELS = ("province", "city", "county")


def county_at(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.object_]:
    """Return the region code at each point (WGS84 degrees), None abroad, at sea and where a coordinate is missing.

    A county as a rule; Taiwan, Hong Kong, Macau and two nature reserves of Gansu have no counties and give their
    province. Within about a kilometre of a border the answer may be the neighbour's: the outlines are simplified.
    """
    x, y = project(np.atleast_1d(np.asarray(lon, dtype=float)), np.atleast_1d(np.asarray(lat, dtype=float)))
    found: NDArray[np.object_] = np.full(x.shape, None, dtype=object)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    tree, codes = _county_tree()
    points = np.asarray(shapely.points(x[known], y[known]))
    point, polygon = tree.query(points, predicate="intersects")
    found[known[point[::-1]]] = codes[polygon[::-1]]
    lost = np.flatnonzero(pd.isna(found[known]))
    point, polygon = tree.query_nearest(points[lost], max_distance=_NEAR, all_matches=False)
    found[known[lost[point]]] = codes[polygon]
    return found


def drawn_code(code: str) -> str:
    """Return the county whose polygon shows a county: itself, or where a development zone without a polygon lies.

    Codes of other levels come back as they are; KeyError if the division does not exist.
    """
    if not exists(code):
        raise KeyError(code)
    return _drawn_on().get(code, code)


def drawn_on() -> pd.DataFrame:
    """Return code, draws_on and reason for the counties (of the coding) that have no polygon of their own."""
    return pd.read_csv(DATA / "drawn_on.csv", dtype=str)


def neighbours(level: str) -> pd.DataFrame:
    """Return code and neighbour for pairs that share a border or a corner, both ways round; ValueError if unknown.

    Levels province, city and county. Islands and counties without a polygon have no rows.
    """
    return _facts("neighbours", level)


def representative_points(level: str) -> pd.DataFrame:
    """Return code, lon, lat (WGS84) and x, y (map units) of a point well inside each province, city or county.

    Every county has one: those without a polygon take the point of the county they are drawn on. ValueError if the
    level is another.
    """
    return _facts("points", level)


def areas(level: str) -> pd.DataFrame:
    """Return code and area_km2 of each province, city or county that has a polygon; ValueError if the level is another.

    Measured on the source's outlines, equal-area; official figures differ by a percent or so.
    """
    return _facts("areas", level)


def _facts(table: str, level: str) -> pd.DataFrame:
    """Return the rows of a precomputed table at one level."""
    if level not in _LEVELS:
        raise ValueError(f"no {table} at level {level!r}: choose one of {_LEVELS}")
    frame = _table(table)
    return frame[frame["level"] == level].drop(columns="level").reset_index(drop=True)


@cache
def _table(name: str) -> pd.DataFrame:
    """Return a precomputed table."""
    return pd.read_parquet(DATA / f"{name}.parquet")


@cache
def _drawn_on() -> dict[str, str]:
    """Return code → code of the polygon, for the counties without their own."""
    frame = drawn_on()
    return dict(zip(frame["code"], frame["draws_on"], strict=True))


@cache
def _county_tree() -> tuple[shapely.STRtree, NDArray[np.object_]]:
    """Return a tree of the finest outlines there are (map units) and the code of each."""
    geometries: list[NDArray[np.object_]] = []
    codes: list[str] = []
    for layer in all_layers().values():
        if layer.name.startswith("nation-"):
            continue
        text = (_ASSETS / layer.file).read_text(encoding="utf-8")
        shown = [feature["properties"]["c"] for feature in json.loads(text)["features"]]
        finest = np.array([len(code) in _FINEST for code in shown])
        geometries.append(shapely.get_parts(shapely.from_geojson(text))[finest])
        codes += [code for code, wanted in zip(shown, finest, strict=True) if wanted]
    return shapely.STRtree(np.concatenate(geometries)), np.array(codes, dtype=object)
