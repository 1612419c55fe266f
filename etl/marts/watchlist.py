"""The watchlist: the enterprises that screens list, with why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.index.calendar import Weeks
from etl.index.explain import factor_contributions

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from etl.index.model import Model

PER_COUNTY = 200
REASONS = 3


def build_watchlist(con: Backend, model: Model, as_of: date, history_weeks: int) -> None:
    """Leave behind `dim_watchlist`, grain: one enterprise in operation, yellow or above, or among its county's highest.

    The highest `PER_COUNTY` of each county (or of what is located to a city or province only) have an index above 0: an
    enterprise without evidence is on no list. `reasons` is a JSON list of up to three {"factor", "contribution"}.
    Enterprises whose warnings are held back are listed like any other. Reads `dim_enterprise` and `dim_score`.
    """
    weeks = Weeks(as_of, history_weeks)
    enterprises = con.table("dim_enterprise").select(
        "uscc", "name", "legal_representative", "lon", "lat", "community", "exempt"
    )
    scores = con.table("dim_score")
    rows = scores.filter(scores.smoke_index > 0).join(enterprises, "uscc")
    county = ibis.window(group_by=rows.region_code.left(6), order_by=[rows.smoke_index.desc(), rows.uscc])
    ranked = rows.mutate(place=ibis.row_number().over(county))
    listed = ranked.filter((ranked.grade != "blue") | (ranked.place < PER_COUNTY)).drop("place")
    evaluated = listed.mutate(week_on=ibis.literal(weeks.monday(history_weeks - 1)), end_on=ibis.literal(as_of))
    whole = listed
    for part in (
        _a_week_earlier(con, weeks),
        _entered(con, weeks),
        _warned(con),
        _reasons(factor_contributions(con.table("fct_evidence"), evaluated, model)),
    ):
        whole = whole.left_join(part, "uscc", rname="{name}_part").drop("uscc_part")
    known = whole.mutate(
        previous_index=whole.previous_index.fill_null(0).cast("decimal(5, 2)"), reasons=whole.reasons.fill_null("[]")
    )
    con.create_table("dim_watchlist", known.select(*COLUMNS))


COLUMNS = (
    "uscc",
    "name",
    "legal_representative",
    "region_code",
    "sector",
    "lon",
    "lat",
    "grade",
    "smoke_index",
    "previous_index",
    "risk_type",
    *(f"index_{risk_type}" for risk_type in RISK_TYPES),
    "probability",
    "exempt",
    "community",
    "warned_week_on",
    "due_on",
    "entered_on",
    *(f"contribution_{sub_index}" for sub_index in SUB_INDEXES),
    "reasons",
)
"""The columns of `dim_watchlist`, those of `rpt_watchlist` less the generation."""


def _warned(con: Backend) -> ir.Table:
    """Return the week and the due date of each enterprise's newest warning on record."""
    raised = con.table("fct_warning")
    newest = ibis.row_number().over(ibis.window(group_by="uscc", order_by=raised.week_on.desc()))
    return raised.mutate(place=newest).filter(ibis._.place == 0).select("uscc", "due_on", warned_week_on="week_on")


def _a_week_earlier(con: Backend, weeks: Weeks) -> ir.Table:
    scores = con.table("fct_score_week")
    then = scores.filter(scores.week_on == weeks.monday(weeks.count - 2))
    return then.select("uscc", previous_index="smoke_index")


def _entered(con: Backend, weeks: Weeks) -> ir.Table:
    """Return since when each enterprise above blue has been in its present grade.

    That is the date of the warning where it rose into the grade, the week's end where it fell into it or rose without a
    warning, and the Monday of the first week where it stood there already.
    """
    scores = (
        con.table("fct_score_week").join(weeks.table(), "week_on").select("uscc", "week", "week_on", "end_on", "grade")
    )
    order = ibis.window(group_by="uscc", order_by="week")
    changes = scores.mutate(changed=scores.grade != scores.grade.lag().over(order).fill_null("")).filter(ibis._.changed)
    last = changes.mutate(place=ibis.row_number().over(ibis.window(group_by="uscc", order_by=ibis.desc("week"))))
    last = last.filter(last.place == 0, last.grade != "blue")
    raised = con.table("fct_warning").select("uscc", "week_on", "raised_on")
    dated = last.left_join(raised, ["uscc", "week_on"]).drop("uscc_right", "week_on_right")
    fallen = ibis.ifelse(dated.week == 0, dated.week_on, dated.end_on)
    return dated.select("uscc", entered_on=dated.raised_on.coalesce(fallen))


def _reasons(contributions: ir.Table) -> ir.Table:
    """Return the first `REASONS` factors of each enterprise as JSON; a factor worth less than 0.01 is no reason."""
    top = contributions.filter(contributions.place < REASONS, contributions.contribution > 0)
    points = (top.contribution / 100).cast("decimal(5, 2)").cast("string")
    item = ibis.literal('{"factor": "').concat(top.factor, '", "contribution": ', points, "}")
    listed = top.mutate(item=item).group_by("uscc").agg(items=ibis._.item.group_concat(", ", order_by=ibis._.place))
    return listed.select("uscc", reasons=ibis.literal("[").concat(listed["items"], "]"))
