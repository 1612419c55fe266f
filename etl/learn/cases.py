"""Cases as they were known on a day, and what they make of an enterprise that is looked at on an earlier one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import PROVEN

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir


def known_cases(reports: ir.Table, day: date) -> ir.Table:
    """Return one row per case from `stg_outcomes`: its last report up to `day`, without those opened later."""
    told = reports.filter(reports.reported_on <= day)
    newest = ibis.window(group_by=told.case_id, order_by=[told.reported_on.desc(), told.file, told.line])
    last = told.mutate(place=ibis.row_number().over(newest))
    return last.filter(last.place == 0).select("case_id", "uscc", "risk_type", "opened_on", "closed_on", "outcome")


def judged(enterprises: ir.Table, cases: ir.Table, day: date, horizon_days: int) -> ir.Table:
    """Return `enterprises` (any table with `uscc`) as seen from `day`, with `confirmed` (0, 1) and `opened_on`.

    Confirmed is who got a case within the horizon that proved true; `opened_on` is when the first such case was opened.
    Left out are enterprises that had a case by `day` already, whatever came of it: nobody need foresee it any more, and
    what is reported in its course is its consequence. Left out, too, are those whose only cases within the horizon
    are still open: nobody knows yet.
    """
    until = day + timedelta(days=horizon_days)
    proven = cases.outcome.fill_null("").isin(PROVEN)
    within = (cases.opened_on > day) & (cases.opened_on <= until)
    per = cases.group_by("uscc").agg(
        before=(cases.opened_on <= day).cast("int64").max(),
        proven=(within & proven).cast("int64").max(),
        pending=(within & cases.outcome.isnull()).cast("int64").max(),
        opened_on=cases.opened_on.min(where=within & proven),
    )
    seen = enterprises.left_join(per, "uscc").drop("uscc_right")
    seen = seen.mutate(confirmed=seen.proven.fill_null(0))
    kept = (seen.before.fill_null(0) == 0) & ((seen.confirmed == 1) | (seen.pending.fill_null(0) == 0))
    return seen.filter(kept).drop("before", "proven", "pending")
