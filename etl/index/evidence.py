"""All evidence in one table: what the index knows, it knows from here alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.index import complaints, compliance, keywords, spread, yield_lure
from etl.index.rows import register

if TYPE_CHECKING:
    from datetime import date

    from ibis.backends.duckdb import Backend

    from etl.index.model import Model


def build_evidence(con: Backend, model: Model, as_of: date) -> None:
    """Leave behind `fct_evidence`: one row for each piece of evidence known on `as_of` against a registered enterprise.

    Columns: uscc, factor, sub_index, risk_type ('' speaks of none in particular), known_on (when reported, never when
    it occurred), strength (0-1), ref (signal id, or what in the register). Signals about enterprises that the register
    does not hold stay in `stg_signals` and count for their region only.

    Leaves `fct_hit` besides: where feature words stand in names, scopes and texts (`keywords.hits`).
    """
    words = tuple(word for licence in model.licence for word in licence.words)
    # A table of its own, because the engine would otherwise clean each scope once for every word that is looked for.
    enterprises = con.create_table("wrk_register", register(con.table("stg_enterprises"), words))
    signals = con.table("stg_signals")
    known = signals.filter(signals.uscc.notnull(), signals.reported_on <= as_of).semi_join(enterprises, "uscc")
    found = con.create_table("fct_hit", keywords.hits(enterprises, known, model))
    rates = con.table("stg_rates") if model.yield_lure.against else None
    lures = yield_lure.evidence(known, found, rates, model)
    pieces = ibis.union(
        compliance.evidence(enterprises, known, lures, model),
        lures,
        complaints.evidence(known, model),
        spread.evidence(known, model),
        keywords.evidence(enterprises, known, found, model),
    )
    con.create_table("fct_evidence", pieces.filter(pieces.known_on <= as_of, pieces.strength > 0))
