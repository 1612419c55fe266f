"""How alike names of enterprises are: pairs of characters that two share, without those that every name there has."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from etl.publish.search import essence

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMON = 0.2  # share of the names from which a pair of characters tells nothing: the city's own name, for one
FEW = 10  # names: of fewer none is too common


def likenesses(name: str, others: Mapping[int, str]) -> dict[int, float]:
    """Return how alike each of the other names is, 0 (nothing in common) to 1: Dice's coefficient over their pairs.

    Pairs that more than a fifth of the other names hold do not count. A name without a pair left is like none.
    """
    pairs = {key: _pairs(other) for key, other in others.items()}
    counted = Counter(pair for one in pairs.values() for pair in one)
    common = {pair for pair, count in counted.items() if count > max(FEW, COMMON * len(others))}
    mine = _pairs(name) - common
    return {key: _dice(mine, one - common) for key, one in pairs.items()}


def _pairs(name: str) -> set[str]:
    core = essence(name)
    return {core[at : at + 2] for at in range(len(core) - 1)}


def _dice(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
