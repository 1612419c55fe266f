"""The pipeline of cases: its panels without figures, and what stands in them once there are some."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dash import dcc, html

from dashboard.figures.case_flow import MOST_CHILDREN, backlog_line, child_bars, weekly_lines
from dashboard.figures.cases import age_bars, height_of, reached_funnel, stage_ranges, step_sankey
from dashboard.i18n.case_terms import CLOCK_WORDS
from dashboard.queries.case_filters import OPEN
from dashboard.queries.cases import AGES, PERIODS
from dashboard.vocabulary import OPEN_PHASES
from geo.views import short_region_name
from layouts.cases_filters import CasesView, cases_href, phase_words
from layouts.cases_links import HERE, of_phase
from layouts.panels import aria, panel, state

if TYPE_CHECKING:
    from dash.development.base_component import Component
    from plotly.graph_objects import Figure

    from dashboard.figures.theme import Look
    from dashboard.i18n import Words
    from dashboard.queries.cases import Pipeline

STANDING = "cases--standing"
PERIOD = "cases--period"
FUNNEL = "cases--funnel"
STEPS = "cases--steps"
AGEING = "cases--ageing"
TIMES = "cases--times"
WEEKLY = "cases--weekly"
BACKLOG = "cases--backlog"
PLACES = "cases--places"
DEPARTMENTS = "cases--departments"
PEOPLE = "cases--people"
BACKLOG_NOTE = "cases--backlog-note"
PLACES_NOTE = "cases--places-note"
CHARTS = (FUNNEL, STEPS, AGEING, TIMES, WEEKLY, BACKLOG, PLACES)
CLICKED = (FUNNEL, STEPS, AGEING, TIMES, WEEKLY, PLACES)
"""The charts whose marks lead to lists; the backlog's points are reckoned, and no list is behind them."""
MOST_LOADED = 12
SHOWN = ("overdue", "near", "stopped")


def pipeline_parts(words: Words) -> list[Component]:
    """Return the panels, each of which says that it is loading."""
    lines = len(OPEN_PHASES)
    return [
        html.Div(html.Nav(id=PERIOD, className="choice", **aria(label=words("Period"))), className="pipeline__period"),
        panel(
            words("Open now by phase"),
            html.Div(id=STANDING),
            note=words("cases that happened here; a number leads to its list"),
            area="pipeline__standing",
        ),
        panel(words("Funnel"), _chart(FUNNEL, height_of(lines + 1)), note=words("of the cases opened in the period")),
        panel(words("Flow"), _chart(STEPS, height_of(lines + 1)), note=words("steps in the period; orange goes back")),
        panel(
            words("Age of open cases"),
            _chart(AGEING, height_of(lines)),
            note=" · ".join([*age_words(words)]) + " " + words("days, light to strong"),
        ),
        panel(
            words("Time in stage"),
            _chart(TIMES, height_of(lines)),
            note=words("working days: first to ninth decile, ● median, | deadline"),
        ),
        panel(words("Throughput"), _chart(WEEKLY, 16), note=words("cases per seven days")),
        panel(words("Backlog"), _chart(BACKLOG, height_of(MOST_CHILDREN)), note=html.Span(id=BACKLOG_NOTE)),
        panel(
            words("By place"),
            _chart(PLACES, height_of(MOST_CHILDREN)),
            note=html.Span(id=PLACES_NOTE),
            area="pipeline__places",
        ),
        *(
            panel(title, html.Div(id=table), note=words("latest first"), area="pipeline__load")
            for title, table in ((words("Load of departments"), DEPARTMENTS), (words("Load of people"), PEOPLE))
        ),
    ]


def _chart(component_id: str, height: float) -> dcc.Graph:
    size = {"height": f"{height}rem", "width": "100%"}
    return dcc.Graph(id=component_id, responsive=True, config={"displayModeBar": False}, style=size)


def age_words(words: Words) -> list[str]:
    """Return the age bands in words, youngest first: to 30, 31-60 ..., over 180."""
    bounds = zip((0, *AGES), AGES, strict=False)
    bands = [f"{low + 1 if low else 0}–{high}" for low, high in bounds]
    return [*bands, words("over %(n)s", n=AGES[-1])]


def period_links(region: str, view: CasesView, words: Words) -> list[Component]:
    """Return the periods as links; the present one is no link."""
    return [
        html.Span(words("%(n)s weeks", n=weeks), **aria(current="true"))
        if weeks == view.weeks
        else dcc.Link(words("%(n)s weeks", n=weeks), href=cases_href(region, replace(view, weeks=weeks)))
        for weeks in PERIODS
    ]


def standing_table(found: Pipeline, region: str, view: CasesView, words: Words) -> Component:
    """Return the open cases by phase: in all, overdue, due soon, suspended; every number leads to its list."""
    if found.is_empty:
        return state("zero", words("No case is open here, and none has moved in this period"))

    def cell(number: int, phase: str, clock: str = "") -> html.Td:
        wanted = view.listing(of_phase(HERE, phase, clock))
        late = "is-overdue" if clock == "overdue" else ""
        shown = dcc.Link(words.number(number), href=cases_href(region, wanted), className=late) if number else "0"
        return html.Td(shown, className="is-number")

    heads = [words("Phase"), words("Open cases"), *(words.term(CLOCK_WORDS, clock) for clock in SHOWN)]
    rows = [
        [
            html.Th(phase_words(one.phase, words), scope="row"),
            cell(one.cases, one.phase),
            *(cell(one.by_clock.get(clock, 0), one.phase, clock) for clock in SHOWN),
        ]
        for one in found.open_now
    ]
    sums = [sum(one.by_clock.get(clock, 0) for one in found.open_now) for clock in SHOWN]
    total = [
        html.Th(words("All"), scope="row"),
        cell(found.backlog, OPEN),
        *(cell(number, OPEN, clock) for number, clock in zip(sums, SHOWN, strict=True)),
    ]
    head = html.Thead(
        html.Tr([html.Th(one, scope="col", className="is-number" if at else "") for at, one in enumerate(heads)])
    )
    return html.Table([head, html.Tbody([html.Tr(row) for row in [*rows, total]])], className="table")


def pipeline_figures(found: Pipeline, words: Words, look: Look) -> dict[str, Figure]:
    """Return the figures by the id of their chart."""
    children = found.children[:MOST_CHILDREN]
    names = [short_region_name(row.code, words.locale) for row in children]
    return {
        FUNNEL: reached_funnel(found.opened, found.reached, words, look),
        STEPS: step_sankey(found.flows, words, look),
        AGEING: age_bars(found.open_now, age_words(words), words, look),
        TIMES: stage_ranges(found.times, words, look),
        WEEKLY: weekly_lines(found.weeks, words, look),
        BACKLOG: backlog_line(found.weeks, found.forecast, words, look),
        PLACES: child_bars(children, names, words, look),
    }


def pipeline_notes(found: Pipeline, words: Words) -> dict[str, str]:
    """Return what the title lines of backlog and places say, by their ids."""
    forecast = words("dashed: to be expected, within the band four times in five")
    rest = len(found.children) - MOST_CHILDREN
    places = words("the %(n)s with most open cases", n=MOST_CHILDREN) if rest > 0 else words("open cases by place")
    return {
        BACKLOG_NOTE: forecast if found.forecast else words("Too little data for a forecast"),
        PLACES_NOTE: places if found.children else words("no finer place is known"),
    }
