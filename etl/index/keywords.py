"""Sub-index 特征词命中: the feature words of the lexicon, in names, scopes and in what is advertised and reported.

Unit: strength 0-1, the word's weight in the lexicon (in a signal times its severity). Source: the register's names
and scopes (`name_keyword`, `scope_keyword`, standing facts, known since the founding), and the texts of the signals
named by `lexicon.kinds` (`keyword_hit`, known when reported). One row of evidence for each word in one text, however
often it stands there, marked with the word's risk type: for the other types it keeps the share `lexicon.elsewhere`. A
word that the text denies or warns of is no evidence (`etl.index.matching`). A keyword hit of another office's
lexicon, whose text holds none of our words, counts `lexicon.unmatched` and speaks of no type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.index.matching import any_of, occurrences
from etl.index.rows import clipped, from_register, sub_index_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.model import Model


def hits(enterprises: ir.Table, signals: ir.Table, model: Model) -> ir.Table:
    """Return where feature words stand: place (name, scope, signal), ref (uscc or signal id), and `occurrences`.

    `enterprises` is a `rows.register`.
    """
    searched = signals.filter(signals.kind.isin(model.lexicon.kinds), signals.text != "")
    places = {
        "name": enterprises.select(ref="uscc", text="name"),
        "scope": enterprises.filter(enterprises.scope != "").select(ref="uscc", text="scope"),
        "signal": searched.select(ref="signal_id", text="text"),
    }
    return ibis.union(
        *(
            occurrences(texts, model, by_rote=place == "scope").mutate(place=ibis.literal(place))
            for place, texts in places.items()
        )
    )


def evidence(enterprises: ir.Table, signals: ir.Table, found: ir.Table, model: Model) -> ir.Table:
    """Return the keyword evidence; `found` is the table of `hits`."""
    words = found.select("place", "ref", "word", "risk_type", "weight").distinct()
    return ibis.union(
        _in_register(enterprises, "name_keyword", words.filter(words.place == "name")),
        _in_register(enterprises, "scope_keyword", words.filter(words.place == "scope")),
        _in_signals(signals, words.filter(words.place == "signal")),
        _unmatched(signals, model),
    )


def _in_register(enterprises: ir.Table, factor: str, words: ir.Table) -> ir.Table:
    """Return a row for each word in one text of the register, known since the founding.

    The register gives no date for a change of name or scope.
    """
    found = words.join(enterprises.select("uscc", "established_on"), words.ref == enterprises.uscc)
    return from_register(
        found, factor, known_on=found.established_on, strength=found.weight, ref=found.word, risk_type=found.risk_type
    )


def _in_signals(signals: ir.Table, words: ir.Table) -> ir.Table:
    told = signals.select("signal_id", "uscc", "reported_on", "severity")
    found = words.join(told, words.ref == told.signal_id)
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
    any_word = any_of(word.word for word in model.words)
    foreign = signals.filter(signals.kind == "keyword_hit", ~signals.text.fill_null("").re_search(any_word))
    return foreign.select(
        "uscc",
        factor=foreign.kind,
        sub_index=sub_index_of(("keyword_hit",)),
        risk_type=ibis.literal(""),
        known_on=foreign.reported_on,
        strength=clipped(foreign.severity * model.lexicon.unmatched),
        ref=foreign.signal_id,
    )
