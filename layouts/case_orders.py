"""Case page: the five-level linkage. Who has the case, what passed between offices, the forms for the next order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.actions.case_orders import TEXT_LONGEST
from layouts.case_forms import field, fold, key_store
from layouts.panels import loading, panel

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.i18n import Words

NOW = "case--orders-now"
BODY = "case--orders"
SEND = "case--order"
SEND_KIND = "case--order-kind"
SEND_FIND = "case--order-find"
SEND_TO = "case--order-to"
SEND_HINT = "case--order-hint"
SEND_TEXT = "case--order-text"
SEND_DO = "case--order-do"
SEND_KEY = "case--order-key"
ANSWER = "case--order-answer"
ANSWER_WHICH = "case--order-answer-which"
ANSWER_HOW = "case--order-answer-how"
ANSWER_TEXT = "case--order-answer-text"
ANSWER_DO = "case--order-answer-do"
ANSWER_KEY = "case--order-answer-key"
WITHDRAW = "case--order-withdraw"
WITHDRAW_WHICH = "case--order-withdraw-which"
WITHDRAW_TEXT = "case--order-withdraw-text"
WITHDRAW_DO = "case--order-withdraw-do"
WITHDRAW_KEY = "case--order-withdraw-key"
END = "case--assist-end"
END_WHICH = "case--assist-end-which"
END_TEXT = "case--assist-end-text"
END_DO = "case--assist-end-do"
END_KEY = "case--assist-end-key"

FORMS: dict[str, dict[str, str]] = {
    "order": {"kind": SEND_KIND, "to": SEND_TO, "text": SEND_TEXT},
    "order_answer": {"which": ANSWER_WHICH, "how": ANSWER_HOW, "text": ANSWER_TEXT},
    "order_withdraw": {"which": WITHDRAW_WHICH, "text": WITHDRAW_TEXT},
    "assist_end": {"which": END_WHICH, "text": END_TEXT},
}
"""Each form's fields by name, with the component whose value each is: what drafts keep."""
KEYS = (SEND_KEY, ANSWER_KEY, WITHDRAW_KEY, END_KEY)
ACCEPT, REFUSE = "accept", "refuse"


def parts(words: Words) -> list[Component]:
    """Return the panel of this part of the page: what waits for an answer here comes first."""
    body: list[Component] = [
        *(key_store(key) for key in KEYS),
        html.Div(loading(words), id=NOW, className="case-orders__now"),
        _answer(words),
        _send(words),
        _withdraw(words),
        _end(words),
        html.Div(id=BODY),
    ]
    return [panel(words("Five-level linkage"), body, area="case-orders")]


def _answer(words: Words) -> Component:
    hows = [{"value": ACCEPT, "label": words("Accept, or reply")}, {"value": REFUSE, "label": words("Refuse")}]
    body: list[Component] = [
        field(words("Which order"), dbc.Select([], id=ANSWER_WHICH, size="sm")),
        field(words("Answer"), dbc.Select(hows, ACCEPT, id=ANSWER_HOW, size="sm")),
        field(
            words("What you say to it"),
            _area(ANSWER_TEXT),
            words("A refusal needs its reason; a supervision order needs a reply"),
        ),
        _button(words("Send the answer"), ANSWER_DO, first=True),
    ]
    return fold(words("Answer an order"), body, ANSWER, words)


def _send(words: Words) -> Component:
    body: list[Component] = [
        field(words("Kind of order"), dbc.Select([], id=SEND_KIND, size="sm")),
        field(
            words("Find a department"),
            dcc.Input(id=SEND_FIND, type="search", debounce=0.3, maxLength=20, className="form-control"),
            words("Part of its name; empty: those around here"),
        ),
        field(words("Send to"), dbc.Select([], id=SEND_TO, size="sm")),
        html.P(id=SEND_HINT, className="case-orders__hint"),
        field(words("What is asked, and why"), _area(SEND_TEXT)),
        _button(words("Send the order"), SEND_DO),
    ]
    return fold(words("Send an order"), body, SEND, words)


def _withdraw(words: Words) -> Component:
    body: list[Component] = [
        field(words("Which order"), dbc.Select([], id=WITHDRAW_WHICH, size="sm")),
        field(words("Reason"), _area(WITHDRAW_TEXT)),
        _button(words("Withdraw the order"), WITHDRAW_DO),
    ]
    return fold(words("Withdraw an order"), body, WITHDRAW, words)


def _end(words: Words) -> Component:
    body: list[Component] = [
        field(words("Assisting department"), dbc.Select([], id=END_WHICH, size="sm")),
        field(words("Reason"), _area(END_TEXT)),
        _button(words("End the assistance"), END_DO),
    ]
    return fold(words("End an assistance"), body, END, words)


def _area(component_id: str) -> Any:  # noqa: ANN401 - Bootstrap's components have no types
    return dbc.Textarea(id=component_id, rows=2, maxlength=TEXT_LONGEST, size="sm")


def _button(text: str, component_id: str, *, first: bool = False) -> html.Button:
    return html.Button(text, id=component_id, className="button button--first" if first else "button")
