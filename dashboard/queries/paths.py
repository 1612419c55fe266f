"""Evidence that rests on ties, read back into parties: the way a risk came along, or the chain of a hidden control."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dashboard.models.network import Party
from dashboard.queries.ties import parties_of
from dashboard.vocabulary import RELATION_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.access.scope import Scope
    from dashboard.queries.population import Population

Row = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One party on a way; `by` is the kind of tie from the one before, '' for the first and along a chain of control.

    A party outside the scope has neither name nor code here: who gives off risk is graded orange or red. Nor has a
    person, door or telephone that stands between strangers only.
    """

    party: Party
    by: str
    own: bool  # the enterprise that the evidence speaks against


def with_paths(population: Population, scope: Scope, uscc: str, evidence: Sequence[Row]) -> list[Row]:
    """Return the rows of evidence against `uscc`, those that rest on ties with their `path`: a tuple of steps."""
    ways = {row["ref"]: _way(row["ref"]) for row in evidence if row["origin"] == "relations"}
    nodes = list(dict.fromkeys(node for way in ways.values() for node, _by in way))
    known = parties_of(population, scope, nodes)
    paths = {ref: _path(way, known, uscc) for ref, way in ways.items() if way}
    return [{**row, "path": paths[row["ref"]]} if row["ref"] in paths else row for row in evidence]


def _path(way: Sequence[tuple[str, str]], known: Mapping[str, Party], uscc: str) -> tuple[Step, ...]:
    """Return a way's steps as far as they may be told."""
    insiders = {node for node, party in known.items() if party.kind == "enterprise" and not party.outside}
    nodes = [node for node, _by in way]
    beside = {end for pair in pairwise(nodes) if insiders & set(pair) for end in pair}
    unknown = Party("", "", "", outside=True)
    parties = {
        node: replace(party, node="") if party.outside else party
        for node, party in known.items()
        if node in beside or party.kind == "enterprise"
    }
    return tuple(Step(parties.get(node, unknown), by, node == uscc) for node, by in way)


def _way(ref: str) -> list[tuple[str, str]]:
    """Return the parties of a `ref` in their order, each with the kind of tie that leads to it; nothing if it is none.

    Of a spread risk the list is party, kind, party, kind, …, of a hidden control parties only (`etl.graph`).
    """
    try:
        parts = json.loads(ref)
    except ValueError:
        return []
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return []
    way: list[tuple[str, str]] = []
    by = ""
    for part in parts:
        if part in RELATION_KINDS:
            by = part
        else:
            way.append((part, by))
            by = ""
    return way
