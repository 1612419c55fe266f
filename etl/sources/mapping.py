"""From a bureau's columns to the contract's: still text, with the source's words, units and dates applied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import ibis

from etl.contracts import CONTRACTS
from etl.sources.readers import plain_name

if TYPE_CHECKING:
    from etl.contracts import Column
    from etl.sources.config import Source
    from etl.sources.readers import Landing

# Ibis ships no types: its expressions are Any here.
Text = Any

BLANKS = " \t\r\n\u00a0\u3000\ufeff"
EMPTY = (
    "",
    "N/A",
    "#N/A",
    "n/a",
    "NA",
    "NULL",
    "null",
    "None",
    "NaN",
    "nan",
    r"\N",
    "-",
    "--",
    "---",
    "—",
    "——",
    "/",
    "无",
)
"""What every source may write for "nothing here"; a source's `empty` adds to it."""

SEPARATORS = r"[;,|/、，；\s]+"
"""What may stand between the words of a cell that holds several."""

BARE_NUMBER = r"^[-+]?[\d.,，]+\s*(\(\s*\)|（\s*）)?$"


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]  # Ibis ships no types
def trim(text: str, characters: str) -> str:  # type: ignore[empty-body]  # the engine has the body
    """Return the text without the given characters at both ends."""


@ibis.udf.scalar.builtin(signature=(("string", "string"), "timestamp"))  # type: ignore[untyped-decorator]  # as above
def try_strptime(text: Text, form: Text) -> Text:
    """Return the moment that the text names in this form; null where it does not have the form."""


def mapped(landing: Landing, source: Source) -> dict[str, Text]:
    """Return an expression of text for each column of the contract; null is "nothing here"."""
    return {column.name: _value(landing, source, column) for column in CONTRACTS[source.contract].columns}


def wanted_names(source: Source) -> frozenset[str]:
    """Return the column names that the source hopes to find in its files."""
    own = (column.name for column in CONTRACTS[source.contract].columns)
    return frozenset(plain_name(source.columns.get(name, name)) for name in own if name not in source.constants)


def lacking(landing: Landing, source: Source) -> list[str]:
    """Return the mapped columns that the file does not have, in the bureau's words."""
    return [name for name in source.columns.values() if plain_name(name) not in landing.names]


def _value(landing: Landing, source: Source, column: Column) -> Text:
    if column.name in source.constants:
        return ibis.literal(source.constants[column.name])
    wanted = plain_name(source.columns.get(column.name, column.name))
    if wanted not in landing.names:
        value = ibis.null("string")
    else:
        value = trim(landing.cell(landing.names.index(wanted)), BLANKS)
        value = _says_nothing(value, (*EMPTY, *source.empty)).ifelse(ibis.null("string"), value)
        value = _worded(value, source, column)
        if column.name in source.dates:
            stated = try_strptime(value, source.dates[column.name]).strftime("%Y-%m-%d")
            value = ibis.coalesce(stated, value)
        if column.name in source.units:
            value = value.re_search(BARE_NUMBER).ifelse(value.concat(source.units[column.name]), value)
    default = source.defaults.get(column.name, "")
    return ibis.coalesce(value, default) if default else value


def _says_nothing(value: Text, words: tuple[str, ...]) -> Text:
    # A list of words costs a join for each column; a pattern, asked only of short texts, half of that.
    pattern = "^(?:" + "|".join(map(re.escape, words)) + ")$"
    return (value.length() <= max(map(len, words))).ifelse(value.re_search(pattern), ibis.literal(value=False))


def _worded(value: Text, source: Source, column: Column) -> Text:
    """Turn the bureau's words into the contract's; in a cell of several words each one for itself."""
    words = source.values.get(column.name, {})
    pairs = [(theirs, ours) for theirs, ours in words.items() if theirs != "*"]

    def ours(word: Text) -> Text:
        # The contract's own words pass before the rest is caught: a mapping need not repeat them.
        rest = word if "*" not in words else word.isin(column.vocabulary).ifelse(word, words["*"])
        return word.cases(*pairs, else_=rest) if pairs else rest

    if not words:
        return value
    if column.kind == "words":
        return value.re_split(SEPARATORS).map(ours).join(";")
    return ours(value)
