"""Sub-index 投诉举报: what people and other offices complain of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.vocabulary import SIGNAL_KINDS
from etl.index.rows import from_signals

if TYPE_CHECKING:
    import ibis.expr.types as ir


def evidence(signals: ir.Table) -> ir.Table:
    """Return the complaints evidence; a signal's strength is its severity."""
    return from_signals(signals, SIGNAL_KINDS["complaints"], signals.severity)
