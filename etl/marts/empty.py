"""What other parts of the pipeline will leave behind, empty and in its shape. Deleted when they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.models.performance import Drift, Learned, Performance, Reliability
from dashboard.models.population import FILES
from dashboard.models.reporting import Community
from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.engine import materialise

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ibis.backends.duckdb import Backend

    from dashboard.db import Base
    from etl.index.model import Model

KINDS = {"INTEGER": "int64", "FLOAT": "float64", "DATE": "date", "JSON": "string"}


def build_ties(con: Backend, _model: Model, _as_of: date) -> None:
    """Leave behind `dim_tie`."""
    _file(con, "dim_tie", "ties")


def tie_evidence(_con: Backend, _model: Model) -> None:
    """Append nothing to `fct_evidence`."""


def related_evidence(_con: Backend, _model: Model, _as_of: date, _history_weeks: int) -> None:
    """Append nothing to `fct_evidence`."""


def rescore_related(_con: Backend, _model: Model, _as_of: date, _history_weeks: int) -> None:
    """Score nobody again."""


def build_nodes(con: Backend, _as_of: date) -> None:
    """Leave behind `dim_node` and `dim_community`."""
    _file(con, "dim_node", "nodes")
    _table(con, "dim_community", Community)


def learn(con: Backend, _model: Model, _as_of: date, _history_weeks: int) -> None:
    """Leave behind `fct_probability` and the tables about what was learned."""
    con.create_table("fct_probability", schema=ibis.schema({"uscc": "string", "probability": "float64"}))
    for name, model in (
        ("agg_performance", Performance),
        ("agg_reliability", Reliability),
        ("agg_drift", Drift),
        ("dim_learned", Learned),
    ):
        _table(con, name, model)


def build_evidence_rows(con: Backend, _model: Model, _as_of: date, _history_weeks: int) -> None:
    """Leave behind `dim_evidence`."""
    _file(con, "dim_evidence", "evidence")


def add_types(con: Backend) -> None:
    """Add to `fct_score` the typed indexes and raw sums that it lacks: the index of the leading type, and zeros."""
    scores = con.table("fct_score")
    typed = {
        f"index_{kind}": ibis.ifelse(scores.risk_type == kind, scores.smoke_index, 0).cast("decimal(5, 2)")
        for kind in RISK_TYPES
    }
    raw = {f"raw_{kind}_{sub}": ibis.literal(0.0) for kind in RISK_TYPES for sub in SUB_INDEXES}
    lacking = {name: value for name, value in {**typed, **raw}.items() if name not in scores.columns}
    if lacking:
        materialise(con, "fct_score", scores.mutate(**lacking))


def write_search(_con: Backend, _folder: Path) -> None:
    """Write no index of names."""


def _file(con: Backend, table: str, file: str) -> None:
    materialise(con, table, FILES[file].empty_table())


def _table(con: Backend, table: str, model: type[Base]) -> None:
    columns = [column for column in model.__table__.columns if column.name != "generation"]
    kinds = {column.name: KINDS.get(str(column.type), "string") for column in columns}
    con.create_table(table, schema=ibis.schema(kinds))
