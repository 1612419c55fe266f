"""Sub-index 涉众传播: how the offer reaches the public, how fast that grows and how far.

Unit: strength 0-1. Source: signals of the six spread kinds (adverts, offline events, recruiting, app and social
posts, venues of the elderly), known when reported; each counts its severity. Two factors come from many of them:

- `spread_growth`: one row for each day on which something was reported and the last n weeks, up to that day, hold at
  least `least` signals and at least `ratio` times as many as the n weeks before. Strength = 1 - ratio · before /
  recent, at least ½: growth from nothing is the fastest.
- `many_places`: one row for each day on which something was reported and the last `within_days`, up to that day, name
  at least so many counties. Strength = 1 - ½ · needed / counties, from ½ on.

Both look back only, so a row stays as it is when later signals arrive. Their refs are the day's first signal by id.
Without its table in the model a factor gives no rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import SIGNAL_KINDS
from etl.index.rows import day_number, derived, from_signals
from geo.codes import LENGTHS

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.model import Model
    from etl.index.parts import ManyPlaces, SpreadGrowth

KINDS = SIGNAL_KINDS["spread"]


def evidence(signals: ir.Table, model: Model) -> ir.Table:
    """Return the spread evidence."""
    rows = [from_signals(signals, KINDS, signals.severity)]
    told = signals.filter(signals.kind.isin(KINDS))
    if model.spread_growth:
        rows.append(spread_growth(told, model.spread_growth))
    if model.many_places:
        rows.append(many_places(told, model.many_places))
    return ibis.union(*rows)


def spread_growth(told: ir.Table, rule: SpreadGrowth) -> ir.Table:
    """Return a row for each day on which spreading had grown by the rule."""
    days = told.group_by("uscc", "reported_on").agg(signals=told.signal_id.count(), ref=told.signal_id.min())
    span = 7 * rule.weeks
    dated = days.mutate(day=day_number(days.reported_on))
    newer = ibis.range_window(group_by="uscc", order_by="day", preceding=span - 1, following=0)
    older = ibis.range_window(group_by="uscc", order_by="day", preceding=(2 * span - 1, span))
    counted = dated.mutate(recent=dated.signals.sum().over(newer), before=dated.signals.sum().over(older).fill_null(0))
    grown = counted.filter(counted.recent >= rule.least, counted.recent >= rule.ratio * counted.before)
    return derived(
        grown, "spread_growth", ibis.greatest(1.0 - rule.ratio * grown.before.cast("float64") / grown.recent, 0.5)
    )


def many_places(told: ir.Table, rule: ManyPlaces) -> ir.Table:
    """Return a row for each day on which spreading had reached as many counties as the rule says."""
    length = LENGTHS["county"]
    placed = told.filter(told.region_code.length() >= length)
    placed = placed.select("uscc", "reported_on", "signal_id", county=placed.region_code.left(length))
    wide = placed.group_by("uscc").agg(counties=placed.county.nunique()).filter(ibis._.counties >= rule.counties)
    # Only few enterprises are seen in many counties: for these, each day is held against all days before it.
    few = placed.semi_join(wide, "uscc")
    few = few.mutate(day=day_number(few.reported_on))
    days = few.group_by("uscc", "reported_on", "day").agg(ref=few.signal_id.min())
    seen = few.select(uscc_seen="uscc", county="county", day_seen="day").distinct()
    pairs = days.join(
        seen,
        [days.uscc == seen.uscc_seen, seen.day_seen <= days.day, seen.day_seen > days.day - rule.within_days],
    )
    reached = pairs.group_by("uscc", "reported_on", "ref").agg(counties=pairs.county.nunique())
    reached = reached.filter(reached.counties >= rule.counties)
    return derived(reached, "many_places", 1.0 - 0.5 * rule.counties / reached.counties.cast("float64"))
