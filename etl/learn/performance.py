"""How good the ranking was: at a past week's end, as that week knew, against the cases of the horizon after it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import ibis
import pyarrow as pa

from etl.index.calendar import Weeks
from etl.learn.cases import judged
from etl.learn.intervals import median_interval, wilson
from etl.learn.scorers import Bench, bars, first_warned, scores_on
from etl.learn.tables import remake

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from etl.index.model import Model
    from etl.learn.card import Card
    from etl.learn.split import Split

LOOKED_AT = (10, 50, 100, 200, 500, 1000)
FEWEST = 10
"""Of fewer than so many a share or a median says nothing."""
PERFORMANCE = pa.schema(
    [
        *((name, pa.string()) for name in ("scorer", "cut", "key", "measure")),
        ("k", pa.int32()),
        *((name, pa.float64()) for name in ("value", "low", "high")),
        ("n", pa.int32()),
    ]
)


class Seen(NamedTuple):
    """What the run knows of time."""

    as_of: date
    history_weeks: int


class Cell(NamedTuple):
    """One scorer within one cut."""

    scorer: str
    cut: str
    key: str


def measure(con: Backend, model: Model, seen: Seen, split: Split | None, card: Card | None) -> None:
    """Leave behind `agg_performance`: the columns of `rpt_performance` less its generation.

    All scorers rank on the split's test day. Enterprises that had a case by then are left out, and those whose case is
    still open (`judged`). Measures: precision_at_k and recall_at_k for the ks of `LOOKED_AT` that the cut can fill and
    for the number of confirmed cases, where the two are one; hit_rate, the share of confirmed cases that were warned of
    before they were opened, and lead_days, how long before: the median over all of them, 0 for who was not warned of,
    for whoever warns of a few early is not the earlier one. Both look from the test day on. false_per_10000: those
    warned of on the test day without a confirmed case, to 10 000 of the register. No rows without a confirmed case,
    or where the history does not reach back to the test day.
    """
    rows: list[dict[str, Any]] = []
    weeks = Weeks(seen.as_of, seen.history_weeks)
    if split is not None and model.learning is not None and split.test >= weeks.end(0):
        bench = Bench(con, model, weeks, split.test, card)
        everybody = _everybody(bench, model.learning.horizon_days)
        if int(everybody.confirmed.sum().fill_null(0).to_pyarrow().as_py()):
            rows = _rows(bench, everybody)
    remake(con, "agg_performance", pa.Table.from_pylist(rows, schema=PERFORMANCE))


def _everybody(bench: Bench, horizon_days: int) -> ir.Table:
    """Make and return `wrk_judged`: the register of the test day with its outcomes and what it is cut by."""
    register, weekly = bench.con.table("stg_enterprises"), bench.con.table("fct_score_week")
    founded = register.filter(register.established_on.isnull() | (register.established_on <= bench.day))
    seen = founded.select("uscc", "sector", province=founded.region_code.left(2))
    told = judged(seen, bench.con.table("wrk_cases"), bench.day, horizon_days)
    leading = weekly.filter(weekly.week_on + ibis.interval(days=6) == bench.day).select("uscc", "risk_type")
    typed = told.left_join(leading, "uscc").drop("uscc_right")
    return remake(bench.con, "wrk_judged", typed.mutate(risk_type=typed.risk_type.fill_null("")))


def _rows(bench: Bench, everybody: ir.Table) -> list[dict[str, Any]]:
    con = bench.con
    ranked = remake(con, "wrk_ranked", scores_on(bench).semi_join(everybody, "uscc"))
    levels = bars(bench, ranked)
    sizes = {
        (row["cut"], row["key"]): (row["n"], row["hits"])
        for row in _listed(_cut(everybody).group_by("cut", "key").agg(n=ibis._.count(), hits=ibis._.confirmed.sum()))
    }
    rows = []
    for cell, found in _ranks(ranked, everybody, levels).items():
        n, confirmed = sizes[cell.cut, cell.key]
        rows += _at_k(cell, found, int(confirmed))
        rows.append(_rate(cell, found[0]["false"], n))
    proven = remake(con, "wrk_proven", everybody.filter(everybody.confirmed == 1))
    warned = first_warned(bench, proven, levels)
    return rows + _leads(proven, warned, {cell.scorer for cell in map(_cell, rows)})


def _cut(rows: ir.Table) -> ir.Table:
    """Return the rows once for each cut that they belong to, with `cut` and `key`."""
    cuts = {"all": ibis.literal(""), **{name: rows[name] for name in ("province", "sector", "risk_type")}}
    every = ibis.union(*(rows.mutate(cut=ibis.literal(cut), key=key) for cut, key in cuts.items()))
    return every.filter((every.cut == "all") | (every.key != ""))


def _ranks(ranked: ir.Table, everybody: ir.Table, levels: dict[str, float]) -> dict[Cell, list[dict[str, Any]]]:
    """Return, by cell, the cumulative hits at each k that could matter, and how many were warned of in vain."""
    known = _cut(ranked.inner_join(everybody, "uscc"))
    order = ibis.window(group_by=["scorer", "cut", "key"], order_by=[ibis.desc("score"), ibis.asc("uscc")])
    warned = ibis.cases(*((known.scorer == scorer, known.score >= bar) for scorer, bar in levels.items()), else_=False)
    placed = known.mutate(rank=ibis.row_number().over(order) + 1, vain=(warned & (known.confirmed == 0)).cast("int64"))
    total = ibis.window(group_by=["scorer", "cut", "key"])
    running = ibis.window(group_by=["scorer", "cut", "key"], order_by="rank", preceding=None, following=0)
    summed = placed.mutate(
        hits=placed.confirmed.sum().over(running),
        false=placed.vain.sum().over(total),
        ranked=placed.count().over(total),
    )
    # A k that is the number of confirmed cases may be any: those ranks are told that hold one, and the last.
    told = summed.filter(
        summed["rank"].isin(LOOKED_AT) | (summed.confirmed == 1) | (summed["rank"] == summed.ranked)
    ).select("scorer", "cut", "key", "rank", "hits", "false")
    found: dict[Cell, list[dict[str, Any]]] = defaultdict(list)
    for row in _listed(told.order_by("scorer", "cut", "key", "rank")):
        found[_cell(row)].append(row)
    return found


def _at_k(cell: Cell, found: list[dict[str, Any]], confirmed: int) -> list[dict[str, Any]]:
    ranked = found[-1]["rank"]
    rows = []
    for k in sorted({k for k in (*LOOKED_AT, confirmed) if 0 < k <= ranked}):
        hits = max((int(row["hits"]) for row in found if row["rank"] <= k), default=0)
        rows.append(_share(cell, "precision_at_k", k, hits, k))
        rows.append(_share(cell, "recall_at_k", k, hits, confirmed))
    return rows


def _share(cell: Cell, name: str, k: int, hits: int, n: int) -> dict[str, Any]:
    if n < FEWEST:
        return _row(cell, name, k, n)
    low, high = wilson(hits, n)
    return _row(cell, name, k, n, hits / n, low, high)


def _rate(cell: Cell, false: int, n: int) -> dict[str, Any]:
    share = _share(cell, "false_per_10000", 0, int(false), n)
    return share | {name: share[name] * 10_000 for name in ("value", "low", "high") if share[name] is not None}


def _leads(proven: ir.Table, warned: ir.Table, scorers: set[str]) -> list[dict[str, Any]]:
    """Return hit_rate and lead_days of each scorer and cut, from the confirmed cases and when each was warned of."""
    days = {(row["scorer"], row["uscc"]): row["warned_on"] for row in _listed(warned)}
    leads: dict[Cell, list[int]] = defaultdict(list)
    for case in _listed(_cut(proven)):
        for scorer in scorers:
            opened_on = case["opened_on"]
            lead = opened_on - days.get((scorer, case["uscc"]), opened_on)
            leads[Cell(scorer, case["cut"], case["key"])].append(lead.days)
    rows = []
    for cell, found in sorted(leads.items()):
        rows.append(_share(cell, "hit_rate", 0, sum(lead > 0 for lead in found), len(found)))
        told = median_interval(found) if len(found) >= FEWEST else ()
        rows.append(_row(cell, "lead_days", 0, len(found), *told))
    return rows


def _row(
    cell: Cell,
    name: str,
    k: int,
    n: int,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
) -> dict[str, Any]:
    return {**cell._asdict(), "measure": name, "k": k, "value": value, "low": low, "high": high, "n": n}


def _cell(row: dict[str, Any]) -> Cell:
    return Cell(row["scorer"], row["cut"], row["key"])


def _listed(rows: ir.Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rows.to_pyarrow().to_pylist()
    return found
