"""Risk map: from the nation down to a county by click; the ranking beside the map says the same in order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from geo.codes import NATION, level_of
from geo.projection import project
from geo.views import place_words, region_name, short_region_name
from layouts import links
from layouts.maps import area_layer, boundary, plane, points_layer, south_china_sea
from layouts.panels import aria, grid, loading, measure_text, measure_value, measure_words, panel, state, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component
    from dash_ag_grid import AgGrid

    from dashboard.figures.ramp import Ramp
    from dashboard.i18n import Words
    from dashboard.queries.regions import RegionNow
    from dashboard.queries.watchlist import Enterprises
    from layouts.links import Place

MEASURES = "riskmap--measures"
GRAINS = "riskmap--grains"
MAP = "riskmap--map"
LAYER = "riskmap--layer"
BOUNDARY = "riskmap--boundary"
POINTS = "riskmap--points"
INSET = "riskmap--inset-place"
LEGEND = "riskmap--legend"
SIDE_TITLE = "riskmap--side-title"
SIDE_NOTE = "riskmap--side-note"
SIDE = "riskmap--side"
LIST = "riskmap--list"
LIST_NOTE = "riskmap--list-note"
GRID = "riskmap--grid"

MOST_LISTED = 200
MOST_PLACES = 100  # rows of the ranking: a page with a component for each of 2 849 counties stops answering
DEEPER = frozenset({"nation", "province", "city"})  # levels of a region below which the map has areas


def layout(words: Words) -> html.Div:
    """Return the skeleton."""
    return html.Div(
        [
            html.Div(
                [
                    html.Nav(id=MEASURES, className="choice", **aria(label=words("Measure"))),
                    html.Nav(id=GRAINS, className="choice", **aria(label=words("Areas"))),
                ],
                className="riskmap__bar is-desk-only",
            ),
            html.Section(
                [
                    plane(MAP, [area_layer(LAYER), boundary(BOUNDARY), points_layer(POINTS)]),
                    html.Div(id=LEGEND, className="riskmap__legend"),
                    html.Div(south_china_sea("riskmap", words), id=INSET, className="riskmap__inset"),
                ],
                className="riskmap__map",
                **aria(label=words("Map")),
            ),
            panel(
                "",
                html.Div(loading(words), id=SIDE),
                note=html.Span(id=SIDE_NOTE),
                area="riskmap__side",
                heading=SIDE_TITLE,
            ),
            html.Div(
                panel(words("Enterprises"), _grid(words), note=html.Span(id=LIST_NOTE)),
                id=LIST,
                className="riskmap__list is-desk-only",
                hidden=True,
            ),
        ],
        className="riskmap",
    )


def _grid(words: Words) -> AgGrid:
    name = {"cellRenderer": "SmokeName"}
    numeric = {"type": "rightAligned", "width": 90}
    return grid(
        GRID,
        [
            {"field": "index", "headerName": words("Index"), **numeric, **written(".1f")},
            {"field": "change", "headerName": words("Week"), **numeric, **written("+.1f")},
            {"field": "grade", "headerName": words("Grade"), "width": 90, "sortable": False},
            {"field": "name", "headerName": words("Enterprise"), "flex": 2, "minWidth": 220, **name},
            {"field": "place", "headerName": words("Town"), "flex": 1, "minWidth": 120},
            {"field": "sector", "headerName": words("Sector"), "flex": 1, "minWidth": 120},
            {"field": "type", "headerName": words("Leading type"), "width": 130},
            {"field": "since", "headerName": words("In grade since"), "width": 120},
            {"field": "reasons", "headerName": words("Top reasons"), "flex": 2, "minWidth": 220},
        ],
        words,
        height="24rem",
    )


def measure_links(place: Place, words: Words, path: str) -> list[Component]:
    """Return the measures as links to the same place; the present one is no link."""
    return [
        _choice(measure_words(name, words)[0], replace(place, measure=name), place, path) for name in links.MEASURES
    ]


def grain_links(place: Place, words: Words, path: str) -> list[Component]:
    """Return how finely the nation may be cut, as links; nothing for a smaller region, which is cut one step down."""
    if place.region != NATION:
        return []
    given = {level: "" if level == links.GRAINS[0] else level for level in links.GRAINS}
    return [_choice(words.level(level), replace(place, grain=grain), place, path) for level, grain in given.items()]


def _choice(text: str, wanted: Place, place: Place, path: str) -> Component:
    return html.Span(text, **aria(current="true")) if wanted == place else dcc.Link(text, href=path + wanted.search)


def ranking(rows: Sequence[RegionNow], place: Place, ramp: Ramp, words: Words, path: str) -> Component:
    """Return the areas in order of the measure, the highest of them; each that has a map of its own is a link to it."""
    known = [
        (value, row) for row in rows if row.enterprises and (value := measure_value(row, place.measure)) is not None
    ]
    if not known:
        sentence = words("Too few enterprises for a rate") if rows else words("No data for this area")
        return state("little" if rows else "none", sentence)
    ordered = [row for _value, row in sorted(known, key=lambda one: (-one[0], one[1].code))]
    top = max(value for value, _row in known) or 1
    items = [_place_row(at, row, place, (ramp, top), words, path) for at, row in enumerate(ordered[:MOST_PLACES], 1)]
    left_out = len(ordered) - len(items)
    more = html.P(words("%(n)s more, on the map", n=words.number(left_out)), className="is-dim") if left_out else None
    return html.Div([html.Ol(items, className="places"), more])


def _place_row(at: int, row: RegionNow, place: Place, scale: tuple[Ramp, float], words: Words, path: str) -> html.Li:
    ramp, top = scale
    value = measure_value(row, place.measure) or 0.0
    far = place.region == NATION and level_of(row.code) == "county"  # many counties share a name
    name = (place_words if far else short_region_name)(row.code, words.locale)
    deeper = level_of(row.code) in DEEPER or (level_of(row.code) == "county" and row.code != place.region)
    part = row.warnings if place.measure == "rate" else row.high
    return html.Li(
        [
            html.Span(str(at), className="places__rank"),
            dcc.Link(name, href=path + place.at(row.code).search, className="places__name")
            if deeper
            else html.Span(name, className="places__name"),
            html.Div(className="bar", style={"width": f"{100 * value / top:.1f}%", "background": ramp.colour(value)}),
            html.Span(measure_text(value, place.measure, words), className="places__value"),
        ],
        title=words("%(part)s of %(whole)s enterprises", part=part, whole=words.number(row.enterprises)),
    )


def enterprise_records(found: Enterprises, words: Words, *, portraits: bool = False) -> list[dict[str, Any]]:
    """Return the listed enterprises as grid rows, in words; names are links for those who may read `portraits`."""
    return [
        {
            "index": row.smoke_index,
            "change": row.change,
            "grade": words.grade(row.grade),
            "name": row.name,
            "href": links.portrait_href(row.uscc) if portraits else "",
            "place": region_name(row.region_code, words.locale),
            "sector": words.sector(row.sector),
            "type": words.risk_type(row.risk_type) if row.smoke_index else "",
            "since": words.date(row.entered_on) if row.entered_on else "",
            "reasons": (" · ").join(words.factor(reason) for reason in row.reasons),
        }
        for row in found.rows
    ]


def enterprise_points(found: Enterprises, words: Words) -> dict[str, Any]:
    """Return the listed enterprises that have coordinates as points of the projected plane, the worst drawn last."""
    located = [(row, row.lon, row.lat) for row in reversed(found.rows) if row.lon is not None and row.lat is not None]
    x, y = project([lon for _row, lon, _lat in located], [lat for _row, _lon, lat in located])
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [round(float(at_x), 3), round(float(at_y), 3)]},
                "properties": {
                    "n": row.name,
                    "grade": row.grade,
                    "lines": [f"{words('Smoke Index')} {words.number(row.smoke_index, 1)} · {words.grade(row.grade)}"],
                },
            }
            for (row, _lon, _lat), at_x, at_y in zip(located, x, y, strict=True)
        ],
    }
