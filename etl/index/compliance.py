"""Sub-index 合规性: what courts and regulators found, and what the register itself shows."""

from __future__ import annotations

import operator
from functools import reduce
from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import SIGNAL_KINDS
from etl.index.rows import from_register, from_signals

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.model import Licence, Model


def evidence(enterprises: ir.Table, signals: ir.Table, model: Model) -> ir.Table:
    """Return the compliance evidence; a signal's strength is its severity. `enterprises` is a `rows.register`."""
    return ibis.union(
        from_signals(signals, SIGNAL_KINDS["compliance"], signals.severity),
        licence_missing(enterprises, model),
        shared_address(enterprises, model),
        capital_unpaid(enterprises, model),
    )


def licence_missing(enterprises: ir.Table, model: Model) -> ir.Table:
    """Return one row for each enterprise that offers, by sector or scope, what needs a licence that it does not hold.

    Known since the founding: the register gives no date for a change of scope. Several missing licences are one fact,
    named after the first in the model's order.
    """
    missing = [
        (_needs(enterprises, licence) & ~_holds(enterprises, licence), licence.name) for licence in model.licence
    ]
    lacking = enterprises.mutate(which=ibis.cases(*missing, else_=ibis.null(str))).filter(ibis._.which.notnull())
    return from_register(
        lacking,
        "licence_missing",
        known_on=lacking.established_on,
        strength=ibis.literal(1.0),
        ref=ibis.literal("licences: ").concat(lacking.which),
    )


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


def _needs(enterprises: ir.Table, licence: Licence) -> ir.Value:
    named = [enterprises.offered.contains(word) for word in licence.words]
    return reduce(operator.or_, named, enterprises.sector.isin(licence.sectors))


def _holds(enterprises: ir.Table, licence: Licence) -> ir.Value:
    held = ibis.literal(";").concat(enterprises.licences.fill_null(""), ";")
    return held.contains(f";{licence.name};")
