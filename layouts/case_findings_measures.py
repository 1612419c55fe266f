"""Case page: measures taken and withdrawn, with every fine against its legal range, and the two forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.i18n.case_terms import MEASURE_WORDS, PENALISED_WORDS
from dashboard.vocabulary import MEASURES, PENALISED
from dashboard.workflow.findable import measures_now
from layouts.case_findings_money import money_field
from layouts.case_findings_ranges import range_words, verdict_words
from layouts.case_findings_verdict import cny
from layouts.case_forms import field, fold, key_store
from layouts.panels import loading, panel, state

if TYPE_CHECKING:
    from dashboard.i18n import Words
    from dashboard.models.findings import CaseMeasure
    from dashboard.queries.findings import Findings

LIST = "case--measures"
FORM = "case--measure-form"
KEY = "case--measure-key"
KIND = "case--measure-kind"
NAME = "case--measure-name"
DAY = "case--measure-day"
DOCUMENT = "case--measure-document"
ORGAN = "case--measure-organ"
TEXT = "case--measure-text"
SUBJECT = "case--measure-subject"
FINE = "case--measure-fine"
BASE = "case--measure-base"
WHY = "case--measure-why"
PENALTY = "case--measure-penalty"
TRANSFER = "case--measure-transfer"
HINT = "case--measure-hint"
SAVE = "case--measure-save"
WITHDRAWAL = "case--withdrawal-form"
WITHDRAWAL_KEY = "case--withdrawal-key"
WHICH = "case--withdrawal-which"
REASON = "case--withdrawal-reason"
WITHDRAW = "case--withdrawal-save"
FIELDS = {
    "kind": KIND, "name": NAME, "day": DAY, "document": DOCUMENT, "organ": ORGAN, "text": TEXT, "subject": SUBJECT,
    "fine": FINE, "base": BASE, "justification": WHY,
}  # fmt: skip
CLEARED: dict[str, Any] = {
    "kind": "", "name": "", "day": "", "document": "", "organ": "", "text": "", "subject": PENALISED[0], "fine": None,
    "base": None, "justification": "",
}  # fmt: skip


def panel_of(words: Words) -> html.Section:
    """Return the panel."""
    body = [
        html.Div(loading(words), id=LIST),
        fold(words("Take a measure"), _form(words), FORM, words),
        fold(words("Withdraw a measure"), _withdrawal(words), WITHDRAWAL, words),
    ]
    return panel(words("Measures"), body, area="case-findings__measures case__work")


def _form(words: Words) -> list[Any]:
    return [
        key_store(KEY),
        html.Div(
            [
                field(words("Measure taken"), dbc.Select([], "", id=KIND, size="sm", placeholder=words("Choose"))),
                field(words("Taken against"), dbc.Input(id=NAME, value="", maxlength=120, size="sm")),
                field(words("Taken on"), dbc.Input(id=DAY, type="date", value="", size="sm")),
                field(words("Number of the document"), dbc.Input(id=DOCUMENT, value="", maxlength=80, size="sm")),
            ],
            className="case-findings__row",
        ),
        html.Div(
            field(words("Handed over to"), dbc.Input(id=ORGAN, value="", maxlength=120, size="sm")),
            id=TRANSFER,
            hidden=True,
        ),
        _penalty(words),
        field(words("What was done"), dbc.Textarea(id=TEXT, value="", rows=2, maxlength=2000, size="sm")),
        html.Div(html.Button(words("Write it down"), id=SAVE, className="button"), className="case-findings__buttons"),
    ]


def _penalty(words: Words) -> html.Div:
    subjects = [{"value": one, "label": words.term(PENALISED_WORDS, one)} for one in PENALISED]
    return html.Div(
        [
            html.Div(
                [
                    field(words("Who is penalised"), dbc.Select(subjects, PENALISED[0], id=SUBJECT, size="sm")),
                    money_field(words("Fine"), FINE, words),
                    money_field(words("Base, if not the sum determined"), BASE, words),
                ],
                className="case-findings__row",
            ),
            html.Ul(id=HINT, className="case-findings__hint"),
            field(
                words("Justification"),
                dbc.Input(id=WHY, value="", maxlength=500, size="sm"),
                words("Needed for a fine that is not within a known legal range"),
            ),
        ],
        id=PENALTY,
        hidden=True,
    )


def _withdrawal(words: Words) -> list[Any]:
    return [
        key_store(WITHDRAWAL_KEY),
        html.Div(
            [
                field(words("Measure taken"), dbc.Select([], "", id=WHICH, size="sm", placeholder=words("Choose"))),
                field(words("Reason"), dbc.Input(id=REASON, value="", maxlength=500, size="sm")),
                html.Button(words("Withdraw"), id=WITHDRAW, className="button"),
            ],
            className="case-findings__line",
        ),
    ]


def listed(found: Findings, words: Words) -> list[Any]:
    """Return all measures in a table, withdrawn ones struck out, with what is to be noticed above."""
    if not found.measures:
        return [state("none", words("No measure has been taken yet"))]
    heads = (words("Day"), words("Measure taken"), words("Taken against"), words("What was done"), words("Fine"))
    head = html.Tr([html.Th(text, className="is-number" if at == 4 else "") for at, text in enumerate(heads)])  # noqa: PLR2004 - the fine's column
    rows = [_row(one, found, words) for one in found.measures]
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="table")
    if not found.fines or found.is_settled:
        return [table]
    told = words(
        "Fines of %(sum)s stand while the repayment is not settled: repayment comes before fines",
        sum=cny(found.fines, words),
    )
    return [html.P(told, className="is-orange"), table]


def _row(one: CaseMeasure, found: Findings, words: Words) -> html.Tr:
    kind = words.term(MEASURE_WORDS, one.kind)
    about = [part for part in (one.document, one.organ) if part]
    text: list[Any] = [html.Span(one.text), *(html.Small(part) for part in about)]
    fine: list[Any] = []
    if one.kind == "penalty":
        kind, fine = f"{kind} · {words.term(PENALISED_WORDS, one.subject)}", _fine(one, found, words)
    if one.withdrawn_at is not None:
        text.append(html.Small(words("Withdrawn: %(reason)s", reason=one.withdrawn_reason)))
    cells = [
        html.Td(words.date(one.taken_on), title=one.taken_on.isoformat()),
        html.Td(kind),
        html.Td(one.name),
        html.Td(text),
    ]
    mark = "is-withdrawn" if one.withdrawn_at is not None else ""
    return html.Tr(
        [*cells, html.Td(fine, className="is-number")], className=mark, title=found.names.get(one.made_by, "")
    )


def _fine(one: CaseMeasure, found: Findings, words: Words) -> list[Any]:
    verdict = found.verdict(one.subject, one.fine, one.base)
    look = "is-orange" if verdict.wants_justification else "is-dim"
    mark = html.Small(verdict_words(verdict, words), className=look, title=range_words(verdict, words))
    why = [html.Small(words("Justified: %(why)s", why=one.justification))] if one.justification else []
    return [html.Span(cny(one.fine, words), title=words.number(one.fine, 2)), mark, *why]


def kinds(found: Findings, words: Words) -> list[dict[str, str]]:
    """Return the measures that can be taken now."""
    now = measures_now(found.seen.case)
    return [{"value": kind, "label": words.term(MEASURE_WORDS, kind)} for kind in MEASURES if kind in now]


def standing(found: Findings, words: Words) -> list[dict[str, str]]:
    """Return the measures that can be withdrawn; the value carries the row's version as it is shown."""
    here = [one for one in found.measures if one.withdrawn_at is None]
    return [
        {
            "value": f"{one.id}.{one.version}",
            "label": f"{words.date(one.taken_on)} {words.term(MEASURE_WORDS, one.kind)} {one.name}",
        }
        for one in here
    ]


def line(text: str) -> html.Li:
    """Return one line of the hint under a penalty."""
    return html.Li(text)
