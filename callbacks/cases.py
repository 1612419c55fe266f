"""The wiring of the cases screen: the address says what is shown; the form, the links and the charts change it."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.actions.exports import Export, record_case_export
from dashboard.exports.cases import MOST, cases_workbook, cover_of
from dashboard.figures.theme import Look
from dashboard.queries.case_filters import SORTS, CasesAsked
from dashboard.queries.case_load import load_by_county, load_by_person
from dashboard.queries.case_pages import case_board, case_counts, case_page
from dashboard.queries.cases import pipeline
from dashboard.queries.people import handlers_of
from dashboard.services import reading
from layouts import cases, shell
from layouts.asked import block_in, column_of, order_in
from layouts.case_load import load_table
from layouts.cases_filters import case_filters_of, case_form_of, cases_in, cases_in_words, cases_search
from layouts.cases_links import clicked_code, search_behind
from layouts.cases_pipeline import (
    BACKLOG_NOTE,
    CHARTS,
    CLICKED,
    DEPARTMENTS,
    MOST_LOADED,
    PEOPLE,
    PERIOD,
    PLACES,
    PLACES_NOTE,
    STANDING,
    period_links,
    pipeline_figures,
    pipeline_notes,
    places_size,
    standing_table,
)
from layouts.cases_told import board_columns, case_record, count_links, tab_links, view_links, whose_options
from layouts.links import place_in

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.queries.case_pages import CaseCounts
    from dashboard.services import Reading, Services
    from layouts.cases_filters import CasesView

SECTIONS = {"pipeline": cases.PIPELINE, "board": cases.BOARD, "list": cases.LIST}
CARDS = 12  # of one column of the board
REFRESHED = {
    "tabs": Output(cases.TABS, "children"),
    "views": Output(cases.VIEWS, "children"),
    "counts": Output(cases.COUNTS, "children"),
    "title": Output(cases.TITLE, "children"),
    "hidden": {tab: Output(section, "hidden") for tab, section in SECTIONS.items()},
    "form_hidden": Output(cases.FILTERS, "hidden"),
    "export_hidden": Output(cases.EXPORT, "hidden"),
    "people": Output(cases.WHO, "options"),
    "form": {name: Output(field, "value") for name, field in cases.FORM.items()},
    "form_of": Output(cases.FORM_OF, "data"),
    "wanted": Output(cases.WANTED, "data"),
    "period": Output(PERIOD, "children"),
    "standing": Output(STANDING, "children"),
    "figures": {chart: Output(chart, "figure") for chart in CHARTS},
    "notes": {note: Output(note, "children") for note in (BACKLOG_NOTE, PLACES_NOTE)},
    "places_size": Output(PLACES, "style"),
    "departments": Output(DEPARTMENTS, "children"),
    "people_load": Output(PEOPLE, "children"),
    "board": Output(cases.BOARD, "children"),
}
FORM = {name: Input(field, "value") for name, field in cases.FORM.items()}
SEARCH = State(shell.LOCATION, "search")


def register(app: Dash, services: Services) -> None:
    """Wire the cases screen of one application."""
    _register_shown(app, services)
    _register_ways(app, services)
    app.clientside_callback(  # type: ignore[no-untyped-call] # Dash leaves this one untyped
        ClientsideFunction("smoke", "listAgain"), Output(cases.DRAWN, "data"), Input(cases.WANTED, "data")
    )


def _register_shown(app: Dash, services: Services) -> None:
    """Wire what is shown, and the file of what is listed."""

    @app.callback(
        output=REFRESHED,
        inputs={
            "moved": Input(shell.CLOCK, "data"),
            "search": Input(shell.LOCATION, "search"),
            "display": Input(shell.DISPLAY, "data"),
            "form_of_search": State(cases.FORM_OF, "data"),
        },
    )
    def refresh_cases(moved: object, search: Any, display: Any, form_of_search: object) -> dict[str, Any]:  # noqa: ANN401 - as a browser says
        with reading(services, Permission.CASE_READ) as read:
            told = _bars(read, search, moved, in_step=form_of_search == (search or ""))
            return told | _section(read, search, Look.of(display))

    @app.callback(Output(cases.GRID, "getRowsResponse"), Input(cases.GRID, "getRowsRequest"), SEARCH)
    def refresh_rows(request: object, search: str | None) -> dict[str, Any]:
        with reading(services, Permission.CASE_READ) as read:
            if request is None:
                raise PreventUpdate
            return _rows(read, search, request)

    @app.callback(Output(cases.DOWNLOAD, "data"), Input(cases.EXPORT, "n_clicks"), SEARCH, prevent_initial_call=True)
    def export_cases(clicks: object, search: str | None) -> dict[str, Any]:
        current_viewer().scope(Permission.CASE_READ)
        if not clicks:
            raise PreventUpdate
        with reading(services, Permission.CASE_READ) as read:
            return _export(read, search)


def _register_ways(app: Dash, services: Services) -> None:
    """Wire what changes the address: the form, and clicks on the marks of the charts."""

    @app.callback(
        Output(shell.LOCATION, "search", allow_duplicate=True),
        inputs={"form": FORM, "search": SEARCH, "form_of_search": State(cases.FORM_OF, "data")},
        prevent_initial_call=True,
    )
    def open_filters(form: dict[str, Any], search: str | None, form_of_search: object) -> str:
        current_viewer().scope(Permission.CASE_READ)
        if form_of_search != (search or ""):
            raise PreventUpdate  # the form still shows another address: it has nothing to say about this one
        return _searched(form, search, services)

    @app.callback(
        Output(shell.LOCATION, "search", allow_duplicate=True),
        inputs={"clicks": {chart: Input(chart, "clickData") for chart in CLICKED}, "search": SEARCH},
        prevent_initial_call=True,
    )
    def open_list(clicks: dict[str, Any], search: str | None) -> str:
        viewer = current_viewer()
        viewer.scope(Permission.CASE_READ)
        clicked = clicks.get(str(ctx.triggered_id))
        code = clicked_code(clicked) if clicked else ""
        if not code:
            raise PreventUpdate
        region = place_in(search, viewer, services.settings).region
        return search_behind(code, region, cases_in(search), clock.today(services.settings.timezone))


def _asked(read: Reading, search: str | None) -> tuple[CasesAsked, CasesView]:
    settings, view = read.services.settings, cases_in(search)
    region = place_in(search, read.viewer, settings).region
    today = clock.today(settings.timezone)
    return CasesAsked(region, view.filters, today, read.viewer.id, read.viewer.home_region), view


def _counts(read: Reading, asked: CasesAsked) -> CaseCounts:
    key = cases_search(asked.region, replace(cases_in(""), filters=asked.filters))
    return read.until_changed(
        "cases.counts", (key, asked.viewer_id), lambda: case_counts(read.session, read.scope, asked)
    )


def _bars(read: Reading, search: str | None, moved: object, *, in_step: bool) -> dict[str, Any]:
    """Return what stands above the tabs' bodies, and for the form its values where it shows another address."""
    (asked, view), words = _asked(read, search), read.words
    form, pipe = case_form_of(asked.filters), view.tab == "pipeline"
    people = whose_options(handlers_of(read.session, read.scope, asked.region), words)
    order = column_of(asked.filters)
    return {
        "tabs": tab_links(asked.region, view, words),
        "views": [] if pipe else view_links(asked.region, view, words),
        "hidden": {tab: tab != view.tab for tab in SECTIONS},
        "form_hidden": pipe,
        "export_hidden": pipe,
        "people": people,
        "form": {name: no_update if in_step else form[name] for name in cases.FORM},
        "form_of": search or "",
        "wanted": {"grid": cases.GRID, "search": search or "", "moved": moved, "order": order},
    }


def _section(read: Reading, search: str | None, look: Look) -> dict[str, Any]:
    """Return the body of the tab that is shown, and nothing of the others."""
    asked, view = _asked(read, search)
    kept = {"figures": dict.fromkeys(CHARTS, no_update), "notes": {BACKLOG_NOTE: no_update, PLACES_NOTE: no_update}}
    names = ("standing", "places_size", "departments", "people_load", "board", "counts", "title")
    told: dict[str, Any] = dict.fromkeys(names, no_update) | {"period": []}
    if view.tab == "pipeline":
        return told | _pipeline(read, asked, view, look)
    counts = _counts(read, asked)
    if view.tab == "board":
        columns = case_board(read.session, read.scope, asked, CARDS)
        board = board_columns(asked.region, view, columns, counts, (asked.today, read.words))
        return kept | told | {"board": board}
    title = cases_in_words(asked.filters, read.words, _whom(read, asked))
    return kept | told | {"counts": count_links(asked.region, view, counts, read.words), "title": title}


def _pipeline(read: Reading, asked: CasesAsked, view: CasesView, look: Look) -> dict[str, Any]:
    found = read.until_changed(
        "cases.pipeline",
        (asked.region, view.weeks),
        lambda: pipeline(read.session, read.scope, asked.region, asked.today, view.weeks),
    )
    return {
        "period": period_links(asked.region, view, read.words),
        "standing": standing_table(found, asked.region, view, read.words),
        "figures": pipeline_figures(found, asked.region, read.words, look),
        "notes": pipeline_notes(found, asked.region, read.words),
        "places_size": places_size(found, asked.region),
        **_load(read, asked),
    }


def _load(read: Reading, asked: CasesAsked) -> dict[str, Any]:
    """Return what waits with departments and with people, the latest of them."""
    rows = read.until_changed(
        "cases.load",
        (asked.region,),
        lambda: (
            load_by_county(read.session, read.scope, asked.region, asked.today)[:MOST_LOADED],
            load_by_person(read.session, read.scope, asked.region, asked.today)[:MOST_LOADED],
        ),
    )
    region = asked.region
    return {
        "departments": load_table(rows[0], region, read.words),
        "people_load": load_table(rows[1], region, read.words),
    }


def _rows(read: Reading, search: str | None, request: object) -> dict[str, Any]:
    """Return one block of rows; a click on a column's head is ahead of the address by one answer."""
    asked, view = _asked(read, search)
    asked, block = asked.ordered(order_in(request, SORTS)), block_in(request)
    if view.tab != "list":
        return {"rowData": [], "rowCount": 0}  # the list is out of sight, and asks again when it is not
    rows = case_page(read.session, read.scope, asked, *block)
    total = _counts(read, asked).total
    return {"rowData": [case_record(row, asked.today, read.words) for row in rows], "rowCount": total}


def _searched(form: dict[str, Any], search: str | None, services: Services) -> str:
    """Return the address of what the form says, over the same region and tab."""
    region = place_in(search, current_viewer(), services.settings).region
    before = cases_in(search)
    given = case_filters_of({name: "" if value is None else str(value) for name, value in form.items()})
    kept = {name: getattr(before.filters, name) for name in ("reached", "step", "stay")}
    wanted = replace(given, **kept)
    if wanted == before.filters:
        raise PreventUpdate
    return cases_search(region, replace(before, filters=wanted))


def _whom(read: Reading, asked: CasesAsked) -> str:
    """Return the words of whose cases are asked for."""
    who = asked.filters.who
    people = whose_options(handlers_of(read.session, read.scope, asked.region), read.words) if who else []
    return next((one["label"] for one in people if one["value"] == who), who)


def _export(read: Reading, search: str | None) -> dict[str, Any]:
    """Return the workbook of what is listed, once it is on record who takes it."""
    (asked, _view), words, zone = _asked(read, search), read.words, read.services.settings.timezone
    rows = case_page(read.session, read.scope, asked, 0, MOST)
    total = _counts(read, asked).total
    record_case_export(
        read.session, read.viewer, Export(read.live.generation, asked.region, search or "", len(rows)), clock.now()
    )
    told = cases_in_words(asked.filters, words, _whom(read, asked))
    cover = cover_of(read.viewer, (asked.region, told), clock.local(clock.now(), zone), words)
    content = base64.b64encode(cases_workbook(rows, total, cover, words)).decode()
    return {"content": content, "filename": f"cases-{asked.region}-{asked.today:%Y%m%d}.xlsx", "base64": True}
