"""The places among which a form chooses: those of a jurisdiction, as fine as its level works."""

from __future__ import annotations

from functools import cache

from geo.codes import at_level, level_of
from geo.divisions import children_of
from geo.views import region_name

DEEP = frozenset({"city", "county", "town", "village"})
"""Levels whose officers know the town; those above choose among counties."""


@cache
def place_options(home: str, locale: str) -> tuple[dict[str, str], ...]:
    """Return the counties inside `home`, with their towns where it is a city or smaller, as a Select's options."""
    codes = _counties(home)
    listed = [one for county in codes for one in (county, *(children_of(county) if level_of(home) in DEEP else ()))]
    kept = [one for one in listed if one.startswith(home) or home == "0"] or [home]
    return tuple({"value": one, "label": _told(one, locale)} for one in kept)


def _counties(home: str) -> list[str]:
    county = at_level(home, "county")
    if county:
        return [county]
    found = [home]
    while level_of(found[0]) != "city":
        found = [child for one in found for child in children_of(one)]
    return [county for city in found for county in children_of(city)]


def _told(code: str, locale: str) -> str:
    county = at_level(code, "county")
    if county and code != county:
        return f"{region_name(county, locale)} · {region_name(code, locale)}"
    return region_name(code, locale)
