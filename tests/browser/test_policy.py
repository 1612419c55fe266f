"""The content security policy, in a real browser: what the screens are made of runs under it without one complaint."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import dash_ag_grid as dag
import dash_bootstrap_components as dbc
import dash_leaflet as dl
import plotly.graph_objects as go
import pytest
from dash import Dash, Input, Output, dcc, html
from flask import Flask, Response, jsonify
from playwright.sync_api import expect
from werkzeug.serving import WSGIRequestHandler, make_server

from dashboard.access.gate import CSRF_COOKIE, CSRF_HEADER, install_gate
from tests.builders import LEADER, PASSWORD, make_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.settings import Settings

SQUARE = {"type": "Polygon", "coordinates": [[[100, 30], [110, 30], [110, 40], [100, 40], [100, 30]]]}


@pytest.fixture
def address(sqlite_sessions: sessionmaker[Session], settings: Settings) -> Iterator[str]:
    """Serve a page with one of everything that the screens use; yield its address."""
    with sqlite_sessions() as session:
        make_account(session, LEADER)
    server = Flask("policy")
    kind: Any = server  # Dash's annotation knows no Flask
    app = Dash("policy", server=kind, csrf_token_name=CSRF_COOKIE, csrf_header_name=CSRF_HEADER)
    app.layout = html.Div(
        [
            dcc.Location(id="place"),
            dcc.Store(id="store"),
            dcc.Dropdown(["a", "b"], "a", id="choice"),
            dcc.Tooltip(id="tip"),
            dbc.Button("press", id="button"),
            dcc.Graph(id="graph", figure=go.Figure(go.Bar(y=[1, 2, 3])), style={"height": 300}),
            dl.Map(
                [dl.GeoJSON(url="/square.json", id="areas"), dl.ScaleControl(), dl.Marker(position=[35, 105])],
                center=[35, 105],
                zoom=4,
                style={"height": 300},
                id="map",
            ),
            dag.AgGrid(
                id="grid",
                rowData=[{"name": "甲", "index": 81.5}, {"name": "乙", "index": 12}],
                columnDefs=[{"field": "name"}, {"field": "index", "filter": "agNumberColumnFilter"}],
            ),
            html.P(id="answer"),
            html.P(id="echo"),
        ]
    )
    clientside: Any = app.clientside_callback  # without types
    clientside("n => `pressed ${n}`", Output("echo", "children"), Input("button", "n_clicks"))

    @app.callback(Output("answer", "children"), Input("choice", "value"))
    def answer(value: str) -> str:
        return f"chosen {value}"

    @server.get("/square.json")
    def square() -> Response:
        return jsonify({"type": "Feature", "geometry": SQUARE, "properties": {}})

    install_gate(
        server,
        sessions=sqlite_sessions,
        settings=settings,
        callback_permission=lambda _component: None,
        csp_script_hashes=lambda: list(app.csp_hashes()),
    )
    listening = make_server("127.0.0.1", 0, server, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    thread.join()
    listening.server_close()


class Quiet(WSGIRequestHandler):
    """A handler that keeps its requests to itself."""

    def log_request(self, *_: object, **__: object) -> None:
        """Say nothing."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Yield a page that shows everything at once."""
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    yield page
    page.close()


@pytest.mark.browser
def test_the_policy_lets_the_screens_work_without_a_complaint(address: str, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.extend([message.text] * (message.type in {"error", "warning"})))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.fill("#username", "leader")
    page.fill("#password", PASSWORD)
    page.click("button")
    expect(page.locator("#answer")).to_have_text("chosen a")
    expect(page.locator("#graph .bars path").first).to_be_visible()
    expect(page.locator("#map path.leaflet-interactive")).to_be_visible()
    expect(page.locator("#grid .ag-cell").first).to_have_text("甲")
    page.click("#button")
    expect(page.locator("#echo")).to_have_text("pressed 1")
    page.locator("#graph").hover()
    page.wait_for_load_state("networkidle")
    assert complaints == []
