"""Regions by week: counts, means and rates of every region and its ancestors."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import ibis

from etl.detect.bound import SCHEMA, bounds
from etl.index.calendar import Weeks
from etl.index.combine import OPERATING
from geo.codes import LENGTHS, NATION

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

LEVELS = ("nation", "province", "city", "county", "town")
TOWN_WEEKS = 2
ENOUGH = 40  # enterprises from which on a region's plain mean stands for itself
COUNTS = ("enterprises", "red", "orange", "yellow", "new_red", "new_orange", "new_yellow", "signals")
"""What is counted; blue is what is left of the enterprises."""


def build_regions(con: Backend, as_of: date, history_weeks: int) -> None:
    """Leave behind `agg_region_week` and, for the check, `wrk_cell_week`.

    `wrk_cell_week`, grain: cell × week, holds what is located exactly to one region code, cut to the county (all weeks)
    or to the town (`depth` 9, the last two weeks). A cell belongs to every region whose code begins its own, so a
    region is the sum of its children and of the cell that is located to no child. `agg_region_week`, grain: region ×
    week: the columns of `rpt_region_week` less the generation; every region that holds anything, in every week.
    An enterprise counts in a week if it is in operation and was founded by the week's end.
    """
    weeks = Weeks(as_of, history_weeks)
    county = _cells(con, weeks, LENGTHS["county"], since=0)
    town = _cells(con, weeks, LENGTHS["town"], since=history_weeks - TOWN_WEEKS)
    con.create_table("wrk_cell_week", ibis.union(county, town))
    con.create_table("wrk_region_sum", _rolled_up(con.table("wrk_cell_week")))
    counted = con.table("wrk_region_sum").join(weeks.table(), "week")
    watched = counted.filter(counted.level.isin(("nation", "province")))
    series = watched.select("region_code", "week", count=ibis._.new_red + ibis._.new_orange + ibis._.new_yellow)
    limits = ibis.memtable(bounds(series.to_pandas()), schema=SCHEMA)
    con.create_table("agg_region_week", _shown(_smoothed(counted), limits))


def _cells(con: Backend, weeks: Weeks, depth: int, since: int) -> ir.Table:
    """Return `depth`, `cell`, `week`, `COUNTS` and `index_sum` (hundredths) for every cell and week from `since` on."""
    enterprises = con.table("stg_enterprises")
    operating = enterprises.filter(enterprises.status.isin(OPERATING)).select(
        "uscc", cell=enterprises.region_code.left(depth), founded=_founded(enterprises, weeks)
    )
    evaluated = weeks.table().filter(ibis._.week >= since)
    scores = con.table("fct_score_week").join(evaluated, "week_on").join(operating, "uscc")
    scores = scores.filter(scores.founded <= scores.week)
    graded = scores.group_by("cell", "week").agg(
        index_sum=(scores.smoke_index * 100).cast("int64").sum(),
        **{grade: (scores.grade == grade).sum() for grade in ("red", "orange", "yellow")},
    )
    raised = con.table("fct_warning").join(evaluated, "week_on")
    warned = raised.group_by(cell=raised.region_code.left(depth), week=raised.week).agg(
        **{f"new_{grade}": (raised.grade == grade).sum() for grade in ("red", "orange", "yellow")}
    )
    signals = con.table("stg_signals").filter(ibis._.reported_on.between(weeks.monday(since), weeks.as_of))
    told = signals.group_by(cell=signals.region_code.left(depth), week=weeks.of(signals.reported_on)).agg(
        signals=ibis._.count()
    )
    begun = (
        operating.filter(operating.founded < weeks.count)
        .group_by("cell", week=ibis.greatest(ibis._.founded, since))
        .agg(enterprises=ibis._.count())
    )
    return _dense((begun, graded, warned, told), evaluated).mutate(depth=ibis.literal(depth))


def _founded(enterprises: ir.Table, weeks: Weeks) -> ir.Value:
    """Return the first week an enterprise counts in; an unknown founding date counts always.

    A founding after the as-of date falls into a week that is not evaluated.
    """
    late = enterprises.established_on > weeks.as_of
    return ibis.ifelse(late, weeks.count, weeks.of(enterprises.established_on)).fill_null(0)


def _dense(parts: tuple[ir.Table, ...], evaluated: ir.Table) -> ir.Table:
    """Return the sums of `parts` for every cell that any of them names, in every week evaluated.

    `enterprises` comes in as foundings and leaves as their running sum, the enterprises that stand in the week.
    """
    measures = [*COUNTS, "index_sum"]
    every = ibis.union(*(part.select("cell") for part in parts)).distinct().cross_join(evaluated.select("week"))
    stacked = ibis.union(*(_widened(part, measures) for part in (every, *parts)))
    summed = stacked.group_by("cell", "week").agg(**{name: stacked[name].sum().cast("int64") for name in measures})
    running = ibis.window(group_by="cell", order_by="week", preceding=None, following=0)
    return summed.mutate(enterprises=summed.enterprises.sum().over(running).cast("int64"))


def _widened(part: ir.Table, measures: list[str]) -> ir.Table:
    zero = ibis.literal(0).cast("int64")
    have = {name: part[name].cast("int64") if name in part.columns else zero for name in measures}
    return part.select("cell", week=part.week.cast("int64"), **have)


def _rolled_up(cells: ir.Table) -> ir.Table:
    """Return `region_code`, `level`, `week` and the sums of every region over the cells whose code it begins."""
    measures = [*COUNTS, "index_sum"]
    parts = []
    for level in LEVELS:
        depth = LENGTHS["town"] if level == "town" else LENGTHS["county"]
        length = LENGTHS[level]
        inside = cells.filter(cells.depth == depth)
        if level != "nation":
            inside = inside.filter(inside.cell.length() >= length)
        code = ibis.literal(NATION) if level == "nation" else inside.cell.left(length)
        parts.append(inside.select("week", *measures, region_code=code, level=ibis.literal(level)))
    stacked = ibis.union(*parts)
    return stacked.group_by("region_code", "level", "week").agg(
        **{name: stacked[name].sum().cast("int64") for name in measures}
    )


def _smoothed(counted: ir.Table) -> ir.Table:
    """Add `mean_index` and `smoothed_index` (0-100), from the nation down.

    Shrinkage of a small region's mean towards its parent's, so that one bad enterprise in a village does not colour a
    map: with n enterprises, smoothed = (n · mean + (ENOUGH - n) · parent's smoothed) / ENOUGH where n < ENOUGH, and the
    plain mean elsewhere. (The linear shrinkage estimator, with the credibility n / ENOUGH of limited-fluctuation theory
    cut at one; ENOUGH is our choice.)
    """
    mean = (counted.index_sum / 100 / counted.enterprises.nullif(0)).fill_null(0.0)
    known = counted.mutate(mean_index=mean.round(4), trust=ibis.least(counted.enterprises / ENOUGH, 1.0))
    done = known.filter(known.level == "nation").mutate(smoothed_index=ibis._.mean_index)
    levels = [done]
    for above, level in itertools.pairwise(LEVELS):
        parents = levels[-1].select("week", parent="region_code", parent_index="smoothed_index")
        here = known.filter(known.level == level)
        up = ibis.literal(NATION) if above == "nation" else here.region_code.left(LENGTHS[above])
        joined = here.mutate(parent=up).join(parents, ["parent", "week"])
        smoothed = joined.trust * joined.mean_index + (1 - joined.trust) * joined.parent_index
        levels.append(joined.mutate(smoothed_index=smoothed.round(4)).drop("parent", "parent_index"))
    return ibis.union(*(level.select(*done.columns) for level in levels))


def _shown(smoothed: ir.Table, limits: ir.Table) -> ir.Table:
    bounded = smoothed.left_join(limits, ["region_code", "week"])
    return bounded.select(
        "region_code",
        "week_on",
        "level",
        "enterprises",
        "mean_index",
        "smoothed_index",
        "red",
        "orange",
        "yellow",
        "new_red",
        "new_orange",
        "new_yellow",
        "signals",
        "expected",
        "upper",
        blue=bounded.enterprises - bounded.red - bounded.orange - bounded.yellow,
    )
