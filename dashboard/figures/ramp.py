"""Classes and colours of a choropleth: the ground's own blue for most places, warming only where the highest are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.figures.theme import Look

COLOURS_DARK = ("#16202b", "#1b2c3d", "#22394f", "#2f4a61", "#57584f", "#82643f", "#ad6c35", "#dd7a33")
COLOURS_LIGHT = ("#dae3ea", "#c9d6e2", "#b4c7d8", "#9bb5cb", "#d2c3a4", "#d8ad78", "#d4924f", "#c4590a")
SHARES = (0.2, 0.4, 0.6, 0.75, 0.87, 0.94, 0.98)
"""Share of places below each break: three in four stay blue, the last two in a hundred are the warmest."""
SPANNING = 3  # breaks from which the classes reach the warm end


@dataclass(frozen=True)
class Ramp:
    """Ascending breaks and one more colour than breaks."""

    breaks: tuple[float, ...]
    colours: tuple[str, ...]

    def colour(self, value: float) -> str:
        """Return the colour of the class that `value` falls in."""
        return self.colours[sum(value >= edge for edge in self.breaks)]


def nice(value: float) -> float:
    """Round to two significant digits, so that a legend can be read aloud and stays put from run to run."""
    if value <= 0 or not math.isfinite(value):
        return 0.0
    digits = 1 - math.floor(math.log10(value))
    return round(value, digits)


def quantile_ramp(values: Iterable[float], look: Look) -> Ramp:
    """Return breaks at fixed shares of the places with a value above zero, rounded, without repeats.

    Zero is always the lowest class. Values that differ little give fewer classes: three or more still span the whole
    ramp, one or two stay at its quiet end.
    """
    known = sorted(value for value in values if value > 0 and math.isfinite(value))
    wanted = [nice(known[min(len(known) - 1, int(share * len(known)))]) for share in SHARES] if known else []
    breaks = tuple(sorted({edge for edge in wanted if edge > 0}))
    colours = COLOURS_LIGHT if look.palette.ground == "#eef1f4" else COLOURS_DARK
    last = len(colours) - 1 if len(breaks) >= SPANNING else len(breaks)
    return Ramp(breaks, tuple(colours[round(at * last / max(1, len(breaks)))] for at in range(len(breaks) + 1)))
