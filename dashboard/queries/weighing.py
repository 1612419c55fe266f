"""An enterprise's evidence, weighed: by factor, and against what a generation before had. Pure, and exact to 0.01."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True)
class Change:
    """One piece of evidence that weighs more or less than a generation ago; `state` says why."""

    state: str  # new, gone, faded, risen
    piece: Row
    before: Decimal
    after: Decimal

    @property
    def points(self) -> Decimal:
        """By how much it moved the index; all changes of an enterprise add up to the index's own."""
        return self.after - self.before


def by_factor(evidence: Iterable[Row]) -> list[Weight]:
    """Return what each factor weighs, most points first; their points add up to the index."""
    ordered = sorted(evidence, key=itemgetter("factor"))
    weights = []
    for factor, pieces in ((factor, list(group)) for factor, group in groupby(ordered, itemgetter("factor"))):
        amounts = [piece["amount"] for piece in pieces if piece["amount"]]
        days = [piece["known_on"] for piece in pieces]
        points = sum((piece["contribution"] for piece in pieces), ZERO)
        weights.append(
            Weight(
                factor,
                pieces[0]["sub_index"],
                points,
                len(pieces),
                sum(amounts) if amounts else None,
                min(days),
                max(days),
            )
        )
    return sorted(weights, key=lambda weight: (-weight.points, weight.factor))


def changes_between(before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    """Return the pieces whose points differ, the largest move first."""
    then, now = _pieces(before), _pieces(after)
    changes = []
    for key in sorted({*then, *now}):
        old, new = then.get(key), now.get(key)
        was, is_now = (old[1] if old else ZERO), (new[1] if new else ZERO)
        if was == is_now:
            continue
        state = "new" if old is None else "gone" if new is None else "risen" if is_now > was else "faded"
        changes.append(Change(state, (new or old or ({}, ZERO))[0], was, is_now))
    return sorted(changes, key=lambda change: -abs(change.points))


def _pieces(evidence: Iterable[Row]) -> dict[tuple[str, str], tuple[Row, Decimal]]:
    """Return {(factor, reference): (piece, points)}; pieces of one name are one."""
    held: dict[tuple[str, str], tuple[Row, Decimal]] = {}
    for piece in evidence:
        key = piece["factor"], piece["ref"] or ""
        held[key] = piece, piece["contribution"] + (held[key][1] if key in held else ZERO)
    return held
