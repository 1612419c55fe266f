"""The map's parts: pre-projected (Albers) geometry on Leaflet's Simple plane, fetched once and only restyled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_leaflet as dl
from dash import html

from dashboard.figures.ramp import Ramp, quantile_ramp
from geo.codes import NATION
from geo.layers import SOUTH_CHINA_SEA_VIEW, layer_for, national_layers
from geo.views import names_in
from layouts.panels import measure_text, measure_value, measure_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from dashboard.figures.theme import Look
    from dashboard.i18n import Words
    from dashboard.queries.regions import RegionNow
    from geo.layers import Layer
    from geo.views import View

STYLE = {"variable": "smoke.map.area"}
EACH = {"variable": "smoke.map.each"}
OUTLINE = {"variable": "smoke.map.outline"}
THIN_FROM = 500  # areas from which borders are drawn hair-thin


def layer_url(layer: Layer) -> str:
    """Return where the browser fetches a layer; the version makes it cacheable for ever."""
    return f"/assets/{layer.url}"


def area_layer(layer_id: str) -> dl.GeoJSON:
    """Return the layer of areas, empty until the first refresh gives it a file and values."""
    return dl.GeoJSON(id=layer_id, style=STYLE, onEachFeature=EACH, hideout={}, interactive=True)


def points_layer(layer_id: str) -> dl.Pane:
    """Return a layer of enterprises and its pane, above the areas (assets/20_map.js names the pane too)."""
    dots = dl.GeoJSON(
        id=layer_id,
        data={"type": "FeatureCollection", "features": []},
        pointToLayer={"variable": "smoke.map.dot"},
        onEachFeature=EACH,
        hideout={},
    )
    return dl.Pane(dots, name="points", style={"zIndex": 450})


def plane(map_id: str, children: list[Component], *, still: bool = False) -> dl.Map:
    """Return a map on the projected plane; a `still` one is a picture: no pointer, no keys."""
    return dl.Map(
        children,
        id=map_id,
        crs="Simple",
        center=[0, 0],
        zoom=0,
        zoomSnap=0,
        zoomDelta=0.5,
        minZoom=-4,
        maxZoom=10,
        zoomControl=False,
        attributionControl=False,
        dragging=not still,
        scrollWheelZoom=not still,
        doubleClickZoom=False,
        keyboard=not still,
        trackViewport=False,
        className="map",
    )


def boundary(layer_id: str) -> dl.GeoJSON:
    """Return the uncoded boundary lines, South China Sea included, that every national map must show."""
    return dl.GeoJSON(id=layer_id, url=layer_url(national_layers()["boundary"]), style=OUTLINE, interactive=False)


def south_china_sea(prefix: str, words: Words) -> html.Div:
    """Return the inset with the islands of the South China Sea, at its own scale."""
    view = [list(corner) for corner in SOUTH_CHINA_SEA_VIEW]
    provinces = dl.GeoJSON(
        id=f"{prefix}--inset-provinces",
        url=layer_url(layer_for("0", "province")),
        style=STYLE,
        onEachFeature=EACH,
        hideout={"view": view, "silent": True},
        interactive=False,
    )
    return html.Div(
        [
            plane(f"{prefix}--inset-map", [provinces, boundary(f"{prefix}--inset-boundary")], still=True),
            html.Span(words("South China Sea")),
        ],
        className="inset",
        id=f"{prefix}--inset",
    )


def hideout(rows: Sequence[RegionNow], view: View, measure: str, words: Words, ramp: Ramp) -> dict[str, Any]:
    """Return what the areas are drawn from: values with numerator and denominator, classes, words of the hover."""
    values = {row.code: _entry(row, measure, words) for row in rows}
    return {
        "values": values,
        "breaks": ramp.breaks,
        "colours": ramp.colours,
        "view": [list(corner) for corner in view.bounds],
        "national": view.region == NATION,
        "thin": len(view.layer.codes) > THIN_FROM,
        "selected": view.selected,
        "names": names_in(view, words.locale) if words.locale != "zh_CN" else {},
        "tip": _tip(measure, words),
        "few": words("Too few enterprises for a rate"),
        "nothing": words("No data for this area"),
    }


def _entry(row: RegionNow, measure: str, words: Words) -> list[float | int | str | None]:
    value = measure_value(row, measure)
    part = row.warnings if measure == "rate" else row.high
    shown = measure_text(value, measure, words)
    return [None if value is None else round(value, 2), part, words.number(row.enterprises), shown]


def _tip(measure: str, words: Words) -> str:
    name, _unit = measure_words(measure, words)
    detail = {
        "mean": words("{part} red or orange of {whole} enterprises"),
        "high": words("of {whole} enterprises in operation"),
        "rate": words("{part} warnings in 4 weeks, {whole} enterprises"),
    }[measure]
    return f"{name} {{value}} · {detail}"


def ramp_of(rows: Sequence[RegionNow], measure: str, look: Look) -> Ramp:
    """Return the classes for what is shown."""
    values = (measure_value(row, measure) for row in rows)
    return quantile_ramp((value for value in values if value is not None), look)


def legend(ramp: Ramp, measure: str, words: Words) -> html.Div:
    """Return the ramp as steps, each with the value at which it begins, and the looks of too little and no data."""
    edges = (0.0, *ramp.breaks)
    return html.Div(
        [
            html.Div(
                [html.I(style={"background": colour}), html.Span(measure_text(edge, measure, words))],
                className="legend__step",
            )
            for edge, colour in zip(edges, ramp.colours, strict=True)
        ]
        + [
            html.Div([html.I(), html.Span(words("Too few"))], className="legend__step legend__step--few"),
            html.Div([html.I(), html.Span(words("No data"))], className="legend__step legend__step--none"),
        ],
        className="legend",
    )
