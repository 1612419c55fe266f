"""Warnings: an enterprise enters or rises in a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.index.calendar import Weeks
from etl.index.explain import factor_contributions
from etl.index.grade import rank_of

if TYPE_CHECKING:
    from datetime import date

    from ibis.backends.duckdb import Backend

    from etl.index.model import Model


def build_warnings(con: Backend, model: Model, as_of: date, history_weeks: int) -> None:
    """Leave behind `fct_warning`, grain: enterprise × week in which it entered or rose in a grade, yellow and above.

    What stands above a threshold in the first week of the history is no warning: when it rose is not known.
    An index rises with new evidence only, so each warning has evidence of its week: `raised_on` is the newest of it.
    Enterprises closed since then keep their warnings: history does not change with the register.
    """
    weeks = Weeks(as_of, history_weeks)
    scores = con.table("fct_score_week").join(weeks.table(), "week_on")
    before = ibis.window(group_by="uscc", order_by="week")
    compared = scores.mutate(
        previous_grade=scores.grade.lag().over(before).fill_null("blue"),
        previous_index=scores.smoke_index.lag().over(before).fill_null(0).cast("decimal(5, 2)"),
    )
    risen = compared.filter(compared.week > 0, rank_of(compared.grade) > rank_of(compared.previous_grade))
    evidence = con.table("fct_evidence")
    newest = evidence.group_by("uscc", week=weeks.of(evidence.known_on)).agg(raised_on=evidence.known_on.max())
    reasons = factor_contributions(evidence, risen, model)
    named = con.table("stg_enterprises").select("uscc", "name", "region_code")
    first = reasons.filter(reasons.place == 0).select("uscc", "week_on", reason="factor")
    rows = risen.join(newest, ["uscc", "week"]).join(first, ["uscc", "week_on"]).join(named, "uscc")
    con.create_table("fct_warning", rows.select(*COLUMNS))


COLUMNS = (
    "uscc",
    "week_on",
    "raised_on",
    "name",
    "region_code",
    "grade",
    "previous_grade",
    "smoke_index",
    "previous_index",
    "risk_type",
    "reason",
)
"""The columns of `fct_warning`, those of `rpt_warning` less the generation."""
