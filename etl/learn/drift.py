"""Whether the factors still speak as they did: the population stability index over four weeks."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from etl.learn.card import MICRO
from etl.learn.features import points_at

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from etl.index.model import Model

WEEKS = 4
STEPS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Bins of a factor's points: none, then up to each of these times what one fresh piece is worth, then more."""
DRIFT = pa.schema(
    [
        ("factor", pa.string()),
        *((name, pa.float64()) for name in ("psi", "share_before", "share_now", "mean_before", "mean_now")),
    ]
)


def drift(con: Backend, model: Model, as_of: date) -> pa.Table:
    """Return the columns of `rpt_drift` less its generation: `as_of` beside four weeks before, by factor.

    The denominator of each day is the enterprises with any evidence by that day; no rows unless both days have some.
    """
    days = (as_of - timedelta(weeks=WEEKS), as_of)
    evidence = con.table("fct_evidence")
    everybody = [int(evidence.filter(evidence.known_on <= day).uscc.nunique().to_pyarrow().as_py()) for day in days]
    if not all(everybody):
        return DRIFT.empty_table()
    before, now = (_binned(points_at(evidence, model, day), model) for day in days)
    rows = [
        _row(factor, before.get(factor, {}), now.get(factor, {}), everybody)
        for factor in model.factors
        if factor in before or factor in now
    ]
    return pa.Table.from_pylist(rows, schema=DRIFT)


def psi(before: list[int], now: list[int]) -> float:
    """Return Σ (q - p)·ln(q / p) over bins of two counts, half a case added to each bin so that empty ones can be told.

    Below 0.1 is usually read as stable, above 0.25 as another population (Siddiqi, Credit Risk Scorecards, 2006).
    """
    p, q = ([(count + 0.5) / (sum(counts) + len(counts) / 2) for count in counts] for counts in (before, now))
    return sum((b - a) * math.log(b / a) for a, b in zip(p, q, strict=True))


Bins = dict[int, tuple[int, int]]


def _binned(points: ir.Table, model: Model) -> dict[str, Bins]:
    """Return enterprises and their points by factor and bin."""
    worths = [{"factor": name, "worth": factor.points * MICRO} for name, factor in model.factors.items()]
    held = points.join(ibis.memtable(worths, schema={"factor": "string", "worth": "float64"}), "factor")
    times = held.points / held.worth
    place = ibis.cases(*((times <= step, at) for at, step in enumerate(STEPS, start=1)), else_=len(STEPS) + 1)
    counted = held.group_by("factor", bin=place).agg(n=held.count(), points=held.points.sum().cast("int64"))
    found: dict[str, Bins] = {}
    for row in counted.to_pyarrow().to_pylist():
        found.setdefault(row["factor"], {})[row["bin"]] = (row["n"], row["points"])
    return found


def _row(factor: str, before: Bins, now: Bins, everybody: list[int]) -> dict[str, Any]:
    counts, shares, means = [], [], []
    for bins, whole in zip((before, now), everybody, strict=True):
        with_it = sum(n for n, _ in bins.values())
        counts.append([whole - with_it, *(bins.get(at, (0, 0))[0] for at in range(1, len(STEPS) + 2))])
        shares.append(with_it / whole)
        means.append(sum(points for _, points in bins.values()) / MICRO / with_it if with_it else 0.0)
    return {
        "factor": factor,
        "psi": psi(*counts),
        "share_before": shares[0],
        "share_now": shares[1],
        "mean_before": means[0],
        "mean_now": means[1],
    }
