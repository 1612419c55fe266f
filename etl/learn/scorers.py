"""The three who rank enterprises: the index, the learned probability, and a naive count of complaints."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import ibis

from etl.learn.features import points_of
from etl.learn.predict import probabilities
from etl.learn.tables import remake

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from etl.index.calendar import Weeks
    from etl.index.model import Model
    from etl.learn.card import Card

SCORERS = ("index", "learned", "complaints")
COMPLAINT_DAYS = 180
WARNING = ("red", "orange")
"""The grades that count as a warning here."""


class Bench(NamedTuple):
    """What the scorers are compared on."""

    con: Backend
    model: Model
    weeks: Weeks
    day: date  # the end of a week, on which all of them rank
    card: Card | None


def scores_on(bench: Bench) -> ir.Table:
    """Return `scorer`, `uscc` and `score` (above 0) on the day; no learned ones where nothing was learned."""
    weekly = bench.con.table("fct_score_week")
    index = weekly.filter(weekly.week_on == bench.day - timedelta(days=6))
    counted = complaints_by(bench, ibis.memtable([{"on": bench.day}], schema={"on": "date"}))
    learned = bench.con.table("wrk_tested")
    parts = {
        "index": index.select("uscc", score=index.smoke_index.cast("float64")),
        "learned": learned.select("uscc", score=learned.probability),
        "complaints": counted.select("uscc", "score"),
    }
    named = [part.select("uscc", "score", scorer=ibis.literal(name)) for name, part in parts.items()]
    every = ibis.union(*named)
    return every.filter(every.score > 0)


def complaints_by(bench: Bench, days: ir.Table) -> ir.Table:
    """Return `uscc`, `on` and `score`: complaints and the like reported in the 180 days up to each day of `on`.

    Counts alone would put hundreds on one place, and a bar between two places far from the load that it is meant for:
    of equals, the one complained about last comes first, by a fraction (above 0, at most 1) added to the count.
    """
    signals = bench.con.table("stg_signals")
    told = signals.filter(signals.sub_index == "complaints", signals.uscc.notnull()).select("uscc", "reported_on")
    pairs = told.join(
        days,
        [told.reported_on <= days.on, told.reported_on > days.on - ibis.interval(days=COMPLAINT_DAYS)],
    )
    counted = pairs.group_by("uscc", "on").agg(n=pairs.count(), last=pairs.reported_on.max())
    newer = 1 - counted.on.delta(counted["last"], unit="day") / COMPLAINT_DAYS
    return counted.select("uscc", "on", score=counted.n + newer)


def bars(bench: Bench, ranked: ir.Table) -> dict[str, float]:
    """Return from which score on each scorer warns: so many enterprises as the index grades orange and red that day.

    The same load makes the scorers comparable. Where a tie would exceed it, those of the tie are not warned of.
    """
    weekly = bench.con.table("fct_score_week")
    graded = weekly.filter(weekly.week_on == bench.day - timedelta(days=6), weekly.grade.isin(WARNING))
    load = int(graded.semi_join(ranked, "uscc").count().to_pyarrow().as_py())
    steps = ranked.group_by("scorer", "score").agg(n=ranked.count())
    above = steps.n.sum().over(ibis.window(group_by="scorer", order_by=ibis.desc("score"), preceding=None, following=0))
    within = steps.mutate(above=above).filter(ibis._.above <= load)
    found = within.group_by("scorer").agg(bar=within.score.min()).to_pyarrow().to_pylist()
    return {row["scorer"]: row["bar"] for row in found} | {"index": bench.model.thresholds.orange}


def first_warned(bench: Bench, confirmed: ir.Table, levels: dict[str, float]) -> ir.Table:
    """Return `scorer`, `uscc` and `warned_on`: the first week's end before the case at which each would have warned.

    `confirmed` has `uscc` and `opened_on`. All are followed from the test day on: on earlier days the probability
    would be asked about what it learned from, and days that one may use and another may not compare nothing.
    """
    con, weekly, every = bench.con, bench.con.table("fct_score_week"), bench.weeks.table()
    ends = every.filter(every.end_on >= bench.day).select(on="end_on")
    ours = weekly.filter(weekly.grade.isin(WARNING)).semi_join(confirmed, "uscc")
    graded = ours.select("uscc", on=ours.week_on + ibis.interval(days=6))
    found = {"index": graded.filter(graded.on >= bench.day)}
    if "complaints" in levels:
        counted = complaints_by(bench, ends).semi_join(confirmed, "uscc")
        found["complaints"] = counted.filter(counted.score >= levels["complaints"]).select("uscc", "on")
    if bench.card and "learned" in levels:
        pairs = remake(con, "wrk_pairs", confirmed.cross_join(ends))
        points = points_of(con.table("fct_evidence"), bench.model, pairs.filter(pairs.on < pairs.opened_on))
        probable = probabilities(points, bench.card, "uscc", "on")
        found["learned"] = probable.filter(probable.probability >= levels["learned"]).select("uscc", "on")
    told = ibis.union(*(part.select("uscc", "on", scorer=ibis.literal(name)) for name, part in found.items()))
    early = told.inner_join(confirmed.select("uscc", "opened_on"), "uscc")
    early = early.filter(early.on < early.opened_on)
    return early.group_by("scorer", "uscc").agg(warned_on=early.on.min())
