"""The pipeline of cases: its panels without figures, and what stands in them once there are some."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dash import dcc, html

from dashboard.figures.case_flow import FEW_CASES, MOST_CHILDREN, backlog_line, child_bars, weekly_lines
from dashboard.figures.case_steps import step_sankey
from dashboard.figures.cases import SHADES, age_bars, height_of, reached_funnel, stage_ranges
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
    from dashboard.queries.cases import ChildRegion, Pipeline

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
FLAT = 13  # rem: height of the lines over weeks


def pipeline_parts(words: Words) -> list[Component]:
    """Return the panels, each of which says that it is loading."""
    return [*_now(words), *_moves(words), *_where(words)]


def _now(words: Words) -> list[Component]:
    """Return what is open, how old it is, and how that compares with the deadlines."""
    lines = len(OPEN_PHASES) + 1
    return [
        panel(
            words("Open now by phase"),
            html.Div(id=STANDING),
            note=words("cases that happened here; a number leads to its list"),
            area="pipeline__standing",
        ),
        panel(words("Age of open cases"), _chart(AGEING, height_of(lines)), note=_age_key(words)),
        panel(
            words("Time in stage"),
            _chart(TIMES, height_of(lines)),
            note=words("working days: first to ninth decile, ● median, | deadline"),
        ),
    ]


def _moves(words: Words) -> list[Component]:
    """Return how cases moved in the period, and what that means for the weeks to come."""
    lines, note = len(OPEN_PHASES) + 2, words("cases that took a step in the period; orange goes back")
    return [
        panel(words("Flow"), _chart(STEPS, height_of(lines)), note=note, area="pipeline__flow"),
        panel(
            words("Funnel"),
            _chart(FUNNEL, height_of(lines)),
            note=words("of the cases opened in the period"),
            area="pipeline__funnel",
        ),
        panel(
            words("Throughput"), _chart(WEEKLY, FLAT), note=words("cases per seven days"), area="pipeline__throughput"
        ),
        panel(words("Backlog"), _chart(BACKLOG, FLAT), note=html.Span(id=BACKLOG_NOTE), area="pipeline__backlog"),
    ]


def _where(words: Words) -> list[Component]:
    """Return which places and whose desks the cases are on."""
    return [
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


def _age_key(words: Words) -> html.Span:
    """Return the age bands in words, each after its own shade."""
    bands = zip(age_words(words), SHADES, strict=True)
    return html.Span(
        [
            *(
                html.Span([html.I(className="pipeline__shade", style={"opacity": shade}), band])
                for band, shade in bands
            ),
            html.Span(words("days")),
        ],
        className="pipeline__key",
    )


def _chart(component_id: str, height: float) -> dcc.Graph:
    return dcc.Graph(id=component_id, responsive=True, config={"displayModeBar": False}, style=_size(height))


def _size(height: float) -> dict[str, str]:
    return {"height": f"{height}rem", "width": "100%"}


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
        if not number:
            return html.Td("0", className="is-number is-dim")
        link = dcc.Link(words.number(number), href=cases_href(region, wanted), className=late)
        return html.Td(link, className="is-number")

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


def pipeline_figures(found: Pipeline, region: str, words: Words, look: Look) -> dict[str, Figure]:
    """Return the figures by the id of their chart."""
    children = shown_children(found, region)
    unknown = words("not known")
    names = [unknown if row.code == region else short_region_name(row.code, words.locale) for row in children]
    return {
        FUNNEL: reached_funnel(found.opened, found.reached, words, look),
        STEPS: step_sankey(found.flows, words, look),
        AGEING: age_bars(found.open_now, age_words(words), words, look),
        TIMES: stage_ranges(found.times, words, look),
        WEEKLY: weekly_lines(found.weeks, words, look),
        BACKLOG: backlog_line(found.weeks, found.forecast, words, look),
        PLACES: child_bars(children, names, words, look),
    }


def shown_children(found: Pipeline, region: str) -> list[ChildRegion]:
    """Return the places that are drawn, most open cases first; those without a finer place stay, at the end."""
    placed = [row for row in found.children if row.code != region]
    return placed[:MOST_CHILDREN] + found.children[len(placed) :]


def places_size(found: Pipeline, region: str) -> dict[str, str]:
    """Return the size of the chart of places: as many lines as it has, so that bars are as thick as everywhere."""
    return _size(height_of(len(shown_children(found, region))))


def pipeline_notes(found: Pipeline, region: str, words: Words) -> dict[str, str]:
    """Return what the title lines of backlog and places say, by their ids."""
    forecast = words("dashed: to be expected, within the band four times in five")
    shown = shown_children(found, region)
    rest, cases = len(found.children) - len(shown), found.backlog - sum(row.cases for row in shown)
    places = words("most open cases first; faint: a share of fewer than %(n)s cases", n=FEW_CASES)
    if rest > 0:
        others = words("%(n)s more places with %(cases)s cases", n=rest, cases=words.number(cases))
        places = f"{places} · {others}"
    return {
        BACKLOG_NOTE: forecast if found.forecast else words("Too little data for a forecast"),
        PLACES_NOTE: places if found.children else "",
    }
