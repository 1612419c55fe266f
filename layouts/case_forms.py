"""What all forms of the case page share: their keys, their frame, and the Act that a sent form carries."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard.actions.casework import Act
from dashboard.errors import Invalid
from layouts.asked import LARGEST

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.i18n import Words

SEEN = "case--seen"
"""The page's store: {"id", "version"} of the case as it is shown."""


def new_key() -> str:
    """Return a key for the next sending of a form: two sendings with the same key are one."""
    return secrets.token_urlsafe(16)


def key_store(component_id: str) -> dcc.Store:
    """Return where a form keeps the key of its next sending.

    The callback that fills the form gives it the first; the one that sends it gives the next after success. A refusal
    leaves it, so that a second try after a lost answer does nothing twice.
    """
    return dcc.Store(id=component_id)


def act_in(seen: Any, key: Any) -> Act:  # noqa: ANN401 - whatever JSON a client sends
    """Return the case that a form is about, as the page showed it; Invalid for anything else."""
    try:
        case_id, version = seen["id"], seen["version"]
    except (LookupError, TypeError) as error:
        raise Invalid("that form is about no case") from error
    if not all(type(one) is int and 0 < one <= LARGEST for one in (case_id, version)) or not isinstance(key, str):
        raise Invalid("that form is about no case")
    return Act(case_id, version, key)


def field(name: str, control: Component, hint: str = "") -> html.Label:
    """Return one labelled field, with a dim hint under it."""
    under = [html.Span(hint, className="field__hint")] if hint else []
    return html.Label([html.Span(name), control, *under], className="field")


def fold(title: str, body: list[Component], component_id: str, words: Words) -> html.Details:
    """Return a form behind its title, closed until it is wanted; hidden from those who may not send it."""
    shut = html.Summary(title, title=words("Opens and closes the form"))
    return html.Details([shut, html.Div(body, className="form")], id=component_id, className="fold", hidden=True)
