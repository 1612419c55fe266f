"""What the learning looks at: decayed points by factor on a day, from nothing that was not known on that day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.learn.card import MICRO

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir

    from etl.index.model import Model


def points_at(evidence: ir.Table, model: Model, day: date) -> ir.Table:
    """Return `uscc`, `factor` and `points` (whole millionths of a point) of every enterprise with evidence by `day`."""
    return _summed(evidence.mutate(on=ibis.literal(day)), model, "uscc").drop("on")


def points_of(evidence: ir.Table, model: Model, pairs: ir.Table) -> ir.Table:
    """Return `uscc`, `on`, `factor` and `points` for the pairs of `uscc` and `on` (a date) that are asked for."""
    return _summed(evidence.inner_join(pairs.select("uscc", "on"), "uscc"), model, "uscc")


def _summed(dated: ir.Table, model: Model, *keys: str) -> ir.Table:
    """Sum points · strength · 2^(-age / half-life) over the evidence known on the row's day.

    Every piece is a whole number of millionths before it is added: the sum is the same in any order. The decay is the
    index's; relevance to a risk type is not, for the learning finds out what a factor is worth.
    """
    worths = [
        {"factor": name, "worth": factor.points, "half_life": factor.half_life_days}
        for name, factor in model.factors.items()
    ]
    known = dated.filter(dated.known_on <= dated.on)
    held = known.join(
        ibis.memtable(worths, schema={"factor": "string", "worth": "float64", "half_life": "float64"}), "factor"
    )
    age = held.on.delta(held.known_on, unit="day")
    left = ibis.literal(2.0) ** (-age / held.half_life).fill_null(0.0)
    piece = (held.worth * held.strength * left * MICRO).round().cast("int64")
    summed = held.mutate(piece=piece).group_by(*keys, "on", "factor").agg(points=ibis._.piece.sum().cast("int64"))
    return summed.filter(summed.points > 0)
