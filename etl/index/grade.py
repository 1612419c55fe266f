"""From index to grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import GRADES

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.parts import Thresholds

RANK = {grade: len(GRADES) - 1 - position for position, grade in enumerate(GRADES)}
"""How high a grade is: blue 0, yellow 1, orange 2, red 3."""


def grade_of(index: ir.Value, thresholds: Thresholds) -> ir.Value:
    """Return the grade of an index (0-100): each threshold belongs to the grade that it opens."""
    return ibis.cases(
        (index >= thresholds.red, "red"),
        (index >= thresholds.orange, "orange"),
        (index >= thresholds.yellow, "yellow"),
        else_="blue",
    )
