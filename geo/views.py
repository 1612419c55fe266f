"""What a map of a region shows: which areas, drawn from which layer, and which divisions' figures each area carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from geo.codes import NATION, at_level, level_of, parent_of
from geo.divisions import drawn_code, divisions, english_name_of, name_of, path_of
from geo.layers import MAIN_VIEW, Layer, layer_for

Corners = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class View:
    """One map: its layer, the codes that can be clicked, and the area that is singled out ('' for none)."""

    region: str
    layer: Layer
    bounds: Corners
    selected: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The areas of the layer that stand for a division."""
        return self.layer.codes

    @property
    def level(self) -> str:
        """The level of most areas, for titles."""
        return "city" if self.layer.file == "nation-cities.json" else level_of(self.codes[0])


@cache
def view_of(region: str, grain: str = "") -> View:
    """Return the map of a region, cut one step down, or as finely as `grain` (province, city, county) for the nation.

    A county or a town is shown among the counties around it, singled out. ValueError for a malformed code.
    """
    level = level_of(region)
    if region == NATION:
        return View(region, layer_for(NATION, grain or "province"), MAIN_VIEW)
    if level == "province":
        layer = layer_for(region, "city")
        return View(region, layer, layer.bounds)
    if level == "city":
        layer = _around(region)
        return View(region, layer, layer.bounds)
    county = at_level(region, "county") or region
    layer = _around(parent_of(county) or NATION)
    return View(region, layer, layer.bounds, drawn_code(county))


def _around(city: str) -> Layer:
    """Return the counties of a city; those of an artificial city stand in their province's own layer."""
    try:
        return layer_for(city, "county")
    except KeyError:
        return layer_for(city[:2], "city")


@cache
def divisions_of(view: View) -> dict[str, str]:
    """Return {division: area that carries its figures}: each area itself, and the counties without ground of their own."""
    carried = {code: code for code in view.codes}
    counties = divisions().query("level == 'county'")["code"]
    for code in counties:
        if code not in carried and drawn_code(code) in carried:
            carried[code] = drawn_code(code)
    return carried


def names_in(view: View, locale: str) -> dict[str, str]:
    """Return the names of a view's areas in a language (zh_CN or en)."""
    return {code: region_name(code, locale) for code in view.codes}


def region_name(code: str, locale: str) -> str:
    """Return a region's name in a language; a place without an English name keeps its Chinese one."""
    if locale == "zh_CN":
        return name_of(code)
    return english_name_of(code)


def short_path(code: str, locale: str) -> str:
    """Return where a place lies in few words: city and county (or what there is of them), e.g. 杭州 · 西湖区."""
    if locale != "zh_CN":
        return " · ".join(english_name_of(at) for at in _city_and_county(code))
    return " · ".join(name_of(at) for at in _city_and_county(code)) or "".join(path_of(code)[-1:])


def _city_and_county(code: str) -> list[str]:
    return [at for at in (at_level(code, "city"), at_level(code, "county")) if at]
