"""The overview's wiring: one refresh, one generation, all panels."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dash import Input, Output, State
from dash.exceptions import PreventUpdate

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.figures.theme import Look
from dashboard.figures.warnings import weekly_warnings_line
from dashboard.queries.cases import case_glance
from dashboard.queries.regions import region_series, regions_now
from dashboard.queries.warnings import newest_warnings
from dashboard.queries.watchlist import graded_by_type
from dashboard.services import reading
from geo.codes import NATION
from geo.views import view_of
from layouts import overview, shell
from layouts.links import area_clicked, place_in
from layouts.maps import hideout, layer_url, legend, ramp_of
from layouts.overview_cases import cases_funnel, cases_note
from layouts.panels import measure_words, state

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.services import Reading, Services
    from layouts.links import Place

OUTPUT = {
    "kpi": Output(overview.KPI, "children"),
    "newest": Output(overview.NEWEST, "children"),
    "newest_note": Output(overview.NEWEST_NOTE, "children"),
    "url": Output(overview.LAYER, "url"),
    "hideout": Output(overview.LAYER, "hideout"),
    "map_title": Output(overview.MAP_TITLE, "children"),
    "map_note": Output(overview.MAP_NOTE, "children"),
    "legend": Output(overview.LEGEND, "children"),
    "inset_hidden": Output(overview.INSET, "hidden"),
    "ranking": Output(overview.RANKING, "children"),
    "types": Output(overview.TYPES, "children"),
    "cases": Output(overview.CASES, "children"),
    "cases_note": Output(overview.CASES_NOTE, "children"),
    "trend": Output(overview.TREND, "figure"),
    "trend_state": Output(overview.TREND_STATE, "children"),
    "trend_note": Output(overview.TREND_NOTE, "children"),
}
INPUT = {
    "_moved": Input(shell.CLOCK, "data"),
    "search": Input(shell.LOCATION, "search"),
    "display": Input(shell.DISPLAY, "data"),
}


def register(app: Dash, services: Services) -> None:
    """Wire the overview of one application."""

    @app.callback(output=OUTPUT, inputs=INPUT)
    def refresh_overview(_moved: object, search: str | None, display: dict[str, Any] | None) -> dict[str, Any]:
        with reading(services, Permission.OVERVIEW_READ) as read:
            place, look = place_in(search, read.viewer, services.settings), Look.of(display)
            return _figures(read, place, look) | _map(read, place, look) | _newest(read, place) | _cases(read, place)

    @app.callback(
        Output(shell.LOCATION, "search", allow_duplicate=True),
        Input(overview.LAYER, "n_clicks"),
        State(overview.LAYER, "clickData"),
        State(shell.LOCATION, "search"),
        prevent_initial_call=True,
    )
    def open_area(_clicks: int, feature: dict[str, Any] | None, search: str | None) -> str:
        viewer = current_viewer()
        place = place_in(search, viewer, services.settings)
        wanted = area_clicked(feature, place, viewer.scope(Permission.OVERVIEW_READ))
        if wanted is None:
            raise PreventUpdate
        return wanted.search


def _figures(read: Reading, place: Place, look: Look) -> dict[str, Any]:
    """Return the counts and the trend, both from the region's own weeks."""
    series = read.rows(region_series, place.region)
    words = read.words
    bounded = any(week.upper is not None for week in series)
    running = bool(series) and series[-1].week_on + timedelta(days=6) > read.live.as_of
    return {
        "kpi": overview.kpi_cards(series, place, words, look),
        "types": overview.types_table(read.rows(graded_by_type, place.region), words),
        "trend": weekly_warnings_line(series, running=running, words=words, look=look),
        "trend_state": "" if series else state("none", words("No data for this area")),
        "trend_note": words("▲ above the bound") if bounded else words("Too little data for a bound"),
    }


def _map(read: Reading, place: Place, look: Look) -> dict[str, Any]:
    """Return the map, its legend and the ranking, all from the same rows."""
    region = place.region
    grain = NATIONAL_GRAIN if region == NATION else ""
    rows, view, words = read.rows(regions_now, region, grain), view_of(region, grain), read.words
    ramp = ramp_of(rows, "mean", look)
    name, unit = measure_words("mean", words)
    cut = words("by %(level)s", level=words.level(view.level))
    return {
        "url": layer_url(view.layer),
        "hideout": hideout(rows, view, "mean", words, ramp),
        "map_title": f"{name} · {cut}",
        "map_note": unit,
        "legend": legend(ramp, "mean", words),
        "inset_hidden": region != NATION,
        "ranking": overview.ranking_list(rows, place, words),
    }


def _newest(read: Reading, place: Place) -> dict[str, Any]:
    """Return the newest warnings, for those who may read names."""
    if not read.viewer.may(Permission.ENTERPRISE_READ):
        return {"newest": overview.newest_list(None, read.words), "newest_note": ""}
    found = read.rows(newest_warnings, place.region, overview.MOST_NEWEST)
    portraits = read.viewer.may(Permission.PORTRAIT_READ)
    note = read.words("last 7 days · %(n)s in all", n=read.words.number(found.recent))
    return {"newest": overview.newest_list(found, read.words, portraits=portraits), "newest_note": note}


def _cases(read: Reading, place: Place) -> dict[str, Any]:
    """Return the cases in numbers, which need no permission on cases; only the lists behind them do."""
    today = clock.today(read.services.settings.timezone)
    glance = read.until_changed(
        "cases.glance", (place.region,), lambda: case_glance(read.session, read.scope, place.region, today)
    )
    lists = read.viewer.may(Permission.CASE_READ)
    return {
        "cases": cases_funnel(glance, place.region, read.words, lists=lists),
        "cases_note": cases_note(glance, place.region, read.words, lists=lists),
    }


NATIONAL_GRAIN = "city"
"""A wall shows the nation by cities: provinces hide too much, counties cannot be told apart from six metres."""
