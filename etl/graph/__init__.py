"""Relations: ties, connected groups and communities, controllers, and the risk that spreads (docs/relations.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.graph.communities import build_communities
from etl.graph.control import build_control
from etl.graph.evidence import tie_evidence
from etl.graph.nodes import build_nodes
from etl.graph.spread import related_evidence, rescore_related
from etl.graph.ties import build_tie_table

if TYPE_CHECKING:
    from datetime import date

    from ibis.backends import BaseBackend

    from etl.index.model import Model

__all__ = ["build_nodes", "build_ties", "related_evidence", "rescore_related", "tie_evidence"]


def build_ties(con: BaseBackend, model: Model, as_of: date) -> None:
    """Leave behind `dim_tie`, `fct_control` and the scratch that `build_nodes` numbers and names after scoring.

    Reads `stg_relations` and `stg_enterprises`; a tie is there if it was reported by `as_of`.
    """
    build_tie_table(con, model.graph, as_of)
    build_communities(con, model.graph)
    build_control(con, model.graph)
