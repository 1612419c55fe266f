"""What would bring an enterprise below the threshold of its grade: evidence that falls away, or days of silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from dashboard.vocabulary import SUB_INDEXES
from etl.index.scalar import Score, grains, raws_of, score_of, term

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from etl.index.model import Model

    Rows = list[Mapping[str, Any]]

FURTHEST = 3650
"""Days ahead that are looked at: what does not fade in ten years does not fade."""


@dataclass(frozen=True)
class WayDown:
    """Rows that, gone, bring the grade down, and what the score would then be."""

    rows: tuple[Mapping[str, Any], ...]
    after: Score


def way_down(evidence: Sequence[Mapping[str, Any]], model: Model, on: date) -> WayDown | None:
    """Return the smallest set of rows without which the enterprise would stand below its grade; None if it is blue.

    Smallest for the type that leads; where another type then holds the grade, the smallest for that one is added.
    """
    floor = _floor(score_of(evidence, model, on).grade, model)
    if floor is None:
        return None
    kept = list(evidence)
    gone: Rows = []
    while (after := score_of(kept, model, on)).smoke_index >= floor:
        fewest = _fewest(kept, model, on, after.risk_type, floor)
        gone += fewest
        lost = {id(row) for row in fewest}
        kept = [row for row in kept if id(row) not in lost]
    return WayDown(tuple(gone), after)


def silence_days(evidence: Sequence[Mapping[str, Any]], model: Model, on: date) -> int | None:
    """Return after how many days without anything new the grade falls; None if it is blue or would not in ten years.

    What is known fades at its half-life; standing facts stay.
    """
    floor = _floor(score_of(evidence, model, on).grade, model)

    def fallen(days: int) -> bool:
        return floor is not None and score_of(evidence, model, on + timedelta(days=days)).smoke_index < floor

    if not fallen(FURTHEST):
        return None
    low, high = 0, FURTHEST  # not fallen at low, fallen at high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fallen(middle) else (middle, high)
    return high


def _floor(grade: str, model: Model) -> float | None:
    return {"red": model.thresholds.red, "orange": model.thresholds.orange, "yellow": model.thresholds.yellow}.get(
        grade
    )


def _fewest(kept: Rows, model: Model, on: date, risk_type: str, floor: float) -> Rows:
    """Return the fewest rows, at least one, whose loss takes `risk_type` below `floor`.

    Within a sub-index the heaviest rows do most, so only how many to take of each is open: the least that each number
    of rows can leave is found sub-index by sub-index, up to a number that is known to suffice.
    """
    raws = raws_of(kept, model, on)[risk_type]
    heaviest = {sub: _by_weight(kept, model, on, risk_type, sub) for sub in SUB_INDEXES}
    left = {}
    for sub, rows in heaviest.items():
        taken = accumulate((weight for weight, _ in rows), initial=0.0)
        left[sub] = [term(max(raws[sub] - gone, 0.0), model, risk_type, sub) for gone in taken]
    most = _enough(left, floor)
    best: list[tuple[int, tuple[int, ...]]] = [
        (0, ())
    ]  # by rows taken: hundredths left, and how many of each sub-index
    for terms in left.values():
        best = _merged(best, terms[: most + 1])[: most + 1]
    numbers = next((counts for hundredths, counts in best[1:] if hundredths < floor * 100), best[-1][1])
    return [row for rows, number in zip(heaviest.values(), numbers, strict=True) for _, row in rows[:number]]


def _enough(left: dict[str, list[int]], floor: float) -> int:
    """Return how many rows suffice when the one that takes most is taken each time; at least one."""
    taken = dict.fromkeys(left, 0)
    while sum(left[sub][number] for sub, number in taken.items()) >= floor * 100:
        open_subs = [sub for sub, number in taken.items() if number + 1 < len(left[sub])]
        if not open_subs:
            break
        widest = max(open_subs, key=lambda sub: left[sub][taken[sub]] - left[sub][taken[sub] + 1])
        taken[widest] += 1
    return max(1, sum(taken.values()))


def _merged(best: list[tuple[int, tuple[int, ...]]], left: list[int]) -> list[tuple[int, tuple[int, ...]]]:
    """Return, by rows taken in all, the least that earlier sub-indexes and this one leave together."""
    merged = []
    for rows in range(len(best) + len(left) - 1):
        shares = range(max(0, rows - len(best) + 1), min(rows, len(left) - 1) + 1)
        merged.append(min((best[rows - n][0] + left[n], (*best[rows - n][1], n)) for n in shares))
    return merged


def _by_weight(kept: Rows, model: Model, on: date, risk_type: str, sub: str) -> list[tuple[float, Mapping[str, Any]]]:
    """Return the rows of a sub-index with what they weigh now in points, the heaviest first."""
    weighed = []
    for row in kept:
        if row["sub_index"] == sub and row["known_on"] <= on and row["factor"] in model.factors:
            half_life = model.factors[row["factor"]].half_life_days
            fading = 0.5 ** ((on - row["known_on"]).days / half_life) if half_life else 1.0
            weighed.append((grains(row, model, risk_type) / 2**20 * fading, row))
    return sorted(weighed, key=lambda pair: (-pair[0], str(pair[1].get("ref", ""))))
