"""Networks: who is tied to whom, from one party or one community, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_cytoscape as cyto
from dash import dcc, html
from dash._callback import GLOBAL_CALLBACK_LIST, GLOBAL_CALLBACK_MAP

from dashboard.queries.search import LONGEST
from layouts.panels import aria, grid, loading, panel, written

if TYPE_CHECKING:
    from dash.development.base_component import Component
    from dash_ag_grid import AgGrid

    from dashboard.i18n import Words

# Importing dash_cytoscape registers callbacks of its Leaflet companion, which we never render, for whatever application
# comes first. The house registers its own on an application, so nothing of ours is lost.
GLOBAL_CALLBACK_LIST.clear()
GLOBAL_CALLBACK_MAP.clear()

PICTURE = "network--picture"
GRAPH = "network--graph"
TITLE = "network--title"
NOTE = "network--note"
FILTERS = "network--filters"
SIDE = "network--side"
SUMMARY = "network--summary"
TARGET = "network--target"
TARGETS = "network--targets"
LIST = "network--list"
COMMUNITIES = "network--communities"
COMMUNITIES_NOTE = "network--communities-note"
SAVE_PICTURE = "network--save-picture"
SAVE_LIST = "network--save-list"
DOWNLOAD = "network--download"

SHOWN = "network__split"
AWAY = "network__split is-away"  # out of sight, yet as large as it will be: Cytoscape measures its ground only once
DRAWN = 300  # parties: more than that nobody reads in a picture
LISTED = 2000  # parties that the workbook takes along
MOST_COMMUNITIES = 200
MOST_TARGETS = 6
DEBOUNCE = 0.2  # seconds, as in the header's search


def layout(words: Words) -> html.Div:
    """Return the skeleton: a picture with what stands beside it, and a list instead where nobody was chosen."""
    return html.Div(
        [
            html.Div(
                [
                    panel("", _picture(words), note=html.Span(id=NOTE), area="network__picture", heading=TITLE),
                    html.Div(_side(words), className="network__side"),
                ],
                id=PICTURE,
                className=AWAY,
            ),
            html.Div(
                panel(
                    words("Communities, the riskiest first"),
                    _communities(words),
                    note=html.Span(id=COMMUNITIES_NOTE),
                ),
                id=LIST,
            ),
            dcc.Download(id=DOWNLOAD),
        ],
        className="network",
    )


def _communities(words: Words) -> AgGrid:
    """Return the list of communities: a grid, since Dash mounts a table of as many links for half a minute."""
    count: dict[str, Any] = {"type": "rightAligned", "width": 110, **written(",")}
    amount = {"type": "rightAligned", "width": 190, "valueFormatter": {"function": "params.data.told"}}
    return grid(
        COMMUNITIES,
        [
            {
                "field": "name",
                "headerName": words("Riskiest member"),
                "flex": 2,
                "minWidth": 240,
                "cellRenderer": "SmokeName",
            },
            {"field": "region", "headerName": words("Region"), "flex": 1, "minWidth": 120},
            {"field": "highest", "headerName": words("Highest index"), **count, **written(".1f")},
            *(
                {"field": grade, "headerName": words.grade(grade), **count, "width": 90}
                for grade in ("red", "orange", "yellow")
            ),
            {"field": "members", "headerName": words("Enterprises"), **count},
            {"field": "people", "headerName": words("Persons"), **count},
            {"field": "regions", "headerName": words("Counties"), **count},
            {"field": "amount", "headerName": words("Money told of, CNY"), **amount},
        ],
        words,
        height="calc(100vh - 10rem)",
    )


def _picture(words: Words) -> list[Component]:
    graph = cyto.Cytoscape(
        id=GRAPH,
        elements=[],
        stylesheet=[],
        layout={"name": "preset", "fit": True, "padding": 48},
        style={"width": "100%", "height": "100%"},
        minZoom=0.15,
        maxZoom=1.25,
        boxSelectionEnabled=False,
        responsive=True,
    )
    return [
        html.Div(id=FILTERS, className="network__filters"),
        html.Div(graph, className="network__graph", role="group", **aria(label=words("Network"))),
    ]


def _side(words: Words) -> list[html.Section]:
    box = dcc.Input(
        id=TARGET,
        type="search",
        placeholder=words("Name, pinyin initials, credit code, representative"),
        debounce=DEBOUNCE,
        autoComplete="off",
        maxLength=LONGEST,
        className="network__box",
    )
    saving = [
        html.Button(words("Picture"), id=SAVE_PICTURE, type="button", className="network__save"),
        html.Button(words("List (XLSX)"), id=SAVE_LIST, type="button", className="network__save"),
    ]
    way = [html.Label(words("Way to"), htmlFor=TARGET), box, html.Div(id=TARGETS)]
    return [
        panel(words("Chosen party"), html.Div(loading(words), id=SIDE), area="network__chosen"),
        panel(words("Way between two"), way, area="network__way"),
        html.Section(html.Div(id=SUMMARY), className="network__sums"),
        panel(words("Take along"), html.Div(saving, className="network__saves")),
    ]
