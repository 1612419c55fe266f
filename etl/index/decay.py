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

from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.index.model import SUB_INDEX_OF

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.calendar import Weeks
    from etl.index.model import Model

EPOCH = date(2000, 1, 3)
GRAIN_BITS = 20  # c is counted in 2^-20 points
SPAN_BITS = 76  # 38 digits hold 126 bits: 29 for c · 2^f (model: at most 200 points), 21 for two million pieces
MICRO = 1_000_000  # sums are rounded to whole millionths of a point

Fading = tuple[str, int | None]
"""A sub-index, and one half-life in days of the factors that feed it (None: standing)."""


def factor_table(model: Model) -> ir.Table:
    """Return one row per factor: `factor`, `half_life` (days, null: standing) and `worth_<risk type>` in grains.

    Besides `fading`: the place of its sub-index and half-life among `_fadings`.
    """
    places = {fading: at for at, fading in enumerate(_fadings(model))}
    rows = [
        {"factor": name, "half_life": float(factor.half_life_days or 0)}
        | {"fading": places[SUB_INDEX_OF[name], factor.half_life_days]}
        | {f"worth_{risk_type}": model.worth(name, risk_type) * 2**GRAIN_BITS for risk_type in RISK_TYPES}
        for name, factor in model.factors.items()
    ]
    worths = {f"worth_{risk_type}": "float64" for risk_type in RISK_TYPES}
    table = ibis.memtable(rows, schema={"factor": "string", "half_life": "float64", "fading": "int64", **worths})
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


def running_sums(evidence: ir.Table, model: Model, weeks: Weeks) -> ir.Table:
    """Return an enterprise's sums side by side, in the weeks in which something was told: exact, then as floats.

    Columns: `uscc`, `week`, `until` (the week from which the next row holds, or the number of weeks) and `_names`. What
    is told in few weeks is added up there, before it stands in a row for every week.
    """
    placed = _placed(evidence, model, weeks)
    summed = placed.group_by("uscc", "week").agg(**_sums(placed, model))
    running = ibis.window(group_by="uscc", order_by="week", preceding=None, following=0)
    following = ibis.window(group_by="uscc", order_by="week")
    return summed.select(
        "uscc",
        "week",
        until=summed.week.lead().over(following).fill_null(weeks.count),
        **{name: summed[name].sum().over(running).cast("float64").fill_null(0.0) for name in _names(model)},
    )


def raw_by_week(sums: ir.Table, model: Model, weeks: Weeks) -> ir.Table:
    """Return `uscc`, `week` and `raw_<risk type>_<sub-index>` (points) at each week's end, from `running_sums`.

    Rows start in the week of an enterprise's first evidence.
    """
    dense = sums.mutate(week=ibis.range(sums.week, sums.until).unnest()).drop("until")
    fading = ibis.memtable([{"week": week, **_fading(model, weeks, week)} for week in range(weeks.count)])
    faded = dense.join(fading, "week")
    return faded.select("uscc", "week", **_raws(faded, {name: faded[name] for name in fading.columns}, model))


def raw_newest(sums: ir.Table, model: Model, weeks: Weeks) -> ir.Table:
    """Return `uscc` and the raw sums of `raw_by_week` for the last week alone."""
    last = sums.filter(sums.until == weeks.count)
    fading = {name: ibis.literal(value) for name, value in _fading(model, weeks, weeks.count - 1).items()}
    return last.select("uscc", **_raws(last, fading, model))


def _fadings(model: Model) -> list[Fading]:
    """Return which sums are kept apart: each sub-index's by half-life."""
    kept = {(SUB_INDEX_OF[name], factor.half_life_days) for name, factor in model.factors.items()}
    return sorted(kept, key=lambda one: (one[0], one[1] or 0))


def _names(model: Model) -> list[str]:
    return [f"sum_{risk_type}_{at}" for at in range(len(_fadings(model))) for risk_type in RISK_TYPES]


def _placed(evidence: ir.Table, model: Model, weeks: Weeks) -> ir.Table:
    """Return `uscc`, `week`, `fading` and `scaled_<risk type>` of each piece: what it is worth, exact, at the base."""
    held = evidence.join(factor_table(model), "factor")
    x = half_lives(held.known_on, held.half_life)
    base = _base(held.half_life, weeks)
    placed = held.mutate(week=weeks.of(held.known_on), part=x - x.floor(), shift=(x.floor() - base).cast("int64"))
    scaled = {f"scaled_{risk_type}": _scaled(placed, model, risk_type) for risk_type in RISK_TYPES}
    return placed.select("uscc", "week", "fading", **scaled)


def _sums(placed: ir.Table, model: Model) -> dict[str, ir.Value]:
    """Return the exact sum of each of `_names`: null where nothing feeds it."""
    return {
        f"sum_{risk_type}_{at}": placed[f"scaled_{risk_type}"].sum(where=placed.fading == at)
        for at in range(len(_fadings(model)))
        for risk_type in RISK_TYPES
    }


def _raws(sums: ir.Table, fading: dict[str, ir.Value], model: Model) -> dict[str, ir.Value]:
    """Return the decayed sums in points.

    What is added is whole millionths, far below 2^53: the sum is exact, and a millionth over a million is the same
    float everywhere.
    """
    kept = _fadings(model)
    return {
        f"raw_{risk_type}_{sub}": sum(
            (
                (sums[f"sum_{risk_type}_{at}"] * fading[f"fading_{half_life or 0}"]).round()
                for at, (fed, half_life) in enumerate(kept)
                if fed == sub
            ),
            ibis.literal(0),
        ).cast("float64")
        / MICRO
        for risk_type in RISK_TYPES
        for sub in SUB_INDEXES
    }


def _fading(model: Model, weeks: Weeks, week: int) -> dict[str, float]:
    """Return 2^-x(D) for D the end of a week, relative to the base, in millionths of a point for each grain.

    By half-life: `fading_<days>`, days 0 for a standing fact. The whole part of the power stays exact.
    """
    end = (weeks.end(week) - EPOCH).days
    newest = (weeks.as_of - EPOCH).days
    found = {}
    for days in {half_life for _, half_life in _fadings(model)}:
        x = end / days if days else 0.0
        base = newest // days - SPAN_BITS if days else 0
        power = 2.0 ** (base - math.floor(x)) * 2.0 ** (math.floor(x) - x)
        found[f"fading_{days or 0}"] = power * (MICRO / math.ldexp(1.0, GRAIN_BITS))
    return found


def _base(half_life: ir.Value, weeks: Weeks) -> ir.Value:
    """Return the half-life number that weighs 2^0: as far before the window's end as the decimal's span allows."""
    end = (weeks.as_of - EPOCH).days
    return (end / half_life).floor().fill_null(0.0) - ibis.ifelse(half_life.isnull(), 0, SPAN_BITS)


def _scaled(placed: ir.Table, model: Model, risk_type: str) -> ir.Value:
    mantissa = (worth_of(placed, model, risk_type).cast("float64") * ibis.literal(2.0) ** placed.part).round()
    shifted = mantissa.cast("float64") * ibis.literal(2.0) ** ibis.greatest(placed.shift, 0).cast("float64")
    return ibis.ifelse(placed.shift < 0, 0.0, shifted).cast("decimal(38, 0)")
