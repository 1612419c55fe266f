"""Sub-index 收益性偏离(利诱性): what is promised to those who pay in.

Unit: strength 0-1. Source: signals of the four lure kinds, known when reported, and lure words in texts.

A promised yield is read from its text in per cent a year (simple interest) and held against the reference rates in
force when it was reported:

    strength = severity · min(1, (promised - honest) / excess_pct)        honest: the higher of deposit and treasury
    strength = severity · min(1, (promised - lending_cap) / over_cap_pct)   where the text speaks of what a loan costs

and counts nothing below. Without a rate in force it is severity · min(1, promised / reference_pct). A promise whose
text gives no figure, a capital guarantee, a gift and a referral reward count their severity. A lexicon word that
words a lure (`lure` in the lexicon) adds a row of that factor: severity · weight · `lexicon.wording`, the heaviest
word of each lure in a text, unless the signal itself is of that kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import RATES, SIGNAL_KINDS
from etl.index.matching import any_of
from etl.index.rows import clipped, from_signals, sub_index_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.model import Model
    from etl.index.parts import YieldLure

KINDS = SIGNAL_KINDS["yield_lure"]
PER_YEAR = (
    (r"(?:日|每天|每日)[^\d%％]{0,6}(\d+(?:\.\d+)?)\s*[%％]", 365),
    (r"(?:月|每月)[^\d%％]{0,6}(\d+(?:\.\d+)?)\s*[%％]", 12),
    (r"(\d+(?:\.\d+)?)\s*[%％]", 1),
)
"""How a promise is worded, and how many such periods a year has; the first wording that fits is taken."""


def evidence(signals: ir.Table, found: ir.Table, rates: ir.Table | None, model: Model) -> ir.Table:
    """Return the yield-lure evidence; `found` is the table of `keywords.hits`, `rates` that of `stg_rates`.

    Without `rates`, and for a model that does not look at them, the model's own reference holds.
    """
    told = signals.filter(signals.kind.isin(KINDS))
    promises = told.filter(told.kind == "promised_yield")
    others = told.filter(told.kind != "promised_yield")
    promises = promises.mutate(promised=promised_pct(promises.text))
    share = ibis.least(promises.promised / model.yield_lure.reference_pct, 1.0)
    if rates is not None and model.yield_lure.against:
        promises = promises.left_join(in_force(promises.select("reported_on"), rates), "reported_on")
        share = _above(promises, model.yield_lure).coalesce(share)
    return ibis.union(
        from_signals(promises, KINDS, promises.severity * share.fill_null(1.0)),
        from_signals(others, KINDS, others.severity),
        _wordings(signals, found, model),
    )


def promised_pct(text: ir.Value) -> ir.Value:
    """Return the yield that a text promises, in per cent a year, simple interest; null where it gives none."""
    found = [text.re_extract(pattern, 1).nullif("").try_cast("float64") * periods for pattern, periods in PER_YEAR]
    return ibis.coalesce(*found)


def in_force(days: ir.Table, rates: ir.Table) -> ir.Table:
    """Return, for each day of `days` (`reported_on`), the reference rates known and in force: `RATES` in per cent.

    A rate is known from the later of its two dates. Of those known, the one that took effect last is in force, and
    of several reports of it the last.
    """
    asked = days.distinct()
    effective = rates.select(
        "rate",
        "pct",
        "effective_on",
        known_on=ibis.greatest(rates.effective_on, rates.reported_on.coalesce(rates.effective_on)),
    )
    pairs = asked.join(effective, effective.known_on <= asked.reported_on)
    order = ibis.window(
        group_by=["reported_on", "rate"],
        order_by=[ibis.desc("effective_on"), ibis.desc("known_on"), ibis.desc("pct")],
    )
    newest = pairs.mutate(place=ibis.row_number().over(order)).filter(ibis._.place == 0)
    return newest.group_by("reported_on").agg(**{rate: newest.pct.max(where=newest.rate == rate) for rate in RATES})


def _above(promises: ir.Table, rule: YieldLure) -> ir.Value:
    """Return how far a promise lies above its reference, 0-1; null without a figure or a rate in force."""
    against = rule.against
    if against is None:
        return ibis.null("float64")
    honest = ibis.greatest(
        promises.deposit_1y.coalesce(promises.treasury_10y), promises.treasury_10y.coalesce(promises.deposit_1y)
    )
    lending = promises.text.re_search(any_of(against.lending_words))
    above = ibis.ifelse(
        lending,
        (promises.promised - promises.lending_cap) / against.over_cap_pct,
        (promises.promised - honest) / against.excess_pct,
    )
    return ibis.ifelse(above.isnull(), above, clipped(above))


def _wordings(signals: ir.Table, found: ir.Table, model: Model) -> ir.Table:
    """Return a row for each lure that the words of a signal's text word."""
    words = found.filter(found.place == "signal", found.lure != "")
    heaviest = words.group_by("ref", "lure").agg(weight=words.weight.max())
    told = signals.select("signal_id", "uscc", "kind", "reported_on", "severity")
    worded = heaviest.join(told, heaviest.ref == told.signal_id).filter(ibis._.lure != ibis._.kind)
    return worded.select(
        "uscc",
        factor=worded.lure,
        sub_index=sub_index_of(KINDS),
        risk_type=ibis.literal(""),
        known_on=worded.reported_on,
        strength=clipped(worded.severity * worded.weight * model.lexicon.wording),
        ref=worded.signal_id,
    )
