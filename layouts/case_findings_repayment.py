"""Case page: how far the repayment has come, and the form that reports it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import html

from layouts.case_findings_money import money_field
from layouts.case_findings_verdict import cny
from layouts.case_forms import field, fold, key_store
from layouts.panels import aria, loading, panel, state

if TYPE_CHECKING:
    from dashboard.i18n import Words
    from dashboard.models.findings import CaseRepayment
    from dashboard.queries.findings import Findings

SHOWN = "case--repayment"
FORM = "case--repayment-form"
KEY = "case--repayment-key"
DAY = "case--repayment-day"
OWED = "case--repayment-owed"
REPAID = "case--repayment-repaid"
PEOPLE_OWED = "case--repayment-people"
PEOPLE_REPAID = "case--repayment-served"
NOTE = "case--repayment-note"
SAVE = "case--repayment-save"
FIELDS = {
    "day": DAY, "owed": OWED, "repaid": REPAID, "people_owed": PEOPLE_OWED, "people_repaid": PEOPLE_REPAID,
    "note": NOTE,
}  # fmt: skip
CLEARED: dict[str, Any] = {
    "day": "", "owed": None, "repaid": None, "people_owed": None, "people_repaid": None, "note": "",
}  # fmt: skip


def panel_of(words: Words) -> html.Section:
    """Return the panel."""
    form = [
        key_store(KEY),
        html.Div(
            [
                field(words("By which day"), dbc.Input(id=DAY, type="date", value="", size="sm")),
                money_field(words("Owed in all"), OWED, words),
                money_field(words("Repaid so far"), REPAID, words),
                field(words("People owed"), dbc.Input(id=PEOPLE_OWED, type="number", min=0, step=1, size="sm")),
                field(words("People repaid"), dbc.Input(id=PEOPLE_REPAID, type="number", min=0, step=1, size="sm")),
            ],
            className="case-findings__row",
        ),
        field(
            words("Note"),
            dbc.Input(id=NOTE, value="", maxlength=500, size="sm"),
            words("Where the money came from; why less is repaid than before"),
        ),
        html.Div(html.Button(words("Report"), id=SAVE, className="button"), className="case-findings__buttons"),
    ]
    body = [html.Div(loading(words), id=SHOWN), fold(words("Report the repayment"), form, FORM, words)]
    return panel(words("Progress of repayment"), body, area="case-findings__repayment")


def shown(found: Findings, words: Words) -> list[Any]:
    """Return the newest report as two bars, and all reports below, newest first."""
    if not found.repayments:
        owed = found.determination.amount if found.determination else 0.0
        none = words("No repayment has been reported yet; the sum determined is %(sum)s", sum=cny(owed, words))
        return [state("none", none if owed else words("No repayment has been reported yet"))]
    newest = found.repayments[0]
    money = words("%(done)s of %(all)s CNY", done=words.compact(newest.repaid), all=words.compact(newest.owed))
    people = words(
        "%(done)s of %(all)s people", done=words.number(newest.people_repaid), all=words.number(newest.people_owed)
    )
    told = (
        words("All is repaid")
        if found.is_settled
        else words("%(sum)s is left", sum=cny(newest.owed - newest.repaid, words))
    )
    return [
        _bar(words("Money"), newest.repaid, newest.owed, money, words),
        _bar(words("People"), newest.people_repaid, newest.people_owed, people, words),
        html.P(told, className="case-findings__told"),
        _history(found, words),
    ]


def _bar(name: str, done: float, whole: float, text: str, words: Words) -> html.Div:
    share = min(done / whole, 1.0) if whole else 1.0
    spoken: dict[str, Any] = aria(label=f"{name}: {text}")
    fill = html.I(style={"width": f"{share * 100:.1f}%"})
    return html.Div(
        [
            html.Span(name, className="is-dim"),
            html.Div(fill, role="img", className="case-findings__bar", **spoken),
            html.Span([html.B(words.percent(share)), f" {text}"]),
        ],
        className="case-findings__progress",
    )


def _history(found: Findings, words: Words) -> html.Table:
    heads = (words("Day"), words("Owed"), words("Repaid"), words("People owed"), words("People repaid"), words("Note"))
    marks = ("", "is-number", "is-number", "is-number", "is-number", "")
    head = html.Tr([html.Th(text, className=mark) for text, mark in zip(heads, marks, strict=True)])
    rows = [_row(one, found, words, marks) for one in found.repayments]
    return html.Table([html.Thead(head), html.Tbody(rows)], className="table")


def _row(one: CaseRepayment, found: Findings, words: Words, marks: tuple[str, ...]) -> html.Tr:
    cells = (
        one.reported_on.isoformat(),
        words.compact(one.owed),
        words.compact(one.repaid),
        words.number(one.people_owed),
        words.number(one.people_repaid),
        one.note,
    )
    by = found.names.get(one.made_by, "")
    return html.Tr([html.Td(text, className=mark) for text, mark in zip(cells, marks, strict=True)], title=by)
