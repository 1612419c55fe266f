"""How good the probability was on the days it was tested on: ranking, sharpness, and whether it keeps its word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from etl.learn.intervals import wilson

if TYPE_CHECKING:
    import ibis.expr.types as ir

EDGES = (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85)
"""Where the bins of the reliability curve begin: narrow where nearly all enterprises are."""
RELIABILITY = pa.schema(
    [
        ("bin", pa.int32()),
        ("predicted", pa.float64()),
        ("observed", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("n", pa.int32()),
    ]
)


def figures_of(tested: ir.Table) -> dict[str, float | None]:
    """Return figures of rows of `probability` and `confirmed`: n, confirmed, auc and brier (None without both kinds).

    auc: the chance that one who got a confirmed case was ranked above one who did not, ties half. brier: the mean
    squared distance of probability and outcome; `brier_base` is that of giving everybody the same probability.
    """
    counted = tested.group_by("probability").agg(
        n=tested.count(), hits=tested.confirmed.sum().fill_null(0).cast("int64")
    )
    steps = counted.order_by("probability").to_pyarrow().to_pylist()
    n, hits = sum(step["n"] for step in steps), sum(step["hits"] for step in steps)
    figures: dict[str, float | None] = {"n": n, "confirmed": hits, "auc": None, "brier": None, "brier_base": None}
    if not hits or hits == n:
        return figures
    below, pairs, squares = 0, 0.0, 0.0
    for step in steps:
        missed = step["n"] - step["hits"]
        pairs += step["hits"] * (below + missed / 2)
        below += missed
        squares += step["hits"] * (1 - step["probability"]) ** 2 + missed * step["probability"] ** 2
    share = hits / n
    return figures | {
        "auc": round(pairs / (hits * (n - hits)), 4),
        "brier": round(squares / n, 6),
        "brier_base": round(share * (1 - share), 6),
    }


def reliability(tested: ir.Table) -> pa.Table:
    """Return the columns of `rpt_reliability` less its generation; bins that nobody falls into are left out."""
    bins = ibis.cases(*((tested.probability >= edge, at) for at, edge in reversed(list(enumerate(EDGES)))))
    counted = (
        tested.mutate(bin=bins.cast("int32"), micro=(tested.probability * 1e6).round().cast("int64"))
        .group_by("bin")
        .agg(total=ibis._.micro.sum().cast("int64"), hits=ibis._.confirmed.sum().cast("int64"), n=ibis._.count())
    )
    rows = []
    for found in counted.order_by("bin").to_pyarrow().to_pylist():
        low, high = wilson(found["hits"], found["n"])
        shares = {"predicted": found["total"] / 1e6 / found["n"], "observed": found["hits"] / found["n"]}
        rows.append({"bin": found["bin"], **shares, "low": low, "high": high, "n": found["n"]})
    return pa.Table.from_pylist(rows, schema=RELIABILITY)
