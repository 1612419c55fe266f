"""A card applied to everybody, set-wise: the same figures, and the same sums, as `explain` gives for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.learn.card import MICRO

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.learn.card import Card

_NO_END = 2**62
_SCHEMA = {"factor": "string", "low": "int64", "high": "int64", "effect": "int64"}


def probabilities(points: ir.Table, card: Card, *keys: str) -> ir.Table:
    """Return `keys` and `probability` (0-1, whole millionths) from rows of keys, `factor` and `points`."""
    rows = [
        {"factor": factor, "low": low, "high": high, "effect": effect}
        for factor, steps in card.factors.items()
        for low, high, effect in zip(steps.points, (*steps.points[1:], _NO_END), steps.effects, strict=True)
    ]
    steps = ibis.memtable(rows, schema=_SCHEMA) if rows else ibis.memtable([], schema=_SCHEMA)
    pairs = points.left_join(
        steps,
        [points.factor == steps.factor, points.points >= steps.low, points.points < steps.high],
    )
    # Whoever has evidence is answered for, also if the card knows none of its factors.
    summed = pairs.group_by(*keys).agg(odds=ibis._.effect.sum().fill_null(0).cast("float64"))
    total = summed.odds + card.base
    if card.bend is not None:
        at, share = card.bend.at, card.bend.share / MICRO
        total = ibis.ifelse(total > at, at + (total - at) * share, total)
    return summed.select(*keys, probability=(1.0 / (1.0 + (-total / MICRO).exp())).round(6))
