"""What is wrong with a row: the first failing check in the contract's column order, found set-wise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import ibis

from etl.contracts import CONTRACTS
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
NONE, WHOLE_ROW = -1, -2
EARLIEST = "1800-01-01"
SHOWN = 200


class Check(NamedTuple):
    """A reason that holds for the rows where `fails` is true."""

    column: str
    reason: str
    fails: Expr


def check_rows(con: Backend, contract: Contract, as_of: date) -> None:
    """Make `typed_<contract>` and `failed_<contract>` from `raw_<contract>`.

    `typed_` holds every row: values instead of text, null or '' where there is nothing. Money in a foreign currency
    without a stated rate is null, and `unrated` counts such amounts of the row. `failing` is the number of the row's
    first failing check in column order, `NONE` or `WHOLE_ROW`.

    `failed_` holds the rows that are kept out: `column`, `value` (the text as it came, or the whole row where its
    columns cannot be told apart) and `reason` say what the clerk must look at.
    """
    raw = con.table(f"raw_{contract.name}")
    rates = con.table("source_rates").to_pyarrow().to_pylist()
    values = {column.name: _typed(column, raw, rates) for column in contract.columns}
    texts = {f"text_{column.name}": raw[column.name] for column in contract.columns if column.kind != "text"}
    # The texts are at hand while the values are made; in one pass, so that no table has to hold both.
    rows = raw.select(**values, **texts, **{name: raw[name] for name in (*PLACE, "fault")})
    checks = list(enumerate(_checks(contract, rows, as_of)))
    first = ibis.cases(*((check.fails, number) for number, check in checks), else_=NONE)
    failing = rows.fault.isnull().ifelse(first, WHOLE_ROW).cast("int16")
    unrated = _unrated(contract, rows)
    typed = rows.select(*values, *PLACE, failing=failing, unrated=unrated)
    typed = materialise(con, f"typed_{contract.name}", typed)
    failed = typed.filter(typed.failing != NONE).select("position", "line", "failing")
    found = raw.inner_join(failed, ["position", "line"])
    number = found.failing
    column = number.cases(*((at, check.column) for at, check in checks), else_="")
    value = number.cases((WHOLE_ROW, found.excerpt), *((at, found[check.column]) for at, check in checks), else_="")
    reason = number.cases((WHOLE_ROW, found.fault), *((at, check.reason) for at, check in checks), else_="")
    told = found.select(*PLACE, column=column, value=value.fill_null("").left(SHOWN), reason=reason)
    materialise(con, f"failed_{contract.name}", told)


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]  # Ibis ships no types
def md5(text: str) -> str:  # type: ignore[empty-body]  # the engine has the body
    """Return the digest as 32 hexadecimal digits."""


def _typed(column: Column, raw: Expr, rates: list[dict[str, Any]]) -> Expr:
    text = raw[column.name]
    given = ibis.coalesce(text, column.otherwise) if column.otherwise else text
    values = {
        "code": lambda: code_of(text),
        "date": lambda: date_of(text),
        "number": lambda: amount_of(given),
        "money": lambda: amount_of(text) * _rate(currency_of(text), raw, rates),
        "word": lambda: given,
        "words": lambda: _words(text),
        "text": lambda: _signal_id(raw) if column.name == "signal_id" else given.fill_null(""),
    }
    return values[column.kind]()


def _signal_id(raw: Expr) -> Expr:
    """Return the bureau's id, or one made from the content: sent twice, it shall be seen to be a duplicate."""
    texts = [raw[column.name].fill_null("") for column in CONTRACTS["signals"].columns]
    return ibis.coalesce(raw.signal_id, ibis.literal("content-").concat(md5(ibis.literal("|").join(texts))))


def _words(text: Expr) -> Expr:
    words = text.re_split(SEPARATORS).filter(lambda word: word != "")
    return words.unique().sort().join(";").fill_null("")


def _rate(currency: Expr, raw: Expr, rates: list[dict[str, Any]]) -> Expr:
    """Return CNY for one unit of the row's currency; null where its source states no rate."""
    stated = [((raw.source == rate["source"]) & (currency == rate["currency"]), rate["cny"]) for rate in rates]
    return ibis.cases((currency.isnull(), 1.0), *stated)


def _unrated(contract: Contract, rows: Expr) -> Expr:
    """Count, for each row, the amounts that were read but not turned into CNY."""
    total = ibis.literal(0)
    for column in contract.columns:
        if column.kind == "money":
            total += (rows[column.name].isnull() & amount_of(rows[f"text_{column.name}"]).notnull()).ifelse(1, 0)
    return total


def _checks(contract: Contract, rows: Expr, as_of: date) -> Iterator[Check]:
    texts = {
        column.name: rows[column.name].nullif("") if column.kind == "text" else rows[f"text_{column.name}"]
        for column in contract.columns
    }
    for column in contract.columns:
        text, value = texts[column.name], rows[column.name]
        if column.required:
            yield Check(column.name, "missing", text.isnull())
        if contract.name == "signals" and column.name == "name":
            yield Check(column.name, "missing", text.isnull() & texts["uscc"].isnull())
        yield Check(column.name, "unreadable_text", text.contains(UNREADABLE))
        for reason, fails in _kind_checks(column, text, value, as_of):
            # A null in a condition is "nothing here", which only `missing` may object to.
            yield Check(column.name, reason, text.notnull() & fails)
        if contract.name == "signals" and column.name == "reported_on":
            yield Check(column.name, "date_order", rows.occurred_on > rows.reported_on)
    if contract.name == "outcomes":
        yield from _case_checks(rows)


def _case_checks(rows: Expr) -> Iterator[Check]:
    """Yield that a case has an outcome when it is closed and not before, and that nothing is told beforehand."""
    yield Check("closed_on", "missing", rows.closed_on.isnull() & rows.outcome.notnull())
    yield Check("closed_on", "out_of_range", rows.closed_on < rows.opened_on)
    yield Check("outcome", "missing", rows.closed_on.notnull() & rows.outcome.isnull())
    late = ibis.greatest(rows.opened_on, ibis.coalesce(rows.closed_on, rows.opened_on))
    yield Check("reported_on", "date_order", late > rows.reported_on)


def _kind_checks(column: Column, text: Expr, value: Expr, as_of: date) -> Iterator[tuple[str, Expr]]:
    if column.longest:
        yield "too_long", text.length() > column.longest
    if column.pattern:
        yield "bad_form", ~text.re_search(column.pattern)
    if column.kind == "code":
        yield "bad_code", ~has_code_form(value)
        yield "bad_check_character", ~has_right_check_character(value)
    elif column.kind == "date":
        # As a condition, not with "and": the engine would look at every text.
        yield "impossible_date", value.isnull().ifelse(looks_like_date(text), ibis.literal(value=False))
        yield "bad_date", value.isnull()
        yield "date_in_future", value > ibis.date(as_of.isoformat())
        yield "out_of_range", value < ibis.date(EARLIEST)
    elif column.kind in {"money", "number"}:
        # Null is also an amount in a currency without a rate, which can be read.
        yield "bad_number", value.isnull().ifelse(amount_of(text).isnull(), ibis.literal(value=False))
        if column.kind == "money":
            yield "negative", value < 0
        yield "out_of_range", (value < column.low) | (value > column.high)
    elif column.kind == "word":
        yield "unknown_word", value.notin(column.vocabulary)
    elif column.kind == "words":
        known = [*column.vocabulary, ""]
        yield "unknown_word", value.split(";").filter(lambda word: word.notin(known)).length() > 0
