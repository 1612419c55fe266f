"""Numbers about places, from the cleaned polygons: areas, points inside, and who borders whom."""

import numpy as np
import pandas as pd
import shapely

from geo.making.coverage import Geometries
from geo.projection import METRES_PER_UNIT, unproject

_SQUARE_METRES_PER_KM2 = 1e6


def areas(codes: pd.Series, polygons: Geometries) -> pd.DataFrame:
    """Return code and area_km2 (Albers is equal-area, so this is the area on the ellipsoid)."""
    return pd.DataFrame({"code": codes, "area_km2": (shapely.area(polygons) / _SQUARE_METRES_PER_KM2).round(2)})


def representative_points(codes: pd.Series, polygons: Geometries) -> pd.DataFrame:
    """Return code, lon, lat (degrees) and x, y (map units) of a point well inside the largest part of each polygon."""
    largest = [max(shapely.get_parts(polygon), key=shapely.area) for polygon in polygons]
    inside = shapely.get_point(shapely.maximum_inscribed_circle(np.array(largest), tolerance=500.0), 0)
    x, y = shapely.get_x(inside) / METRES_PER_UNIT, shapely.get_y(inside) / METRES_PER_UNIT
    lon, lat = unproject(x, y)
    points = {"lon": lon.round(5), "lat": lat.round(5), "x": x.round(4), "y": y.round(4)}
    return pd.DataFrame({"code": codes, **points})


def neighbours(codes: pd.Series, polygons: Geometries) -> pd.DataFrame:
    """Return code and neighbour for every pair that shares a border or a corner, both ways round, sorted."""
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    other = left != right
    names = codes.to_numpy()
    pairs = pd.DataFrame({"code": names[left[other]], "neighbour": names[right[other]]})
    return pairs.sort_values(["code", "neighbour"], ignore_index=True)
