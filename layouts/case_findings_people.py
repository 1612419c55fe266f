"""Case page: the people of a case, and the form that adds, mends and takes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.i18n.case_terms import PEOPLE_WORDS
from dashboard.vocabulary import PEOPLE_ROLES
from layouts.case_forms import field, fold, key_store
from layouts.panels import loading, panel, state

if TYPE_CHECKING:
    from dashboard.i18n import Words
    from dashboard.queries.findings import Findings

LIST = "case--people"
FORM = "case--person-form"
KEY = "case--person-key"
WHOM = "case--person-whom"
VERSION = "case--person-version"
NAME = "case--person-name"
ROLE = "case--person-role"
NOTE = "case--person-note"
REASON = "case--person-reason"
SAVE = "case--person-save"
REMOVE = "case--person-remove"
FIELDS = {"whom": WHOM, "version": VERSION, "name": NAME, "role": ROLE, "note": NOTE, "reason": REASON}
CLEARED: dict[str, Any] = {"whom": "", "version": "", "name": "", "role": PEOPLE_ROLES[0], "note": "", "reason": ""}


def panel_of(words: Words) -> html.Section:
    """Return the panel."""
    roles = [{"value": role, "label": words.term(PEOPLE_WORDS, role)} for role in PEOPLE_ROLES]
    form = [
        key_store(KEY),
        dcc.Input(id=VERSION, type="hidden", value=""),
        html.Div(
            [
                field(words("Whom it is about"), dbc.Select([], "", id=WHOM, size="sm")),
                field(words("Name"), dbc.Input(id=NAME, value="", maxlength=80, size="sm")),
                field(words("Part played"), dbc.Select(roles, PEOPLE_ROLES[0], id=ROLE, size="sm")),
            ],
            className="case-findings__row",
        ),
        field(
            words("Note"),
            dbc.Input(id=NOTE, value="", maxlength=300, size="sm"),
            words("Identity numbers are not kept here"),
        ),
        html.Div(
            html.Button(words("Save the person"), id=SAVE, className="button"), className="case-findings__buttons"
        ),
        html.Div(
            [
                field(words("Why the person is taken out"), dbc.Input(id=REASON, value="", maxlength=500, size="sm")),
                html.Button(words("Take out"), id=REMOVE, className="button"),
            ],
            className="case-findings__line",
        ),
    ]
    body = [html.Div(loading(words), id=LIST), fold(words("Add or mend a person"), form, FORM, words)]
    return panel(words("People"), body, area="case-findings__people")


def listed(found: Findings, words: Words) -> html.Table | html.Div:
    """Return the people in a table."""
    if not found.people:
        return state("none", words("Nobody has been entered yet"))
    heads = (words("Name"), words("Part played"), words("Note"))
    rows = [
        html.Tr([html.Td(one.name), html.Td(words.term(PEOPLE_WORDS, one.role)), html.Td(one.note)])
        for one in found.people
    ]
    return html.Table([html.Thead(html.Tr([html.Th(head) for head in heads])), html.Tbody(rows)], className="table")


def choices(found: Findings, words: Words) -> list[dict[str, str]]:
    """Return whom the form may be about."""
    known = [{"value": str(one.id), "label": one.name} for one in found.people]
    return [{"value": "", "label": words("A new person")}, *known]


def filled(found: Findings, person_id: int) -> dict[str, Any]:
    """Return the form's fields for one person as the file holds it; empty ones for a new person."""
    one = next((one for one in found.people if one.id == person_id), None)
    if one is None:
        return {name: value for name, value in CLEARED.items() if name not in {"whom", "reason"}}
    return {"version": str(one.version), "name": one.name, "role": one.role, "note": one.note}
