"""Polygons that share their borders exactly: cleaned, merged and simplified without gaps, overlaps or losses.

The source is nearly such a coverage: one polygon is invalid, and here and there two neighbours do not meet at the same
vertices. `snapped` rebuilds it from its line work on a grid; after that, simplification keeps neighbours together.
"""

from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

Geometries = NDArray[np.object_]

SLIVER_WIDTH = 200.0
"""Metres: an unclaimed face narrower than this is a crack between neighbours, not a hole in the map."""


def snapped(polygons: Geometries, grid: float) -> Geometries:
    """Return the polygons (metres, in order) as a valid coverage whose vertices all lie on a grid of that many metres.

    Line work is noded on the grid and cut into faces; each face goes to the polygon it came from, overlaps to the first
    of the two, cracks to the neighbour with the longest common border. ValueError if a polygon would vanish.
    """
    valid = _areal(shapely.make_valid(polygons))
    network = shapely.union_all(shapely.boundary(valid), grid_size=grid)
    faces = np.asarray(shapely.get_parts(shapely.polygonize([network])))
    owner = _owners(faces, valid)
    owner = _give_cracks_away(faces, owner)
    claimed = owner >= 0
    return _merged(faces[claimed], owner[claimed], len(polygons))


def dissolved(polygons: Geometries, groups: NDArray[np.intp], count: int) -> Geometries:
    """Return one geometry for each group number 0…count-1, the union of its polygons (which form a coverage)."""
    return _merged(polygons, groups, count)


def simplified(polygons: Geometries, tolerance: float, grid: float) -> Geometries:
    """Return the coverage (metres) simplified by Visvalingam–Whyatt and put back on a grid.

    `tolerance` is the square root, in metres, of the largest triangle that may go (shapely's own meaning).
    """
    return snapped(np.asarray(shapely.coverage_simplify(polygons, tolerance)), grid)


def _areal(geometries: Geometries) -> Geometries:
    """Return the polygon part of each geometry: repairing may leave stray lines beside the areas."""
    parts, index = shapely.get_parts(geometries, return_index=True)
    areal = shapely.get_dimensions(parts) == 2  # noqa: PLR2004 - OGC's dimension of an area
    return np.asarray(shapely.multipolygons(shapely.get_parts(parts[areal]), indices=index[areal]))


def _owners(faces: Geometries, polygons: Geometries) -> NDArray[np.intp]:
    """Return for each face the first polygon that holds its representative point, -1 for none."""
    face, polygon = shapely.STRtree(polygons).query(shapely.point_on_surface(faces), predicate="within")
    owner = np.full(len(faces), len(polygons), dtype=np.intp)
    np.minimum.at(owner, face, polygon)
    owner[owner == len(polygons)] = -1
    return owner


def _give_cracks_away(faces: Geometries, owner: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the owners with every unclaimed narrow face given to the neighbour it shares the longest border with."""
    owner = owner.copy()
    width = 2 * shapely.area(faces) / shapely.length(faces)
    cracks = np.flatnonzero((owner < 0) & (width < SLIVER_WIDTH))
    if not cracks.size:
        return owner
    crack, face = shapely.STRtree(faces).query(faces[cracks], predicate="touches")
    common = shapely.length(shapely.intersection(faces[cracks[crack]], faces[face]))
    for position in np.argsort(common):
        if owner[face[position]] >= 0 and common[position] > 0:
            owner[cracks[crack[position]]] = owner[face[position]]
    return owner


def _merged(faces: Geometries, owner: NDArray[np.intp], count: int) -> Geometries:
    """Return one geometry per owner number; ValueError if an owner is left without a face."""
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(count + 1))
    if (np.diff(starts) == 0).any():
        raise ValueError(f"polygons lost: {np.flatnonzero(np.diff(starts) == 0).tolist()}")
    groups = (faces[order[start:end]] for start, end in pairwise(starts))
    return np.array([shapely.coverage_union_all(group) for group in groups], dtype=object)
