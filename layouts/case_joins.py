"""Case page: what the case came from, its kin, what may be a duplicate, and the forms that join, merge and split."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_bootstrap_components as dbc
from dash import html

from dashboard.i18n.case_terms import SOURCE_WORDS
from dashboard.vocabulary import CASE_SOURCES, RISK_TYPES
from layouts.case_forms import field, fold, key_store
from layouts.panels import loading, panel

if TYPE_CHECKING:
    from dashboard.i18n import Words

BODY = "case--joins"
KIN = "case--kin"
DUPLICATES = "case--duplicates"
SOURCE = "case--source"
SOURCE_KEY = "case--source-key"
SOURCE_KIND = "case--source-kind"
SOURCE_WARNING = "case--source-warning"
SOURCE_NUMBER = "case--source-number"
SOURCE_TOLD = "case--source-told"
SOURCE_ADD = "case--source-add"
MERGE = "case--merge"
MERGE_KEY = "case--merge-key"
MERGE_INTO = "case--merge-into"
MERGE_REASON = "case--merge-reason"
MERGE_SEND = "case--merge-send"
SPLIT = "case--split"
SPLIT_KEY = "case--split-key"
SPLIT_USCC = "case--split-uscc"
SPLIT_NAME = "case--split-name"
SPLIT_REGION = "case--split-region"
SPLIT_TYPE = "case--split-type"
SPLIT_SOURCES = "case--split-sources"
SPLIT_PEOPLE = "case--split-people"
SPLIT_REASON = "case--split-reason"
SPLIT_SEND = "case--split-send"
FORMS: dict[str, dict[str, str]] = {
    "source": {"kind": SOURCE_KIND, "warning": SOURCE_WARNING, "number": SOURCE_NUMBER, "told": SOURCE_TOLD},
    "merge": {"into": MERGE_INTO, "reason": MERGE_REASON},
    "split": {
        "uscc": SPLIT_USCC,
        "name": SPLIT_NAME,
        "region": SPLIT_REGION,
        "type": SPLIT_TYPE,
        "sources": SPLIT_SOURCES,
        "people": SPLIT_PEOPLE,
        "reason": SPLIT_REASON,
    },
}
"""Each form's fields by name, with the component whose value each is: what drafts keep."""


def parts(words: Words) -> list[html.Section]:
    """Return the panels of this part of the page."""
    came = html.Div([html.Div(loading(words), id=BODY), html.Div(id=KIN), _source(words)])
    alike = html.Div([html.Div(loading(words), id=DUPLICATES), _merge(words), _split(words)])
    return [
        panel(words("What it came from"), came, area="case-joins"),
        panel(words("Possible duplicates"), alike, area="case-joins"),
    ]


def type_options(words: Words) -> list[dict[str, str]]:
    """Return the types of risk as a Select's options."""
    return [{"value": one, "label": words.risk_type(one)} for one in RISK_TYPES]


def _source(words: Words) -> html.Details:
    kinds = [{"value": one, "label": words.term(SOURCE_WORDS, one)} for one in CASE_SOURCES]
    return fold(
        words("Add a source"),
        [
            key_store(SOURCE_KEY),
            html.Div(
                [
                    field(words("Kind of source"), dbc.Select(kinds, "tip", id=SOURCE_KIND, size="sm")),
                    field(words("Number"), dbc.Input(id=SOURCE_NUMBER, maxlength=60, size="sm")),
                ],
                className="case-joins__pair",
            ),
            field(
                words("Warning"),
                dbc.Select([], id=SOURCE_WARNING, size="sm"),
                words("Only where the kind is a warning: one of this enterprise that nobody has decided"),
            ),
            field(words("What it says"), dbc.Textarea(id=SOURCE_TOLD, rows=2, maxlength=1000, size="sm")),
            html.Button(words("Add the source"), id=SOURCE_ADD, className="button button--first"),
        ],
        SOURCE,
        words,
    )


def _merge(words: Words) -> html.Details:
    return fold(
        words("Merge this case into another"),
        [
            key_store(MERGE_KEY),
            html.P(
                words("Its sources, people, tasks, evidence and files go there. This cannot be taken back."),
                className="is-dim",
            ),
            field(words("Into the case"), dbc.Select([], id=MERGE_INTO, size="sm")),
            field(words("Reason"), dbc.Textarea(id=MERGE_REASON, rows=2, maxlength=500, size="sm")),
            html.Button(words("Merge"), id=MERGE_SEND, className="button button--first"),
        ],
        MERGE,
        words,
    )


def _split(words: Words) -> html.Details:
    return fold(
        words("Split a part off as a case of its own"),
        [
            key_store(SPLIT_KEY),
            html.Div(
                [
                    field(
                        words("Credit code"),
                        dbc.Input(id=SPLIT_USCC, maxlength=18, size="sm"),
                        words("Empty where nobody is registered; else name and place are the register's"),
                    ),
                    field(words("Name"), dbc.Input(id=SPLIT_NAME, maxlength=200, size="sm")),
                    field(words("Place"), dbc.Select([], id=SPLIT_REGION, size="sm")),
                    field(words("Risk type"), dbc.Select(type_options(words), id=SPLIT_TYPE, size="sm")),
                ],
                className="case-joins__pair",
            ),
            field(words("Sources that go with it"), dbc.Checklist([], [], id=SPLIT_SOURCES)),
            field(words("People who go with it"), dbc.Checklist([], [], id=SPLIT_PEOPLE)),
            field(words("Reason"), dbc.Textarea(id=SPLIT_REASON, rows=2, maxlength=500, size="sm")),
            html.Button(words("Split"), id=SPLIT_SEND, className="button button--first"),
        ],
        SPLIT,
        words,
    )
