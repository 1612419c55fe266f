"""Where the demo's enterprises stand: every county of the mainland with its weight, towns, names and point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from etl.demo.streams import Floats, Ints, Streams
from etl.demo.tables import blocklist, table
from geo.divisions import divisions, is_artificial
from geo.places import areas, representative_points

_LEAST_SHARE = 3e-5
"""Every county has some enterprises: at 100 000, three."""

_KINDS = {"区": 2.0, "市": 1.4, "县": 0.8}
_OTHER_KIND = 0.5
_LONGEST_SHORT_NAME = 4
_NAMED_AFTER_COUNTY = 0.4
_KM_PER_DEGREE = 111.0


@dataclass(frozen=True)
class Places:
    """The counties, one position each in every array, in order of their codes; towns lie in one array after another."""

    code: Ints  # six digits
    province: Ints  # two digits
    city: Ints  # four digits
    steps: Floats  # cumulative share of enterprises, ends at 1
    short: pa.Array  # 1-4 characters that begin a name: of the city, sometimes of the county
    prefix: pa.Array  # what begins an address, province included
    local_prefix: pa.Array  # the same without the province
    first_town: Ints  # position of the county's first town
    towns: Ints  # how many it has
    town_code: Ints
    town_name: pa.Array
    lon: Floats
    lat: Floats
    reach: Floats  # degrees: how far around the point enterprises lie

    def of_city(self, city: int) -> Ints:
        """Return the positions of a city's counties, or of all counties of a municipality or province (two digits)."""
        return np.flatnonzero((self.city == city) | (self.province == city))


@cache
def places() -> Places:
    """Return all mainland counties."""
    shares = table("places")["province"]
    known = divisions()
    known = known[known["code"].str[:2].isin(set(shares))].sort_values("code")
    counties = known[known["level"] == "county"].astype({"code": object, "name": object}).reset_index(drop=True)
    towns = known[known["level"] == "town"]
    above = known[known["level"] != "town"]
    county, parent = _numbers(counties["code"]), _numbers(towns["parent"])
    first, after = np.searchsorted(parent, county), np.searchsorted(parent, county, side="right")
    points = representative_points("county").set_index("code").reindex(counties["code"])
    area = areas("county").set_index("code")["area_km2"].reindex(counties["code"]).fillna(100.0).to_numpy(float)
    names = dict(zip(above["code"].tolist(), above["name"].tolist(), strict=True))
    short = dict(zip(above["code"].tolist(), above["short_name"].tolist(), strict=True))
    codes = counties["code"].tolist()
    weights = _weights(counties, after - first, shares)
    return Places(
        code=county,
        province=county // 10_000,
        city=county // 100,
        steps=np.cumsum(weights) / weights.sum(),
        short=pa.array(_short_names(codes, short), pa.string()),
        prefix=pa.array([names[code[:2]] + _within(code, names) for code in codes], pa.string()),
        local_prefix=pa.array([_within(code, names) or names[code[:2]] for code in codes], pa.string()),
        first_town=first.astype(np.int64),
        towns=(after - first).astype(np.int64),
        town_code=_numbers(towns["code"]),
        town_name=pa.array(towns["name"].tolist(), pa.string()),
        lon=points["lon"].to_numpy(float),
        lat=points["lat"].to_numpy(float),
        reach=np.clip(np.sqrt(area) * 0.12 / _KM_PER_DEGREE, 0.005, 0.12),
    )


def _numbers(codes: pd.Series[str]) -> Ints:
    """Return region codes as numbers: nine digits sort and compare faster than text."""
    return np.asarray(codes.to_numpy(dtype=np.int64))


def _weights(counties: pd.DataFrame, towns: Ints, shares: dict[str, float]) -> Floats:
    """Return each county's share of enterprises: kind, towns, its city's and its own pull, its province's share.

    The noise between neighbours is the same under every seed: places do not change with the demo's seed.
    """
    pull = table("places")
    weight = counties["name"].str[-1].map(_KINDS).fillna(_OTHER_KIND).to_numpy(float) * np.sqrt(np.maximum(towns, 1))
    weight = weight * np.exp(0.45 * Streams(0).normal("places", np.arange(len(counties))))
    weight = weight * counties["parent"].map(pull["city"]).fillna(1.0).to_numpy(float)
    weight = weight * counties["code"].map(pull["county"]).fillna(1.0).to_numpy(float)
    province = counties["code"].str[:2]
    total = pd.Series(weight).groupby(province.to_numpy()).transform("sum").to_numpy(float)
    weight = weight / total * province.map(shares).to_numpy(float) / sum(shares.values())
    return np.asarray(np.maximum(weight, _LEAST_SHARE), dtype=np.float64)


def _within(code: str, names: dict[str, str]) -> str:
    """Return city and county as an address writes them: without the coding's brackets, and no name twice."""
    city = "" if is_artificial(code[:4]) else names[code[:4]]
    county = names[code]
    return county if city == county else city + county


def _short_names(codes: list[str], short: dict[str, str]) -> list[str]:
    """Return what a name of each county begins with: the city's short name, sometimes the county's own.

    A short name that is itself a well-known brand (平安, 长安), or long, gives way to the next place up.
    """
    own = Streams(0).uniform("short name", np.arange(len(codes))) < _NAMED_AFTER_COUNTY
    names = []
    for code, after_county in zip(codes, own.tolist(), strict=True):
        city = [] if is_artificial(code[:4]) else [short[code[:4]]]
        ranked = [short[code], *city] if after_county else city
        names.append(next((name for name in ranked if _fits(name)), short[code[:2]]))
    return names


@cache
def _fits(name: str) -> bool:
    """Tell whether a place's short name may begin an enterprise's."""
    return len(name) <= _LONGEST_SHORT_NAME and not any(brand in name for brand in blocklist())
