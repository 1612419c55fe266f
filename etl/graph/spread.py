"""Risk that spreads: from enterprises that their own evidence has made orange or red, along ties, damped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.engine import drop, materialise, replace_rows
from etl.graph.evidence import append, piece
from etl.graph.paths import as_list, held_in, quoted
from etl.graph.ties import uncut
from etl.index.calendar import Weeks
from etl.index.combine import build_scores
from etl.index.rows import ALWAYS

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

    from etl.index.graph_part import Graph
    from etl.index.model import Model

FACTOR = "related_risk"


def related_evidence(con: BaseBackend, model: Model, as_of: date, history_weeks: int) -> None:
    """Append the rows of `related_risk` to `fct_evidence`, from `dim_tie` and the `fct_score_week` of own evidence.

    One source and one target make a staircase of pieces: what the strongest path known at a time passes, less what was
    known before; so a tie or a grade that comes later never moves what stood earlier. Against one enterprise only the
    `graph.sources` strongest sources count, of equals the first by code. `ref`: `paths.as_list` of party, kind of tie,
    party, … , from the source to the target. Strength is in whole millionths.
    """
    graph = model.graph
    weeks = Weeks(as_of, history_weeks)
    reached = materialise(con, "wrk_front_0", _sources(con.table("fct_score_week"), graph, weeks))
    ties = materialise(con, "wrk_passage", uncut(con).select("node", "other", "weight", "kind", "reported_on", "firm"))
    fronts = []
    for hop in range(1, graph.hops + 1):
        reached = materialise(con, f"wrk_front_{hop}", _frontier(_arrivals(reached, ties, graph)))
        fronts.append(reached)
    every = materialise(con, "wrk_reached", _frontier(ibis.union(*fronts)))
    append(con, _pieces(every, graph), model)
    drop(con, "wrk_passage", "wrk_reached", *(f"wrk_front_{hop}" for hop in range(graph.hops + 1)))


def rescore_related(con: BaseBackend, model: Model, as_of: date, history_weeks: int) -> None:
    """Score the enterprises with `related_risk` again, and replace their rows in `fct_score_week` and `fct_score`."""
    evidence = con.table("fct_evidence")
    touched = materialise(con, "wrk_touched", evidence.filter(evidence.factor == FACTOR).select("uscc").distinct())
    build_scores(con, model, as_of, history_weeks, only=touched, suffix="_touched")
    for name in ("fct_score_week", "fct_score"):
        replace_rows(con, name, touched, con.table(f"{name}_touched"))
        drop(con, f"{name}_touched")
    drop(con, "wrk_touched")


def _sources(weekly: ir.Table, graph: Graph, weeks: Weeks) -> ir.Table:
    """Return `source`, `at`, `strength`, `known_on`, `path` of what each source gives, orange and red.

    Known at the end of the week in which the grade was reached; who stands there in the oldest week has always stood
    there, for the window's beginning is no event.
    """
    levels = []
    for grades, strength in ((("orange", "red"), graph.orange), (("red",), graph.red)):
        high = weekly.filter(weekly.grade.isin(grades))
        first = high.group_by("uscc").agg(week_on=high.week_on.min())
        end = ibis.least((first.week_on.cast("timestamp") + ibis.interval(days=6)).date(), ibis.literal(weeks.as_of))
        known_on = ibis.ifelse(first.week_on == weeks.first, ibis.literal(ALWAYS), end)
        levels.append(
            first.select(
                source="uscc",
                at="uscc",
                strength=ibis.literal(float(strength)),
                known_on=known_on,
                path=quoted(first.uscc),
            )
        )
    return _frontier(ibis.union(*levels))


def _arrivals(reached: ir.Table, ties: ir.Table, graph: Graph) -> ir.Table:
    """Return the enterprises one hop further: over one tie, or over the two of a person, door or telephone."""
    stepped = _step(reached, ties)
    straight = stepped.filter(stepped.firm)
    around = _step(stepped.filter(~stepped.firm).drop("firm"), ties.filter(ties.firm))
    both = ibis.union(straight, around).drop("firm")
    arrived = both.mutate(strength=both.strength * graph.damping)
    return arrived.filter(arrived.strength >= graph.least)


def _step(reached: ir.Table, ties: ir.Table) -> ir.Table:
    """Return `reached` one tie further. No path passes a party twice, so nothing comes back onto its source."""
    pairs = reached.join(ties, reached.at == ties.node)
    fresh = pairs.filter(~held_in(pairs.path, pairs.other))
    return fresh.select(
        source="source",
        at="other",
        strength=fresh.strength * fresh.weight,
        known_on=ibis.greatest(fresh.known_on, fresh.reported_on),
        path=fresh.path.concat(",", quoted(fresh.kind), ",", quoted(fresh.other)),
        firm="firm",
    )


def _frontier(paths: ir.Table) -> ir.Table:
    """Return the paths of each source and place that are stronger than all that was known before them.

    The others can be left out at every hop: whatever follows from them follows, as strong and as early, from these.
    """
    order = [paths.known_on, paths.strength.desc(), paths.path]
    before = ibis.window(group_by=["source", "at"], order_by=order, preceding=(None, 1))
    ranked = paths.mutate(before=paths.strength.max().over(before))
    return ranked.filter(ranked.before.isnull() | (ranked.strength > ranked.before)).drop("before")


def _pieces(reached: ir.Table, graph: Graph) -> ir.Table:
    """Return the staircases as evidence, of the strongest sources of each target only."""
    whole = reached.mutate(units=(reached.strength * 1_000_000).round())
    total = whole.group_by("at", "source").agg(total=whole.units.max())
    order = ibis.window(group_by="at", order_by=[total.total.desc(), total.source])
    strongest = total.mutate(place=ibis.row_number().over(order)).filter(ibis._.place < graph.sources)
    kept = whole.semi_join(strongest, ["at", "source"])
    stairs = ibis.window(group_by=["source", "at"], order_by=[kept.units, kept.known_on])
    steps = kept.mutate(step=kept.units - kept.units.lag().over(stairs).fill_null(0.0))
    rows = steps.select("known_on", uscc="at", strength=steps.step / 1_000_000, ref=as_list(steps.path))
    return piece(rows, FACTOR, known_on=rows.known_on, strength=rows.strength, ref=rows.ref)
