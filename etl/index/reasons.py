"""Why one enterprise's index is what it is, what moved it, and what would bring it down: from its rows of evidence.

All functions are pure. A row of evidence is a mapping with the columns of the generation's file `evidence`
(`dashboard.models.population.FILES`); its contributions add up to the index exactly, and so does all that is
made of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from etl.index.counterfactual import silence_days, way_down

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Change", "FactorPart", "Headline", "changes", "headline", "silence_days", "way_down"]
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class FactorPart:
    """What one factor contributes: points of the index, from how many pieces, and the money that they tell of."""

    factor: str
    sub_index: str
    points: Decimal
    pieces: int
    amount: float  # CNY, 0 where none is told


@dataclass(frozen=True)
class Headline:
    """The parts of the one sentence: what leads, how high, what weighs most. `factors` stand highest first."""

    risk_type: str  # '' without evidence
    grade: str
    smoke_index: Decimal
    factors: tuple[FactorPart, ...]
    pieces: int
    origins: tuple[str, ...]  # who reported, the most pieces first
    amount: float  # CNY over all signals, each once


@dataclass(frozen=True)
class Change:
    """One fact and how its points moved between two generations.

    `kind`: `new` was not there before, `gone` is there no more, `changed` weighs differently (it faded, or the curve of
    its sub-index moved with the other pieces). A signal's feature words count as one fact.
    """

    kind: Literal["new", "gone", "changed"]
    before: Decimal
    after: Decimal
    row: Mapping[str, Any]  # as it stands now; as it stood where it is gone

    @property
    def points(self) -> Decimal:
        """How much it moved the index, in points."""
        return self.after - self.before


def headline(score: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]], most: int = 3) -> Headline:
    """Return the parts of the sentence about an enterprise: `score` is its row of the file `scores`.

    `factors` are the first `most` that contribute at least a hundredth.
    """
    factors = [part for part in of_factors(evidence) if part.points > 0]
    told = {row["ref"]: row for row in evidence if row["origin"] not in {"register", "relations"}}
    counts: dict[str, int] = defaultdict(int)
    for row in told.values():
        counts[row["origin"]] += 1
    return Headline(
        risk_type=score["risk_type"],
        grade=score["grade"],
        smoke_index=score["smoke_index"],
        factors=tuple(factors[:most]),
        pieces=len(evidence),
        origins=tuple(sorted(counts, key=lambda origin: (-counts[origin], origin))),
        amount=sum(row["amount"] or 0.0 for row in told.values()),
    )


def of_factors(evidence: Iterable[Mapping[str, Any]]) -> list[FactorPart]:
    """Return the factors of these rows, the highest contribution first; they add up as the rows do."""
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in evidence:
        rows[row["factor"]].append(row)
    parts = [
        FactorPart(
            factor=factor,
            sub_index=held[0]["sub_index"],
            points=sum((row["contribution"] for row in held), NOTHING),
            pieces=len({row["ref"] for row in held}),
            amount=sum({row["ref"]: row["amount"] or 0.0 for row in held}.values()),
        )
        for factor, held in rows.items()
    ]
    return sorted(parts, key=lambda part: (-part.points, part.factor))


def changes(before: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Return what moved between two generations' rows of one enterprise, the largest movement first.

    The points add up to the change of the index exactly. What did not move by a hundredth is left out.
    """
    then, since = _by_fact(before), _by_fact(now)
    found = []
    for key in {**then, **since}:
        old, new = then.get(key), since.get(key)
        kind: Literal["new", "gone", "changed"] = "new" if old is None else "gone" if new is None else "changed"
        row = (new or old or ({}, NOTHING))[0]
        found.append(Change(kind, old[1] if old else NOTHING, new[1] if new else NOTHING, row))
    moved = [change for change in found if change.points]
    return sorted(moved, key=lambda change: (-abs(change.points), change.row["factor"], change.row["ref"]))


def _by_fact(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], tuple[Mapping[str, Any], Decimal]]:
    facts: dict[tuple[str, str], tuple[Mapping[str, Any], Decimal]] = {}
    for row in rows:
        key = (row["factor"], row["ref"])
        held, points = facts.get(key, (row, NOTHING))
        facts[key] = (held, points + row["contribution"])
    return facts
