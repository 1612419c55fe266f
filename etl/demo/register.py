"""The register: every attribute of any enterprise, worked out from its number alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.vocabulary import SECTORS, STATUSES
from etl.demo import addresses
from etl.demo.codes import credit_codes
from etl.demo.names import brands, enterprise_names, person_names
from etl.demo.seasons import day_number
from etl.demo.streams import Bools, Floats, Ints, Streams, pick, spread_out
from etl.demo.tables import table

if TYPE_CHECKING:
    from datetime import date

    from etl.demo.places import Places
    from etl.demo.schemes import Plan

_YEARS = 25
_GROWTH = 0.45
"""The age of a firm is distributed so that the number founded per year grows: day = window · u^0.45."""

_CAPITAL_LADDER = np.array(
    [1, 3, 5, 10, 20, 30, 50, 80, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10000, 20000, 50000]
)
"""Round figures in 10 000 CNY; a log-normal draw falls on the nearest rung."""
_CAPITAL_MIDDLE, _CAPITAL_SPREAD = 8.0, 2.4
_PAID_SHARES = np.array([0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.0])
_PAID_WEIGHTS = np.array([0.12, 0.05, 0.08, 0.1, 0.1, 0.15, 0.1, 0.3])
_PAID_UNKNOWN = 0.35
_STATUS_WEIGHTS = np.array([[0.935, 0.03, 0.015, 0.02], [0.98, 0.02, 0.0, 0.0], [0.25, 0.35, 0.4, 0.0]])
"""Status of ordinary firms, of schemes that live, of schemes two months after the break; columns as STATUSES."""
_AFTERMATH_DAYS = 60
_LICENSED, _LICENSED_IN_SCHEMES = 0.94, 0.25
_BRAND_SHARED = 0.55
_OWNERS_IN_FOUR = 0.08
_BOILERPLATE = "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
_BAIT = ("", "", "", "会员养老服务", "以房养老咨询", "认购份额居间服务", "数字藏品发行")
_SCOPES = 24


@dataclass(frozen=True)
class Identity:
    """Who a run of enterprises is; arrays of one length."""

    row: Ints
    member: Ints  # position in the plan's members, -1 for the innocent
    county: Ints  # position in Places
    sector: Ints  # position in SECTORS
    uscc: pa.Array
    name: pa.Array


class Register:
    """All enterprises of one demo."""

    def __init__(self, streams: Streams, places: Places, plan: Plan, *, enterprises: int, as_of: date) -> None:
        """Take what the attributes depend on."""
        self.streams, self.places, self.plan = streams, places, plan
        self.enterprises, self.as_of = enterprises, day_number(as_of)
        zero = np.zeros(1, dtype=np.int64)
        self._county_offset = int(streams.below("county.offset", zero, enterprises)[0])
        self._code_offset = int(streams.below("uscc.offset", zero, 31**6)[0])

    def identity(self, rows: Ints) -> Identity:
        """Return code, name, place and sector of the given enterprises, in any order and as often as wanted."""
        member = self.plan.member_of(rows)
        county, sector, brand = self._ordinary(rows)
        planted = np.flatnonzero(member >= 0)
        position = member[planted]
        scheme = self.plan.scheme[position]
        county[planted], sector[planted] = self.plan.county[position], self.plan.sector[position]
        kin = self.streams.uniform("brand.kin", rows[planted]) < _BRAND_SHARED
        brand[planted] = np.where(kin, self.plan.brand[scheme] % len(brands()), brand[planted])
        kind = np.where(sector == SECTORS.index("agriculture_cooperative"), 3, 1)
        return Identity(
            row=rows,
            member=member,
            county=county,
            sector=sector,
            uscc=credit_codes(rows, self.places.code[county], kind, self._code_offset),
            name=enterprise_names(self.streams, rows, county, sector, brand),
        )

    def _ordinary(self, rows: Ints) -> tuple[Ints, Ints, Ints]:
        """Return county, sector and brand as the shares of the population would have them.

        Counties are dealt by an affine permutation, not drawn, so that every county gets its share to within one firm.
        """
        place = (spread_out(self.enterprises, rows, self._county_offset) + 0.5) / self.enterprises
        shares = np.array([float(sector["share"]) for sector in table("sectors").values()])
        sector = self.streams.choice("sector", rows, shares)
        return pick(self.places.steps, place), sector, self.streams.below("brand", rows, len(brands()))

    def established(self, identity: Identity) -> Ints:
        """Return founding days (day numbers): more each year over 25 years; schemes' up to five years before."""
        window = round(_YEARS * 365.25)
        day = (
            self.as_of
            - window
            + (window * self.streams.uniform("established", identity.row) ** _GROWTH).astype(np.int64)
        )
        planted = np.flatnonzero(identity.member >= 0)
        scheme = self.plan.scheme[identity.member[planted]]
        before = 60 + self.streams.below("established.scheme", identity.row[planted], 1800)
        day[planted] = np.minimum(self.plan.buildup[scheme], self.as_of) - before
        return day

    def person(self, identity: Identity) -> Ints:
        """Return each legal representative's number: some people own several firms, a scheme has three people."""
        own = identity.row - identity.row % 4
        number = np.where(self.streams.uniform("owner", own) < _OWNERS_IN_FOUR, own, identity.row)
        planted = np.flatnonzero(identity.member >= 0)
        scheme = self.plan.scheme[identity.member[planted]]
        behind = self.plan.slot[identity.member[planted]] % 5 % 3
        number[planted] = self.enterprises + scheme * 8 + behind
        return number

    def table(self, identity: Identity) -> pa.Table:
        """Return the register's rows, columns as the contract names them; dates as text, money in CNY."""
        streams, rows = self.streams, identity.row
        planted = identity.member >= 0
        region, address = addresses.write(
            streams, self.places, self.plan, identity.row, identity.county, identity.member
        )
        lon, lat = addresses.points(streams, self.places, rows, identity.county)
        registered = self._capital(identity)
        share = _PAID_SHARES[streams.choice("paid", rows, _PAID_WEIGHTS)]
        return pa.table(
            {
                "uscc": identity.uscc,
                "name": identity.name,
                "region_code": region,
                "address": address,
                "legal_representative": person_names(streams, self.person(identity)),
                "established_on": iso_dates(self.established(identity)),
                "registered_capital": pa.array(registered),
                "paid_in_capital": pa.array(
                    registered * share, mask=streams.uniform("paid.known", rows) < _PAID_UNKNOWN
                ),
                "industry": _of_sector("industries").pick(streams, rows, identity.sector),
                "sector": pa.array(SECTORS).take(pa.array(identity.sector)),
                "business_scope": self._scope(rows, identity.sector, planted),
                "status": pa.array(STATUSES).take(pa.array(self._status(identity))),
                "licences": self._licences(rows, identity.sector, planted),
                "lon": lon,
                "lat": lat,
            }
        )

    def _capital(self, identity: Identity) -> Floats:
        """Return registered capital in CNY."""
        shift = np.array([sector["capital"] for sector in table("sectors").values()])[identity.sector]
        rung = _CAPITAL_MIDDLE + shift + _CAPITAL_SPREAD * self.streams.normal("capital", identity.row)
        place = np.clip(np.rint(rung), 0, len(_CAPITAL_LADDER) - 1).astype(np.int64)
        return np.asarray(_CAPITAL_LADDER[place] * 10_000.0)

    def _status(self, identity: Identity) -> Ints:
        """Return positions in STATUSES."""
        breaks = self.plan.breaks[self.plan.scheme[identity.member]] if len(self.plan.row) else identity.row
        line = np.where(breaks + _AFTERMATH_DAYS < self.as_of, 2, 1)
        return self.streams.choice_by("status", identity.row, _STATUS_WEIGHTS, np.where(identity.member < 0, 0, line))

    def _licences(self, rows: Ints, sector: Ints, planted: Bools) -> pa.Array:
        """Return the licence that the sector needs where the firm holds it, otherwise ''; schemes seldom hold one."""
        needed = pa.array([entry.get("licence", "") for entry in table("sectors").values()], pa.string())
        holds = self.streams.uniform("licence", rows) < np.where(planted, _LICENSED_IN_SCHEMES, _LICENSED)
        return pc.if_else(pa.array(holds), needed.take(pa.array(sector)), "")

    def _scope(self, rows: Ints, sector: Ints, planted: Bools) -> pa.Array:
        """Return the business scope; some schemes write their bait into it."""
        scope = _scopes().pick(self.streams, rows, sector)
        bait = np.where(planted, self.streams.below("bait", rows, len(_BAIT)), 0)
        extra = pa.array([f"{phrase}；" if phrase else "" for phrase in _BAIT]).take(pa.array(bait))
        return pc.binary_join_element_wise(extra, scope, _BOILERPLATE, "")


def iso_dates(days: Ints) -> pa.Array:
    """Return day numbers as text, 2026-01-31."""
    return pa.array(days.astype("datetime64[D]").astype("datetime64[s]")).cast(pa.date32()).cast(pa.string())


@dataclass(frozen=True)
class _BySector:
    """Texts in sector order: sector s owns `count[s]` from `first[s]`."""

    stream: str
    text: pa.Array
    first: Ints
    count: Ints

    def pick(self, streams: Streams, rows: Ints, sector: Ints) -> pa.Array:
        """Return one of the sector's texts for each row."""
        return self.text.take(pa.array(self.first[sector] + streams.below(self.stream, rows, self.count[sector])))


def _grouped(stream: str, groups: list[list[str]]) -> _BySector:
    count = np.array([len(group) for group in groups])
    return _BySector(stream, pa.array([text for group in groups for text in group]), np.cumsum(count) - count, count)


@cache
def _of_sector(column: str) -> _BySector:
    """Return one list column of the sector table."""
    return _grouped(column, [sector[column] for sector in table("sectors").values()])


@cache
def _scopes() -> _BySector:
    """Return the business scopes: two to all phrases of a sector in 24 orders."""
    groups = []
    for name, sector in table("sectors").items():
        phrases, scopes = sector["scope"], []
        for variant in range(_SCOPES):
            order = np.argsort(Streams(variant).uniform(f"scope {name}", np.arange(len(phrases))), kind="stable")
            chosen = order[: 2 + variant % max(1, len(phrases) - 1)]
            # The first phrase says what the sector is; a scope without it would be another sector's.
            kept = [0, *(place for place in chosen.tolist() if place != 0)]
            scopes.append("；".join(phrases[place] for place in kept))
        groups.append(scopes)
    return _grouped("scope", groups)
