"""The rows that are learned from: every confirmed case, and a share of the rest that stands for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np

from etl.learn.cases import judged
from etl.learn.features import points_of
from etl.learn.fit import Rows
from etl.learn.tables import remake

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from etl.index.model import Learning, Model


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]  # Ibis ships no types
def md5(text: str) -> str:  # type: ignore[empty-body]  # the engine has the body
    """Return the digest as 32 hexadecimal digits."""


def draw(con: Backend, model: Model, learning: Learning, cases: ir.Table, days: Sequence[date]) -> Rows:
    """Return the sample of these days: enterprises with evidence by the day and without a case until then.

    Who has no case within the horizon is drawn by the digest of code and day, so that the same input gives the same
    sample, and weighs as many as it stands for.
    """
    drawn = ibis.union(*(_of_day(con, learning, cases, day) for day in days))
    order = ibis.window(order_by=[drawn.on, drawn.uscc])
    sample = remake(con, "wrk_sample", drawn.mutate(row=ibis.row_number().over(order)))
    found = points_of(con.table("fct_evidence"), model, sample).inner_join(sample, ["uscc", "on"])
    names = tuple(model.factors)
    cells = found.select("row", "factor", "points").to_pyarrow()
    points = np.zeros((int(sample.count().to_pyarrow().as_py()), len(names)), dtype=np.int64)
    column = {name: at for at, name in enumerate(names)}
    at = np.array([column[name] for name in cells["factor"].to_pylist()], dtype=np.int64)
    points[cells["row"].to_numpy(), at] = cells["points"].to_numpy()
    told = sample.order_by("row").select("confirmed", "weight").to_pyarrow()
    return Rows(points, told["confirmed"].to_numpy().astype(np.int64), told["weight"].to_numpy().astype(np.float64))


def _of_day(con: Backend, learning: Learning, cases: ir.Table, day: date) -> ir.Table:
    """Return `uscc`, `on`, `confirmed` and `weight` of one day's sample."""
    evidence = con.table("fct_evidence")
    seen = evidence.filter(evidence.known_on <= day).select("uscc").distinct()
    told = judged(seen, cases, day, learning.horizon_days).drop("opened_on")
    order = ibis.window(group_by=told.confirmed, order_by=[md5(told.uscc + day.isoformat()), told.uscc])
    all_like_it = told.count().over(ibis.window(group_by=told.confirmed))
    placed = told.mutate(place=ibis.row_number().over(order), alike=all_like_it)
    kept = placed.filter((placed.confirmed == 1) | (placed.place < learning.negatives))
    stands_for = kept.alike / ibis.least(kept.alike, learning.negatives)
    weight = ibis.ifelse(kept.confirmed == 1, 1.0, stands_for.cast("float64"))
    return kept.select("uscc", "confirmed", on=ibis.literal(day), weight=weight)
