"""The side panel in which a case is opened by hand: against whom, what it came from, and what may be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.actions.cases import NewFile
from dashboard.errors import Invalid
from dashboard.i18n.case_terms import SOURCE_WORDS
from dashboard.vocabulary import CASE_SOURCES
from geo.views import place_words
from layouts.case_forms import field, key_store
from layouts.case_joins import type_options
from layouts.case_joins_asked import code_in, text_of
from layouts.case_joins_view import suggestions
from layouts.links import case_href
from layouts.panels import state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.duplicates import Suggestion
    from dashboard.queries.registered import Registered

OPEN = "cases--new-open"
PANEL = "cases--new-panel"
KEY = "cases--new-key"
USCC = "cases--new-uscc"
REGISTER = "cases--new-register"
NAME = "cases--new-name"
REGION = "cases--new-region"
TYPE = "cases--new-type"
SOURCE = "cases--new-source"
NUMBER = "cases--new-number"
TOLD = "cases--new-told"
ALIKE = "cases--new-alike"
SEND = "cases--new-send"
DONE = "cases--new-done"
FIELDS = {
    "uscc": USCC,
    "name": NAME,
    "region": REGION,
    "type": TYPE,
    "source": SOURCE,
    "number": NUMBER,
    "told": TOLD,
}
"""The form's fields by name, with the component whose value each is."""
BY_HAND = tuple(kind for kind in CASE_SOURCES if kind != "warning")
"""A case from a warning is opened at the warning."""


def new_case(words: Words) -> html.Div:
    """Return the button that opens the panel, and the panel."""
    form = [
        key_store(KEY),
        html.Div(id=DONE, className="cases-new__done"),
        field(
            words("Credit code"),
            dbc.Input(id=USCC, maxlength=18, size="sm", debounce=True),
            words("Empty where nobody is registered; else name and place are the register's"),
        ),
        html.Div(id=REGISTER),
        field(words("Name"), dbc.Input(id=NAME, maxlength=200, size="sm", debounce=True)),
        html.Div(
            [
                field(words("Place"), dbc.Select([], id=REGION, size="sm")),
                field(words("Risk type"), dbc.Select(type_options(words), id=TYPE, size="sm")),
                field(words("Kind of source"), dbc.Select(_kinds(words), BY_HAND[0], id=SOURCE, size="sm")),
                field(words("Number"), dbc.Input(id=NUMBER, maxlength=60, size="sm")),
            ],
            className="case-joins__pair",
        ),
        field(words("What it says"), dbc.Textarea(id=TOLD, rows=3, maxlength=1000, size="sm")),
        html.Button(words("Open the case"), id=SEND, className="button button--first"),
        html.H3(words("Possible duplicates"), className="cases-new__title"),
        html.Div(id=ALIKE),
    ]
    side = dbc.Offcanvas(
        html.Div(form, className="form cases-new"), id=PANEL, title=words("New case"), placement="end", is_open=False
    )
    return html.Div([html.Button(words("New case"), id=OPEN, className="button button--first"), side])


def _kinds(words: Words) -> list[dict[str, str]]:
    return [{"value": one, "label": words.term(SOURCE_WORDS, one)} for one in BY_HAND]


def register_told(known: Registered | None, problem: str, words: Words) -> list[Component]:
    """Return what the register says of the code that was typed: the enterprise, why there is none, or nothing."""
    if problem:
        return [state("error", problem)]
    if known is None:
        return []
    place = place_words(known.region_code, words.locale) if known.region_code else words("place unknown")
    return [html.P([html.Strong(known.name), f" · {place} · {known.representative}"], className="cases-new__register")]


def alike(found: Sequence[Suggestion] | None, words: Words) -> Component:
    """Return the cases that may be about the same; None: too little was typed to tell."""
    if found is None:
        return state("none", words("Type a credit code, or a name and a place, to see cases that may be the same"))
    return suggestions(found, words)


def opened(number: str, words: Words) -> Component:
    """Return that the case is open, with the way to it."""
    return html.P(
        [words("Case %(number)s is open", number=number), " ", dcc.Link(words("Open it"), href=case_href(number))]
    )


def new_file_in(key: Any, form: Mapping[str, Any], known: Registered | None) -> NewFile:  # noqa: ANN401 - any JSON
    """Return the case that the form opens; name and place of a registered enterprise are the register's."""
    if not isinstance(key, str):
        raise Invalid("that form has no key")
    name, region = (known.name, known.region_code) if known else (text_of(form["name"]), text_of(form["region"]))
    return NewFile(
        key,
        text_of(form["source"]),
        text_of(form["number"]),
        text_of(form["told"]),
        code_in(form["uscc"]),
        name,
        region,
        text_of(form["type"]),
    )
