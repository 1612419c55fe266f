"""Which layers there are, and how finely each is drawn."""

import numpy as np
import pandas as pd
import shapely

from geo.making.coverage import Geometries, simplified
from geo.making.emit import Features, LayerWriter
from geo.making.ground import Units
from geo.making.sources import Sources
from geo.projection import ALBERS, METRES_PER_UNIT, project

MUNICIPALITIES = ("11", "12", "31", "50")
_NO_CITIES = (*MUNICIPALITIES, "71", "81", "82")

_NATIONAL_TOLERANCE = {"province": 2500.0, "city": 2200.0, "county": 2300.0}
_NATIONAL_GRID = 100.0
_LAYER_NAME = {"province": "nation-provinces", "city": "nation-cities", "county": "nation-counties"}

_STEPS_ACROSS = 110
"""A drill view forgets triangles smaller than a 110th of its size squared: lines move by a few pixels."""
_FINE_GRID, _COARSE_GRID, _FINE_BELOW = 10.0, 100.0, 80_000.0

_LINE_GAP = 1000.0
"""Metres: a boundary line further than this from those of the province layer is one that layer lacks."""

_SANSHA = "4603"
_MAIN_SOUTH = -2_050_000.0
"""Metres north of 36°: below it (about 17.5° N) lie only the islands that the inset shows."""
_INSET = (106.5, 122.8, 3.2, 24.6)
"""West, east, south and north of the South China Sea inset, degrees."""


def draw(sources: Sources, units: dict[str, Units], writer: LayerWriter) -> None:
    """Write every layer: the national ones, the boundary lines, and one for each province and city that has parts."""
    for level, tolerance in _NATIONAL_TOLERANCE.items():
        features = units[level].features()
        writer.write(_LAYER_NAME[level], _generalised(features, tolerance, _NATIONAL_GRID), _NATIONAL_GRID)
    writer.write("nation-boundary", _boundary(sources), _NATIONAL_GRID)
    counties, cities = units["county"], units["city"]
    for province in sorted(set(cities.table["within"].str[:2])):
        parts = counties if province in _NO_CITIES else cities
        _draw_parts(writer, f"{province}-cities", parts, parts.table["within"].str[:2] == province)
    city_of = counties.table["within"].str[:4].where(counties.table["within"].str.len() > 2)  # noqa: PLR2004 - deeper than a province
    for city in sorted(city_of[~city_of.str[:2].isin(_NO_CITIES)].dropna().unique()):
        _draw_parts(writer, f"{city}-counties", counties, city_of == city)


def views(provinces: Units) -> dict[str, list[list[float]]]:
    """Return the bounds ([[y0, x0], [y1, x1]], map units) of the mainland view and of the South China Sea inset.

    The mainland view holds every polygon north of the inset's own islands; the inset is the window of a standard map.
    """
    parts = shapely.get_parts(provinces.geometries)
    x0, y0, x1, y1 = shapely.total_bounds(parts[shapely.bounds(parts)[:, 1] > _MAIN_SOUTH]) / METRES_PER_UNIT
    west, east, south, north = _INSET
    lon, lat = np.meshgrid(np.linspace(west, east, 101), np.linspace(south, north, 101))
    x, y = project(lon, lat)
    inset = (x.min(), y.min(), x.max(), y.max())
    return {"main": _bounds(x0, y0, x1, y1), "south_china_sea": _bounds(*inset)}


def _draw_parts(writer: LayerWriter, name: str, units: Units, chosen: pd.Series) -> None:
    """Write the drill layer of the chosen units, as fine as its extent deserves."""
    features = units.features(chosen)
    # By area and not by its box: Hainan's box reaches down to 4° N.
    across = float(np.sqrt(shapely.area(features.geometries).sum()))
    grid = _FINE_GRID if across < _FINE_BELOW else _COARSE_GRID
    writer.write(name, _generalised(features, across / _STEPS_ACROSS, grid), grid, _fitted(features))


def _fitted(features: Features) -> Geometries:
    """Return what a drill view is fitted to: not Sansha's reefs, which the inset shows, unless it is Sansha's own."""
    near = np.array([not code.startswith(_SANSHA) for code in features.codes])
    return features.geometries[near] if near.any() else features.geometries


def _generalised(features: Features, tolerance: float, grid: float) -> Features:
    """Return the features with simplified geometry (metres)."""
    geometries = simplified(features.geometries, tolerance, grid)
    return Features(features.codes, features.names, features.kinds, geometries)


def _boundary(sources: Sources) -> Features:
    """Return the lines a standard map of China must show beside its polygons: the dashes and the undefined stretches.

    The province file has nearly all; what only the files of the lower levels draw (Macau's line) is added.
    """
    lines: Geometries = _metres(sources, "province")
    for level in ("city", "county"):
        more = _metres(sources, level)
        near = shapely.distance(more, shapely.union_all(lines)) > _LINE_GAP
        lines = np.concatenate([lines, more[near]])
    lines = shapely.set_precision(shapely.simplify(lines, _NATIONAL_GRID), _NATIONAL_GRID)
    lines = lines[~shapely.is_empty(lines)]
    count = len(lines)
    return Features([""] * count, ["境界线"] * count, ["line"] * count, lines)


def _metres(sources: Sources, level: str) -> Geometries:
    """Return the single lines of a level's file in metres."""
    return np.array(list(sources.lines(level).to_crs(ALBERS).explode(ignore_index=True)), dtype=object)


def _bounds(x0: float, y0: float, x1: float, y1: float) -> list[list[float]]:
    """Return a box as Leaflet writes it, [[y0, x0], [y1, x1]]."""
    return [[round(float(y0), 3), round(float(x0), 3)], [round(float(y1), 3), round(float(x1), 3)]]
