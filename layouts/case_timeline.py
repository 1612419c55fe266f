"""Case page: the panel of the timeline, which the audit log fills."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_bootstrap_components as dbc
from dash import html

from dashboard.i18n.case_events import EVENT_KINDS
from layouts.panels import aria, loading, panel

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.i18n import Words

LIST = "case--timeline"
NOTE = "case--timeline-note"
KIND = "case--timeline-kind"
MORE = "case--timeline-more"


def timeline_panel(words: Words) -> html.Section:
    """Return the panel: what to narrow it to, the entries, and a button for more of them."""
    kinds = [{"value": kind, "label": words(name)} for kind, (_, name) in EVENT_KINDS.items()]
    body: list[Component] = [
        html.Div(
            dbc.RadioItems(kinds, "all", id=KIND, inline=True, className="case-timeline__kinds"),
            role="group",
            **aria(label=words("Kind of entry")),
        ),
        html.Div(loading(words), id=LIST),
        html.Button(words("Show earlier entries"), id=MORE, className="button", hidden=True),
    ]
    return panel(words("Timeline"), body, note=html.Span(id=NOTE), area="case-timeline")
