"""Which enterprise a signal means, where it gives no credit code but a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from etl.engine import materialise
from etl.staging.duplicates import ROW
from etl.staging.parse import half_width

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

# Ibis ships no types: its expressions are Any here.
Expr = Any


def plain(name: Expr) -> Expr:
    """Return a name as it is compared: no blanks, brackets or dots, capitals, half-width."""
    return half_width(name).upper().re_replace(r"[\s()\[\]【】〔〕《》·•.,\-]", "")


def attributed(con: Backend, signals: Expr) -> Expr:
    """Return `position`, `line`, `uscc` and `region_code` of signals, which come with their name besides.

    A signal without a code gets that of the one enterprise that bears its name in its region.
    Names are compared exactly, after `plain`. Two enterprises of one name in the region leave the signal without a
    code: it then counts for the region, never for the wrong enterprise. A code that the register does not hold is
    kept, for the enterprise may arrive later. A signal without a place takes its enterprise's region.
    """
    register = con.table("stg_enterprises").select("uscc", "region_code", plain=lambda row: plain(row.name))
    nameless = signals.filter(signals.uscc.isnull())
    nameless = nameless.select(*ROW, "region_code", plain=plain(nameless.name))
    pairs = nameless.inner_join(register, "plain", rname="theirs_{name}")
    nested = pairs.theirs_region_code.startswith(pairs.region_code) | pairs.region_code.startswith(
        pairs.theirs_region_code
    )
    matches = (
        pairs.filter(nested)
        .group_by(*ROW)
        .agg(
            matched=lambda row: row.uscc.min(),
            candidates=lambda row: row.count(),
        )
    )
    matches = materialise(con, "matched_names", matches.filter(matches.candidates == 1).select(*ROW, "matched"))
    joined = signals.left_join(matches, ROW).drop("position_right", "line_right")
    coded = joined.mutate(uscc=ibis.coalesce(joined.uscc, joined.matched)).drop("matched")
    homes = register.select(home_of="uscc", home="region_code")
    housed = coded.left_join(homes, coded.uscc == homes.home_of)
    own = ibis.ifelse(housed.region_code == "", housed.home.fill_null(""), housed.region_code)
    return housed.select(*ROW, "uscc", region_code=own)
