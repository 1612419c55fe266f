"""Cases: the pipeline of a region, its board and its list; the address says which, over what and of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_ag_grid as dag
import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.i18n.case_terms import CLOCK_WORDS, OUTCOME_WORDS, SOURCE_WORDS
from dashboard.queries.case_filters import ALL_PHASES, ENDED, OPEN, REACHES, SORTS
from dashboard.vocabulary import CASE_SOURCES, CLOCKS, GRADES, OUTCOMES, RISK_TYPES
from layouts import cases_pipeline
from layouts.cases_filters import NO_GRADE, grade_words, phase_words, reach_words
from layouts.cases_new import new_case
from layouts.filters import ANY, TEXT_LONGEST
from layouts.panels import aria, panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words

TABS = "cases--tabs"
VIEWS = "cases--views"
COUNTS = "cases--counts"
TITLE = "cases--title"
TEXT = "cases--text"
PHASE = "cases--phase"
CLOCK = "cases--clock"
TYPE = "cases--type"
GRADE = "cases--grade"
OUTCOME = "cases--outcome"
WHO = "cases--who"
SOURCE = "cases--source"
REACH = "cases--reach"
FROM = "cases--from"
TO = "cases--to"
SORT = "cases--sort"
FORM_OF = "cases--form-of"
WANTED = "cases--wanted"
DRAWN = "cases--drawn"
GRID = "cases--grid"
EXPORT = "cases--export"
DOWNLOAD = "cases--download"
PIPELINE = "cases--pipeline"
BOARD = "cases--board"
FILTERS = "cases--filters"
LIST = "cases--list"

FORM = {
    "text": TEXT,
    "phase": PHASE,
    "clock": CLOCK,
    "type": TYPE,
    "grade": GRADE,
    "outcome": OUTCOME,
    "who": WHO,
    "source": SOURCE,
    "reach": REACH,
    "from": FROM,
    "to": TO,
    "sort": SORT,
}
"""The form's fields by their names in the address."""
BLOCK = 100  # rows of one request


def layout(words: Words) -> html.Div:
    """Return the skeleton."""
    return html.Div(
        [
            *(dcc.Store(id=store) for store in (FORM_OF, WANTED, DRAWN)),
            dcc.Download(id=DOWNLOAD),
            html.Div(
                [
                    html.Nav(id=TABS, className="choice cases__tabs", **aria(label=words("Ways to look at cases"))),
                    html.Nav(id=VIEWS, className="choice", **aria(label=words("Ready-made filters"))),
                    html.Nav(id=cases_pipeline.PERIOD, className="choice", **aria(label=words("Period"))),
                    new_case(words),
                    html.Button(words("Export XLSX"), id=EXPORT, className="button"),
                ],
                className="cases__bar",
            ),
            html.Div(_form(words), id=FILTERS, className="cases__form", role="search", hidden=True),
            html.Div(cases_pipeline.pipeline_parts(words), id=PIPELINE, className="pipeline", hidden=True),
            html.Div(id=BOARD, className="board", hidden=True),
            html.Div(
                panel(words("Cases"), _grid(words), note=html.Div(id=COUNTS), area="cases__list", heading=TITLE),
                id=LIST,
                className="cases__frame",
                hidden=True,
            ),
        ],
        className="cases",
    )


def _form(words: Words) -> list[Component]:
    def choice(name: str, field: str, options: Sequence[tuple[str, str]]) -> html.Label:
        given = [{"label": words("All"), "value": ANY, "title": name}]
        given += [{"label": label, "value": value} for value, label in options]
        return _field(name, dbc.Select(id=field, options=given, value=ANY, size="sm"))

    def day(name: str, field: str) -> html.Label:
        return _field(name, dbc.Input(id=field, type="date", debounce=True, size="sm"))

    orders = [{"value": f"{one}.{way}", "label": _order(one, way, words)} for one in SORTS for way in ("up", "down")]
    return [
        _field(
            words("Number, name or credit code"),
            dbc.Input(id=TEXT, type="search", debounce=True, maxlength=TEXT_LONGEST, size="sm"),
            wide=True,
        ),
        choice(words("Phase"), PHASE, [(one, phase_words(one, words)) for one in (OPEN, ENDED, *ALL_PHASES)]),
        choice(words("Clock"), CLOCK, [(one, words.term(CLOCK_WORDS, one)) for one in CLOCKS]),
        choice(words("Risk type"), TYPE, [(one, words.risk_type(one)) for one in RISK_TYPES]),
        choice(words("Grade"), GRADE, [(one, grade_words(one, words)) for one in (*GRADES, NO_GRADE)]),
        choice(words("Outcome"), OUTCOME, [(one, words.term(OUTCOME_WORDS, one)) for one in OUTCOMES]),
        choice(words("In charge"), WHO, []),
        choice(words("Source"), SOURCE, [(one, words.term(SOURCE_WORDS, one)) for one in CASE_SOURCES]),
        choice(words("Place"), REACH, [(one, reach_words(one, words)) for one in REACHES]),
        day(words("Opened from"), FROM),
        day(words("to"), TO),
        _field(words("Order"), dbc.Select(id=SORT, options=orders, value="due.up", size="sm")),
    ]


def _field(name: str, control: Component, *, wide: bool = False) -> html.Label:
    return html.Label([html.Span(name), control], className="field field--wide" if wide else "field")


def _order(sort: str, way: str, words: Words) -> str:
    name = {
        "due": words("Due"),
        "opened": words("Opened"),
        "entered": words("In stage since"),
        "grade": words("Grade"),
        "name": words("Name"),
        "number": words("Number"),
    }[sort]
    return f"{name} {'↓' if way == 'down' else '↑'}"


def _grid(words: Words) -> dag.AgGrid:
    two = {"cellRenderer": "SmokeTwoLines"}
    large, small = {"sortingOrder": ["desc", "asc"]}, {"sortingOrder": ["asc", "desc"]}
    columns: list[dict[str, Any]] = [
        {"field": "grade", "headerName": words("Grade"), "width": 96, "cellRenderer": "SmokeGrade", **small},
        {"field": "name", "headerName": words("Enterprise and case"), "flex": 3, "minWidth": 240, **two, **small},
        {"field": "type", "headerName": words("Risk type"), "width": 144},
        {"field": "stage", "headerName": words("Stage"), "flex": 1, "minWidth": 168, **two},
        {"field": "owner", "headerName": words("Handled by"), "flex": 2, "minWidth": 170, **two},
        {"field": "due", "headerName": words("Due or ended"), "width": 164, "initialSort": "asc", **two, **small},
        {"field": "opened", "headerName": words("Opened"), "width": 116, **two, **large},
    ]
    return dag.AgGrid(
        id=GRID,
        rowModelType="infinite",
        columnDefs=[{**column, "sortable": column["field"] in SORTS} for column in columns],
        getRowId="params.data.number",
        defaultColDef={"resizable": True, "suppressHeaderMenuButton": True},
        dashGridOptions={
            "headerHeight": 34,
            "rowHeight": 46,
            "cacheBlockSize": BLOCK,
            "maxConcurrentDatasourceRequests": 1,
            "blockLoadDebounceMillis": 80,
            "infiniteInitialRowCount": 1,
            "localeText": {"noRowsToShow": words("Nothing to list"), "loadingOoo": words("Loading")},
        },
        eventListeners={
            "cellKeyDown": ["smokeEnter(params)"],
            "rowDoubleClicked": ["smokeOpen(params)"],
            "sortChanged": ["smokeSort(params)"],
        },
        className="ag-theme-quartz grid",
        style={"height": "100%"},
    )
