"""The one projection of every map: Albers equal-area (25° and 47°, centred on 105° E, 36° N), in units of 10 km.

Equal area, because a choropleth must not give a province more ink than it has land. The scale of 1e-4 keeps the
numbers small enough for Leaflet's `Simple` reference system, where x is "longitude" and y is "latitude".
"""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=36 +lon_0=105 +datum=WGS84 +units=m"
METRES_PER_UNIT = 10_000.0

Floats = NDArray[np.float64]


@cache
def _transformer() -> Transformer:
    """Return the transformer from WGS84 longitude and latitude to metres."""
    return Transformer.from_crs("EPSG:4326", ALBERS, always_xy=True)


def project(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Return map x and y (arrays like the input, 1 unit = 10 km) of WGS84 degrees; not a number stays not a number."""
    x, y = _transformer().transform(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    return _finite(x) / METRES_PER_UNIT, _finite(y) / METRES_PER_UNIT


def unproject(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Return WGS84 longitude and latitude (degrees) of map x and y; the inverse of `project`."""
    metres = (np.asarray(x, dtype=float) * METRES_PER_UNIT, np.asarray(y, dtype=float) * METRES_PER_UNIT)
    lon, lat = _transformer().transform(*metres, direction="INVERSE")
    return _finite(lon), _finite(lat)


def _finite(values: ArrayLike) -> Floats:
    """Return the values with PROJ's infinities, its sign for "cannot be projected", as not-a-number."""
    numbers = np.asarray(values, dtype=float)
    return np.where(np.isfinite(numbers), numbers, np.nan)
