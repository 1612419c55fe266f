"""Sub-index 投诉举报: what people and other offices complain of, weighted by who says it and who else does.

Unit: strength 0-1. Source: signals of the five complaint kinds, known when reported.

    strength = severity · origin · delay · (alone + (1 - alone) · (1 - (1 - others) · (1 - money)))
    others   = 1 - 2^(-(n - 1) / half_reports)                       n: reports within `window_days` up to that day
    money    = log(amount / amount_from) / log(amount_full / amount_from), within 0-1; 0 without an amount
    delay    = max(delay_floor, 2^(-(reported - occurred) / delay_half_days)); 1 where it is unknown when it occurred

Two reports of one origin, day, kind and text are one: the stronger counts. A report is corroborated by what was known
when it came in, never by what came later: history does not move. A confirmed tip was verified and counts its
severity. A complaint about old harm says less about today; it still fades from the day it was reported, for only then
it was known. A model without the table `complaints` counts the severity of each.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import SIGNAL_KINDS
from etl.index.rows import day_number, from_signals

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.model import Model
    from etl.index.parts import Complaints

KINDS = SIGNAL_KINDS["complaints"]
VERIFIED = "confirmed_tip"


def evidence(signals: ir.Table, model: Model) -> ir.Table:
    """Return the complaints evidence: one row for each distinct report."""
    rule = model.complaints
    if rule is None:
        return from_signals(signals, KINDS, signals.severity)
    told = signals.filter(signals.kind.isin(KINDS))
    money = _money(told.amount, rule)
    origin = told.origin.cases(*rule.origins.items(), else_=rule.origins["other"])
    weight = ibis.ifelse(told.kind == VERIFIED, 1.0, origin * _delay(told, rule))
    # Reports without a text cannot be told to be the same.
    said = ibis.ifelse(told.text == "", told.signal_id, told.text)
    weighed = told.mutate(weight=told.severity * weight, money=money, said=said, day=day_number(told.reported_on))
    same = ["uscc", "kind", "origin", "reported_on", "said"]
    placed = weighed.mutate(place=ibis.row_number().over(ibis.window(group_by=same, order_by="signal_id")))
    lately = ibis.range_window(group_by="uscc", order_by="day", preceding=rule.window_days - 1, following=0)
    counted = placed.mutate(reports=ibis.ifelse(placed.place == 0, 1, 0).sum().over(lately))
    others = 1.0 - ibis.literal(2.0) ** ((1 - counted.reports).cast("float64") / rule.half_reports)
    earned = 1.0 - (1.0 - others) * (1.0 - counted.money)
    share = ibis.ifelse(counted.kind == VERIFIED, 1.0, rule.alone + (1.0 - rule.alone) * earned)
    weighted = counted.mutate(final=counted.weight * share)
    order = ibis.window(group_by=same, order_by=[weighted.final.desc(), weighted.signal_id])
    distinct = weighted.mutate(first=ibis.row_number().over(order)).filter(ibis._.first == 0)
    return from_signals(distinct, KINDS, distinct.final)


def _money(amount: ir.Value, rule: Complaints) -> ir.Value:
    span = math.log(rule.amount_full / rule.amount_from)
    earned = (ibis.greatest(amount, rule.amount_from) / rule.amount_from).ln() / span
    return ibis.least(earned, 1.0).fill_null(0.0)


def _delay(told: ir.Table, rule: Complaints) -> ir.Value:
    days = (day_number(told.reported_on) - day_number(told.occurred_on)).fill_null(0)
    return ibis.greatest(ibis.literal(2.0) ** (-days.cast("float64") / rule.delay_half_days), rule.delay_floor)
