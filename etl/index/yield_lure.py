"""Sub-index 收益性偏离(利诱性): what is promised to those who pay in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import SIGNAL_KINDS
from etl.index.rows import from_signals

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.model import Model

PER_YEAR = (
    (r"(?:日|每天|每日)[^\d%％]{0,6}(\d+(?:\.\d+)?)\s*[%％]", 365),
    (r"(?:月|每月)[^\d%％]{0,6}(\d+(?:\.\d+)?)\s*[%％]", 12),
    (r"(\d+(?:\.\d+)?)\s*[%％]", 1),
)
"""How a promise is worded, and how many such periods a year has; the first wording that fits is taken."""


def evidence(signals: ir.Table, model: Model) -> ir.Table:
    """Return the yield-lure evidence.

    A promised yield counts severity · min(1, promised per year / reference); every other kind, and a promise whose text
    gives no figure, counts its severity.
    """
    promised = promised_pct(signals.text)
    share = ibis.least(promised / model.yield_lure.reference_pct, 1.0).fill_null(1.0)
    strength = signals.severity * ibis.ifelse(signals.kind == "promised_yield", share, 1.0)
    return from_signals(signals, SIGNAL_KINDS["yield_lure"], strength)


def promised_pct(text: ir.Value) -> ir.Value:
    """Return the yield that a text promises, in per cent a year, simple interest; null where it gives none."""
    found = [text.re_extract(pattern, 1).nullif("").try_cast("float64") * periods for pattern, periods in PER_YEAR]
    return ibis.coalesce(*found)
