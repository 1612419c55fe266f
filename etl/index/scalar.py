"""The index of one enterprise in plain Python: the same arithmetic as `decay` and `combine`, for what-if questions.

`etl.index.combine` computes everybody set-wise; this is its twin for the few dozen pieces of evidence of one
enterprise, so that a portrait can ask what the index would be without one of them, or in so many days.
A test holds both to the same hundredth.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.index.decay import EPOCH, GRAIN_BITS, MICRO, SPAN_BITS
from etl.index.model import WEIGHT_GRAIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from etl.index.model import Model

Raws = dict[str, dict[str, float]]
"""Risk type → sub-index → decayed sum in points."""


@dataclass(frozen=True)
class Score:
    """What the raw sums of one enterprise come to; the contributions are the leading type's and add up to the index."""

    smoke_index: Decimal
    risk_type: str  # '' where the index is 0
    grade: str
    contributions: dict[str, Decimal]
    indexes: dict[str, Decimal]  # risk type → its index


def raws_of(evidence: Iterable[Mapping[str, Any]], model: Model, on: date) -> Raws:
    """Return the decayed sums in points at the date `on`, from what is known by then; unknown factors weigh nothing."""
    sums: dict[tuple[str, str, int | None], int] = defaultdict(int)
    for piece in evidence:
        if piece["known_on"] > on or piece["factor"] not in model.factors:
            continue
        half_life = model.factors[piece["factor"]].half_life_days
        x = _half_lives(piece["known_on"], half_life)
        shift = math.floor(x) - _base(on, half_life)
        for risk_type in RISK_TYPES:
            mantissa = nearest(grains(piece, model, risk_type) * 2.0 ** (x - math.floor(x)))
            sums[risk_type, piece["sub_index"], half_life] += mantissa << shift if shift >= 0 else 0
    millionths: dict[tuple[str, str], int] = defaultdict(int)
    for (risk_type, sub, half_life), total in sums.items():
        x = _half_lives(on, half_life)
        fading = 2.0 ** (_base(on, half_life) - math.floor(x)) * 2.0 ** (math.floor(x) - x)
        millionths[risk_type, sub] += nearest(float(total) * fading * (MICRO / math.ldexp(1.0, GRAIN_BITS)))
    return {kind: {sub: millionths[kind, sub] / MICRO for sub in SUB_INDEXES} for kind in RISK_TYPES}


def score(raws: Mapping[str, Mapping[str, float]], model: Model) -> Score:
    """Return index, leading type, grade, contributions and the typed indexes of raw sums in points."""
    terms = {kind: {sub: term(raws[kind][sub], model, kind, sub) for sub in SUB_INDEXES} for kind in RISK_TYPES}
    totals = {kind: sum(terms[kind].values()) for kind in RISK_TYPES}
    lead = max(RISK_TYPES, key=lambda kind: totals[kind])  # of equals the first, as in `combine`
    index = points(totals[lead])
    return Score(
        smoke_index=index,
        risk_type=lead if totals[lead] else "",
        grade=grade(float(index), model),
        contributions={sub: points(part) for sub, part in terms[lead].items()},
        indexes={kind: points(total) for kind, total in totals.items()},
    )


def score_of(evidence: Iterable[Mapping[str, Any]], model: Model, on: date) -> Score:
    """Return the score of these pieces of evidence at the date `on`."""
    return score(raws_of(evidence, model, on), model)


def term(raw: float, model: Model, risk_type: str, sub: str) -> int:
    """Return round(weight · sub-index, 2) in hundredths."""
    share = 1.0 - math.exp(-raw / model.scales[risk_type][sub])
    return nearest(share * (model.weights[risk_type][sub] * WEIGHT_GRAIN))


def grade(index: float, model: Model) -> str:
    """Return the grade of an index (0-100)."""
    steps = (("red", model.thresholds.red), ("orange", model.thresholds.orange), ("yellow", model.thresholds.yellow))
    return next((name for name, floor in steps if index >= floor), "blue")


def grains(piece: Mapping[str, Any], model: Model, risk_type: str) -> int:
    """Return what a piece is worth when it becomes known, in 2^-20 points (`decay.worth_of`)."""
    focus = 1.0 if piece["risk_type"] in {"", risk_type} else model.lexicon.elsewhere
    return nearest(model.worth(piece["factor"], risk_type) * 2**GRAIN_BITS * piece["strength"] * focus)


def points(hundredths: int) -> Decimal:
    """Return hundredths as points with two decimals."""
    return Decimal(hundredths).scaleb(-2)


def nearest(value: float) -> int:
    """Return the nearest whole number; a half goes up, as in `combine`."""
    return math.floor(value + 0.5)


def _half_lives(day: date, half_life: int | None) -> float:
    return (day - EPOCH).days / half_life if half_life else 0.0


def _base(on: date, half_life: int | None) -> int:
    return math.floor(_half_lives(on, half_life)) - SPAN_BITS if half_life else 0
