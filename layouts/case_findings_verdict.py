"""Case page: the determination, and the form that writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.vocabulary import RISK_TYPES
from geo.divisions import divisions, exists
from geo.views import place_words
from layouts.case_findings_money import money_field
from layouts.case_forms import field, fold, key_store
from layouts.panels import loading, panel, state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.i18n import Words
    from dashboard.queries.findings import Findings

SHOWN = "case--determination"
FORM = "case--determination-form"
KEY = "case--determination-key"
VERSION = "case--determination-version"
KIND = "case--determination-kind"
AMOUNT = "case--determination-amount"
INCOME = "case--determination-income"
PEOPLE = "case--determination-people"
PLACES = "case--determination-places"
BASIS = "case--determination-basis"
SAVE = "case--determination-save"
LOAD = "case--determination-load"
REBASE = "case--determination-rebase"
BEHIND = "case--determination-behind"
FIELDS = {
    "version": VERSION, "risk_type": KIND, "amount": AMOUNT, "illegal_income": INCOME, "people": PEOPLE,
    "places": PLACES, "basis": BASIS,
}  # fmt: skip
CLEARED: dict[str, Any] = {
    "version": "", "risk_type": "", "amount": None, "illegal_income": None, "people": None, "places": [], "basis": "",
}  # fmt: skip
MOST_OFFERED = 30


def panel_of(words: Words) -> html.Section:
    """Return the panel."""
    kinds = [{"value": "", "label": words("None of the three")}]
    kinds += [{"value": kind, "label": words.risk_type(kind)} for kind in RISK_TYPES]
    form = [
        key_store(KEY),
        dcc.Input(id=VERSION, type="hidden", value=""),
        html.Div(
            [
                field(words("Risk type"), dbc.Select(kinds, "", id=KIND, size="sm")),
                money_field(words("Sum involved"), AMOUNT, words),
                money_field(words("Illegal income of assisters"), INCOME, words),
                field(words("People involved"), dbc.Input(id=PEOPLE, type="number", min=0, step=1, size="sm")),
            ],
            className="case-findings__row",
        ),
        field(
            words("Places involved"),
            dcc.Dropdown(id=PLACES, options=[], value=[], multi=True, placeholder=words("Type a place's name or code")),
        ),
        field(words("Basis: facts and rules"), dbc.Textarea(id=BASIS, value="", rows=4, maxlength=4000, size="sm")),
        html.Div(
            [
                html.Span(id=BEHIND),
                html.Button(words("Fill in what is in the file"), id=LOAD, className="button", hidden=True),
                html.Button(words("Keep mine on top of it"), id=REBASE, className="button", hidden=True),
            ],
            className="case-findings__line is-dim",
        ),
        html.Div(
            html.Button(words("Write the determination"), id=SAVE, className="button"),
            className="case-findings__buttons",
        ),
    ]
    body = [html.Div(loading(words), id=SHOWN), fold(words("Write or mend it"), form, FORM, words)]
    return panel(words("Determination"), body, area="case-findings__determination")


def shown(found: Findings, words: Words, timezone: str) -> html.Dl | html.Div:
    """Return the finding, line by line."""
    one = found.determination
    if one is None:
        return state("none", words("Nothing has been determined yet"))
    places = words("; ").join(place_words(code, words.locale) for code in one.places)
    kind = words.risk_type(one.risk_type) if one.risk_type else words("None of the three")
    written = " · ".join((words.instant(one.made_at, timezone), found.names.get(one.made_by, "")))
    lines = [
        (words("Risk type"), kind),
        (words("Sum involved"), cny(one.amount, words)),
        (words("Illegal income of assisters"), cny(one.illegal_income, words)),
        (words("People involved"), words.number(one.people)),
        (words("Places involved"), places or words("None named")),
        (words("Basis"), one.basis),
        (words("Written"), written + " · " + words("Version %(n)s", n=one.version)),
    ]
    rows = [part for name, value in lines for part in (html.Dt(name), html.Dd(value))]
    return html.Dl(rows, className="case-findings__facts")


def cny(amount: float, words: Words) -> str:
    """Return an amount short, with its unit."""
    return words("%(amount)s CNY", amount=words.compact(amount))


def filled(found: Findings) -> dict[str, Any]:
    """Return the form's fields as the file holds them."""
    one = found.determination
    if one is None:
        return CLEARED
    names = ("risk_type", "amount", "illegal_income", "people", "places", "basis")
    return {"version": str(one.version)} | {name: getattr(one, name) for name in names}


def behind(found: Findings, based_on: int, words: Words) -> str:
    """Return the sentence that tells that a form is not based on what is in the file; '' where it is."""
    there = found.determination.version if found.determination else 0
    if there == based_on:
        return ""
    return words("Version %(there)s is in the file; what you typed is not based on it.", there=there)


def offered(typed: str, chosen: Sequence[str], words: Words) -> list[dict[str, str]]:
    """Return the divisions down to the towns whose name or code begins so or holds it, and those chosen already."""
    kept = [code for code in chosen if exists(code)]
    found: list[str] = []
    if typed.strip():
        frame, text = divisions(), typed.strip()
        hit = frame["name"].str.contains(text, regex=False) | frame["code"].str.startswith(text)
        found = [code for code in frame.loc[hit, "code"].head(MOST_OFFERED) if code not in kept]
    return [{"value": code, "label": f"{place_words(code, words.locale)} {code}"} for code in (*kept, *found)]
