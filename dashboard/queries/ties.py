"""Rows of ties and parties, out of a generation's files, as one viewer may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.access.scope import NATION, Scope
from dashboard.models.network import Party, Tie
from dashboard.vocabulary import RELATION_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from dashboard.queries.population import Population

FETCHED = 4000  # ties that one question reads: those that carry most come first
CODE_LENGTH = 18
COUNTY_DIGITS = 6
COLUMNS = "node, other, kind, outward, share, weight, since_on, reported_on, origin"


@dataclass(frozen=True)
class Filter:
    """Which ties count: their kinds, known on `until` at the latest, begun on `since` at the earliest."""

    kinds: tuple[str, ...] = RELATION_KINDS
    until: date | None = None
    since: date | None = None

    def where(self) -> tuple[str, dict[str, Any]]:
        """Return the SQL of the condition and its parameters."""
        held: dict[str, Any] = {f"kind{place}": kind for place, kind in enumerate(self.kinds)}
        parts = [f"kind in ({', '.join('$' + name for name in held)})" if held else "false"]
        if self.until:
            parts.append("reported_on <= $until")
            held["until"] = self.until
        if self.since:
            parts.append("coalesce(since_on, reported_on) >= $since")
            held["since"] = self.since
        return " and ".join(parts), held


def ties_of(population: Population, nodes: Sequence[str], given: Filter, *, hubs: bool = True) -> list[Tie]:
    """Return the ties of `nodes`, the heaviest first, FETCHED of them at most; without `hubs` only those not cut."""
    inside, held = _among("node", nodes)
    where, more = given.where()
    rows = population.rows(
        f"select {COLUMNS} from {{ties}} where {inside} and {where} {'' if hubs else 'and weight > 0'} "  # noqa: S608 - names and $parameters only
        f"order by weight desc, share desc nulls last, other, kind limit {FETCHED}",
        held | more,
    )
    return list(dict.fromkeys(_tie(row) for row in rows))


def ties_among(population: Population, nodes: Sequence[str], given: Filter) -> list[Tie]:
    """Return the ties of which both ends are among `nodes`."""
    inside, held = _among("node", nodes)
    other, _ = _among("other", nodes)
    where, more = given.where()
    rows = population.rows(
        f"select {COLUMNS} from {{ties}} where {inside} and {other} and outward and {where} "  # noqa: S608 - as above
        f"order by weight desc, node, other, kind limit {FETCHED}",
        held | more,
    )
    return list(dict.fromkeys(_tie(row) for row in rows))


def neighbours_count(population: Population, nodes: Sequence[str], given: Filter) -> int:
    """Return how many parties are tied to `nodes`, these themselves not counted."""
    inside, held = _among("node", nodes)
    beside, _ = _among("other", nodes)
    where, more = given.where()
    (row,) = population.rows(
        f"select count(distinct other) as parties from {{ties}} where {inside} and not {beside} and {where}",  # noqa: S608 - as above
        held | more,
    )
    return int(row["parties"])


def parties_of(population: Population, scope: Scope, nodes: Sequence[str]) -> dict[str, Party]:
    """Return the parties by id, as seen from inside the scope; what neither ties nor the register know is left out."""
    if not nodes:
        return {}
    by_node, held = _among("node", nodes)
    by_code, _ = _among("uscc", nodes)
    rows = population.rows(
        f"""
        select coalesce(n.node, e.uscc) as node, coalesce(n.kind, 'enterprise') as kind,
               coalesce(e.name, n.name) as name, coalesce(e.region_code, '') as region_code,
               coalesce(e.status, '') as status,
               s.grade, s.smoke_index, coalesce(n.degree, 0) as degree,
               coalesce(n.community, e.community) as community, n.controller, n.controller_name, n.control_share
        from (select * from {{nodes}} where {by_node}) n
        full join (
            select uscc, name, region_code, status, community from {{enterprises}} where {by_code}
        ) e on e.uscc = n.node
        left join (select uscc, grade, smoke_index from {{scores}} where {by_code}) s on s.uscc = e.uscc
        """,  # noqa: S608 - as above
        held,
    )
    return {row["node"]: _party(row, scope) for row in rows}


def masks(parties: Iterable[Party]) -> dict[str, str]:
    """Return a mask for each party outside, by id: numbered as they are drawn, so that no mask tells a code."""
    return {party.node: f"outside-{place}" for place, party in enumerate(party for party in parties if party.outside)}


def _party(row: dict[str, Any], scope: Scope) -> Party:
    enterprise, region = row["kind"] == "enterprise", str(row["region_code"])
    if enterprise and scope.prefix != NATION and not scope.covers(region):
        return Party(row["node"], "enterprise", "", region[:COUNTY_DIGITS], outside=True)
    by_person = bool(row["controller"]) and len(str(row["controller"])) != CODE_LENGTH
    return Party(
        node=row["node"],
        kind=row["kind"],
        name=row["name"] or row["node"],
        region_code=region,
        status=row["status"],
        grade=row["grade"] or "",
        smoke_index=None if row["smoke_index"] is None else float(row["smoke_index"]),
        degree=int(row["degree"]),
        community=row["community"],
        controller=str(row["controller_name"] or "") if by_person else "",
        control_share=row["control_share"],
    )


def _tie(row: dict[str, Any]) -> Tie:
    ends = (row["node"], row["other"]) if row["outward"] else (row["other"], row["node"])
    told = ("kind", "share", "weight", "since_on", "reported_on", "origin")
    return Tie(*ends, *(row[name] for name in told))


def _among(column: str, nodes: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Return the SQL of `column` being one of `nodes`, which DuckDB answers from few row groups, and its parameters."""
    held: dict[str, Any] = {f"node{place}": node for place, node in enumerate(nodes)}
    return (f"{column} in ({', '.join('$' + name for name in held)})" if held else "false"), held
