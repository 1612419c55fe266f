"""Feature words in texts: where each stands, and whether the words around it deny it.

Vectorised and in two steps: one expression over all words finds the few texts that hold any; only these meet each word.
Where a word stands is where the text falls apart when it is split by the word.
"""

from __future__ import annotations

import operator
import re
from collections import defaultdict
from functools import reduce
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from collections.abc import Iterable

    import ibis.expr.types as ir

    from etl.index.model import Model

SENTENCE = r"[^。；;！!？?\n]"
"""A character that does not end a sentence."""

LONGEST = 80
"""Characters on either side of a word in which a denial is looked for."""

ROTE = "不得|不含|不从事|不涉及"
"""How business scopes deny by rote what the enterprise does *not* do: up to the end of the clause."""


def any_of(words: Iterable[str]) -> str:
    """Return an expression that finds any of `words`."""
    return "|".join(map(re.escape, words))


def occurrences(texts: ir.Table, model: Model, *, by_rote: bool) -> ir.Table:
    """Return the undenied occurrences of the lexicon's words in `texts` (`ref`, `text`).

    Columns: ref, word, risk_type, weight, lure, start (0 …, in characters). A word is denied where a phrase of
    the model's denials stands near it in its sentence; with `by_rote` also where a business scope's clause or bracket
    says that it is no business of the enterprise's.
    """
    words = ibis.memtable(
        [word.model_dump() for word in model.words],
        schema={"word": "string", "risk_type": "string", "weight": "float64", "lure": "string"},
    )
    holding = texts.filter(texts.text.re_search(any_of(word.word for word in model.words)))
    pairs = holding.cross_join(words).filter(ibis._.text.contains(ibis._.word))
    split = pairs.mutate(pieces=pairs.text.split(pairs.word))
    each = split.mutate(place=ibis.range(1, split.pieces.length()).unnest())
    ahead = each.pieces[: each.place].join("").length()
    around = each.mutate(start=ahead + (each.place - 1) * each.word.length())
    before, after = around.text.left(around.start), around.text.substr(around.start + around.word.length())
    around = around.mutate(before=before, after=after)
    kept = around.filter(~_denied(around.before, around.after, model, by_rote=by_rote))
    return kept.select("ref", "word", "risk_type", "weight", "lure", start=kept.start.cast("int64"))


def _denied(before: ir.Value, after: ir.Value, model: Model, *, by_rote: bool) -> ir.Value:
    near, behind = before.right(LONGEST), after.left(LONGEST)
    found = [near.re_search(expression) for expression in _expressions(model, "before")]
    found += [behind.re_search(expression) for expression in _expressions(model, "after")]
    if by_rote:
        found.append(before.re_search(rf"(?:{ROTE})[^；;。（）()]*$"))
        bracketed = before.re_search(r"[（(][^（）()]*$") & after.re_search(
            rf"^[^（）()]*(?:{ROTE}|除外)[^（）()]*[）)]"
        )
        found.append(bracketed)
    return reduce(operator.or_, found, ibis.literal(value=False))


def _expressions(model: Model, place: str) -> list[str]:
    """Return one expression for each reach of the denials at `place`."""
    phrases: dict[int, list[str]] = defaultdict(list)
    for denial in model.denials:
        if denial.place == place:
            phrases[denial.reach].append(denial.phrase)
    if place == "before":
        return [f"(?:{any_of(known)}){SENTENCE}{{0,{reach}}}$" for reach, known in sorted(phrases.items())]
    return [f"^{SENTENCE}{{0,{reach}}}(?:{any_of(known)})" for reach, known in sorted(phrases.items())]
