"""How sure a figure is: 95 % intervals of shares and of medians."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Z = 1.959964
"""The standard normal quantile of 95 % on both sides."""


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Return the interval of the share hits / n, 0-1 (Wilson 1927); it stays inside 0-1 and never shrinks to nothing.

    ValueError unless n is positive.
    """
    if n <= 0:
        raise ValueError("a share of nothing has no interval")
    share, spread = hits / n, Z * Z / n
    centre = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    # Rounding may not put the share itself outside.
    return min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))


def median_interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Return median, low and high of a sample; the ends are order statistics, whatever the distribution.

    Ranks n/2 ∓ z·√n/2 hold the median with 95 % (Conover, Practical Nonparametric Statistics, 3.2). ValueError when
    empty.
    """
    ordered = sorted(values)
    n = len(ordered)
    if not n:
        raise ValueError("nothing has no median")
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    half = Z * math.sqrt(n) / 2
    low, high = math.ceil(n / 2 - half), math.ceil(n / 2 + half)
    return middle, ordered[max(1, low) - 1], ordered[min(n, high) - 1]
