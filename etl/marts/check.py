"""The promises between tables, verified in every run: a generation that breaks one is never published."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.index.combine import OPERATING
from etl.marts.regions import COUNTS, LEVELS, TOWN_WEEKS
from geo.codes import LENGTHS, NATION

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend


class BrokenPromise(RuntimeError):
    """Two tables of one run contradict each other; the message says which and where."""


def check_marts(con: Backend, as_of: date) -> None:
    """Raise BrokenPromise with the first contradiction among scores, warnings and aggregates, if there is one."""
    _none(con.table("fct_warning").filter(ibis._.owner_code == ""), "fct_warning: a warning has no owner")
    _files_hold_everybody(con)
    scores = con.table("dim_score")
    highest = ibis.greatest(*(scores[f"index_{risk_type}"] for risk_type in RISK_TYPES))
    _none(scores.filter(scores.smoke_index != highest), "dim_score: the highest typed index is not the index")
    _none(_unproven(con), "dim_evidence: contributions do not add up to the index")
    for name in ("fct_score", "fct_score_week"):
        _none(_unexplained(con.table(name)), f"{name}: contributions do not add up to the index")
    regions = con.table("agg_region_week")
    _none(regions.filter(regions.blue < 0), "agg_region_week: more graded enterprises than enterprises")
    for above, level in itertools.pairwise(LEVELS):
        _none(
            _torn(regions, con.table("wrk_cell_week"), above, level),
            f"agg_region_week: a {above} differs from its {level} rows and what is located to it alone",
        )
    _nation_is_everything(con, as_of)


def _files_hold_everybody(con: Backend) -> None:
    """Compare the tables that become files with those that they are made of: nobody twice, nobody lost."""
    for made, source in (("dim_enterprise", "stg_enterprises"), ("dim_score", "fct_score")):
        here, there = con.table(made), con.table(source)
        pairs = int(con.execute(here.count())), int(con.execute(here.uscc.nunique())), int(con.execute(there.count()))
        if len(set(pairs)) > 1:
            raise BrokenPromise(f"{made} has {pairs[0]} rows of {pairs[1]} enterprises, {source} holds {pairs[2]}")


def _unproven(con: Backend) -> ir.Table:
    """Return the scores that are not the sum of their pieces of evidence."""
    pieces = con.table("dim_evidence")
    summed = pieces.group_by("uscc").agg(proven=pieces.contribution.sum())
    both = con.table("dim_score").left_join(summed, "uscc", rname="{name}_summed")
    return both.filter(both.smoke_index != both.proven.fill_null(0)).select("uscc", "smoke_index", "proven")


def _unexplained(scores: ir.Table) -> ir.Table:
    terms = sum((scores[f"contribution_{sub}"] for sub in SUB_INDEXES), ibis.literal(0))
    return scores.filter((terms != scores.smoke_index) | ~scores.smoke_index.between(0, 100))


def _torn(regions: ir.Table, cells: ir.Table, above: str, level: str) -> ir.Table:
    """Return the `above` regions and weeks where children and what is located exactly there do not make the parent.

    Means are compared as sums (mean · enterprises), within the rounding that the published means allow.
    """
    last = regions.week_on.max()
    whole = regions.filter(regions.level == above)
    if level == "town":
        whole = whole.filter(whole.week_on > last.as_scalar() - ibis.interval(weeks=TOWN_WEEKS))
    children = regions.filter(regions.level == level)
    up = ibis.literal(NATION) if above == "nation" else children.region_code.left(LENGTHS[above])
    alone = _alone(regions, cells, above, level)
    parts = ibis.union(_weighted(children.mutate(region_code=up)), alone)
    summed = parts.group_by("region_code", "week_on").agg(
        **{name: parts[name].sum() for name in COUNTS}, mass=parts.mass.sum()
    )
    both = _weighted(whole).left_join(summed, ["region_code", "week_on"], rname="sum_{name}")
    wrong = both.enterprises != both.sum_enterprises.fill_null(0)
    for name in COUNTS[1:]:
        wrong = wrong | (both[name] != both[f"sum_{name}"].fill_null(0))
    rounding = both.enterprises * 1e-4 + 1e-6
    return both.filter(wrong | ((both.mass - both.sum_mass.fill_null(0.0)).abs() > rounding))


def _weighted(regions: ir.Table) -> ir.Table:
    counts = {name: regions[name].cast("int64") for name in COUNTS}
    return regions.select("region_code", "week_on", **counts, mass=regions.mean_index * regions.enterprises)


def _alone(regions: ir.Table, cells: ir.Table, above: str, level: str) -> ir.Table:
    """Return what is located exactly to regions of level `above`, from the cells, in the shape of `_weighted`."""
    depth = LENGTHS["town"] if level == "town" else LENGTHS["county"]
    length = 0 if above == "nation" else LENGTHS[above]
    here = cells.filter(cells.depth == depth, cells.cell.length() == length)
    dates = regions.select("week_on").distinct().mutate(week=ibis.row_number().over(ibis.window(order_by="week_on")))
    dated = here.join(dates, "week")
    code = ibis.literal(NATION) if above == "nation" else dated.cell
    counts = {name: dated[name].cast("int64") for name in COUNTS}
    return dated.select(region_code=code, week_on=dated.week_on, **counts, mass=dated.index_sum / 100)


def _nation_is_everything(con: Backend, as_of: date) -> None:
    """Compare the nation's rows with the tables of enterprises, scores, warnings and signals themselves."""
    regions = con.table("agg_region_week")
    nation = regions.filter(regions.level == "nation")
    newest = nation.filter(nation.week_on == nation.week_on.max().as_scalar())
    enterprises, scores, raised = (con.table(name) for name in ("stg_enterprises", "fct_score", "fct_warning"))
    standing = enterprises.filter(
        enterprises.status.isin(OPERATING),
        (enterprises.established_on <= as_of).fill_null(True),  # noqa: FBT003 - a fill value
    )
    signals = con.table("stg_signals")
    first = nation.week_on.min().as_scalar()
    told = signals.filter(signals.reported_on >= first, signals.reported_on <= as_of)
    graded = scores.semi_join(standing, "uscc").filter(scores.grade != "blue")
    shown_graded = newest.red.sum() + newest.orange.sum() + newest.yellow.sum()
    shown_raised = nation.new_red.sum() + nation.new_orange.sum() + nation.new_yellow.sum()
    for what, shown, true in (
        ("enterprises", newest.enterprises.sum(), standing.count()),
        ("graded enterprises", shown_graded, graded.count()),
        ("warnings", shown_raised, raised.count()),
        ("signals", nation.signals.sum(), told.count()),
    ):
        pair = (int(con.execute(shown.fill_null(0))), int(con.execute(true)))
        if pair[0] != pair[1]:
            raise BrokenPromise(f"agg_region_week: the nation shows {pair[0]} {what}, the tables hold {pair[1]}")


def _none(rows: ir.Table, promise: str) -> None:
    found = rows.limit(1).to_pyarrow().to_pylist()
    if found:
        raise BrokenPromise(f"{promise}; first: {found[0]}")
