"""Warnings: an enterprise enters or rises in a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.engine import materialise
from etl.index.calendar import Weeks
from etl.index.explain import factor_contributions
from etl.index.grade import RANK
from etl.marts.workdays import due_dates
from geo.codes import LENGTHS, NATION

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from etl.index.model import Model

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
    "owner_code",
    "due_on",
)
"""The columns of `fct_warning`, those of `rpt_warning` less the generation."""


def build_warnings(con: Backend, model: Model, as_of: date, history_weeks: int) -> None:
    """Leave behind `fct_warning`, grain: enterprise × week in which it entered or rose in a grade, yellow and above.

    A grade is left only below its threshold less the model's margin, and not warned of again within the cool-down; what
    `stg_exemptions` holds back is not raised. What stands above a threshold, or within the margin below it, in the
    first week of the history is no warning: when it rose is not known.
    An index rises with new evidence: `raised_on` is the newest of its week, or the week's end where none has its date.
    `owner_code` is the county of the enterprise, or the deepest that is known; `due_on` counts Chinese working days.
    Enterprises closed since then keep their warnings: history does not change with the register.
    """
    weeks = Weeks(as_of, history_weeks)
    risen = con.create_table("wrk_risen", _dated(con, _risen(con, model, weeks), model, weeks))
    heard = risen.anti_join(_held_back(risen, con.table("stg_exemptions")), ["uscc", "week"])
    warned = _cooled(con, heard, model.warnings.cool_down_weeks)
    first = factor_contributions(con.table("fct_evidence"), warned, model).filter(ibis._.place == 0)
    named = con.table("stg_enterprises").select("uscc", "name", "region_code")
    rows = warned.join(first.select("uscc", "week_on", reason="factor"), ["uscc", "week_on"]).join(named, "uscc")
    county = rows.region_code.left(LENGTHS["county"])
    con.create_table("fct_warning", rows.mutate(owner_code=ibis.ifelse(county == "", NATION, county)).select(*COLUMNS))


def _risen(con: Backend, model: Model, weeks: Weeks) -> ir.Table:
    """Return the rows of `fct_score_week` in which the grade that an enterprise is held in rises, with the row before.

    `rank` is the grade held. An enterprise is held in a grade from the week in which it attains the threshold to the
    week in which it falls below the threshold less the margin: so each grade is a switch of its own, and the switches
    nest, because thresholds descend.
    """
    scores = con.table("fct_score_week")
    high = scores.filter(scores.smoke_index >= model.thresholds.yellow).select("uscc").distinct()
    ever = scores.semi_join(high, "uscc").join(weeks.table(), "week_on")
    before = ibis.window(group_by="uscc", order_by="week")
    known = ever.mutate(
        rank=sum((_stands(ever, getattr(model.thresholds, grade), model) for grade in RANK if RANK[grade]), 0),
        previous_grade=ever.grade.lag().over(before).fill_null("blue"),
        previous_index=ever.smoke_index.lag().over(before).fill_null(0).cast("decimal(5, 2)"),
    )
    held = known.mutate(held_before=known["rank"].lag().over(before).fill_null(0))
    return held.filter(held.week > 0, held["rank"] > held.held_before)


def _stands(ever: ir.Table, threshold: float, model: Model) -> ir.Value:
    """Return 1 where an enterprise is held in the grade of `threshold`, 0 elsewhere."""
    floor = round(threshold - model.warnings.margin, 2)
    so_far = ibis.window(group_by="uscc", order_by="week", preceding=None, following=0)
    attained = (ever.smoke_index >= threshold) | ((ever.week == 0) & (ever.smoke_index >= floor))
    entered = ibis.ifelse(attained, ever.week, -1).max().over(so_far)
    left = ibis.ifelse(ever.smoke_index < floor, ever.week, -1).max().over(so_far)
    return ibis.ifelse(entered > left, 1, 0)


def _dated(con: Backend, risen: ir.Table, model: Model, weeks: Weeks) -> ir.Table:
    evidence = con.table("fct_evidence")
    newest = evidence.group_by("uscc", week=weeks.of(evidence.known_on)).agg(raised_on=evidence.known_on.max())
    dated = risen.left_join(newest, ["uscc", "week"], rname="{name}_newest")
    dated = dated.mutate(raised_on=dated.raised_on.coalesce(dated.end_on))
    due = due_dates(weeks.first, weeks.as_of, model.warnings.working_days)
    return dated.drop("uscc_newest", "week_newest").join(due, ["grade", "raised_on"])


def _held_back(risen: ir.Table, exemptions: ir.Table) -> ir.Table:
    """Return the rises (`uscc`, `week`) that a list holds back: white all of them, grey all but red ones."""
    pairs = risen.join(exemptions, "uscc", rname="{name}_exempt")
    speaks = pairs.risk_type_exempt.isin(("",)) | (pairs.risk_type_exempt == pairs.risk_type)
    inside = pairs.raised_on.between(pairs.begins_on, pairs.ends_on)
    return pairs.filter(speaks, inside, (pairs.kind == "white") | (pairs.grade != "red")).select("uscc", "week")


def _cooled(con: Backend, heard: ir.Table, cool_down: int) -> ir.Table:
    """Return the rises that are warned of: not within `cool_down` weeks after a warning of that grade or higher.

    Whether a rise is warned of depends on the warnings before it. So it is decided by turns: the first rise of every
    enterprise at once, then the second of every one that has so many, and so on.
    """
    order = ibis.window(group_by="uscc", order_by="week")
    turns = materialise(con, "wrk_turn", heard.mutate(turn=ibis.row_number().over(order)))
    warned = materialise(con, "wrk_warned", turns.filter(turns.turn == 0))
    last = con.execute(turns.turn.max().fill_null(0))
    for turn in range(1, int(last) + 1):
        now = turns.filter(turns.turn == turn)
        pairs = now.join(warned, "uscc", rname="{name}_then")
        recent = pairs.filter(pairs.week - pairs.week_then < cool_down, pairs.rank_then >= pairs["rank"])
        warned = materialise(con, "wrk_warned", warned.union(now.anti_join(recent, "uscc")))
    return warned
