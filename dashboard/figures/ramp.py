"""Classes and colours of a choropleth: the ground's own blue for most places, warming only where the highest are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from dashboard.figures.theme import LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.figures.theme import Look

COLOURS_DARK = ("#16202b", "#1b2c3d", "#22394f", "#2f4a61", "#57584f", "#82643f", "#ad6c35", "#dd7a33")
COLOURS_LIGHT = ("#dae3ea", "#c9d6e2", "#b4c7d8", "#9bb5cb", "#d2c3a4", "#d8ad78", "#d4924f", "#c4590a")
SHARES = (0.2, 0.4, 0.6, 0.75, 0.87, 0.94, 0.98)
"""Share of places below each break: three in four stay blue, the last two in a hundred are the warmest."""


@dataclass(frozen=True)
class Ramp:
    """Ascending breaks and one more colour than breaks."""

    breaks: tuple[float, ...]
    colours: tuple[str, ...]

    def colour(self, value: float) -> str:
        """Return the colour of the class that `value` falls in."""
        return self.colours[sum(value >= edge for edge in self.breaks)]


def nice(value: float) -> float:
    """Round down to two significant digits, so that a legend can be read aloud and stays put from run to run.

    Down, so that the place from which a break was taken lies in the class that begins there.
    """
    if value <= 0 or not math.isfinite(value):
        return 0.0
    exact = Decimal(repr(value))
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - 1), rounding=ROUND_FLOOR))


def quantile_ramp(values: Iterable[float], look: Look) -> Ramp:
    """Return breaks at fixed shares of the places with a value above zero, rounded, without repeats.

    Zero is always the lowest class. Each share keeps its own colour; where several round to one break, the quietest of
    their colours is used, so that places that differ little do not look alarming.
    """
    known = sorted(value for value in values if value > 0 and math.isfinite(value))
    colours = COLOURS_LIGHT if look.palette.ground == LIGHT.ground else COLOURS_DARK
    classes: dict[float, str] = {}
    for share, colour in zip(SHARES, colours[1:], strict=True):
        edge = nice(known[min(len(known) - 1, int(share * len(known)))]) if known else 0.0
        if edge > max(classes, default=0.0):
            classes[edge] = colour
    return Ramp(tuple(classes), (colours[0], *classes.values()))
