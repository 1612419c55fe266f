"""What is wrong with a row: the first failing check in the contract's column order, found set-wise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import ibis

from etl.engine import materialise
from etl.sources.mapping import SEPARATORS
from etl.sources.text import UNREADABLE
from etl.staging.parse import (
    amount_of,
    code_of,
    currency_of,
    date_of,
    has_code_form,
    has_right_check_character,
    looks_like_date,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ibis.backends.duckdb import Backend

    from etl.contracts import Column, Contract

# Ibis ships no types: its expressions are Any here.
Expr = Any

PLACE = ("source", "file", "line", "position")
EARLIEST = "1800-01-01"
SHOWN = 200


class Check(NamedTuple):
    """A reason that holds for the rows where `fails` is true."""

    column: str
    reason: str
    fails: Expr


def checked(con: Backend, contract: Contract, as_of: date) -> Expr:
    """Make `checked_<contract>` from `raw_<contract>`: typed columns, and why a row is kept out.

    Where `reason` is null the row is sound; otherwise `column`, `value` (the text as it came) and `reason` say what the
    clerk must look at. Columns keep their contract's names; money in a foreign currency without a stated rate is null,
    and `unrated` counts such cells.
    """
    raw = con.table(f"raw_{contract.name}")
    text = {column.name: f"text_{column.name}" for column in contract.columns}
    rows = raw.rename({new: old for old, new in text.items()})
    rates = con.table("source_rates").to_pyarrow().to_pylist()
    rows = rows.mutate(**{column.name: _typed(column, rows, rates) for column in contract.columns})
    checks = list(_checks(contract, rows, as_of))
    failed = ibis.cases(*((check.fails, number) for number, check in enumerate(checks)), else_=-1)
    rows = rows.mutate(failed=rows.fault.isnull().ifelse(failed, -2))
    shown = {
        "reason": [(number, check.reason) for number, check in enumerate(checks)],
        "column": [(number, check.column) for number, check in enumerate(checks)],
        "value": [(number, rows[text[check.column]]) for number, check in enumerate(checks)],
    }
    rows = rows.select(
        *(column.name for column in contract.columns),
        *PLACE,
        unrated=_unrated(contract, rows),
        reason=rows.failed.cases((-2, rows.fault), *shown["reason"], else_=ibis.null("string")),
        column=rows.failed.cases(*shown["column"], else_=""),
        value=rows.failed.cases((-2, rows.excerpt), *shown["value"], else_="").fill_null("").left(SHOWN),
    )
    return materialise(con, f"checked_{contract.name}", rows)


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]  # Ibis ships no types
def md5(text: str) -> str:  # type: ignore[empty-body]  # the engine has the body
    """Return the digest as 32 hexadecimal digits."""


def _typed(column: Column, rows: Expr, rates: list[dict[str, Any]]) -> Expr:
    text = rows[f"text_{column.name}"]
    given = ibis.coalesce(text, column.otherwise) if column.otherwise else text
    values = {
        "code": lambda: code_of(text),
        "date": lambda: date_of(text),
        "number": lambda: amount_of(given),
        "money": lambda: amount_of(text) * _rate(currency_of(text), rows, rates),
        "word": lambda: given,
        "words": lambda: _words(text),
        "text": lambda: _signal_id(rows) if column.name == "signal_id" else given.fill_null(""),
    }
    return values[column.kind]()


def _signal_id(rows: Expr) -> Expr:
    """Return the bureau's id, or one made from the content: sent twice, it shall be seen to be a duplicate."""
    texts = [rows[name].fill_null("") for name in rows.columns if name.startswith("text_")]
    return ibis.coalesce(rows.text_signal_id, ibis.literal("content-").concat(md5(ibis.literal("|").join(texts))))


def _words(text: Expr) -> Expr:
    words = text.re_split(SEPARATORS).filter(lambda word: word != "")
    return words.unique().sort().join(";").fill_null("")


def _rate(currency: Expr, rows: Expr, rates: list[dict[str, Any]]) -> Expr:
    """Return CNY for one unit of the row's currency; null where its source states no rate."""
    stated = [((rows.source == rate["source"]) & (currency == rate["currency"]), rate["cny"]) for rate in rates]
    return ibis.cases((currency.isnull(), 1.0), *stated)


def _unrated(contract: Contract, rows: Expr) -> Expr:
    """Count the row's amounts that could be read but not turned into CNY."""
    total = ibis.literal(0)
    for column in contract.columns:
        if column.kind == "money":
            text = rows[f"text_{column.name}"]
            total += (text.notnull() & rows[column.name].isnull() & currency_of(text).notnull()).ifelse(1, 0)
    return total


def _checks(contract: Contract, rows: Expr, as_of: date) -> Iterator[Check]:
    for column in contract.columns:
        text, value = rows[f"text_{column.name}"], rows[column.name]
        if column.required:
            yield Check(column.name, "missing", text.isnull())
        if contract.name == "signals" and column.name == "name":
            yield Check(column.name, "missing", text.isnull() & rows.text_uscc.isnull())
        yield Check(column.name, "unreadable_text", text.contains(UNREADABLE))
        for reason, fails in _kind_checks(column, text, value, as_of):
            # A null in a condition is "nothing here", which only `missing` may object to.
            yield Check(column.name, reason, text.notnull() & fails)
        if contract.name == "signals" and column.name == "reported_on":
            yield Check(column.name, "date_order", rows.occurred_on > rows.reported_on)


def _kind_checks(column: Column, text: Expr, value: Expr, as_of: date) -> Iterator[tuple[str, Expr]]:
    if column.longest:
        yield "too_long", text.length() > column.longest
    if column.pattern:
        yield "bad_form", ~text.re_search(column.pattern)
    if column.kind == "code":
        yield "bad_code", ~has_code_form(value)
        yield "bad_check_character", ~has_right_check_character(value)
    elif column.kind == "date":
        yield "impossible_date", value.isnull() & looks_like_date(text)
        yield "bad_date", value.isnull()
        yield "date_in_future", value > ibis.date(as_of.isoformat())
        yield "out_of_range", value < ibis.date(EARLIEST)
    elif column.kind in {"money", "number"}:
        yield "bad_number", amount_of(text).isnull()
        if column.kind == "money":
            yield "negative", value < 0
        yield "out_of_range", (value < column.low) | (value > column.high)
    elif column.kind == "word":
        yield "unknown_word", value.notin(column.vocabulary)
    elif column.kind == "words":
        known = [*column.vocabulary, ""]
        yield "unknown_word", value.split(";").filter(lambda word: word.notin(known)).length() > 0
