"""Watchlist: the enterprises that need looking at, and beside the list what speaks against them and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_ag_grid as dag
import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.i18n import FACTOR_WORDS
from dashboard.queries.filters import EXEMPTS, SORTS, STATES
from dashboard.vocabulary import EXEMPTION_KINDS, EXEMPTION_REASONS, RISK_TYPES, SECTORS
from layouts.asked import PERIODS
from layouts.filters import ANY, TEXT_LONGEST, state_words
from layouts.panels import aria, panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words

VIEWS = "watchlist--views"
COUNTS = "watchlist--counts"
TEXT = "watchlist--text"
TYPE = "watchlist--type"
SECTOR = "watchlist--sector"
FACTOR = "watchlist--factor"
STATE = "watchlist--state"
WHO = "watchlist--who"
EXEMPT = "watchlist--exempt"
LOW = "watchlist--low"
HIGH = "watchlist--high"
SORT = "watchlist--sort"
FORM_OF = "watchlist--form-of"
WANTED = "watchlist--wanted"
DRAWN = "watchlist--drawn"
GRID = "watchlist--grid"
EXPORT = "watchlist--export"
DOWNLOAD = "watchlist--download"
STRIP = "watchlist--strip"
CHOSEN = "watchlist--chosen"
ACTS = "watchlist--acts"
ASSIGNEE = "watchlist--assignee"
ASSIGN = "watchlist--assign"
ACKNOWLEDGE = "watchlist--acknowledge"
REASON = "watchlist--reason"
DISMISS = "watchlist--dismiss"
REOPEN = "watchlist--reopen"
CASE = "watchlist--case"
LISTS = "watchlist--lists"
LIST_KIND = "watchlist--list-kind"
LIST_TYPE = "watchlist--list-type"
LIST_REASON = "watchlist--list-reason"
LIST_TEXT = "watchlist--list-text"
LIST_UNTIL = "watchlist--list-until"
LIST_ADD = "watchlist--list-add"
LIST_END = "watchlist--list-end"

FORM = {
    "text": TEXT,
    "type": TYPE,
    "sector": SECTOR,
    "factor": FACTOR,
    "state": STATE,
    "who": WHO,
    "exempt": EXEMPT,
    "low": LOW,
    "high": HIGH,
    "sort": SORT,
}
"""The form's fields by their names in the address."""
BUTTONS = {"acknowledge": ACKNOWLEDGE, "dismiss": DISMISS, "reopen": REOPEN, "assign": ASSIGN, "case": CASE}
"""What can be done to warnings, by the names of `layouts.listed.possible`."""
BLOCK = 100  # rows of one request


def layout(words: Words) -> html.Div:
    """Return the skeleton."""
    return html.Div(
        [
            dcc.Store(id=FORM_OF),
            dcc.Store(id=WANTED),
            dcc.Store(id=DRAWN),
            dcc.Store(id=CHOSEN),
            dcc.Download(id=DOWNLOAD),
            html.Div(
                [
                    html.Nav(id=VIEWS, className="choice", **aria(label=words("Ready-made filters"))),
                    html.Button(words("Export XLSX"), id=EXPORT, className="button"),
                ],
                className="watchlist__bar",
            ),
            html.Div(_form(words), className="watchlist__form", role="search"),
            panel(words("Watchlist"), _grid(words), note=html.Div(id=COUNTS), area="watchlist__list"),
            html.Aside(
                [html.Div(id=STRIP, **aria(live="polite")), _acts(words), _lists(words)],
                className="panel watchlist__strip",
                **aria(label=words("What is chosen, and what to do about it")),
            ),
        ],
        className="watchlist",
    )


def _form(words: Words) -> list[Component]:
    def every(name: str) -> dict[str, str]:
        return {"label": words("All"), "value": ANY, "title": name}

    def choice(name: str, field: str, options: Sequence[tuple[str, str]]) -> html.Label:
        given = [every(name), *({"label": label, "value": value} for value, label in options)]
        return _field(name, dbc.Select(id=field, options=given, value=ANY, size="sm"))

    exempts = [(one, words("On no list") if one == "none" else words.exemption(one)) for one in EXEMPTS]
    orders = [{"value": f"{one}.{way}", "label": _order(one, way, words)} for one in SORTS for way in ("down", "up")]
    return [
        _field(
            words("Name, code or legal representative"),
            dbc.Input(id=TEXT, type="search", debounce=True, maxlength=TEXT_LONGEST, size="sm"),
            wide=True,
        ),
        choice(words("Leading type"), TYPE, [(one, words.risk_type(one)) for one in RISK_TYPES]),
        choice(words("Sector"), SECTOR, [(one, words.sector(one)) for one in SECTORS]),
        choice(words("Reason"), FACTOR, [(one, words.factor(one)) for one in FACTOR_WORDS]),
        choice(words("State"), STATE, [(one, state_words(one, words)) for one in STATES]),
        choice(words("Assigned to"), WHO, []),
        choice(words("Lists"), EXEMPT, exempts),
        _field(words("Index from"), _number(LOW)),
        _field(words("to"), _number(HIGH)),
        _field(words("Order"), dbc.Select(id=SORT, options=orders, value="index.down", size="sm")),
    ]


def _field(name: str, control: Component, *, wide: bool = False) -> html.Label:
    return html.Label([html.Span(name), control], className="field field--wide" if wide else "field")


def _number(field: str) -> dbc.Input:
    return dbc.Input(id=field, type="number", min=0, max=100, step=0.1, debounce=True, size="sm")


def _order(sort: str, way: str, words: Words) -> str:
    name = {
        "index": words("Index"),
        "change": words("Change"),
        "due": words("Due"),
        "entered": words("In grade since"),
        "probability": words("Learned probability"),
        "name": words("Name"),
    }[sort]
    return f"{name} {'↓' if way == 'down' else '↑'}"


def _grid(words: Words) -> dag.AgGrid:
    number: dict[str, Any] = {"type": "rightAligned"}
    two = {"cellRenderer": "SmokeTwoLines"}
    large, small = {"sortingOrder": ["desc", "asc"]}, {"sortingOrder": ["asc", "desc"]}
    columns: list[dict[str, Any]] = [
        {"field": "grade", "headerName": words("Grade"), "width": 84, "cellRenderer": "SmokeGrade"},
        {"field": "index", "headerName": words("Index"), "width": 88, "initialSort": "desc", **number, **large},
        {"field": "change", "headerName": words("Week"), "width": 88, **number, **large},
        {"field": "name", "headerName": words("Enterprise"), "flex": 3, "minWidth": 220, **two, **small},
        {"field": "type", "headerName": words("Leading type"), "width": 136},
        {
            "field": "reasons",
            "headerName": words("Top reasons"),
            "flex": 4,
            "minWidth": 270,
            "cellRenderer": "SmokeChips",
        },
        {"field": "owner", "headerName": words("Owner"), "flex": 2, "minWidth": 130, **two},
        {"field": "due", "headerName": words("Due"), "width": 124, **two, **small},
        {"field": "state", "headerName": words("State"), "width": 116, **two},
        {"field": "entered", "headerName": words("In grade since"), "width": 116, **large},
        {"field": "probability", "headerName": words("Learned"), "width": 104, **number, **large},
    ]
    return dag.AgGrid(
        id=GRID,
        rowModelType="infinite",
        columnDefs=[{**column, "sortable": column["field"] in SORTS} for column in columns],
        getRowId="params.data.uscc",
        defaultColDef={"resizable": True, "suppressHeaderMenuButton": True},
        dashGridOptions=_options(words),
        eventListeners={
            "cellKeyDown": ["smokeChoose(params)"],
            "rowDoubleClicked": ["smokeOpen(params)"],
            "sortChanged": ["smokeSort(params)"],
        },
        className="ag-theme-quartz grid",
        style={"height": "100%"},
    )


def _options(words: Words) -> dict[str, Any]:
    return {
        "headerHeight": 34,
        "rowHeight": 46,
        "cacheBlockSize": BLOCK,
        "maxConcurrentDatasourceRequests": 1,
        "blockLoadDebounceMillis": 80,
        "infiniteInitialRowCount": 1,
        "rowSelection": {"mode": "multiRow", "enableClickSelection": True, "headerCheckbox": False},
        "selectionColumnDef": {"width": 40, "resizable": False},
        "suppressCellFocus": False,
        "localeText": {
            "noRowsToShow": words("Nothing to list"),
            "loadingOoo": words("Loading"),
            "ariaRowToggleSelection": words("Space chooses or lets go of the row"),
            "ariaRowSelect": words("Space chooses the row"),
            "ariaRowDeselect": words("Space lets go of the row"),
            "ariaChecked": words("chosen"),
            "ariaUnchecked": words("not chosen"),
            "ariaIndeterminate": words("not chosen"),
        },
    }


def _acts(words: Words) -> html.Div:
    """Return what can be done about the chosen warnings; shown to those who may."""
    return html.Div(
        [
            html.Div(
                [
                    html.Label(
                        [html.Span(words("Assign to")), dbc.Select(id=ASSIGNEE, options=[], value="nobody", size="sm")],
                        className="field",
                    ),
                    html.Button(words("Assign"), id=ASSIGN, className="button"),
                ],
                className="watchlist__line",
            ),
            html.Label(
                [html.Span(words("Reason")), dbc.Textarea(id=REASON, rows=2, maxlength=500, size="sm")],
                className="field",
            ),
            html.Div(
                [
                    html.Button(words("Acknowledge"), id=ACKNOWLEDGE, className="button button--first"),
                    html.Button(words("Dismiss"), id=DISMISS, className="button"),
                    html.Button(words("Open a case"), id=CASE, className="button"),
                    html.Button(words("Reopen"), id=REOPEN, className="button"),
                ],
                className="watchlist__buttons",
            ),
        ],
        id=ACTS,
        className="watchlist__acts",
        hidden=True,
    )


def _lists(words: Words) -> html.Details:
    """Return the form that puts an enterprise on a list or takes it off; shown to those who may."""
    note = words("White holds all warnings back, grey all but red ones. It takes effect with the next generation.")
    return html.Details(
        [
            html.Summary(words("White and grey lists")),
            html.P(note, className="is-dim"),
            html.Div(_entry(words), className="watchlist__pair"),
            html.Label(
                [html.Span(words("Explanation")), dbc.Textarea(id=LIST_TEXT, rows=2, maxlength=400, size="sm")],
                className="field",
            ),
            html.Div(
                [
                    html.Button(words("Put on the list"), id=LIST_ADD, className="button"),
                    html.Button(words("Take off the list"), id=LIST_END, className="button"),
                ],
                className="watchlist__buttons",
            ),
        ],
        id=LISTS,
        className="watchlist__lists",
        hidden=True,
    )


def _entry(words: Words) -> list[html.Label]:
    def choice(name: str, field: str, options: Sequence[tuple[str, str]]) -> html.Label:
        given = [{"value": value, "label": label} for value, label in options]
        return _field(name, dbc.Select(id=field, options=given, value=options[0][0], size="sm"))

    return [
        choice(words("List"), LIST_KIND, [(one, words.exemption(one)) for one in EXEMPTION_KINDS]),
        choice(
            words("Risk type"),
            LIST_TYPE,
            [(ANY, words("All types")), *((one, words.risk_type(one)) for one in RISK_TYPES)],
        ),
        choice(words("Why"), LIST_REASON, [(one, words.exemption_reason(one)) for one in EXEMPTION_REASONS]),
        choice(words("For how long"), LIST_UNTIL, [(str(days), words("%(n)s days", n=days)) for days in PERIODS]),
    ]
