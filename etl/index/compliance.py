"""Sub-index 合规性: what courts and regulators found, what the register shows, and what is offered unlicensed.

Unit: strength 0-1. Sources: signals of the seven compliance kinds, known when reported, each counting its severity;
the shell signs (`etl.index.shell_signs`); what ties show (`etl.graph`); and

- `licence_missing`: what is offered, by sector, by business scope, or by an advert, a post or a promise to the
  public, needs a licence that the register does not show. One standing fact for each enterprise, strength 1. By
  sector or scope it is known since the founding, otherwise since the first such offer was reported; the earliest
  holds, and names it: the first missing licence in the model's order, or the signal.
"""

from __future__ import annotations

import operator
from functools import reduce
from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import SIGNAL_KINDS
from etl.index import shell_signs
from etl.index.matching import any_of
from etl.index.rows import from_register, from_signals, without_denials

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.model import Licence, Model

OFFERS = ("advert", "app_post", "social_post", "offline_event", "promised_yield", "keyword_hit")
"""Kinds of signals whose text says what is offered to the public."""


def evidence(enterprises: ir.Table, signals: ir.Table, lures: ir.Table, model: Model) -> ir.Table:
    """Return the compliance evidence; `enterprises` is a `rows.register`, `lures` the evidence of the yield lure."""
    return ibis.union(
        from_signals(signals, SIGNAL_KINDS["compliance"], signals.severity),
        licence_missing(enterprises, signals, model),
        shell_signs.evidence(enterprises, signals, lures, model),
    )


def licence_missing(enterprises: ir.Table, signals: ir.Table, model: Model) -> ir.Table:
    """Return one row for each enterprise that offers what needs a licence that it does not hold.

    The register gives no date for a change of scope or of licences, so what it shows is known since the founding.
    """
    registered = [
        (_needs(enterprises, licence) & ~_holds(enterprises, licence), licence.name) for licence in model.licence
    ]
    lacking = enterprises.mutate(which=ibis.cases(*registered, else_=ibis.null(str))).filter(ibis._.which.notnull())
    shown = from_register(
        lacking,
        "licence_missing",
        known_on=lacking.established_on,
        strength=ibis.literal(1.0),
        ref=ibis.literal("licences: ").concat(lacking.which),
    )
    words = [word for licence in model.licence for word in licence.offers]
    if not words:
        return shown
    both = ibis.union(shown.mutate(late=0), _offered(enterprises, signals, model, words).mutate(late=1))
    first = ibis.window(group_by="uscc", order_by=[both.known_on, both.late, both.ref])
    return both.mutate(place=ibis.row_number().over(first)).filter(ibis._.place == 0).drop("place", "late")


def _offered(enterprises: ir.Table, signals: ir.Table, model: Model, words: list[str]) -> ir.Table:
    """Return a row for each signal that offers what the enterprise holds no licence for."""
    told = signals.filter(signals.kind.isin(OFFERS), signals.text.re_search(any_of(words)))
    offers = told.select("uscc", "signal_id", "reported_on", offer=without_denials(told.text))
    known = offers.join(enterprises.select("uscc", "licences"), "uscc")
    missing = [
        known.offer.re_search(any_of(licence.offers)) & ~_holds(known, licence)
        for licence in model.licence
        if licence.offers
    ]
    lacking = known.filter(reduce(operator.or_, missing))
    return from_register(
        lacking,
        "licence_missing",
        known_on=lacking.reported_on,
        strength=ibis.literal(1.0),
        ref=lacking.signal_id,
    )


def _needs(enterprises: ir.Table, licence: Licence) -> ir.Value:
    named = [enterprises.offered.contains(word) for word in licence.words]
    return reduce(operator.or_, named, enterprises.sector.isin(licence.sectors))


def _holds(enterprises: ir.Table, licence: Licence) -> ir.Value:
    held = ibis.literal(";").concat(enterprises.licences.fill_null(""), ";")
    return held.contains(f";{licence.name};")
