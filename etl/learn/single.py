"""One enterprise's probability from its rows of evidence: the twin of `features` and `predict` for a portrait."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from etl.learn.card import MICRO, explain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from etl.index.model import Model
    from etl.learn.card import Explained


def points_on(evidence: Iterable[Mapping[str, Any]], model: Model, on: date) -> dict[str, float]:
    """Return decayed points by factor on a day, from rows of `factor`, `known_on` and `strength` known by then."""
    sums: dict[str, int] = defaultdict(int)
    for piece in evidence:
        factor = model.factors.get(piece["factor"])
        if factor is None or piece["known_on"] > on:
            continue
        age = (on - piece["known_on"]).days
        left = 2.0 ** (-age / factor.half_life_days) if factor.half_life_days else 1.0
        sums[piece["factor"]] += round(factor.points * piece["strength"] * left * MICRO)
    return {factor: points / MICRO for factor, points in sums.items() if points}


def explain_evidence(
    card: Mapping[str, object], evidence: Iterable[Mapping[str, Any]], model: Model, on: date
) -> Explained | None:
    """Return what `etl.learn.explain` says of an enterprise with this evidence; None where nothing was learned."""
    return explain(card, points_on(evidence, model, on))
