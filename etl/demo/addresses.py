"""Addresses, region codes and points of enterprises."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.demo.tables import table

if TYPE_CHECKING:
    from etl.demo.places import Places
    from etl.demo.schemes import Plan
    from etl.demo.streams import Ints, Streams

_WITH_PROVINCE, _WITH_TOWN, _WITH_ROOM, _IN_HUB = 0.45, 0.55, 0.7, 0.012
_CODE_OF_TOWN, _CODE_OF_COUNTY = 0.6, 0.9
"""Share of the register that carries the town's code; up to the second figure the county's; the rest an address."""
_WITH_POINT = 0.8
_ADDRESSES_OF_SCHEME = 2


@cache
def _roads() -> pa.Array:
    words = table("words")
    return pa.array([road + kind for kind in words["road_kinds"] for road in words["roads"]], pa.string())


def write(
    streams: Streams, places: Places, plan: Plan, rows: Ints, county: Ints, member: Ints
) -> tuple[pa.Array, pa.Array]:
    """Return region code ('' for one in ten) and address of each enterprise.

    Members of a scheme in one county share a door; a little over one in a hundred of all others shares an incubator's.
    """
    # Members draw their door under a number that they share: the scheme's, its county's and one of two.
    door = rows.copy()
    planted = np.flatnonzero(member >= 0)
    shared = (
        plan.scheme[member[planted]] * 8192 + county[planted] * 2 + plan.slot[member[planted]] % _ADDRESSES_OF_SCHEME
    )
    door[planted] = -1 - shared
    town = places.first_town[county] + (streams.uniform("town", door) * places.towns[county]).astype(np.int64)
    has_town = places.towns[county] > 0
    town = np.where(has_town, town, 0)
    prefix = pc.if_else(
        pa.array(streams.uniform("address.province", door) < _WITH_PROVINCE),
        places.prefix.take(pa.array(county)),
        places.local_prefix.take(pa.array(county)),
    )
    names_town = pa.array(has_town & (streams.uniform("address.town", door) < _WITH_TOWN))
    named = pc.if_else(names_town, places.town_name.take(pa.array(town)), "")
    address = pc.binary_join_element_wise(prefix, named, _street(streams, door, member), "")
    code = np.where(has_town, places.town_code[town], places.code[county])
    share = streams.uniform("region.known", rows)
    code = np.where(share < _CODE_OF_TOWN, code, places.code[county])
    return pa.array(code, mask=share >= _CODE_OF_COUNTY).cast(pa.string()).fill_null(""), address


def _street(streams: Streams, door: Ints, member: Ints) -> pa.Array:
    """Return what follows the county or town: road, number, house and room, or a hub where many are registered."""
    hubs = pa.array(table("words")["hubs"], pa.string())
    road = _roads().take(pa.array(streams.below("road", door, len(_roads()))))
    number = pa.array(1 + (streams.uniform("number", door) ** 2 * 900).astype(np.int64)).cast(pa.string())
    house = pa.array(1 + streams.below("house", door, 18)).cast(pa.string())
    storey = 1 + streams.below("storey", door, 24)
    room = pa.array(storey * 100 + 1 + streams.below("room", door, 12)).cast(pa.string())
    room = pc.binary_join_element_wise(house, "幢", room, "室", "")
    room = pc.if_else(pa.array(streams.uniform("address.room", door) < _WITH_ROOM), room, "")
    street = pc.binary_join_element_wise(road, number, "号", room, "")
    hub = hubs.take(pa.array(streams.below("hub", door, len(hubs))))
    in_hub = (member < 0) & (streams.uniform("in hub", door) < _IN_HUB)
    return pc.if_else(pa.array(in_hub), hub, street)


def points(streams: Streams, places: Places, rows: Ints, county: Ints) -> tuple[pa.Array, pa.Array]:
    """Return longitude and latitude (WGS84), scattered around the county's point; null for one in five."""
    unknown = streams.uniform("point.known", rows) >= _WITH_POINT
    spread = places.reach[county]
    lon = places.lon[county] + spread * streams.normal("lon", rows)
    lat = places.lat[county] + spread * streams.normal("lat", rows)
    return pa.array(np.round(lon, 5), mask=unknown), pa.array(np.round(lat, 5), mask=unknown)
