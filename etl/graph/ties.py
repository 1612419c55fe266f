"""Ties with their weights: what passes along each of them, and how crowds are cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.engine import materialise
from etl.graph.parties import COLUMNS, door_ties, is_enterprise, landed_ties

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

    from etl.index.graph_part import Graph


def build_tie_table(con: BaseBackend, graph: Graph, as_of: date) -> None:
    """Leave behind `wrk_tie` (each tie once: `parties.COLUMNS`) and `dim_tie` (once from each end, with its weight)."""
    enterprises = con.table("stg_enterprises")
    told = ibis.union(landed_ties(con.table("stg_relations"), as_of), door_ties(enterprises, as_of).select(*COLUMNS))
    ties = materialise(con, "wrk_tie", told)
    materialise(con, "dim_tie", weighed(from_both_ends(ties), graph))


def from_both_ends(ties: ir.Table) -> ir.Table:
    """Return each tie as seen by its `node`, once from each end."""
    kept = ("kind", "share", "since_on", "reported_on", "origin")
    forth = ties.select(*kept, node=ties.party, other=ties.other, outward=ibis.literal(True))  # noqa: FBT003 - a literal of SQL
    back = ties.select(*kept, node=ties.other, other=ties.party, outward=ibis.literal(False))  # noqa: FBT003 - the same
    return ibis.union(forth, back)


def weighed(seen: ir.Table, graph: Graph) -> ir.Table:
    """Return the columns of `FILES["ties"]`: the kind's weight, less in a crowd.

    crowd = the larger of the numbers of ties of this kind at either end; weight = base · min(1, roomy / crowd), and 0
    beyond `crowded`. base of a shareholding = the kind's weight · the share held.
    """
    count = seen.group_by("node", "kind").agg(ties=seen.count())
    here = seen.join(count, ["node", "kind"]).rename(here="ties")
    there = count.select(other="node", kind="kind", there="ties")
    both = here.join(there, ["other", "kind"])
    crowd = ibis.greatest(both.here, both.there)
    held = ibis.ifelse(both.kind == "shareholder", both.share.fill_null(graph.unknown_share), 1.0)
    base = both.kind.cases(*graph.weights.items(), else_=0.0).cast("float64") * held
    thinned = base * ibis.least(graph.roomy / crowd.cast("float64"), 1.0)
    weight = ibis.ifelse(crowd > graph.crowded, 0.0, (thinned * 1_000_000).round() / 1_000_000)
    columns = ("node", "other", "kind", "outward", "share")
    return both.select(*columns, "since_on", "reported_on", "origin", weight=weight.cast("float64")).select(
        *columns, "weight", "since_on", "reported_on", "origin"
    )


def uncut(con: BaseBackend) -> ir.Table:
    """Return the rows of `dim_tie` along which something passes, with `firm`: whether `other` is an enterprise."""
    ties = con.table("dim_tie")
    return ties.filter(ties.weight > 0).mutate(firm=is_enterprise(ties.other))
