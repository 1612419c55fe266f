"""Peers: what an enterprise is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import SUB_INDEXES
from geo.codes import LENGTHS

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

MEASURES = {"smoke_index": "smoke_index", **{sub: f"contribution_{sub}" for sub in SUB_INDEXES}}
QUANTILES = {"median": 0.5, "p75": 0.75, "p90": 0.9, "p99": 0.99}


def build_peers(con: Backend) -> None:
    """Leave behind `agg_peer`, grain: measure × all enterprises, a sector, or a region from county up.

    Quantiles, interpolated, of the contributions (0-100) over the enterprises in operation with any evidence; the
    nation is `all`. Reads `dim_score` and `fct_evidence`.
    """
    scores = con.table("dim_score").semi_join(con.table("fct_evidence").select("uscc").distinct(), "uscc")
    kinds = [_keyed(scores, "all", ibis.literal("")), _keyed(scores, "sector", scores.sector)]
    for level in ("province", "city", "county"):
        inside = scores.filter(scores.region_code.length() >= LENGTHS[level])
        kinds.append(_keyed(inside, "region", inside.region_code.left(LENGTHS[level])))
    grouped = ibis.union(*kinds).group_by("kind", "key")
    con.create_table("agg_peer", ibis.union(*(_measured(grouped, *measure) for measure in MEASURES.items())))


def _keyed(scores: ir.Table, kind: str, key: ir.Value) -> ir.Table:
    return scores.select(**{column: scores[column] for column in MEASURES.values()}, kind=ibis.literal(kind), key=key)


def _measured(grouped: ir.Table, measure: str, column: str) -> ir.Table:
    value = ibis._[column].cast("float64")
    quantiles = {name: value.quantile(share).round(2) for name, share in QUANTILES.items()}
    counted = grouped.agg(enterprises=ibis._.count(), **quantiles)
    return counted.select("kind", "key", "enterprises", *QUANTILES, measure=ibis.literal(measure))
