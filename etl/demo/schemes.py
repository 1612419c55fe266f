"""The planted schemes: who belongs to which, where, in what role, from when, and when it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dashboard.vocabulary import RISK_TYPES, SECTORS
from etl.demo.seasons import RUN_UP_DAYS, day_number, months_before
from etl.demo.streams import Floats, Ints, Streams, spread_out
from etl.demo.tables import table

if TYPE_CHECKING:
    from datetime import date

    from etl.demo.places import Places

ROLES = ("core", "member", "shell")
_ENTERPRISES_PER_SCHEME = 1000
_FEWEST_WITH_SCHEMES = 30
_USUAL_SPAN = 816  # days over which the schemes of fourteen months, their run-up and the time ahead break
_MOST_PLANTED = 0.25
_AHEAD_DAYS = 120
_RISING_SHARE = 0.12


@dataclass(frozen=True)
class Plan:
    """Schemes, and their members in order of enterprise number; `scheme` is a position in the first five arrays."""

    risk_type: Ints  # position in RISK_TYPES
    city: Ints  # code of the home city, two digits for a municipality
    brand: Ints
    buildup: Ints  # day number
    breaks: Ints  # day number
    row: Ints  # enterprise number of each member, rising
    scheme: Ints
    slot: Ints  # 0, 1, 2, … within the scheme
    role: Ints  # position in ROLES
    county: Ints  # position in Places
    sector: Ints  # position in SECTORS

    def member_of(self, rows: Ints) -> Ints:
        """Return the member's position for each enterprise number, -1 for the innocent."""
        if not len(self.row):
            return np.full(len(rows), -1, dtype=np.int64)
        found = np.minimum(np.searchsorted(self.row, rows), len(self.row) - 1)
        return np.where(self.row[found] == rows, found, -1)


def plan(streams: Streams, places: Places, *, enterprises: int, months: int, as_of: date) -> Plan:
    """Return about one scheme per thousand enterprises in the usual window, as many to the day in any other.

    None where there are fewer than thirty enterprises.
    """
    span = (day_number(as_of) - day_number(months_before(as_of, months)) + RUN_UP_DAYS + _AHEAD_DAYS) / _USUAL_SPAN
    wanted = max(1, round(enterprises / _ENTERPRISES_PER_SCHEME * span)) if enterprises >= _FEWEST_WITH_SCHEMES else 0
    schemes = np.arange(wanted)
    profiles = [table("schemes")[name] for name in RISK_TYPES]
    risk_type = streams.choice("scheme.type", schemes, np.array([float(profile["share"]) for profile in profiles]))
    low, high = (np.array([profile["members"][end] for profile in profiles]) for end in (0, 1))
    sizes = low[risk_type] + streams.below("scheme.size", schemes, high[risk_type] - low[risk_type] + 1)
    sizes = np.where(np.cumsum(sizes) <= max(enterprises * _MOST_PLANTED, sizes[:1].sum()), sizes, 0)
    scheme = np.repeat(schemes, sizes)
    slot = np.arange(len(scheme)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    city, buildup, breaks = _when_and_where(
        streams, schemes, day_number(months_before(as_of, months)), day_number(as_of)
    )
    members = np.arange(len(scheme))
    row = spread_out(
        enterprises, members, int(streams.below("member.offset", np.zeros(1, dtype=np.int64), enterprises)[0])
    )
    order = np.argsort(row)
    scheme, slot = scheme[order], slot[order]
    core = np.maximum(1, sizes[scheme] // 5)
    return Plan(
        risk_type=risk_type,
        city=city,
        brand=streams.below("scheme.brand", schemes, 10**9),
        buildup=buildup,
        breaks=breaks,
        row=row[order],
        scheme=scheme,
        slot=slot,
        role=np.where(slot < core, 0, np.where(slot >= sizes[scheme] - sizes[scheme] // 4, 2, 1)),
        county=_counties(streams, places, city[scheme], risk_type[scheme], members),
        sector=_sectors(streams, risk_type[scheme], members),
    )


def _when_and_where(streams: Streams, schemes: Ints, start: int, as_of: int) -> tuple[Ints, Ints, Ints]:
    """Return home city, first day of the build-up (3-9 months before) and day of the break for each scheme.

    Breaks are spread from a month into the run-up to four months after the window's end, so that the present shows
    live schemes; one in eight lies in a rising province and breaks soon: its steep part falls in the last weeks.
    """
    pull = table("places")
    cities = np.array([int(code) for code in pull["hot"]])
    city = cities[streams.choice("scheme.city", schemes, np.array([float(weight) for weight in pull["hot"].values()]))]
    first = start - RUN_UP_DAYS + 30
    breaks = first + streams.below("scheme.break", schemes, as_of + _AHEAD_DAYS - first)
    rising = streams.uniform("scheme.rising", schemes) < _RISING_SHARE
    capitals = np.array([int(code) * 100 + 1 for code in pull["rising"]["provinces"]])
    city = np.where(rising, capitals[streams.below("scheme.rising city", schemes, len(capitals))], city)
    breaks = np.where(rising, as_of + 5 + streams.below("scheme.rising break", schemes, 45), breaks)
    return city, breaks - 90 - streams.below("scheme.buildup", schemes, 181), breaks


def _counties(streams: Streams, places: Places, city: Ints, risk_type: Ints, members: Ints) -> Ints:
    """Return the county of each member: mostly across the home city, some in its province, the rest anywhere."""
    profiles = [table("schemes")[name] for name in RISK_TYPES]
    home = np.array([profile["home"] for profile in profiles])[risk_type]
    province = home + np.array([profile["province"] for profile in profiles])[risk_type]
    share = streams.uniform("member.reach", members)
    county = np.searchsorted(places.steps, streams.uniform("member.anywhere", members), side="right")
    for code in np.unique(city):
        within = np.flatnonzero((city == code) & (share < home))
        county[within] = _by_weight(streams, places, places.of_city(int(code)), members[within])
        within = np.flatnonzero((city == code) & (share >= home) & (share < province))
        county[within] = _by_weight(streams, places, places.of_city(int(str(code)[:2])), members[within])
    return np.minimum(county, len(places.code) - 1)


def _by_weight(streams: Streams, places: Places, counties: Ints, members: Ints) -> Ints:
    """Return one of the counties for each member, large ones more often."""
    weights: Floats = np.diff(places.steps, prepend=0.0)[counties]
    return counties[streams.choice("member.county", members, weights)]


def _sectors(streams: Streams, risk_type: Ints, members: Ints) -> Ints:
    """Return the sector of each member as its type of scheme prefers."""
    weights = np.zeros((len(RISK_TYPES), len(SECTORS)))
    for line, name in enumerate(RISK_TYPES):
        for sector, weight in table("schemes")[name]["sectors"].items():
            weights[line, SECTORS.index(sector)] = weight
    return streams.choice_by("member.sector", members, weights, risk_type)
