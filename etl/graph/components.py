"""Connected groups: who can be reached from whom at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.engine import drop, materialise, rows_in

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend


def connected(con: BaseBackend, name: str, edges: ir.Table) -> ir.Table:
    """Leave behind and return the table `name`: `node`, `label` (the least node that can be reached from it).

    `edges` is a stored table with `node` and `other`, each edge from both ends. Every round is set-wise: each node takes
    the least label among its neighbours' and its own, then the label which the node so named has taken by then (pointer
    jumping: Shiloach and Vishkin, An O(log n) parallel connectivity algorithm, 1982). It ends when nothing changes.
    """
    ends = edges.group_by("node").agg(near=edges.other.min())
    labels = materialise(con, f"{name}_0", ends.select("node", label=ibis.least(ends.node, ends.near)))
    turn, moving = 0, True
    while moving:
        turn += 1
        near = edges.select("node", "other").join(labels.select(other="node", label="label"), "other")
        least = near.group_by("node").agg(label=near.label.min())
        both = labels.rename(before="label").join(least, "node")
        hooked = both.select("node", "before", label=ibis.least(both.before, both.label))
        hooked = materialise(con, f"{name}_hooked", hooked)
        named = hooked.select(label="node", root="label")
        jumped = hooked.join(named, "label").select("node", "before", label="root")
        jumped = materialise(con, f"{name}_{turn}", jumped)
        moving = rows_in(jumped.filter(jumped.before != jumped.label)) > 0
        drop(con, f"{name}_{turn - 1}", f"{name}_hooked")
        labels = jumped.select("node", "label")
    found = materialise(con, name, labels)
    drop(con, f"{name}_{turn}")
    return found
