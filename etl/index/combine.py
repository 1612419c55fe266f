"""Raw sums → sub-indexes → contributions → the Smoke Index, all in whole hundredths until the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.engine import drop
from etl.index.calendar import Weeks
from etl.index.decay import raw_by_week, raw_newest, running_sums
from etl.index.grade import grade_of
from etl.index.model import WEIGHT_GRAIN

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from etl.index.model import Model

INDEX = "decimal(5, 2)"
OPERATING = ("active", "abnormal")
"""Registration statuses of enterprises in operation."""

RAWS = tuple(f"raw_{risk_type}_{sub}" for risk_type in RISK_TYPES for sub in SUB_INDEXES)
"""The decayed sums in points, before the curve."""

COLUMNS = (
    "uscc",
    "week_on",
    "smoke_index",
    "risk_type",
    "grade",
    *(f"contribution_{sub_index}" for sub_index in SUB_INDEXES),
)
"""The columns of `fct_score_week`."""

NEWEST = (
    *(name for name in COLUMNS if name != "week_on"),
    *(f"index_{risk_type}" for risk_type in RISK_TYPES),
    *RAWS,
)
"""Those of `fct_score`."""


def build_scores(
    con: Backend,
    model: Model,
    as_of: date,
    history_weeks: int,
    *,
    only: ir.Table | None = None,
    suffix: str = "",
) -> None:
    """Leave behind `fct_score_week` and `fct_score`, from `fct_evidence` and `stg_enterprises`.

    `fct_score_week`: enterprise with evidence × week from its first evidence on; uscc, week_on, smoke_index (DECIMAL,
    two decimals, 0-100), risk_type, grade, contribution_<sub-index>. `fct_score`: the same at the as-of date for every
    enterprise in operation, with index_<type> and raw_<type>_<sub> besides; one without evidence has index 0, grade
    blue and risk type ''. With `only` (a table of `uscc`) nobody else is scored; `suffix` is added to the names of both
    tables.
    """
    weeks = Weeks(as_of, history_weeks)
    evidence, enterprises = con.table("fct_evidence"), con.table("stg_enterprises")
    if only is not None:
        evidence, enterprises = evidence.semi_join(only, "uscc"), enterprises.semi_join(only, "uscc")
    sums = con.create_table(f"wrk_sums{suffix}", running_sums(evidence, model, weeks))
    by_week = scored(raw_by_week(sums, model, weeks), model)
    con.create_table(f"fct_score_week{suffix}", by_week.join(weeks.table(), "week").select(*COLUMNS))
    newest = scored(raw_newest(sums, model, weeks), model).select(*NEWEST)
    operating = enterprises.filter(enterprises.status.isin(OPERATING)).select("uscc")
    everyone = operating.left_join(newest, "uscc").drop("uscc_right")
    words = {"risk_type": "", "grade": "blue"}
    blanks = {
        name: everyone[name].fill_null(words.get(name, 0)).cast(kind)
        for name, kind in everyone.schema().items()
        if name != "uscc"
    }
    con.create_table(f"fct_score{suffix}", everyone.mutate(**blanks))
    drop(con, f"wrk_sums{suffix}")


def scored(wide: ir.Table, model: Model) -> ir.Table:
    """Return `wide` with its scores: smoke_index, risk_type, grade, contribution_<sub-index>, index_<type>.

    `wide` is any table with the columns `RAWS` in points: the run's own sums, or a generation's file of scores, on
    DuckDB as on Spark. Columns of the result that `wide` has already are replaced. `etl.index.scalar` is the twin for
    one enterprise.
    """
    terms = {
        f"term_{risk_type}_{sub}": _term(wide[f"raw_{risk_type}_{sub}"], model, risk_type, sub)
        for risk_type in RISK_TYPES
        for sub in SUB_INDEXES
    }
    held = wide.mutate(**terms)
    totals = {
        f"total_{risk_type}": sum((held[f"term_{risk_type}_{sub}"] for sub in SUB_INDEXES), ibis.literal(0))
        for risk_type in RISK_TYPES
    }
    held = held.mutate(**totals)
    held = held.mutate(highest=ibis.greatest(*(held[name] for name in totals)))
    contributions = {
        f"contribution_{sub}": _edge(_first(held, {kind: held[f"term_{kind}_{sub}"] for kind in RISK_TYPES}))
        for sub in SUB_INDEXES
    }
    lead = _first(held, {risk_type: ibis.literal(risk_type) for risk_type in RISK_TYPES})
    index = _edge(held.highest)
    result = held.mutate(
        smoke_index=index,
        risk_type=ibis.ifelse(held.highest > 0, lead, ""),
        grade=grade_of(index, model.thresholds),
        **contributions,
        **{f"index_{risk_type}": _edge(held[f"total_{risk_type}"]) for risk_type in RISK_TYPES},
    )
    return result.drop("highest", *terms, *totals)


def _term(raw: ir.Value, model: Model, risk_type: str, sub: str) -> ir.Value:
    """Return round(weight · sub-index, 2) in hundredths; the curve is that of docs/architecture.md."""
    share = 1.0 - (-raw / model.scales[risk_type][sub]).exp()
    return (share * (model.weights[risk_type][sub] * WEIGHT_GRAIN) + 0.5).floor()


def _first(led: ir.Table, values: dict[str, ir.Value]) -> ir.Value:
    """Return the value of the first risk type, in the vocabulary's order, that attains the highest index."""
    return ibis.cases(*((led[f"total_{risk_type}"] == led.highest, value) for risk_type, value in values.items()))


def _edge(hundredths: ir.Value) -> ir.Value:
    return (hundredths / 100).cast(INDEX)
