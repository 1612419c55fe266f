"""Writes the map layers: compact GeoJSON in map units, and what a page must know to ask for each."""

import gzip
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.making.coverage import Geometries
from geo.projection import METRES_PER_UNIT


@dataclass(frozen=True)
class Features:
    """What a layer draws: code, name and kind ("" for a division that a click opens) for each geometry (metres)."""

    codes: list[str]
    names: list[str]
    kinds: list[str]
    geometries: Geometries


@dataclass
class LayerWriter:
    """Writes layers into a folder and remembers, by layer name, the manifest entry of each."""

    folder: Path
    manifest: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, name: str, features: Features, grid: float, shown: Geometries | None = None) -> None:
        """Write ``<name>.json``, its coordinates on a grid of so many metres, and its manifest entry.

        `shown` are the geometries that a view of the layer is fitted to, all of them if it is not given.
        """
        decimals = round(np.log10(METRES_PER_UNIT / grid))
        text = json.dumps(_collection(features, decimals), ensure_ascii=False, separators=(",", ":"))
        content = text.encode()
        (self.folder / f"{name}.json").write_bytes(content)
        x0, y0, x1, y1 = (
            float(v) for v in shapely.total_bounds(features.geometries if shown is None else shown) / METRES_PER_UNIT
        )
        self.manifest[name] = {
            "file": f"{name}.json",
            "version": hashlib.sha256(content).hexdigest()[:12],
            "bytes": len(content),
            "gz_bytes": len(gzip.compress(content, 6, mtime=0)),
            "bounds": [[round(y0, 3), round(x0, 3)], [round(y1, 3), round(x1, 3)]],
            "center": [round((y0 + y1) / 2, 3), round((x0 + x1) / 2, 3)],
            "features": len(features.codes),
            "codes": sorted({c for c, k in zip(features.codes, features.kinds, strict=True) if c and not k}),
        }


def _collection(features: Features, decimals: int) -> dict[str, Any]:
    """Return the GeoJSON feature collection; polygons of one part become Polygon, which saves brackets."""
    rows = zip(features.codes, features.names, features.kinds, features.geometries, strict=True)
    return {"type": "FeatureCollection", "features": [_feature(*row, decimals) for row in rows]}


def _feature(code: str, name: str, kind: str, geometry: shapely.Geometry, decimals: int) -> dict[str, Any]:
    """Return one GeoJSON feature with the shortest properties that say what it is."""
    properties = {"c": code, "n": name} | ({"k": kind} if kind else {})
    mapping = json.loads(shapely.to_geojson(geometry))
    coordinates = _rounded(mapping["coordinates"], decimals)
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": mapping["type"], "coordinates": coordinates},
    }


def _rounded(coordinates: list[Any], decimals: int) -> list[Any]:
    """Return nested coordinates (metres) in map units, rounded, whole numbers without their point."""
    if isinstance(coordinates[0], list):
        return [_rounded(inner, decimals) for inner in coordinates]
    values = (round(metres / METRES_PER_UNIT, decimals) for metres in coordinates)
    return [int(value) if value == int(value) else value for value in values]
