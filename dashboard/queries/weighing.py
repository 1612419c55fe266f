"""An enterprise's evidence, weighed by factor. Pure, and exact to 0.01."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

Row = dict[str, Any]
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Weight:
    """One factor of one enterprise: points of the index, pieces of evidence, money told, and since when known."""

    factor: str
    sub_index: str
    points: Decimal
    count: int
    amount: float | None  # CNY, the sum over the pieces that tell one; None where none does
    since: date
    until: date
    rows: int  # of evidence: one signal may be several, one for each feature word in it


def by_factor(evidence: Iterable[Row]) -> list[Weight]:
    """Return what each factor weighs, most points first; their points add up to the index."""
    ordered = sorted(evidence, key=itemgetter("factor"))
    weights = []
    for factor, pieces in ((factor, list(group)) for factor, group in groupby(ordered, itemgetter("factor"))):
        amounts = list({piece["ref"]: piece["amount"] for piece in pieces if piece["amount"]}.values())
        days = [piece["known_on"] for piece in pieces]
        points = sum((piece["contribution"] for piece in pieces), ZERO)
        weights.append(
            Weight(
                factor,
                pieces[0]["sub_index"],
                points,
                len({piece["ref"] for piece in pieces}),
                sum(amounts) if amounts else None,
                min(days),
                max(days),
                len(pieces),
            )
        )
    return sorted(weights, key=lambda weight: (-weight.points, weight.factor))
