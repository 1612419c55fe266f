"""Networks: what is tied to a party, step by step; the shortest way between two; and a community as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dashboard.access.scope import NATION, Scope
from dashboard.errors import NotFound
from dashboard.models.network import Net
from dashboard.queries.ties import (
    Filter,
    masks,
    neighbours_count,
    parties_of,
    ties_among,
    ties_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dashboard.models.network import Party, Tie
    from dashboard.queries.population import Population

DEEPEST = 8  # ties on the longest way that is looked for
FRONTIER = 300  # parties that a way is looked for through at each step


def network_around(
    population: Population, scope: Scope, start: str, opened: Sequence[str], given: Filter, most: int
) -> Net:
    """Return `start`, what is tied to it and to each of `opened`, and the ties among them all.

    Raises NotFound both for a party that there is none of and for one that nothing inside the scope is tied to: who may
    not see a party does not learn whether there is one.
    """
    _require(population, scope, start)
    centres = [start, *(node for node in opened if node != start and _may_see(population, scope, node))]
    ties = ties_of(population, centres, given)
    nodes = list(dict.fromkeys([*centres, *(end for tie in ties for end in (tie.holder, tie.held))]))
    total = len(centres) + neighbours_count(population, centres, given)
    return _net(population, scope, nodes[:most], given, total, sure=centres)


def network_of_community(population: Population, scope: Scope, community: int, given: Filter, most: int) -> Net:
    """Return the parties of a community, enterprises and the most tied first; NotFound for none inside."""
    members = population.rows(
        "select node, count(*) over () as total from {nodes} where community = $community "
        "order by kind <> 'enterprise', degree desc, node limit $most",
        {"community": community, "most": most},
    )
    if not members:
        raise NotFound(f"there is no community {community}")
    net = _net(population, scope, [row["node"] for row in members], given, int(members[0]["total"]))
    if not any(party.kind == "enterprise" and not party.outside for party in net.parties):
        raise NotFound(f"there is no community {community}")
    return net


def path_between(population: Population, scope: Scope, start: str, end: str, given: Filter, *, hubs: bool) -> Net:
    """Return the shortest way from `start` to `end`, in its order; the two alone when none has at most DEEPEST ties.

    Both ends take turns, the smaller side first. No way leads through an enterprise outside the scope, nor, without
    `hubs`, along a tie that was cut. Among ways of the same length the heavier ties win. Errors as `network_around`.
    """
    for node in (start, end):
        _require(population, scope, node)
    came: tuple[dict[str, Tie | None], dict[str, Tie | None]] = ({start: None}, {end: None})
    fronts = [[start], [end]]
    met = [start] if start == end else []
    for _ in range(DEEPEST):
        if met or not all(fronts):
            break
        side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
        fronts[side] = _step(population, scope, fronts[side], came[side], given, hubs=hubs)
        met = [node for node in fronts[side] if node in came[1 - side]]
    head, tail = (_trace(met[0], one) for one in came) if met else ([(start, None)], [(end, None), (end, None)])
    nodes = [*reversed([node for node, _ in head]), *(node for node, _ in tail[1:])]
    ties = [tie for _, tie in (*reversed(head), *tail) if tie]
    parties = parties_of(population, scope, nodes)
    return Net(tuple(parties[node] for node in nodes if node in parties), tuple(ties))


def _step(
    population: Population,
    scope: Scope,
    front: Sequence[str],
    came: dict[str, Tie | None],
    given: Filter,
    *,
    hubs: bool,
) -> list[str]:
    """Return the parties one tie further on, each remembered in `came` with the tie that led to it."""
    reached: dict[str, Tie] = {}
    for tie in ties_of(population, front[:FRONTIER], given, hubs=hubs):
        for node in (tie.holder, tie.held):
            if node not in came:
                reached.setdefault(node, tie)
    if scope.prefix != NATION:
        seen = parties_of(population, scope, list(reached))
        reached = {node: tie for node, tie in reached.items() if node in seen and not seen[node].outside}
    came.update(reached)
    return list(reached)


def _trace(node: str, came: dict[str, Tie | None]) -> list[tuple[str, Tie | None]]:
    """Return the way back from `node`, each party with the tie that led to it."""
    way = []
    at: str | None = node
    while at is not None:
        tie = came[at]
        way.append((at, tie))
        at = None if tie is None else tie.held if tie.holder == at else tie.holder
    return way


def _net(
    population: Population, scope: Scope, nodes: Sequence[str], given: Filter, total: int, sure: Sequence[str] = ()
) -> Net:
    """Return the net of `nodes`; of others than enterprises those of `sure` or tied to an insider in it."""
    known = parties_of(population, scope, nodes)
    found = ties_among(population, list(known), given)
    beside = {*sure, *_beside_insiders(known, found)}
    parties = [known[node] for node in nodes if node in known and (known[node].kind == "enterprise" or node in beside)]
    drawn = {party.node for party in parties}
    mask = masks(parties)
    ties = [
        replace(tie, holder=mask.get(tie.holder, tie.holder), held=mask.get(tie.held, tie.held))
        for tie in found
        if {tie.holder, tie.held} <= drawn
        and not (tie.holder in mask and tie.held in mask)  # what strangers have with each other is not this viewer's
    ]
    shown = _tied([replace(party, node=mask.get(party.node, party.node)) for party in parties], ties, mask.values())
    return Net(tuple(shown), tuple(ties), max(0, total - len(parties)))


def _beside_insiders(known: dict[str, Party], ties: Iterable[Tie]) -> Iterator[str]:
    """Yield the ends of ties whose other end is an enterprise inside the scope."""
    inside = {node for node, party in known.items() if party.kind == "enterprise" and not party.outside}
    for tie in ties:
        if tie.held in inside:
            yield tie.holder
        if tie.holder in inside:
            yield tie.held


def _tied(parties: Iterable[Party], ties: Sequence[Tie], masked: Iterable[str]) -> list[Party]:
    """Return the parties without strangers that nothing seen is tied to."""
    ends = {end for tie in ties for end in (tie.holder, tie.held)}
    lonely = set(masked) - ends
    return [party for party in parties if party.node not in lonely]


def _require(population: Population, scope: Scope, node: str) -> None:
    if not _may_see(population, scope, node):
        raise NotFound("nothing inside the jurisdiction is tied to such a party")


def _may_see(population: Population, scope: Scope, node: str) -> bool:
    """Return whether a party is an enterprise inside the scope, or tied to one."""
    found = parties_of(population, scope, [node]).get(node)
    if found is None or found.outside:
        return False
    if found.kind == "enterprise" or scope.prefix == NATION:
        return True
    ends = {end for tie in ties_of(population, [node], Filter()) for end in (tie.holder, tie.held)} - {node}
    return any(
        party.kind == "enterprise" and not party.outside for party in parties_of(population, scope, list(ends)).values()
    )
