"""The full population as a generation's files hold it: who everybody is, and how everybody is scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.models.population import FILES
from etl.engine import materialise
from etl.learn.cases import known_cases

if TYPE_CHECKING:
    from datetime import date

    from ibis.backends.duckdb import Backend


def build_population(con: Backend, as_of: date) -> None:
    """Leave behind `dim_enterprise`, grain: enterprise of the register, and `dim_score`: enterprise in operation.

    And `dim_outcome`, grain: case that has ended. Their columns are those of the files `enterprises`, `scores` and
    `outcomes`. `exempt` says which list an enterprise stands on at `as_of`, white before grey; `probability` and
    `community` are null where there is none.
    """
    enterprises = con.table("stg_enterprises")
    communities = con.table("dim_node").filter(ibis._.kind == "enterprise").select("node", "community")
    exempt = _on_a_list(con, as_of)
    known = enterprises.left_join(communities, enterprises.uscc == communities.node).left_join(
        exempt, enterprises.uscc == exempt.listed
    )
    known = known.mutate(exempt=known.exempt.fill_null(""))
    materialise(con, "dim_enterprise", known.select(*FILES["enterprises"].names))
    placed = enterprises.select("uscc", "region_code", "sector")
    scores = con.table("fct_score").join(placed, "uscc")
    probable = scores.left_join(con.table("fct_probability"), "uscc", rname="{name}_learned")
    materialise(con, "dim_score", probable.select(*FILES["scores"].names))
    ended = known_cases(con.table("stg_outcomes"), as_of).filter(ibis._.outcome.fill_null("") != "")
    materialise(con, "dim_outcome", ended.select(*FILES["outcomes"].names))


def _on_a_list(con: Backend, as_of: date) -> ibis.Table:
    rows = con.table("stg_exemptions")
    standing = rows.filter(ibis.literal(as_of).between(rows.begins_on, rows.ends_on))
    # Of the two words the later one of the alphabet is the stronger one.
    return standing.group_by(listed=standing.uscc).agg(exempt=standing.kind.max())
