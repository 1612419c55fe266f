"""Portrait: one enterprise; a leader reads the first line in ten seconds, an analyst the rest in ten minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from layouts import portrait_acts
from layouts.maps import area_layer, plane, points_layer
from layouts.panels import aria, loading, panel

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.i18n import Words

HEAD = "portrait--head"
STANDING = "portrait--standing"
WATERFALL = "portrait--waterfall"
WATERFALL_STATE = "portrait--waterfall-state"
PEERS = "portrait--peers"
CHANGES = "portrait--changes"
CHANGES_NOTE = "portrait--changes-note"
WAY_DOWN = "portrait--way-down"
HISTORY = "portrait--history"
HISTORY_STATE = "portrait--history-state"
LEARNED = "portrait--learned"
FILTERS = "portrait--filters"
EVIDENCE = "portrait--evidence"
EVIDENCE_NOTE = "portrait--evidence-note"
TIMELINE = "portrait--timeline"
TIES = "portrait--ties"
TIES_NOTE = "portrait--ties-note"
REGISTER = "portrait--register"
MAP = "portrait--map"
LAYER = "portrait--layer"
POINTS = "portrait--points"
MAP_NOTE = "portrait--map-note"
WORKBOOK = "portrait--workbook"
DOCUMENT = "portrait--document"
DOWNLOAD = "portrait--download"


def layout(words: Words) -> html.Div:
    """Return the skeleton."""
    return html.Div(
        [
            html.Section(
                [
                    html.Div(loading(words), id=HEAD),
                    html.Div(
                        [html.Div(id=STANDING), portrait_acts.form(words), _downloads(words)],
                        className="portrait__side",
                    ),
                ],
                className="panel portrait__head",
                **aria(label=words("Headline")),
            ),
            *_weighed(words),
            _evidence(words),
            panel(words("Timeline"), html.Div(loading(words), id=TIMELINE), area="portrait__timeline"),
            panel(
                words("Ties, one step around"),
                html.Div(loading(words), id=TIES),
                note=html.Span(id=TIES_NOTE),
                area="portrait__ties",
            ),
            _where(words),
            panel(words("Register"), html.Div(loading(words), id=REGISTER), area="portrait__register"),
        ],
        className="portrait",
    )


def _weighed(words: Words) -> list[html.Section]:
    """Return the panels that weigh: what it is made of, peers, changes, the way down, the history."""
    return [
        panel(
            words("What the index is made of"),
            [html.Div(loading(words), id=WATERFALL_STATE), _graph(WATERFALL)],
            note=words("points of 100; click a bar to see its evidence"),
            area="portrait__made",
        ),
        panel(
            words("Against its peers"),
            html.Div(loading(words), id=PEERS),
            note=words("points, among those with evidence"),
            area="portrait__peers",
        ),
        panel(
            words("What changed, and why"),
            html.Div(loading(words), id=CHANGES),
            note=html.Span(id=CHANGES_NOTE),
            area="portrait__changes",
        ),
        panel(
            words("Learned probability"),
            html.Div(loading(words), id=LEARNED),
            note=words("beside the index, not in it"),
            area="portrait__learned",
        ),
        panel(words("What would bring it down"), html.Div(loading(words), id=WAY_DOWN), area="portrait__down"),
        panel(
            words("The index by week"),
            [html.Div(loading(words), id=HISTORY_STATE), _graph(HISTORY)],
            note=words("0–100, dotted: thresholds; triangles: warnings; squares: cases; dots: weighty evidence"),
            area="portrait__history",
        ),
    ]


def _downloads(words: Words) -> html.Div:
    return html.Div(
        [
            html.Span(words("Dossier")),
            html.Button("PDF", id=DOCUMENT, className="button", **aria(label=words("Dossier as PDF"))),
            html.Button("XLSX", id=WORKBOOK, className="button", **aria(label=words("Dossier as workbook"))),
            dcc.Download(id=DOWNLOAD),
        ],
        className="portrait__downloads",
    )


def _graph(component_id: str) -> dcc.Graph:
    return dcc.Graph(
        id=component_id, responsive=True, config={"displayModeBar": False}, style={"height": "100%", "width": "100%"}
    )


def _evidence(words: Words) -> html.Section:
    body: list[Component] = [
        html.Nav(id=FILTERS, className="choice portrait__filters", **aria(label=words("Factors"))),
        html.Div(loading(words), id=EVIDENCE),
    ]
    return panel(words("Evidence"), body, note=html.Span(id=EVIDENCE_NOTE), area="portrait__evidence")


def _where(words: Words) -> html.Section:
    shown = html.Div(
        plane(MAP, [area_layer(LAYER), points_layer(POINTS)]),
        className="portrait__map",
        role="group",
        **aria(label=words("Map")),
    )
    return panel(words("Where it is"), shown, note=html.Span(id=MAP_NOTE), area="portrait__where")
