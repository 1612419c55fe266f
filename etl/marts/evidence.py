"""The evidence behind every index, as screens show it: what it says, where it comes from, and what it contributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.models.population import FILES
from etl.index.calendar import Weeks
from etl.index.combine import INDEX
from etl.index.explain import row_contributions

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from etl.index.model import Model

OF_TIES = ("branch_burst", "hidden_control", "related_risk")
"""Factors whose ref is a path of ties."""

OF_THE_REGISTER = ("name_keyword", "scope_keyword", "shared_address", "capital_unpaid")
"""Factors whose ref is never a signal; `licence_missing` may have either."""

LICENCES = "licences: "


def build_evidence_rows(con: Backend, model: Model, as_of: date, history_weeks: int) -> None:
    """Leave behind `dim_evidence`, grain: one piece of evidence against one enterprise in operation, known at `as_of`.

    Columns are those of the generation's file `evidence`. The contributions of an enterprise are those of its leading
    type (`etl.index.explain`) and add up to its index exactly. `hits` are the feature words in `text`.
    """
    newest = Weeks(as_of, history_weeks).monday(history_weeks - 1)
    shown = con.table("fct_score").mutate(week_on=ibis.literal(newest), end_on=ibis.literal(as_of))
    pieces = row_contributions(con.table("fct_evidence"), shown, model)
    # A table of its own: the rows meet three others, and their shares are computed with several windows.
    pieces = con.create_table("wrk_pieces", pieces)
    told = ibis.union(*(_shaped(rows) for rows in (_of_signals(con, pieces), _of_register(con, pieces))))
    con.create_table("dim_evidence", told)


def _by_signal(pieces: ir.Table) -> ir.Value:
    """Tell whether a piece's ref is a signal's id."""
    alone = pieces.factor.isin((*OF_TIES, *OF_THE_REGISTER))
    registered = (pieces.factor == "licence_missing") & pieces.ref.startswith(LICENCES)
    return ~(alone | registered)


def _of_signals(con: Backend, pieces: ir.Table) -> ir.Table:
    signals = con.table("stg_signals").select(
        "occurred_on", "origin", "amount", "text", "url", "source", "file", "line", ref="signal_id"
    )
    found = con.table("fct_hit")
    hits = _listed(found.filter(found.place == "signal"), "ref")
    rows = pieces.filter(_by_signal(pieces)).join(signals, "ref")
    return rows.left_join(hits, "ref").drop("ref_right")


def _of_register(con: Backend, pieces: ir.Table) -> ir.Table:
    enterprises = con.table("stg_enterprises").select(
        "uscc", "name", "address", "business_scope", "registered_capital", "paid_in_capital", "source", "file", "line"
    )
    found = con.table("fct_hit")
    words = found.filter(found.place != "signal")
    words = words.mutate(uscc=words.ref, ref=words.word, factor=words.place.concat("_keyword"))
    hits = _listed(words, "uscc", "ref", "factor")
    rows = pieces.filter(~_by_signal(pieces)).join(enterprises, "uscc")
    rows = rows.left_join(hits, ["uscc", "ref", "factor"]).drop("uscc_right", "ref_right", "factor_right")
    tied = rows.factor.isin(OF_TIES)
    text = rows.factor.cases(
        ("name_keyword", rows.name),
        ("scope_keyword", rows.business_scope),
        ("shared_address", rows.address),
        ("licence_missing", rows.ref.replace(LICENCES, "")),
        else_="",
    )
    unpaid = rows.registered_capital - rows.paid_in_capital
    return rows.mutate(
        occurred_on=ibis.null("date"),
        origin=ibis.ifelse(tied, "relations", "register"),
        amount=ibis.ifelse(rows.factor == "capital_unpaid", unpaid, ibis.null("float64")),
        text=text,
        url=ibis.literal(""),
        source=ibis.ifelse(tied, "", rows.source),
        file=ibis.ifelse(tied, "", rows.file),
        line=ibis.ifelse(tied, ibis.null("int64"), rows.line),
    )


def _listed(hits: ir.Table, *keys: str) -> ir.Table:
    """Return the words of each text as JSON [[start, length, word], …] in the order in which they stand."""
    item = ibis.literal("[").concat(
        hits.start.cast("string"), ", ", hits.word.length().cast("string"), ', "', hits.word, '"]'
    )
    each = hits.select(*keys, "start", "word", item=item).distinct()
    grouped = each.group_by(*keys).agg(items=each["item"].group_concat(", ", order_by=[each.start, each.word]))
    return grouped.select(*keys, hits=ibis.literal("[").concat(grouped["items"], "]"))


def _shaped(rows: ir.Table) -> ir.Table:
    """Return the columns of the file, in its order and types."""
    whole = rows.mutate(
        risk_type=rows.spoken,
        contribution=(rows.contribution / 100).cast(INDEX),
        hits=rows.hits.fill_null(""),
        text=rows.text.fill_null(""),
        url=rows.url.fill_null(""),
        line=rows.line.cast("int64"),
    )
    return whole.select(*FILES["evidence"].names)
