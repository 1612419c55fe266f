"""Raw sums → sub-indexes → contributions → the Smoke Index, all in whole hundredths until the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.index.calendar import Weeks
from etl.index.decay import MICRO, raw_by_week
from etl.index.grade import grade_of

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from etl.index.model import Model

INDEX = "decimal(5, 2)"
OPERATING = ("active", "abnormal")
"""Registration statuses of enterprises in operation."""

COLUMNS = (
    "uscc",
    "week_on",
    "smoke_index",
    "risk_type",
    "grade",
    *(f"contribution_{sub_index}" for sub_index in SUB_INDEXES),
)
"""The columns of `fct_score_week`."""


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
    enterprise in operation; one without evidence has index 0, grade blue and risk type ''. With `only` (a table of
    `uscc`) nobody else is scored; `suffix` is added to the names of both tables.
    """
    weeks = Weeks(as_of, history_weeks)
    evidence, enterprises = con.table("fct_evidence"), con.table("stg_enterprises")
    if only is not None:
        evidence, enterprises = evidence.semi_join(only, "uscc"), enterprises.semi_join(only, "uscc")
    raw = raw_by_week(evidence, model, weeks)
    con.create_table(f"fct_score_week{suffix}", scored(raw, model).join(weeks.table(), "week").select(*COLUMNS))
    weekly = con.table(f"fct_score_week{suffix}")
    newest = weekly.filter(weekly.week_on == weeks.monday(history_weeks - 1)).drop("week_on")
    operating = enterprises.filter(enterprises.status.isin(OPERATING)).select("uscc")
    everyone = operating.left_join(newest, "uscc").drop("uscc_right")
    words = {"risk_type": "", "grade": "blue"}
    blanks = {
        name: everyone[name].fill_null(words.get(name, 0)).cast(kind)
        for name, kind in everyone.schema().items()
        if name != "uscc"
    }
    con.create_table(f"fct_score{suffix}", everyone.mutate(**blanks))


def scored(raw: ir.Table, model: Model) -> ir.Table:
    """Return index, leading type, grade and contributions per `uscc` and `week`, from the rows of `raw_by_week`."""
    wide = raw.group_by("uscc", "week").agg(
        **{
            f"{risk_type}_{sub}": raw[f"raw_{risk_type}"].sum(where=raw.sub_index == sub).fill_null(0)
            for risk_type in RISK_TYPES
            for sub in SUB_INDEXES
        }
    )
    terms = wide.select(
        "uscc",
        "week",
        **{
            f"{risk_type}_{sub}": _term(wide[f"{risk_type}_{sub}"], model, risk_type, sub)
            for risk_type in RISK_TYPES
            for sub in SUB_INDEXES
        },
    )
    totals = terms.mutate(
        **{
            risk_type: sum((terms[f"{risk_type}_{sub}"] for sub in SUB_INDEXES), ibis.literal(0))
            for risk_type in RISK_TYPES
        }
    )
    led = totals.mutate(highest=ibis.greatest(*(totals[risk_type] for risk_type in RISK_TYPES)))
    led = led.mutate(risk_type=_first(led, {risk_type: ibis.literal(risk_type) for risk_type in RISK_TYPES}))
    contributions = {
        f"contribution_{sub}": _edge(_first(led, {risk_type: led[f"{risk_type}_{sub}"] for risk_type in RISK_TYPES}))
        for sub in SUB_INDEXES
    }
    index = led.select("uscc", "week", "risk_type", smoke_index=_edge(led.highest), **contributions)
    return index.mutate(grade=grade_of(index.smoke_index, model.thresholds))


def _term(raw: ir.Value, model: Model, risk_type: str, sub: str) -> ir.Value:
    """Return round(weight · sub-index, 2) in hundredths; the curve is that of docs/architecture.md."""
    share = 1.0 - (-raw / (model.scales[risk_type][sub] * MICRO)).exp()
    return (share * (model.weights[risk_type][sub] * 10_000)).round()


def _first(led: ir.Table, values: dict[str, ir.Value]) -> ir.Value:
    """Return the value of the first risk type, in the vocabulary's order, that attains the highest index."""
    return ibis.cases(*((led[risk_type] == led.highest, value) for risk_type, value in values.items()))


def _edge(hundredths: ir.Value) -> ir.Value:
    return (hundredths / 100).cast(INDEX)
