"""The map layers: which static file shows which parts of which place. Geometry is in map units (`geo.projection`)."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from geo import codes
from geo.divisions import DATA

Bounds = tuple[tuple[float, float], tuple[float, float]]

_NATIONAL = {"province": "nation-provinces", "city": "nation-cities", "county": "nation-counties"}
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})


@dataclass(frozen=True)
class Layer:
    """One immutable GeoJSON file under ``assets/geo``.

    `version` changes with the content (append ``?v=version``); `bounds` is ((y0, x0), (y1, x1)) and `center` (y, x), as
    Leaflet's `Simple` system takes them (Hainan's leave the South China Sea to the inset); `features` counts the
    polygons or lines; `codes` are the regions that a click can open (features with a ``k`` property are not among
    them); `gz_bytes` is the size on the wire.
    """

    name: str
    file: str
    version: str
    bounds: Bounds
    center: tuple[float, float]
    features: int
    codes: tuple[str, ...]
    gz_bytes: int

    @property
    def url(self) -> str:
        """Return the path below the assets folder, with the version that makes it cacheable for ever."""
        return f"geo/{self.file}?v={self.version}"


def layer_for(parent_code: str, child_level: str) -> Layer:
    """Return the layer that shows a place's parts at a level; LookupError if there is no such map.

    ``("0", "province" | "city" | "county")`` are the national layers. A province's ``"city"`` layer shows what is one
    step down as people see it: cities and directly governed counties, or the districts of a municipality (which is also
    its ``"county"`` layer, and that of its artificial cities). A city has a ``"county"`` layer. A county has no map of
    its towns: show its city's layer and mark it there.
    """
    level = codes.level_of(parent_code)
    name = None
    if level == "nation":
        name = _NATIONAL.get(child_level)
    elif level == "province" and (
        child_level == "city" or (child_level == "county" and parent_code in _MUNICIPALITIES)
    ):
        name = f"{parent_code}-cities"
    elif level == "city" and child_level == "county":
        province = parent_code[: codes.LENGTHS["province"]]
        name = f"{province}-cities" if province in _MUNICIPALITIES else f"{parent_code}-counties"
    if name not in _manifest()["layers"]:
        raise LookupError(f"no map of {parent_code} by {child_level}")
    return layer(str(name))


def drill_layer(parent_code: str) -> Layer:
    """Return the layer one step down from the nation, a province or a city; LookupError for a county or below."""
    level = codes.level_of(parent_code)
    below = {"nation": "province", "province": "city", "city": "county"}.get(level)
    if below is None:
        raise LookupError(f"no map below {parent_code}")
    return layer_for(parent_code, below)


def national_layers() -> dict[str, Layer]:
    """Return the layers of the whole nation: province, city and county, and the boundary lines over each of them."""
    return {level: layer(name) for level, name in _NATIONAL.items()} | {"boundary": layer("nation-boundary")}


def all_layers() -> dict[str, Layer]:
    """Return every layer by its name."""
    return {name: layer(name) for name in _manifest()["layers"]}


@cache
def layer(name: str) -> Layer:
    """Return a layer by its name, ``nation-provinces`` for example; LookupError if there is none."""
    entry = _manifest()["layers"][name]
    return Layer(
        name=name,
        file=entry["file"],
        version=entry["version"],
        bounds=_bounds(entry["bounds"]),
        center=(entry["center"][0], entry["center"][1]),
        features=entry["features"],
        codes=tuple(entry["codes"]),
        gz_bytes=entry["gz_bytes"],
    )


@cache
def _manifest() -> dict[str, Any]:
    """Return the committed manifest."""
    manifest: dict[str, Any] = json.loads((DATA / "layers.json").read_text(encoding="utf-8"))
    return manifest


def _bounds(corners: list[list[float]]) -> Bounds:
    """Return JSON's lists as the tuples of a frozen layer."""
    (y0, x0), (y1, x1) = corners
    return (y0, x0), (y1, x1)


MAIN_VIEW: Bounds = _bounds(_manifest()["views"]["main"])
"""Bounds of the main map: everything north of about 17.5° N, so that the mainland fills the panel."""

SOUTH_CHINA_SEA_VIEW: Bounds = _bounds(_manifest()["views"]["south_china_sea"])
"""Bounds of the inset: the South China Sea with its islands and lines, up to the coast."""
