"""Overview: how bad, where, since when, who is new; one picture that is read in five seconds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dash import dcc, html

from dashboard.figures.sparkline import sparkline_svg
from geo.views import place_words, short_region_name
from layouts.links import Place, portrait_href
from layouts.maps import area_layer, boundary, plane, south_china_sea
from layouts.panels import aria, grade_mark, loading, panel, state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from dashboard.figures.theme import Look
    from dashboard.i18n import Words
    from dashboard.queries.regions import RegionNow, RegionPast
    from dashboard.queries.warnings import NewestWarning, NewestWarnings
    from dashboard.queries.watchlist import TypeCounts

KPI = "overview--kpi"
NEWEST = "overview--newest"
NEWEST_NOTE = "overview--newest-note"
MAP = "overview--map"
LAYER = "overview--layer"
BOUNDARY = "overview--boundary"
INSET = "overview--inset-place"
MAP_TITLE = "overview--map-title"
MAP_NOTE = "overview--map-note"
LEGEND = "overview--legend"
RANKING = "overview--ranking"
RANKING_TITLE = "overview--ranking-title"
TYPES = "overview--types"
CASES = "overview--cases"
CASES_NOTE = "overview--cases-note"
TREND = "overview--trend"
TREND_STATE = "overview--trend-state"
TREND_NOTE = "overview--trend-note"

SPARK_WEEKS = 26
MOST_NEWEST = 9
MOST_RANKED = 8


def layout(words: Words) -> html.Div:
    """Return the skeleton; every body shows that it is loading until the first refresh."""
    return html.Div(
        [
            html.Div(loading(words), id=KPI, className="overview__kpi"),
            panel(
                words("Newest red and orange warnings"),
                html.Div(loading(words), id=NEWEST, style={"height": "100%"}),
                note=html.Span(id=NEWEST_NOTE),
                area="overview__newest",
            ),
            _map(words),
            panel(
                words("Highest places"),
                html.Div(loading(words), id=RANKING),
                note=words("Mean Smoke Index · places moved since last week"),
                area="overview__ranking",
                heading=RANKING_TITLE,
            ),
            html.Div([_trend(words), _types(words), _cases(words), *_later(words)], className="overview__side"),
        ],
        className="overview",
    )


def _map(words: Words) -> html.Section:
    return html.Section(
        [
            html.Div([html.H2(id=MAP_TITLE), html.P(id=MAP_NOTE)], className="overview__map-head"),
            plane(MAP, [area_layer(LAYER), boundary(BOUNDARY)]),
            html.Div(id=LEGEND, className="overview__legend"),
            html.Div(south_china_sea("overview", words), id=INSET, className="overview__inset"),
        ],
        className="overview__map",
        **aria(label=words("Map")),
    )


def _trend(words: Words) -> html.Section:
    graph = dcc.Graph(
        id=TREND,
        responsive=True,
        config={"displayModeBar": False},
        style={"height": "100%", "width": "100%"},
    )
    return panel(
        words("New warnings per week"),
        [html.Div(id=TREND_STATE), graph],
        note=html.Span(id=TREND_NOTE),
    )


def _types(words: Words) -> html.Section:
    return panel(
        words("Leading risk type"),
        html.Div(loading(words), id=TYPES),
        note=words("Enterprises: red · orange · yellow"),
    )


def _cases(words: Words) -> html.Section:
    return panel(words("Case pipeline"), html.Div(loading(words), id=CASES), note=html.Span(id=CASES_NOTE))


def types_table(rows: Sequence[TypeCounts], words: Words) -> Component:
    """Return graded enterprises by leading risk type; the bar shows red and orange on the scale of the longest."""
    if not any(row.red + row.orange + row.yellow for row in rows):
        return state("zero", words("No enterprise is graded yellow or above"))
    longest = max(row.red + row.orange for row in rows) or 1
    return html.Ul([_type_row(row, longest, words) for row in rows], className="types")


def _type_row(row: TypeCounts, longest: int, words: Words) -> html.Li:
    def part(count: int, grade: str) -> html.Div:
        return html.Div(className=f"types__part is-{grade}", style={"width": f"{100 * count / longest:.1f}%"})

    return html.Li(
        [
            html.Span(words.risk_type(row.risk_type), className="types__name"),
            html.Div([part(row.red, "red"), part(row.orange, "orange")], className="types__bar"),
            *(
                html.Span(words.number(count), className=f"types__count is-{grade}", title=words.grade(grade))
                for count, grade in ((row.red, "red"), (row.orange, "orange"), (row.yellow, "yellow"))
            ),
        ]
    )


def _later(words: Words) -> list[html.Section]:
    """Return the panels whose figures are not collected yet: they say so instead of showing zeros."""
    return [
        panel(words("Tip volume"), state("none", words("No data yet: no tip channel is connected"))),
        panel(words("Education coverage and risk"), state("none", words("No data yet: no education records come in"))),
    ]


def kpi_cards(series: Sequence[RegionPast], place: Place, words: Words, look: Look) -> list[Component]:
    """Return four cards: enterprises in each grade and in all, with change and shape; each leads to its map."""
    if not series:
        return [state("none", words("No data for this area"))]
    cards = [
        ("red", words("Red"), [week.red for week in series]),
        ("orange", words("Orange"), [week.orange for week in series]),
        ("yellow", words("Yellow"), [week.yellow for week in series]),
        ("none", words("Enterprises watched"), [week.enterprises for week in series]),
    ]
    down = {grade: replace(place, measure="high" if grade in {"red", "orange"} else "mean") for grade, *_ in cards}
    return [
        _card(grade, label, values[-SPARK_WEEKS:], down[grade].on("riskmap"), words, look)
        for grade, label, values in cards
    ]


def _card(grade: str, label: str, values: Sequence[int], down: str, words: Words, look: Look) -> html.Div:
    change = values[-1] - values[-2] if len(values) > 1 else None
    colour = getattr(look.palette, grade, look.palette.accent)
    spark = sparkline_svg(values, colour)
    return html.Div(
        [
            html.Div(grade_mark(grade, label), className="kpi__label"),
            html.P(
                dcc.Link(words.compact(values[-1]), href=down),
                className="kpi__figure" + (" is-red" if grade == "red" else ""),
            ),
            html.Div(
                [
                    html.Span(
                        [html.B(words.signed(change)), " ", html.Span(words("since last week"), className="is-dim")]
                    ),
                    html.Img(src=spark, alt="") if spark else None,
                ],
                className="kpi__foot",
            ),
        ],
        className="kpi",
        title=words("Enterprises, at the end of the week; the line shows %(n)s weeks", n=len(values)),
    )


def newest_list(found: NewestWarnings | None, words: Words, *, portraits: bool = False) -> Component:
    """Return the newest warnings as a list; None means that the viewer may not read enterprises' names.

    A name leads to the enterprise's portrait for those who may read `portraits`, else to its place on the map.
    """
    if found is None:
        return state("none", words("Names of enterprises need a permission that you do not hold"))
    if not found.rows:
        return state("zero", words("No enterprise has entered red or orange in the weeks on record"))
    return html.Ul([_newest_row(row, words, portraits=portraits) for row in found.rows], className="newest")


def _newest_row(row: NewestWarning, words: Words, *, portraits: bool) -> html.Li:
    down = portrait_href(row.uscc) if portraits else Place(row.region_code).on("riskmap")
    change = words("new") if row.is_new else ("↑" if row.change > 0 else "↓") + words.number(abs(row.change), 1)
    # The day itself, never "today": a wall shows its picture past midnight, and when the data are old.
    when = words.date(row.raised_on)
    return html.Li(
        [
            html.Span(
                [words.number(row.smoke_index, 1), html.Span(change, className="newest__change")],
                className=f"newest__index is-{row.grade}",
            ),
            html.Span(
                [
                    dcc.Link(row.name, href=down, className="newest__name"),
                    html.Span(
                        f"{place_words(row.region_code, words.locale)} · {words.risk_type(row.risk_type)}",
                        className="newest__where",
                    ),
                ],
                title=f"{row.name} · {words.factor(row.reason)}",
            ),
            html.Span([grade_mark(row.grade, words.grade(row.grade)), html.Br(), when], className="newest__when"),
        ],
        className="newest__row",
    )


def ranking_list(rows: Sequence[RegionNow], place: Place, words: Words) -> Component:
    """Return the highest areas by mean index, with how many places each moved since the week before."""
    ranked = sorted((row for row in rows if not row.is_small), key=lambda row: (-row.smoothed_index, row.code))
    if not ranked:
        few = state("little", words("No place has enough enterprises for an order"))
        return few if rows else state("none", words("No data for this area"))
    before = sorted(ranked, key=lambda row: (-(row.previous_smoothed_index or 0), row.code))
    place_before = {row.code: at for at, row in enumerate(before)}
    top = ranked[0].smoothed_index or 1
    return html.Ol(
        [
            html.Li(
                [
                    html.Span(str(at + 1), className="ranking__place"),
                    dcc.Link(
                        short_region_name(row.code, words.locale),
                        href=place.at(row.code).on("overview"),
                        className="ranking__name",
                    ),
                    html.Div(className="bar bar--warm", style={"width": f"{100 * row.smoothed_index / top:.1f}%"}),
                    html.Span(words.number(row.smoothed_index, 1), className="ranking__value"),
                    html.Span(_move(place_before[row.code] - at), className="ranking__move"),
                ]
            )
            for at, row in enumerate(ranked[:MOST_RANKED])
        ],
        className="ranking",
    )


def _move(places: int) -> str:
    if places == 0:
        return "–"
    return f"▲{places}" if places > 0 else f"▼{-places}"
