r"""Decayed sums at every week end, in time linear in the evidence and independent of its order.

A piece of evidence worth c points is worth c · 2^(-age / h) at date D. With x = days since `EPOCH` / h this is
c · 2^x(known) · 2^-x(D): the first part knows no D, so one running sum over the weeks serves all of them.

Floating-point sums depend on their order, so nothing is summed as a float. c becomes a whole number of 2^-20 points;
with x = e + f, e whole, 0 ≤ f < 1, the piece is the whole number round(c · 2^f) times 2^e, exact in a 38-digit decimal.
Because e counts half-lives since a fixed epoch, a later run rounds every piece exactly as an earlier one did, and a
week's score can be replayed to the last digit. A piece that is so old that 2^e leaves the decimal (more than about
sixty half-lives before the window) is worth nothing any more.
"""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import RISK_TYPES

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.calendar import Weeks
    from etl.index.model import Model

EPOCH = date(2000, 1, 3)
GRAIN_BITS = 20  # c is counted in 2^-20 points
SPAN_BITS = 76  # 38 digits hold 126 bits: 29 for c · 2^f (model: at most 200 points), 21 for two million pieces
MICRO = 1_000_000  # what is handed on is whole millionths of a point


def factor_table(model: Model) -> ir.Table:
    """Return one row per factor: `factor`, `half_life` (days, null: standing) and `worth_<risk type>` in grains."""
    rows = [
        {"factor": name, "half_life": float(factor.half_life_days or 0)}
        | {f"worth_{risk_type}": model.worth(name, risk_type) * 2**GRAIN_BITS for risk_type in RISK_TYPES}
        for name, factor in model.factors.items()
    ]
    worths = {f"worth_{risk_type}": "float64" for risk_type in RISK_TYPES}
    table = ibis.memtable(rows, schema={"factor": "string", "half_life": "float64", **worths})
    # A missing number in a table from memory is null to DuckDB and NaN to Spark: it goes there as 0, which none is.
    return table.mutate(half_life=table.half_life.nullif(0.0))


def half_lives(day: ir.Value, half_life: ir.Value) -> ir.Value:
    """Return half-lives since `EPOCH`: x above; 0 for a standing fact."""
    return (day.delta(EPOCH, unit="day") / half_life).fill_null(0.0)


def worth_of(evidence: ir.Table, model: Model, risk_type: str) -> ir.Value:
    """Return c, whole grains of points: points · relevance · strength, less where a word speaks of another type."""
    own = evidence.risk_type.isin(("", risk_type))
    focus = ibis.ifelse(own, 1.0, model.lexicon.elsewhere)
    return (evidence[f"worth_{risk_type}"] * evidence.strength * focus).round()


def raw_by_week(evidence: ir.Table, model: Model, weeks: Weeks) -> ir.Table:
    """Return `uscc`, `week`, `sub_index` and `raw_<risk type>` (millionths of a point) at each week's end.

    They are whole numbers in floats, far below 2^53: their sums are exact too, and quicker than those of big integers.

    Rows start in the week of an enterprise's first evidence for a sub-index and half-life; several half-lives of one
    sub-index are several rows, for the caller to sum.
    """
    held = evidence.join(factor_table(model), "factor")
    x = half_lives(held.known_on, held.half_life)
    base = _base(held.half_life, weeks)
    placed = held.mutate(week=weeks.of(held.known_on), part=x - x.floor(), shift=(x.floor() - base).cast("int64"))
    summed = placed.group_by("uscc", "sub_index", "half_life", "week").agg(
        **{f"sum_{risk_type}": _scaled(placed, model, risk_type).sum() for risk_type in RISK_TYPES}
    )
    running = ibis.window(group_by=["uscc", "sub_index", "half_life"], order_by="week", preceding=None, following=0)
    following = ibis.window(group_by=["uscc", "sub_index", "half_life"], order_by="week")
    grown = summed.mutate(
        until=summed.week.lead().over(following).fill_null(weeks.count),
        **{f"sum_{risk_type}": summed[f"sum_{risk_type}"].sum().over(running) for risk_type in RISK_TYPES},
    )
    dense = grown.mutate(week=ibis.range(grown.week, grown.until).unnest())
    factor = _at_week_end(dense, weeks)
    return dense.select(
        "uscc",
        "week",
        "sub_index",
        **{
            f"raw_{risk_type}": (dense[f"sum_{risk_type}"].cast("float64") * factor).round().cast("float64")
            for risk_type in RISK_TYPES
        },
    )


def _base(half_life: ir.Value, weeks: Weeks) -> ir.Value:
    """Return the half-life number that weighs 2^0: as far before the window's end as the decimal's span allows."""
    end = (weeks.as_of - EPOCH).days
    return (end / half_life).floor().fill_null(0.0) - ibis.ifelse(half_life.isnull(), 0, SPAN_BITS)


def _scaled(placed: ir.Table, model: Model, risk_type: str) -> ir.Value:
    mantissa = (worth_of(placed, model, risk_type).cast("float64") * ibis.literal(2.0) ** placed.part).round()
    shifted = mantissa.cast("float64") * ibis.literal(2.0) ** ibis.greatest(placed.shift, 0).cast("float64")
    return ibis.ifelse(placed.shift < 0, 0.0, shifted).cast("decimal(38, 0)")


def _at_week_end(dense: ir.Table, weeks: Weeks) -> ir.Value:
    """Return 2^-x(D) relative to the base, in millionths of a point for each grain; the whole part stays exact."""
    first = (weeks.first - EPOCH).days
    end = ibis.least(dense.week * 7 + (first + 6), (weeks.as_of - EPOCH).days)
    x = (end / dense.half_life).fill_null(0.0)
    whole = (_base(dense.half_life, weeks) - x.floor()).cast("float64")
    return ibis.literal(2.0) ** whole * ibis.literal(2.0) ** (x.floor() - x) * (MICRO / math.ldexp(1.0, GRAIN_BITS))
