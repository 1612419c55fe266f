"""The ground: every county-level polygon, cleaned, with the division it is; and its unions by city and province."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo import codes
from geo.making.coverage import Geometries, dissolved, snapped
from geo.making.emit import Features
from geo.making.reconcile import reconciled
from geo.making.sources import Sources
from geo.projection import ALBERS

CLEAN_GRID = 10.0
"""Metres: finer than the source, whose vertices stand hundreds of metres apart."""

_AREA_SLACK = 0.002
"""Share by which a union of counties may differ from the source's own city or province polygon."""


@dataclass(frozen=True)
class Units:
    """The polygons of one level as the source cuts them: the reconciled table, one geometry (metres) a row."""

    level: str
    table: pd.DataFrame
    geometries: Geometries

    def features(self, chosen: pd.Series | None = None) -> Features:
        """Return the units (or those where `chosen` is true) as features: divisions, and places that fill the map."""
        keep = np.ones(len(self.table), dtype=bool) if chosen is None else chosen.to_numpy()
        rows = self.table[keep]
        own = self.own[keep]
        within = [codes.at_level(code, self.level) or code if len(code) > 1 else code for code in rows["within"]]
        return Features(
            codes=[
                region if mine else around
                for region, mine, around in zip(rows["region_code"], own, within, strict=True)
            ],
            names=rows["polygon_name"].tolist(),
            kinds=["" if mine else "place" for mine in own],
            geometries=self.geometries[keep],
        )

    @property
    def own(self) -> pd.Series:
        """Tell for each unit whether it is a division of its own that a click may open."""
        region = self.table["region_code"]
        return region.str.len().eq(codes.LENGTHS["county"]) if self.level == "county" else region.ne("")


def survey(sources: Sources, names: dict[str, str]) -> dict[str, Units]:
    """Return the units at county, city and province level; the larger ones are unions of the counties, exactly."""
    polygons = sources.polygons("county").to_crs(ALBERS)
    geometries = snapped(np.array(list(polygons.geometry), dtype=object), CLEAN_GRID)
    counties = Units("county", reconciled(polygons, "county", names), geometries)
    units = {"county": counties}
    for level in ("city", "province"):
        units[level] = _unions(counties, sources, level, names)
    return units


def grouped(counties: Units, level: str) -> tuple[pd.Series, Geometries]:
    """Return the codes of a level of the coding and their ground, for the codes that have any (metres)."""
    code = counties.table["within"].map(lambda within: codes.at_level(within, level))
    known = code.notna()
    numbers, found = pd.factorize(code[known], sort=True)
    return pd.Series(found, dtype="str"), dissolved(counties.geometries[known], numbers, len(found))


def _unions(counties: Units, sources: Sources, level: str, names: dict[str, str]) -> Units:
    """Return a larger level's units; ValueError where a union of counties is not the source's own polygon."""
    polygons = sources.polygons(level).to_crs(ALBERS)
    position = {gb: number for number, gb in enumerate(polygons["gb"])}
    groups = np.array([_holder(gb, position) for gb in counties.table["gb"]])
    geometries = dissolved(counties.geometries, groups, len(polygons))
    drift = np.abs(shapely.area(geometries) / polygons.geometry.area.to_numpy() - 1)
    if (drift > _AREA_SLACK).any():
        raise ValueError(
            f"{level} polygons that are not the union of their counties: {polygons['gb'][drift > _AREA_SLACK]}"
        )
    return Units(level, reconciled(polygons, level, names), geometries)


def _holder(gb: str, position: dict[str, int]) -> int:
    """Return the number of the larger polygon that holds a county polygon: the longest shared code that exists."""
    for candidate in (gb, f"{gb[:7]}00", f"{gb[:5]}0000"):
        if candidate in position:
            return position[candidate]
    raise ValueError(f"no larger polygon holds {gb}")
