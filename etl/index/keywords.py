"""Sub-index 特征词命中: the feature words of the lexicon, in names, scopes, keyword hits and adverts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.index.rows import clipped, from_register, sub_index_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.model import Model


def evidence(enterprises: ir.Table, signals: ir.Table, model: Model) -> ir.Table:
    """Return the keyword evidence: one row for each word found in one text, marked with the word's risk type.

    `enterprises` is a `rows.register`.
    """
    return ibis.union(
        _in_register(enterprises, "name_keyword", enterprises.name, model),
        _in_register(enterprises, "scope_keyword", enterprises.offered, model),
        _in_signals(signals, model),
        _unmatched(signals, model),
    )


def _in_register(enterprises: ir.Table, factor: str, text: ir.Value, model: Model) -> ir.Table:
    """Return a row for each word in one text column of the register, known since the founding.

    The register gives no date for a change of name or scope.
    """
    found = _matches(enterprises.mutate(searched=text), model)
    return from_register(
        found, factor, known_on=found.established_on, strength=found.weight, ref=found.word, risk_type=found.risk_type
    )


def _in_signals(signals: ir.Table, model: Model) -> ir.Table:
    """Return a row for each word in a keyword hit or an advert: severity · weight of the word."""
    found = _matches(signals.filter(signals.kind.isin(("keyword_hit", "advert"))).mutate(searched=signals.text), model)
    return found.select(
        "uscc",
        factor=ibis.literal("keyword_hit"),
        sub_index=sub_index_of(("keyword_hit",)),
        risk_type=found.risk_type,
        known_on=found.reported_on,
        strength=clipped(found.severity * found.weight),
        ref=found.signal_id,
    )


def _unmatched(signals: ir.Table, model: Model) -> ir.Table:
    """Return keyword hits of other people's lexicons: they say nothing of a risk type, and count in part."""
    foreign = signals.filter(signals.kind == "keyword_hit", ~signals.text.fill_null("").re_search(_any_word(model)))
    return foreign.select(
        "uscc",
        factor=foreign.kind,
        sub_index=sub_index_of(("keyword_hit",)),
        risk_type=ibis.literal(""),
        known_on=foreign.reported_on,
        strength=clipped(foreign.severity * model.lexicon.unmatched),
        ref=foreign.signal_id,
    )


def _matches(table: ir.Table, model: Model) -> ir.Table:
    """Return `table` once for each word in its column `searched`, with `word`, `risk_type` and `weight`.

    One expression finds the few texts that hold any word; only these are compared with each word.
    """
    words = ibis.memtable(
        [word.model_dump() for word in model.words],
        schema={"word": "string", "risk_type": "string", "weight": "float64"},
    )
    holding = table.filter(table.searched.re_search(_any_word(model)))
    return holding.cross_join(words).filter(ibis._.searched.contains(ibis._.word))


def _any_word(model: Model) -> str:
    return "|".join(word.word for word in model.words)
