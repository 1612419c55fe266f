"""Shell signs, a part of the sub-index 合规性: one door, no capital, young and loud, ever new heads.

Unit: strength 0-1. Sources: the register (standing facts) and many signals together. A factor without its table in
the model gives no rows.

- `shared_address`: an enterprise at an address of at least `enterprises`; strength 1, known since the number was
  reached.
- `capital_unpaid`: large registered capital of which less than `paid_share_below` is paid in; strength = unpaid
  share, known since `grace_days` after the founding.
- `young_promise`: one row for each promised yield or capital guarantee of at least `strength_at_least` reported
  within `days` of the founding; its strength is that of the promise, known when that was reported.
- `representative_churn`: one row for each day with a report of a new legal representative that is at least the n-th
  such day within `within_days`; strength 1, known on that day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.index.rows import day_number, derived, from_register

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.model import Model
    from etl.index.parts import RepresentativeChurn, YoungPromise

LOUD = ("promised_yield", "capital_guarantee")


def evidence(enterprises: ir.Table, signals: ir.Table, lures: ir.Table, model: Model) -> ir.Table:
    """Return the shell signs; `enterprises` is a `rows.register`, `lures` the evidence of the yield lure."""
    rows = [shared_address(enterprises, model), capital_unpaid(enterprises, model)]
    if model.young_promise:
        rows.append(young_promise(enterprises, lures, model.young_promise))
    if model.representative_churn:
        rows.append(representative_churn(signals, model.representative_churn))
    return ibis.union(*rows)


def shared_address(enterprises: ir.Table, model: Model) -> ir.Table:
    """Return one row for each enterprise at an address where at least the model's number are registered.

    Known from the day the number was reached (or the enterprise's own founding, if later): enterprises that join
    afterwards change nothing about earlier weeks. An address without a digit names no door and is not compared.
    """
    door = enterprises.address.re_replace(r"\s+", "")
    housed = enterprises.mutate(door=door).filter(ibis._.door.re_search(r"\d"))
    order = ibis.window(
        group_by=["region_code", "door"], order_by=[housed.established_on.asc(nulls_first=True), housed.uscc]
    )
    ranked = housed.mutate(rank=ibis.row_number().over(order))
    reached = ranked.filter(ranked["rank"] == model.shared_address.enterprises - 1).select(
        "region_code", "door", reached_on=ranked.established_on
    )
    together = housed.join(reached, ["region_code", "door"])
    return from_register(
        together,
        "shared_address",
        known_on=ibis.greatest(together.established_on, together.reached_on),
        strength=ibis.literal(1.0),
        ref=ibis.literal("address"),
    )


def capital_unpaid(enterprises: ir.Table, model: Model) -> ir.Table:
    """Return one row for each enterprise whose large registered capital is still hardly paid in after the grace time.

    The register tells today's paid-in capital only. What is unpaid today was unpaid all along, so the fact is dated at
    the end of the grace time after founding, not at the as-of date, which would make it new in every run.
    """
    rule = model.capital_unpaid
    share = enterprises.paid_in_capital / enterprises.registered_capital
    owing = enterprises.filter(
        enterprises.registered_capital >= rule.registered_at_least, share < rule.paid_share_below
    )
    return from_register(
        owing,
        "capital_unpaid",
        known_on=(owing.established_on.cast("timestamp") + ibis.interval(days=rule.grace_days)).date(),
        strength=1.0 - owing.paid_in_capital / owing.registered_capital,
        ref=ibis.literal("paid_in_capital"),
    )


def young_promise(enterprises: ir.Table, lures: ir.Table, rule: YoungPromise) -> ir.Table:
    """Return a row for each large promise of an enterprise that is younger than the rule says."""
    loud = lures.filter(lures.factor.isin(LOUD), lures.strength >= rule.strength_at_least)
    founded = enterprises.filter(enterprises.established_on.notnull()).select("uscc", "established_on")
    aged = loud.join(founded, "uscc")
    young = aged.filter(day_number(aged.known_on) - day_number(aged.established_on) <= rule.days)
    return derived(young.mutate(reported_on=young.known_on), "young_promise", young.strength)


def representative_churn(signals: ir.Table, rule: RepresentativeChurn) -> ir.Table:
    """Return a row for each day on which changes of the legal representative had come as fast as the rule says.

    Several reports of one day are one change: bureaux tell of the same change at once.
    """
    told = signals.filter(signals.kind == "representative_change")
    days = told.group_by("uscc", "reported_on").agg(ref=told.signal_id.min())
    dated = days.mutate(day=day_number(days.reported_on))
    lately = ibis.range_window(group_by="uscc", order_by="day", preceding=rule.within_days - 1, following=0)
    counted = dated.mutate(changes=dated.ref.count().over(lately))
    return derived(counted.filter(counted.changes >= rule.changes), "representative_churn", ibis.literal(1.0))
