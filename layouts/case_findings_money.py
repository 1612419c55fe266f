"""Fields for amounts: typed in CNY, and told back in 万 and 亿, so that no zero is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_bootstrap_components as dbc
from dash import html

from dashboard.i18n import NOTHING

if TYPE_CHECKING:
    from dashboard.i18n import Words


def money_field(name: str, component_id: str, words: Words) -> html.Label:
    """Return a field for an amount, with a line under it that `told_id` names."""
    entry = dbc.Input(id=component_id, type="number", min=0, step="any", size="sm")
    hint = html.Span(words("in CNY"), id=told_id(component_id), className="field__hint")
    return html.Label([html.Span(name), entry, hint], className="field")


def told_id(component_id: str) -> str:
    """Return the id of the line under a field for an amount."""
    return f"{component_id}-told"


def told(amount: float | None, words: Words) -> str:
    """Return what stands under a field once something is typed."""
    short = words.compact(amount)
    return words("in CNY") if short == NOTHING else words("%(amount)s CNY", amount=short)
