"""The wiring of networks: the address says what is shown; a click on a party changes the address."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, dcc
from dash.exceptions import PreventUpdate

from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.actions.networks import record_network
from dashboard.clock import now
from dashboard.errors import NotFound
from dashboard.exports.network import network_workbook
from dashboard.figures.network import network_elements, network_stylesheet
from dashboard.figures.theme import Look
from dashboard.queries.communities import communities_in, community_of
from dashboard.queries.network import network_around, network_of_community, path_between
from dashboard.queries.search import enterprises_like
from dashboard.services import reading
from layouts import network, shell
from layouts import network_parts as parts
from layouts.links import place_in
from layouts.network_view import View, view_in

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.models.network import Net
    from dashboard.services import Reading, Services

OUTPUT = {
    "picture_class": Output(network.PICTURE, "className"),
    "list_hidden": Output(network.LIST, "hidden"),
    "title": Output(network.TITLE, "children"),
    "note": Output(network.NOTE, "children"),
    "filters": Output(network.FILTERS, "children"),
    "elements": Output(network.GRAPH, "elements"),
    "stylesheet": Output(network.GRAPH, "stylesheet"),
    "side": Output(network.SIDE, "children"),
    "summary": Output(network.SUMMARY, "children"),
    "communities": Output(network.COMMUNITIES, "rowData"),
    "communities_note": Output(network.COMMUNITIES_NOTE, "children"),
}
INPUT = {
    "_moved": Input(shell.CLOCK, "data"),
    "search": Input(shell.LOCATION, "search"),
    "display": Input(shell.DISPLAY, "data"),
}
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("title", "note", "summary", "communities_note"), ""),
    **{part: [] for part in ("filters", "elements", "side", "communities")},
}


def register(app: Dash, services: Services) -> None:
    """Wire the screen of one application."""

    @app.callback(output=OUTPUT, inputs=INPUT)
    def refresh_network(_moved: object, search: str | None, display: dict[str, Any] | None) -> dict[str, Any]:
        with reading(services, Permission.PORTRAIT_READ) as read:
            view, look = view_in(search), {"stylesheet": network_stylesheet(Look.of(display))}
            if not view.node and view.community is None:
                return NOTHING | look | _listed(read, search)
            return NOTHING | look | _drawn(read, view)

    @app.callback(
        Output(shell.LOCATION, "search", allow_duplicate=True),
        Input(network.GRAPH, "tapNodeData"),
        State(shell.LOCATION, "search"),
        prevent_initial_call=True,
    )
    def open_party(tapped: dict[str, Any] | None, search: str | None) -> str:
        current_viewer().scope(Permission.PORTRAIT_READ)
        view = view_in(search)
        if not isinstance(tapped, dict) or tapped.get("id") in {None, view.chosen}:
            raise PreventUpdate
        return replace(view, chosen=str(tapped["id"])).search

    @app.callback(Output(network.TARGETS, "children"), Input(network.TARGET, "value"), State(shell.LOCATION, "search"))
    def refresh_targets(text: str | None, search: str | None) -> Any:  # noqa: ANN401 - components
        with reading(services, Permission.PORTRAIT_READ) as read:
            if not text:
                return []
            return _targets(read, text, view_in(search))

    _register_exports(app, services)


def _register_exports(app: Dash, services: Services) -> None:
    @app.callback(
        Output(network.GRAPH, "generateImage"),
        Input(network.SAVE_PICTURE, "n_clicks"),
        State(shell.DISPLAY, "data"),
        prevent_initial_call=True,
    )
    def export_picture(clicks: int | None, display: dict[str, Any] | None) -> dict[str, Any]:
        if not clicks:
            raise PreventUpdate
        options = {"full": True, "scale": 2, "bg": Look.of(display).palette.panel}
        return {"type": "png", "action": "download", "filename": "network", "options": options}

    @app.callback(
        Output(network.DOWNLOAD, "data"),
        Input(network.SAVE_LIST, "n_clicks"),
        State(shell.LOCATION, "search"),
        prevent_initial_call=True,
    )
    def export_list(clicks: int | None, search: str | None) -> dict[str, Any]:
        with reading(services, Permission.PORTRAIT_READ) as read:
            view = view_in(search)
            if not clicks or not (view.node or view.community is not None):
                raise PreventUpdate
            return _workbook(read, view)


def _targets(read: Reading, text: str, view: View) -> Component:
    try:
        found = enterprises_like(read.population, read.scope, text, network.MOST_TARGETS)
    except NotFound:  # the generation was published without an index
        found = []
    return parts.targets(found, view, read.words)


def _net(read: Reading, view: View, most: int) -> Net:
    """Return what a view shows: the way asked for, a party's surroundings, or a community."""
    population, scope = read.population, read.scope
    if view.node and view.to:
        return path_between(population, scope, view.node, view.to, view.filter, hubs=view.hubs)
    if view.node:
        return network_around(population, scope, view.node, view.opened, view.filter, most)
    return network_of_community(population, scope, view.community or 0, view.filter, most)


def _drawn(read: Reading, view: View) -> dict[str, Any]:
    """Return the picture and what stands beside it."""
    words, net = read.words, _net(read, view, network.DRAWN)
    by_id = {party.node: party for party in net.parties}
    at = by_id.get(view.chosen) or by_id.get(view.node) or next(iter(net.parties), None)
    texts = parts.texts_of(net, words)
    found = None if view.community is None else read.rows(community_of, view.community)
    chosen = at.node if at else ""
    apart = bool(view.to) and view.to != view.node and not net.ties
    return {
        "picture_class": network.SHOWN,
        "list_hidden": True,
        "title": parts.title(view, texts, words),
        "note": parts.note(net, view, words),
        "filters": parts.filters(view, read.live.as_of, words),
        "elements": network_elements(net, words, start=view.node, chosen=chosen, texts=texts, in_line=bool(view.to)),
        "side": parts.no_way(words) if apart or not at else parts.chosen(at, net, view, words),
        "summary": "" if view.community is None else parts.summary(found, words),
    }


def _listed(read: Reading, search: str | None) -> dict[str, Any]:
    """Return the communities of the region."""
    place = place_in(search, read.viewer, read.services.settings)
    total, found = read.rows(communities_in, place.region, network.MOST_COMMUNITIES)
    note = read.words("%(shown)s of %(total)s", shown=len(found), total=read.words.number(total))
    return {
        "picture_class": network.AWAY,
        "list_hidden": False,
        "communities": parts.communities(found, read.words),
        "communities_note": note,
    }


def _workbook(read: Reading, view: View) -> dict[str, Any]:
    """Return the list of a view as a file, and put on record who took it."""
    net, at = _net(read, view, network.LISTED), now()
    subject = view.node or f"community {view.community}"
    record_network(read.session, read.viewer, subject, read.live.generation, len(net.parties), at)
    content = network_workbook(net, parts.texts_of(net, read.words), read.words, read.live, by=read.viewer.name, at=at)
    name = f"network-{read.live.generation}.xlsx"
    sent: dict[str, Any] = dcc.send_bytes(content, name)  # type: ignore[attr-defined, no-untyped-call] # Dash leaves it untyped
    return sent
