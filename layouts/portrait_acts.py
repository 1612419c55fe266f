"""What an officer does from a portrait: the newest warning decided, a case opened, a list entered or left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.access.permissions import Permission
from dashboard.vocabulary import EXEMPTION_KINDS, EXEMPTION_REASONS
from layouts.asked import PERIODS

if TYPE_CHECKING:
    from dashboard.access.viewer import Viewer
    from dashboard.i18n import Words
    from layouts.portrait_view import Portrait

SEEN = "portrait--seen"
ACTS = "portrait--acts"
DECISIONS = "portrait--decisions"
REASON = "portrait--reason"
ACKNOWLEDGE = "portrait--acknowledge"
DISMISS = "portrait--dismiss"
CASE = "portrait--case"
REOPEN = "portrait--reopen"
LISTS = "portrait--lists"
LIST_KIND = "portrait--list-kind"
LIST_REASON = "portrait--list-reason"
LIST_UNTIL = "portrait--list-until"
LIST_TEXT = "portrait--list-text"
LIST_ADD = "portrait--list-add"
LIST_END = "portrait--list-end"

FROM = {
    ACKNOWLEDGE: {"open"},
    DISMISS: {"open", "acknowledged"},
    CASE: {"open", "acknowledged"},
    REOPEN: {"acknowledged", "dismissed"},
}
"""From which states of the newest warning each button leads on."""


def form(words: Words) -> html.Details:
    """Return the form; nothing of it is shown until the viewer may do something here."""
    return html.Details(
        [
            html.Summary(words("Act on it")),
            dcc.Store(id=SEEN),
            html.Div(
                [
                    _field(words("Reason"), dbc.Textarea(id=REASON, rows=2, maxlength=500, size="sm")),
                    html.Div(
                        [
                            html.Button(words("Acknowledge"), id=ACKNOWLEDGE, className="button button--first"),
                            html.Button(words("Dismiss"), id=DISMISS, className="button"),
                            html.Button(words("Open a case"), id=CASE, className="button"),
                            html.Button(words("Reopen"), id=REOPEN, className="button"),
                        ],
                        className="portrait__buttons",
                    ),
                ],
                id=DECISIONS,
            ),
            _lists(words),
        ],
        id=ACTS,
        hidden=True,
        className="portrait__acts",
    )


def _lists(words: Words) -> html.Div:
    kinds = [{"value": one, "label": words.exemption(one)} for one in EXEMPTION_KINDS]
    reasons = [{"value": one, "label": words.exemption_reason(one)} for one in EXEMPTION_REASONS]
    periods = [{"value": str(days), "label": words("%(n)s days", n=days)} for days in PERIODS]
    return html.Div(
        [
            html.Div(
                [
                    _field(words("List"), dbc.Select(kinds, EXEMPTION_KINDS[0], id=LIST_KIND, size="sm")),
                    _field(words("Why"), dbc.Select(reasons, EXEMPTION_REASONS[0], id=LIST_REASON, size="sm")),
                    _field(words("For how long"), dbc.Select(periods, periods[0]["value"], id=LIST_UNTIL, size="sm")),
                ],
                className="portrait__pair",
            ),
            _field(words("Explanation"), dbc.Textarea(id=LIST_TEXT, rows=2, maxlength=400, size="sm")),
            html.Div(
                [
                    html.Button(words("Put on the list"), id=LIST_ADD, className="button"),
                    html.Button(words("Take off the list"), id=LIST_END, className="button"),
                ],
                className="portrait__buttons",
            ),
        ],
        id=LISTS,
    )


def _field(text: str, control: Any) -> html.Label:  # noqa: ANN401 - any of Bootstrap's controls
    return html.Label([html.Span(text), control], className="field")


def possible(seen: Portrait, viewer: Viewer) -> dict[str, Any]:
    """Return what the form shows: `seen` (what the actions compare with), what is hidden, which buttons are dead."""
    newest = seen.warnings[0]["week_on"] if seen.warnings else None
    handled = next((one for one in seen.record.handlings if one.week_on == newest), None)
    now, version = (handled.state, handled.version) if handled else ("open", 0)
    decides = newest is not None and viewer.may(Permission.WARNING_WRITE)
    exempts = viewer.may(Permission.EXEMPTION_WRITE)
    held = seen.held
    shown = {
        "warnings": [[seen.facts.uscc, newest.isoformat(), version]] if newest else [],
        "entry": [held.id, held.version] if held else None,
    }
    return {
        "seen": shown,
        "acts": not (decides or exempts),
        "decisions": not decides,
        "lists": not exempts,
        **{button: now not in states for button, states in FROM.items()},
        LIST_ADD: held is not None,
        LIST_END: held is None,
    }
