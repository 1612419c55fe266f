"""My work: what waits for me, my department and whom I stand in for; one item beside the list; absences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.actions.delegations import REASON_LONGEST
from layouts.case_forms import field
from layouts.panels import aria, loading, panel

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.i18n import Words

CHOSEN = "inbox--chosen"
VIEWS = "inbox--views"
LIST = "inbox--list"
DETAIL = "inbox--detail"
ACTS = "inbox--acts"
UNTIL = "inbox--until"
SNOOZE = "inbox--snooze"
WAKE = "inbox--wake"
READ = "inbox--read"
ABSENCES = "inbox--absences"
ABSENCE = "inbox--absence"
WHO = "inbox--who"
BEGINS = "inbox--begins"
ENDS = "inbox--ends"
REASON = "inbox--reason"
DELEGATE = "inbox--delegate"
ENDING = "inbox--ending"
WHICH = "inbox--which"
WITHDRAW = "inbox--withdraw"


def layout(words: Words) -> html.Div:
    """Return the skeleton; assets/18_inbox.js moves in the list and remembers the chosen item."""
    return html.Div(
        [
            dcc.Store(id=CHOSEN),
            html.Nav(id=VIEWS, className="inbox__views", **aria(label=words("Parts of my work"))),
            panel(words("Waiting"), html.Div(loading(words), id=LIST), note=_keys(words), area="inbox__list"),
            html.Div([_item(words), _absences(words)], className="inbox__side"),
        ],
        className="inbox",
    )


def _keys(words: Words) -> html.Span:
    """Return what the keys do, always in sight."""
    told = [
        (["j", "k"], words("next, previous")),
        (["Enter"], words("open it")),
        (["s"], words("put off")),
    ]
    return html.Span(
        [html.Span([*(html.Kbd(key) for key in keys), html.Span(text)]) for keys, text in told], className="inbox__keys"
    )


def _item(words: Words) -> html.Section:
    put_off = html.Div(
        [
            field(words("Put off until"), dbc.Input(id=UNTIL, type="date", value="", size="sm")),
            html.Button(words("Put off"), id=SNOOZE, className="button", type="button"),
            html.Button(words("Show again now"), id=WAKE, className="button", type="button", hidden=True),
            html.Button(words("Mark as read"), id=READ, className="button", type="button", hidden=True),
        ],
        id=ACTS,
        className="inbox__acts",
        hidden=True,
    )
    body: list[Component] = [html.Div(loading(words), id=DETAIL, **aria(live="polite")), put_off]
    return panel(words("Item"), body, area="inbox__item")


def _absences(words: Words) -> html.Section:
    form = html.Div(
        [
            field(words("Stand-in"), dbc.Select(id=WHO, options=[], size="sm")),
            field(words("First day"), dbc.Input(id=BEGINS, type="date", value="", size="sm")),
            field(words("Last day"), dbc.Input(id=ENDS, type="date", value="", size="sm")),
            field(words("Reason"), dbc.Input(id=REASON, value="", maxlength=REASON_LONGEST, size="sm")),
            html.Button(words("Hand over"), id=DELEGATE, className="button", type="button"),
        ],
        id=ABSENCE,
        className="inbox__form",
        hidden=True,
    )
    ending = html.Div(
        [
            field(words("End early"), dbc.Select(id=WHICH, options=[], size="sm")),
            html.Button(words("End"), id=WITHDRAW, className="button", type="button"),
        ],
        id=ENDING,
        className="inbox__form",
        hidden=True,
    )
    note = words("Acts under the own name")
    return panel(words("Absence and stand-in"), [html.Div(loading(words), id=ABSENCES), ending, form], note=note)
