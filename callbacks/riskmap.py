"""The risk map's wiring: the address says what is shown; clicks and choices change the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State
from dash.exceptions import PreventUpdate

from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.figures.theme import Look
from dashboard.queries.regions import regions_now, towns_now
from dashboard.queries.watchlist import enterprises_in
from dashboard.services import reading
from geo.codes import NATION, level_of
from geo.views import view_of
from layouts import riskmap, shell
from layouts.links import area_clicked, place_in
from layouts.maps import hideout, layer_url, legend, ramp_of
from layouts.panels import measure_words

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.queries.regions import RegionNow
    from dashboard.services import Reading, Services
    from layouts.links import Place

OUTPUT = {
    "measures": Output(riskmap.MEASURES, "children"),
    "grains": Output(riskmap.GRAINS, "children"),
    "url": Output(riskmap.LAYER, "url"),
    "hideout": Output(riskmap.LAYER, "hideout"),
    "legend": Output(riskmap.LEGEND, "children"),
    "inset_hidden": Output(riskmap.INSET, "hidden"),
    "side_title": Output(riskmap.SIDE_TITLE, "children"),
    "side_note": Output(riskmap.SIDE_NOTE, "children"),
    "side": Output(riskmap.SIDE, "children"),
    "list_hidden": Output(riskmap.LIST, "hidden"),
    "list_note": Output(riskmap.LIST_NOTE, "children"),
    "grid": Output(riskmap.GRID, "rowData"),
    "points": Output(riskmap.POINTS, "data"),
}
INPUT = {
    "_moved": Input(shell.CLOCK, "data"),
    "search": Input(shell.LOCATION, "search"),
    "display": Input(shell.DISPLAY, "data"),
    "pathname": State(shell.LOCATION, "pathname"),
}
LOCAL = frozenset({"county", "town"})  # regions small enough to list their enterprises
NO_POINTS: dict[str, Any] = {"type": "FeatureCollection", "features": []}


def register(app: Dash, services: Services) -> None:
    """Wire the risk map of one application."""

    @app.callback(output=OUTPUT, inputs=INPUT)
    def refresh_riskmap(
        _moved: object, search: str | None, display: dict[str, Any] | None, pathname: str | None
    ) -> dict[str, Any]:
        with reading(services, Permission.RISKMAP_READ) as read:
            place = place_in(search, read.viewer, services.settings)
            return _areas(read, place, Look.of(display), pathname or "") | _enterprises(read, place)

    @app.callback(
        Output(shell.LOCATION, "search", allow_duplicate=True),
        Input(riskmap.LAYER, "n_clicks"),
        State(riskmap.LAYER, "clickData"),
        State(shell.LOCATION, "search"),
        prevent_initial_call=True,
    )
    def open_area(_clicks: int, feature: dict[str, Any] | None, search: str | None) -> str:
        viewer = current_viewer()
        place = place_in(search, viewer, services.settings)
        wanted = area_clicked(feature, place, viewer.scope(Permission.RISKMAP_READ))
        if wanted is None:
            raise PreventUpdate
        return wanted.search


def _areas(read: Reading, place: Place, look: Look, pathname: str) -> dict[str, Any]:
    """Return map, legend and ranking; a county keeps its surroundings on the map and ranks its towns."""
    words, view = read.words, view_of(place.region, place.grain)
    rows = read.rows(regions_now, place.region, place.grain)
    local = level_of(place.region) in LOCAL
    ranked: list[RegionNow] = read.rows(towns_now, place.region) if local else rows
    ramp = ramp_of(rows, place.measure, look)
    name, unit = measure_words(place.measure, words)
    cut = words("by %(level)s", level=words.level("town" if local else view.level))
    return {
        "measures": riskmap.measure_links(place, words, pathname),
        "grains": riskmap.grain_links(place, words, pathname),
        "url": layer_url(view.layer),
        "hideout": hideout(rows, view, place.measure, words, ramp),
        "legend": legend(ramp, place.measure, words),
        "inset_hidden": place.region != NATION,
        "side_title": f"{name} · {cut}",
        "side_note": unit,
        "side": riskmap.ranking(ranked, place, ramp_of(ranked, place.measure, look), words, pathname),
    }


def _enterprises(read: Reading, place: Place) -> dict[str, Any]:
    """Return a county's enterprises as list and points, for those who may read names."""
    if level_of(place.region) not in LOCAL or not read.viewer.may(Permission.ENTERPRISE_READ):
        return {"list_hidden": True, "list_note": "", "grid": [], "points": NO_POINTS}
    found = read.rows(enterprises_in, place.region, riskmap.MOST_LISTED)
    note = read.words("highest %(shown)s of %(total)s listed", shown=len(found.rows), total=found.total)
    return {
        "list_hidden": False,
        "list_note": note,
        "grid": riskmap.enterprise_records(found, read.words, portraits=read.viewer.may(Permission.PORTRAIT_READ)),
        "points": riskmap.enterprise_points(found, read.words),
    }
