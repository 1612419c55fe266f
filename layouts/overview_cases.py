"""The overview's panel of cases: how many are open in each phase, how many of them are overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from dashboard.i18n.case_terms import PHASE_WORDS
from dashboard.queries.case_filters import OPEN
from dashboard.queries.cases import GLANCE_WEEKS
from layouts.cases_filters import CasesView, cases_href
from layouts.cases_links import HERE, of_phase
from layouts.panels import state

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.cases import Glance

BAR_SHARE = 82
"""Per cent of its column that the longest bar takes: its number stands behind it."""


def cases_funnel(glance: Glance | None, region: str, words: Words, *, lists: bool) -> Component:
    """Return the open cases by phase as bars, with the overdue ones in red; None means that there was never a case.

    With `lists` the numbers lead to the cases behind them, for those who may read cases.
    """
    if glance is None:
        return state("zero", words("No case has been opened here yet"))
    longest = max(cases for cases, _overdue in glance.open_now.values()) or 1
    return html.Ul(
        [_row(region, phase, counts, longest, words, lists=lists) for phase, counts in glance.open_now.items()],
        className="glance",
    )


def _row(region: str, phase: str, counts: tuple[int, int], longest: int, words: Words, *, lists: bool) -> html.Li:
    (cases, overdue), name = counts, words.term(PHASE_WORDS, phase)

    def shown(number: int, text: str, clock: str) -> Component | str:
        href = cases_href(region, CasesView().listing(of_phase(HERE, phase, clock)))
        return dcc.Link(text, href=href) if lists and number else text

    late = words("overdue %(n)s", n=words.number(overdue))
    parts = (("glance__part is-overdue", overdue), ("glance__part", cases - overdue))
    bars = [
        html.Div(className=kind, style={"width": f"{BAR_SHARE * count / longest:.1f}%"})
        for kind, count in parts
        if count
    ]
    count = html.Span(shown(cases, words.number(cases), ""), className="glance__count")
    return html.Li(
        [
            html.Span(name, className="glance__name"),
            html.Div([*bars, count], className="glance__bar"),
            html.Span(shown(overdue, late, "overdue") if overdue else "", className="glance__late"),
        ]
    )


def cases_note(glance: Glance | None, region: str, words: Words, *, lists: bool) -> list[Component | str]:
    """Return how many are open and overdue, closed lately and how long those took; [] where there was never a case.

    With `lists` the first two lead to the cases behind them.
    """
    if glance is None:
        return []
    cases, overdue = (sum(counts[at] for counts in glance.open_now.values()) for at in (0, 1))
    late = [_total(overdue, words("overdue %(n)s", n=words.number(overdue)), "overdue", region, lists=lists)]
    closed = words("closed in %(weeks)s weeks: %(n)s", weeks=GLANCE_WEEKS, n=words.number(glance.closed))
    took = [] if glance.days is None else [" · ", words("median %(n)s days", n=words.number(glance.days))]
    return [
        _total(cases, words("open %(n)s", n=words.number(cases)), "", region, lists=lists),
        *([" · ", *late] if overdue else []),
        " · ",
        closed,
        *took,
    ]


def _total(number: int, text: str, clock: str, region: str, *, lists: bool) -> Component | str:
    kind = "glance__late" if clock else "glance__open"
    if not lists or not number:
        return html.Span(text, className=kind)
    return dcc.Link(text, href=cases_href(region, CasesView().listing(of_phase(HERE, OPEN, clock))), className=kind)
