"""How good the index was found to be as a generation was made: measures, reliability, drift, the learned model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from dashboard.models.performance import Drift, Learned, Performance, Reliability
from etl.learn.card import MICRO, Card, bent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.scope import Scope


@dataclass(frozen=True)
class Measured:
    """One measure of one scorer: shares 0-1, days, or per 10 000, with its 95 % interval; None: too little data."""

    scorer: str
    cut: str
    key: str
    measure: str
    k: int
    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Bin:
    """Enterprises of about one predicted probability, and the share of them with a confirmed case; all 0-1."""

    predicted: float
    observed: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class DriftRow:
    """How differently one factor speaks than four weeks before; shares are 0-1, of enterprises with evidence."""

    factor: str
    psi: float
    share_before: float
    share_now: float


@dataclass(frozen=True)
class Effect:
    """How a factor speaks alone: from `points[i]` decayed points up to the next, odds are `odds[i]` times as high."""

    factor: str
    points: tuple[float, ...]
    odds: tuple[float, ...]


@dataclass(frozen=True)
class LearnedModel:
    """What a generation's learned model was made of."""

    state: str
    horizon_days: int
    confirmed: int
    dismissed: int
    trained_until: date | None
    calibrated_until: date | None
    tested_until: date | None
    effects: list[Effect]  # of factors that have one, the strongest first
    figures: Mapping[str, float | None]  # how it did on the days it was tested on: n, auc, brier, brier_base


def measures(session: Session, scope: Scope, generation: int) -> list[Measured]:
    """Return all measures, but those of provinces that do not lie inside the scope."""
    inside = or_(Performance.cut != "province", scope.where(Performance.key))
    rows = session.scalars(
        select(Performance)
        .where(Performance.generation == generation, inside)
        .order_by(Performance.scorer, Performance.cut, Performance.key, Performance.measure, Performance.k)
    )
    return [
        Measured(row.scorer, row.cut, row.key, row.measure, row.k, row.value, low=row.low, high=row.high, n=row.n)
        for row in rows
    ]


def reliability(session: Session, _scope: Scope, generation: int) -> list[Bin]:
    """Return the bins of the learned probability, lowest first; they name no place, so every scope reads them."""
    rows = session.scalars(
        select(Reliability).where(Reliability.generation == generation).order_by(Reliability.predicted)
    )
    return [Bin(row.predicted, row.observed, row.low, row.high, row.n) for row in rows]


def drift(session: Session, _scope: Scope, generation: int) -> list[DriftRow]:
    """Return the factors, the most changed first; they name no place, so every scope reads them."""
    rows = session.scalars(select(Drift).where(Drift.generation == generation).order_by(Drift.psi.desc(), Drift.factor))
    return [DriftRow(row.factor, row.psi, row.share_before, row.share_now) for row in rows]


def learned_model(session: Session, _scope: Scope, generation: int) -> LearnedModel | None:
    """Return the learned model's card, None where the generation has none; it names no place."""
    row = session.get(Learned, generation)
    if row is None:
        return None
    card = Card.model_validate(row.card) if row.card else None
    return LearnedModel(
        row.state,
        row.horizon_days,
        row.confirmed,
        row.dismissed,
        row.trained_until,
        row.calibrated_until,
        row.tested_until,
        effects=_effects(card) if card else [],
        figures=card.figures if card else {},
    )


def _effects(card: Card) -> list[Effect]:
    """Return what each factor does alone to the odds, exp(log-odds), less those that do nothing."""
    nothing = bent(card.base, card.bend)
    found = [
        Effect(
            factor,
            tuple(point / MICRO for point in steps.points),
            tuple(math.exp((bent(card.base + effect, card.bend) - nothing) / MICRO) for effect in steps.effects),
        )
        for factor, steps in card.factors.items()
        if any(steps.effects)
    ]
    return sorted(found, key=lambda effect: (-max(effect.odds), effect.factor))
