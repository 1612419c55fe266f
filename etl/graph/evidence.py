"""What ties show by themselves, before any risk spreads along them: hidden common control, and branches opened fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.graph.paths import as_list, held_in, quoted
from etl.index.model import SUB_INDEX_OF

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

    from etl.index.graph_part import Graph
    from etl.index.model import Model

COLUMNS = ("uscc", "factor", "sub_index", "risk_type", "known_on", "strength", "ref")
"""The columns of `fct_evidence`."""


def tie_evidence(con: BaseBackend, model: Model) -> None:
    """Append the rows of `hidden_control` and `branch_burst` to `fct_evidence`, for enterprises of the register."""
    append(con, ibis.union(hidden_control(con), branch_burst(con, model.graph)), model)


def append(con: BaseBackend, pieces: ir.Table, model: Model) -> None:
    """Append evidence to `fct_evidence`: of factors that the model knows, against enterprises of the register."""
    known = pieces.filter(pieces.factor.isin(list(model.factors)), pieces.strength > 0)
    rows = known.semi_join(con.table("stg_enterprises"), "uscc")
    order = con.table("fct_evidence").columns
    con.insert("fct_evidence", rows.select(*order))


def piece(rows: ir.Table, factor: str, *, known_on: ir.Value, strength: ir.Value | float, ref: ir.Value) -> ir.Table:
    """Return `rows` as evidence of one factor that speaks of no risk type in particular."""
    return rows.select(
        "uscc",
        factor=ibis.literal(factor),
        sub_index=ibis.literal(SUB_INDEX_OF[factor]),
        risk_type=ibis.literal(""),
        known_on=known_on,
        strength=ibis.literal(strength) if isinstance(strength, float) else strength,
        ref=ref,
    )


def hidden_control(con: BaseBackend) -> ir.Table:
    """Return a row for each enterprise whose controller stays behind other companies, and controls another one too.

    Hidden: the chain has at least two links, the controller has no tie of any kind with the enterprise itself, and
    there is another enterprise of the same controller to which it has no direct tie either. Strength: the control
    share. Known when the last tie of both chains was reported, for the other enterprise that was known first. `ref`:
    a JSON list, the enterprise, … , the controller, … , the other enterprise.
    """
    control = con.table("fct_control")
    direct = con.table("dim_tie").select(uscc="node", other="other").distinct()
    behind = control.filter(control.links > 1)
    behind = behind.anti_join(direct, [behind.uscc == direct.uscc, behind.controller == direct.other])
    others = control.select(other="uscc", controller="controller", other_on="known_on", other_path="path")
    pairs = behind.join(others, "controller")
    # A company on the way to the controller is no other enterprise that it holds apart.
    pairs = pairs.filter(~held_in(pairs.path, pairs.other), ~held_in(pairs.other_path, pairs.uscc))
    pairs = pairs.anti_join(direct, ["uscc", "other"])
    pairs = pairs.mutate(both_on=ibis.greatest(pairs.known_on, pairs.other_on))
    order = ibis.window(group_by="uscc", order_by=[pairs.both_on, pairs.other])
    first = pairs.mutate(place=ibis.row_number().over(order)).filter(ibis._.place == 0)
    ref = as_list(first.path.concat(",", quoted(first.other)))
    return piece(first, "hidden_control", known_on=first.both_on, strength=first.control_share, ref=ref)


def branch_burst(con: BaseBackend, graph: Graph) -> ir.Table:
    """Return a row for each enterprise with at least `branches` branches within `branch_days`, by report and by start.

    Known when the last of them was reported; the first such burst counts. A register that lands years of branches in
    one day is no burst, so their beginnings must lie as close together as their reports; a branch whose beginning
    nobody told began when it was reported. `ref`: how many, and from when to when.
    """
    ties = con.table("wrk_tie")
    begun = ties.filter(ties.kind == "branch").mutate(begun_on=ibis._.since_on.fill_null(ibis._.reported_on))
    run = ibis.window(
        group_by="party", order_by=[begun.reported_on, begun.other], preceding=graph.branches - 1, following=0
    )
    runs = begun.mutate(
        count=begun.other.count().over(run),
        told_from=begun.reported_on.min().over(run),
        first_on=begun.begun_on.min().over(run),
        last_on=begun.begun_on.max().over(run),
    )
    full = runs.filter(
        runs["count"] == graph.branches,
        runs.reported_on.delta(runs.told_from, unit="day") <= graph.branch_days,
        runs.last_on.delta(runs.first_on, unit="day") <= graph.branch_days,
    )
    order = ibis.window(group_by="party", order_by=[full.reported_on, full.other])
    first = full.mutate(place=ibis.row_number().over(order)).filter(ibis._.place == 0)
    span = first.first_on.cast("string").concat("/", first.last_on.cast("string"))
    ref = ibis.literal(f"branches: {graph.branches} ").concat(span)
    rows = first.select("reported_on", uscc="party", ref=ref)
    return piece(rows, "branch_burst", known_on=rows.reported_on, strength=1.0, ref=rows.ref)
