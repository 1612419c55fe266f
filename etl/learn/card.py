"""The learned model as plain figures: one step function of points for each factor, and how they add up.

Boosted trees that never split on two factors are a sum of functions of one factor each, the generalised additive model
that Lou, Caruana and Gehrke describe ("Intelligible models for classification and regression", KDD 2012). Log-odds are
that sum, so a factor's share in a probability is a number looked up, not an approximation; and the card, a few hundred
figures of JSON, *is* the model. Nothing pickled is kept.

All figures are whole millionths, of a point or of log-odds, so that sums depend on no order.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping

MICRO = 1_000_000


class Steps(BaseModel):
    """One factor's effect: `effects[i]` from `points[i]` (inclusive) up to the next; none below `points[0]`."""

    model_config = ConfigDict(frozen=True)

    points: tuple[int, ...]  # millionths of a point, rising
    effects: tuple[int, ...]  # millionths of log-odds, never falling


class Bend(BaseModel):
    """Where signs come together that say the same, and their sum says too much: above `at` only a share of it counts.

    A line is drawn through the log-odds up to there and a flatter one above: a sum stays a sum, more points still never
    lower a probability, and who stands above whom does not change.
    """

    model_config = ConfigDict(frozen=True)

    at: int  # millionths of log-odds
    share: int  # millionths, 0 to a million


class Card(BaseModel):
    """What `dim_learned.card` holds of a trained model."""

    model_config = ConfigDict(frozen=True)

    base: int  # millionths of log-odds of an enterprise without any point
    factors: dict[str, Steps]
    figures: dict[str, float | None]  # how it did on the days it was tested on
    bend: Bend | None = None  # none: the sum is the log-odds


class Explained(NamedTuple):
    """Why a probability is what it is: base and effects are log-odds, and add up to those of it, before the bend."""

    probability: float  # 0-1
    base: float
    effects: list[tuple[str, float]]  # factor and effect, strongest first; factors without effect are left out
    bend: Bend | None = None

    def without(self) -> list[tuple[str, float]]:
        """Return by how much the probability would be lower without each factor, 0-1; strongest first.

        These do not add up: log-odds do, probabilities do not.
        """
        log_odds = self.base + sum(effect for _, effect in self.effects)
        left = (
            (factor, probability_of(round((log_odds - effect) * MICRO), self.bend)) for factor, effect in self.effects
        )
        return [(factor, self.probability - lower) for factor, lower in left]


def explain(card: Mapping[str, object], points: Mapping[str, float]) -> Explained | None:
    """Return the probability that `card` gives to these points by factor, with each factor's effect.

    `card` is `rpt_learned.card`; `points` are decayed points as `etl.learn.features` sums them. None where the card is
    empty because nothing was learned. Factors that the card does not know have no effect.
    """
    if not card:
        return None
    known = Card.model_validate(card)
    found = {
        factor: _effect(known.factors[factor], round(worth * MICRO))
        for factor, worth in points.items()
        if factor in known.factors
    }
    felt = sorted(
        ((factor, effect) for factor, effect in found.items() if effect), key=lambda pair: (-pair[1], pair[0])
    )
    return Explained(
        probability_of(known.base + sum(found.values()), known.bend),
        known.base / MICRO,
        [(factor, effect / MICRO) for factor, effect in felt],
        known.bend,
    )


def probability_of(log_odds: int, bend: Bend | None = None) -> float:
    """Return the probability of a sum of log-odds in millionths, 0-1, in whole millionths."""
    return round(1 / (1 + math.exp(-bent(log_odds, bend) / MICRO)), 6)


def bent(log_odds: int, bend: Bend | None) -> float:
    """Return the log-odds that count of a sum of them, both in millionths."""
    if bend is None or log_odds <= bend.at:
        return float(log_odds)
    return bend.at + (log_odds - bend.at) * (bend.share / MICRO)


def _effect(steps: Steps, worth: int) -> int:
    at = bisect_right(steps.points, worth)
    return steps.effects[at - 1] if at else 0
