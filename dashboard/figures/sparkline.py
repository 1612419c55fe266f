"""A word-sized line: an SVG picture of a few dozen bytes, cheaper than a chart and sharp at every size."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT, EDGE = 72.0, 26.0, 3.0


def sparkline_svg(values: Sequence[float], colour: str) -> str:
    """Return a data URI with `values` as a line, its last value as a dot; '' for fewer than two values.

    The line is scaled between its own lowest and highest value: it shows a shape, never a size.
    """
    if len(values) < 2:  # noqa: PLR2004 - a line needs two points
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    across = (WIDTH - 2 * EDGE) / (len(values) - 1)
    points = [
        (EDGE + place * across, HEIGHT - EDGE - (value - low) / span * (HEIGHT - 2 * EDGE))
        for place, value in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}">'
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-linejoin="round"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{colour}"/></svg>'
    )
    return "data:image/svg+xml," + quote(svg, safe="/:=<>' ,")
