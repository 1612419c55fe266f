"""What a map of a region shows: which areas, drawn from which layer, and which divisions' figures each area carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from geo.codes import NATION, at_level, level_of
from geo.divisions import divisions, english_name_of, is_artificial, name_of, short_name_of, visible_parent_of
from geo.layers import MAIN_VIEW, Bounds, Layer, drill_layer, layer_for
from geo.places import drawn_code


@dataclass(frozen=True)
class View:
    """One map: its layer, the level that its areas stand for, and the area that is singled out ('' for none)."""

    region: str
    layer: Layer
    level: str
    bounds: Bounds
    selected: str = ""


@cache
def view_of(region: str, grain: str = "") -> View:
    """Return the map of a region one step down; for the nation as finely as `grain` says (province, city, county).

    A county or a town is shown among the counties around it, singled out. Raises ValueError for a malformed code,
    LookupError for a province of which no finer division is known (Taiwan, Hong Kong, Macau).
    """
    level = level_of(region)
    if region == NATION:
        return View(region, layer_for(NATION, grain or "province"), grain or "province", MAIN_VIEW)
    if level in {"province", "city"}:
        layer = drill_layer(region)
        return View(region, layer, "city" if level == "province" else "county", layer.bounds)
    county = at_level(region, "county") or region
    layer = drill_layer(visible_parent_of(county) or NATION)
    return View(region, layer, "county", layer.bounds, drawn_code(county))


@cache
def divisions_in(view: View) -> dict[str, str]:
    """Return {division: area that carries its figures}: every area itself, and the counties that have no area."""
    areas = {code: code for code in view.layer.codes}
    counties = divisions().query("level == 'county'")["code"]
    without = {code: drawn_code(code) for code in counties if code not in areas}
    return areas | {code: area for code, area in without.items() if area in areas}


def names_in(view: View, locale: str) -> dict[str, str]:
    """Return the names of a view's areas in a language (zh_CN or en)."""
    return {code: region_name(code, locale) for code in view.layer.codes}


def region_name(code: str, locale: str) -> str:
    """Return a region's full name in a language; KeyError for a code that is none."""
    return name_of(code) if locale == "zh_CN" else english_name_of(code)


def short_region_name(code: str, locale: str) -> str:
    """Return a region's name without its rank (杭州, West Lake stays as it is); KeyError for a code that is none."""
    return short_name_of(code) if locale == "zh_CN" else english_name_of(code)


def place_words(code: str, locale: str) -> str:
    """Return where something lies, in few words: city and county (杭州 · 西湖区), or the deepest that is known."""
    city, county = at_level(code, "city"), at_level(code, "county")
    if city is not None and is_artificial(city):
        city = at_level(code, "province")
    parts = [short_region_name(city, locale)] if city else []
    parts += [region_name(county, locale)] if county else []
    return " · ".join(parts) or short_region_name(code, locale)
