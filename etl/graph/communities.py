"""Communities: connected groups, and the closer parts of those that are too large to be looked at as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.engine import drop, materialise, rows_in
from etl.graph.components import connected
from etl.graph.parties import is_enterprise
from etl.graph.ties import uncut

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

    from etl.index.graph_part import Graph


def build_communities(con: BaseBackend, graph: Graph) -> None:
    """Leave behind `wrk_community`: `node`, `label` of every party of a community of at least two enterprises.

    Only what bridges can join: a person, door or telephone of a single enterprise is set aside, and follows it into
    its community in the end. A group of more than `graph.whole` enterprises is parted by label propagation; what then
    carries one label but hangs together no more is several communities.
    """
    edges = materialise(con, "wrk_edge", _bridging(uncut(con)))
    groups = connected(con, "wrk_group", edges)
    firms = groups.filter(is_enterprise(groups.node))
    large = firms.group_by("label").agg(enterprises=firms.count())
    large = groups.semi_join(large.filter(large.enterprises > graph.whole), "label")
    small = groups.anti_join(large, "label")
    inner = materialise(con, "wrk_inner", edges.semi_join(large, "node"))
    labels = propagated(con, inner, graph.rounds)
    agreed = inner.join(labels, "node").join(labels.select(other="node", theirs="label"), "other")
    kept = materialise(con, "wrk_agreed", agreed.filter(agreed.label == agreed.theirs).select("node", "other"))
    parts = connected(con, "wrk_part", kept)
    core = ibis.union(small.select("node", "label"), parts.select("node", "label"))
    firms = core.filter(is_enterprise(core.node))
    several = firms.group_by("label").agg(enterprises=firms.count())
    core = core.semi_join(several.filter(several.enterprises > 1), "label")
    core = materialise(con, "wrk_core", core)
    materialise(con, "wrk_community", ibis.union(core, _followers(uncut(con), core)))


def propagated(con: BaseBackend, edges: ir.Table, rounds: int) -> ir.Table:
    """Return `node`, `label` after weighted label propagation (Raghavan, Albert and Kumara 2007), free of chance.

    All nodes move at once: each takes the label with the largest sum of weights among its neighbours, of equals the
    least. Its own label has one vote as heavy as its strongest tie, so that two neighbours do not swap for ever.
    Weights are whole millionths, whose sums do not depend on their order. It ends after `rounds`, or when nobody moves.
    """
    own = edges.group_by("node").agg(weight=edges.weight.max())
    labels = materialise(con, "wrk_label_0", own.select("node", label="node"))
    for turn in range(rounds):
        votes = edges.join(labels.select(other="node", label="label"), "other").select("node", "label", "weight")
        votes = ibis.union(votes, own.join(labels, "node").select("node", "label", "weight"))
        sums = votes.group_by("node", "label").agg(weight=votes.weight.sum())
        order = ibis.window(group_by="node", order_by=[sums.weight.desc(), sums.label])
        chosen = sums.mutate(place=ibis.row_number().over(order)).filter(ibis._.place == 0)
        after = chosen.join(labels.select("node", before="label"), "node").select("node", "before", "label")
        moved = materialise(con, f"wrk_label_{turn + 1}", after)
        moving = rows_in(moved.filter(moved.before != moved.label)) > 0
        drop(con, f"wrk_label_{turn}")
        labels = moved.select("node", "label")
        if not moving:
            break
    return labels


def _bridging(ties: ir.Table) -> ir.Table:
    """Return the uncut ties, `weight` in millionths, without persons, doors and telephones of a single enterprise."""
    edges = ties.group_by("node", "other").agg(weight=(ties.weight.max() * 1_000_000).round().cast("int64"))
    reach = edges.group_by("node").agg(others=edges.count())
    alone = reach.filter(~is_enterprise(reach.node), reach.others == 1)
    return edges.anti_join(alone, "node").anti_join(alone.select(other="node"), "other")


def _followers(ties: ir.Table, core: ir.Table) -> ir.Table:
    """Return `node`, `label` of those that were set aside, or parted from all of their own, beside a member."""
    aside = ties.filter(~is_enterprise(ties.node)).anti_join(core, "node")
    beside = aside.join(core.select(other="node", label="label"), "other")
    return beside.group_by("node").agg(label=beside.label.min())
