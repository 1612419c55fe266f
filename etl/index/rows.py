"""What one row of evidence looks like, and the two places it comes from: a signal, or the register itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis

from etl.index.model import SUB_INDEX_OF

if TYPE_CHECKING:
    import ibis.expr.types as ir

ALWAYS = date(2000, 1, 3)
"""When a standing fact of an enterprise with an unknown founding date is taken to be known.

Such an enterprise is counted in every week, so its standing facts are too. Dating them at the as-of date instead would
make its index leap in the newest week of every run, and raise a warning that nothing but our ignorance has raised.
"""


EPOCH = date(2000, 1, 3)
"""From where days are counted in windows over time; the same Monday as `decay.EPOCH`, though nothing depends on it."""


def register(enterprises: ir.Table, words: tuple[str, ...]) -> ir.Table:
    """Return the columns of `stg_enterprises` that the index reads, and `offered`: the scope without its denials.

    Cleaning is costly, so `offered` is '' where the scope holds none of `words`: nobody will look for anything else.
    """
    scope = enterprises.business_scope.fill_null("")
    return enterprises.select(
        "uscc",
        "name",
        "region_code",
        "address",
        "established_on",
        "registered_capital",
        "paid_in_capital",
        "sector",
        "licences",
        scope=scope,
        offered=ibis.ifelse(scope.re_search("|".join(words)), without_denials(scope), ""),
    )


def from_signals(signals: ir.Table, kinds: tuple[str, ...], strength: ir.Value) -> ir.Table:
    """Return evidence rows for the signals of `kinds`, known when reported; `strength` is cut to 0-1."""
    return (
        signals.mutate(strength=clipped(strength))
        .filter(signals.kind.isin(kinds))
        .select(
            "uscc",
            factor=signals.kind,
            sub_index=sub_index_of(kinds),
            risk_type=ibis.literal(""),
            known_on=signals.reported_on,
            strength=ibis._.strength,
            ref=signals.signal_id,
        )
    )


def from_register(
    enterprises: ir.Table,
    factor: str,
    *,
    known_on: ir.Value,
    strength: ir.Value,
    ref: ir.Value,
    risk_type: ir.Value | str = "",
) -> ir.Table:
    """Return evidence rows of one registry factor, one for each row of `enterprises`; `ref` names the column."""
    return enterprises.select(
        "uscc",
        factor=ibis.literal(factor),
        sub_index=ibis.literal(SUB_INDEX_OF[factor]),
        risk_type=ibis.literal(risk_type) if isinstance(risk_type, str) else risk_type,
        known_on=known_on.fill_null(ALWAYS),
        strength=clipped(strength),
        ref=ref,
    )


def derived(days: ir.Table, factor: str, strength: ir.Value) -> ir.Table:
    """Return evidence rows of a factor that comes from signals; `days` has uscc, reported_on and ref (signal id)."""
    return days.select(
        "uscc",
        factor=ibis.literal(factor),
        sub_index=ibis.literal(SUB_INDEX_OF[factor]),
        risk_type=ibis.literal(""),
        known_on=days.reported_on,
        strength=clipped(strength),
        ref=days.ref,
    )


def day_number(day: ir.Value) -> ir.Value:
    """Return a date as a whole number of days, for windows over time."""
    return day.delta(EPOCH, unit="day").cast("int64")


def sub_index_of(kinds: tuple[str, ...]) -> ir.Value:
    """Return the one sub-index that all of `kinds` feed; ValueError if they feed several."""
    (sub_index,) = {SUB_INDEX_OF[kind] for kind in kinds}
    return ibis.literal(sub_index)


def clipped(strength: ir.Value) -> ir.Value:
    """Return `strength` as a number within 0-1."""
    return ibis.greatest(ibis.least(strength.cast("float64"), 1.0), 0.0)


def without_denials(scope: ir.Value) -> ir.Value:
    """Return a business scope without what it says the enterprise does *not* do.

    Scopes deny by rote ("不得从事吸收存款、发放贷款等金融业务"): such a clause is no offer, so it must neither
    ask for a licence nor hit a feature word.
    """
    inside = r"[（(][^（）()]*(?:不得|不含|除外|不从事|不涉及)[^（）()]*[）)]"
    clause = r"(?:不得|不含|不从事|不涉及)[^；;。（）()]*"
    return scope.re_replace(inside, "").re_replace(clause, "")
