"""Charts of the pipeline of cases. A click's `customdata` is a code that `layouts.cases_links` turns into a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from dashboard.figures.empty import empty_chart
from dashboard.figures.theme import faded
from dashboard.i18n.case_terms import PHASE_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    from dashboard.figures.theme import Look
    from dashboard.i18n import Words

    class OpenPhase(Protocol):
        """What the ageing needs of one phase."""

        @property
        def phase(self) -> str:
            """Its code."""

        @property
        def cases(self) -> int:
            """Open cases."""

        @property
        def by_age(self) -> tuple[int, ...]:
            """Open cases by age band, youngest first."""

    class StageTime(Protocol):
        """What the ranges need of one phase, in working days."""

        @property
        def phase(self) -> str:
            """Its code."""

        @property
        def stays(self) -> int:
            """How many there were."""

        @property
        def tenth(self) -> int:
            """First decile."""

        @property
        def median(self) -> int:
            """Median."""

        @property
        def ninetieth(self) -> int:
            """Ninth decile."""

        @property
        def allowed(self) -> int | None:
            """The deadline that most had; None: none."""

        @property
        def late(self) -> float | None:
            """Share of those with a deadline that took longer."""


LINE = 2  # rem that one line of a chart takes
SHADES = (0.35, 0.5, 0.65, 0.82, 1.0)
"""How strong each age band is, youngest first: one colour, so that the eye reads an order."""


def height_of(lines: int) -> float:
    """Return how tall a chart of so many lines is, in rem."""
    return LINE * max(lines, 1) + 2.0


def reached_funnel(opened: int, reached: Mapping[str, int], words: Words, look: Look) -> go.Figure:
    """Draw how many of the cases opened in the period have been in each phase, with their share of all, top down."""
    if not opened:
        return empty_chart(words("No case was opened in the period"), look)
    phases = [phase for phase in reached if phase != "archived" or reached[phase]]
    figure = _lines(phases, words, look)
    figure.add_bar(
        x=[reached[phase] for phase in phases],
        y=phases,
        orientation="h",
        width=0.62,
        marker={"color": look.palette.accent},
        customdata=[f"reached:{phase}" for phase in phases],
        text=[_with_share(reached[phase], opened, words) for phase in phases],
        hoverinfo="none",  # not "skip", which would swallow clicks as well
        **_outside(look),
    )
    figure.update_xaxes(range=[0, opened * 1.45])
    return figure


def _with_share(cases: int, total: int, words: Words) -> str:
    return f"{words.number(cases)} · {words.percent(cases / total)}"


def age_bars(phases: Sequence[OpenPhase], bands: Sequence[str], words: Words, look: Look) -> go.Figure:
    """Draw the open cases of each phase, stacked by age; `bands` are the words of the bands, youngest first."""
    if not any(one.cases for one in phases):
        return empty_chart(words("No case is open"), look)
    figure = _lines([one.phase for one in phases], words, look)
    for band, name in enumerate(bands):
        figure.add_bar(
            x=[one.by_age[band] for one in phases],
            y=[one.phase for one in phases],
            orientation="h",
            width=0.62,
            marker={"color": faded(look.palette.accent, SHADES[band]), "line": {"width": 0}},
            customdata=[f"age:{one.phase}.{band}" for one in phases],
            name=name,
            hovertemplate=f"{name}: %{{x:,.0f}}<extra></extra>",
        )
    longest = max(one.cases for one in phases)
    _write_ends(figure, [(one.phase, one.cases, words.number(one.cases)) for one in phases], look)
    figure.update_layout(barmode="stack")
    figure.update_xaxes(range=[0, longest * 1.16])
    return figure


def stage_ranges(times: Sequence[StageTime], words: Words, look: Look) -> go.Figure:
    """Draw how long stays took, in working days: a line from the first to the ninth decile, a dot at the median.

    An upright mark is the deadline that most stays had; the share of late ones stands at the end, in words.
    """
    if not times:
        return empty_chart(words("No stage was left in the period"), look)
    figure = _lines([one.phase for one in times], words, look)
    for one in times:
        figure.add_scatter(
            x=[one.tenth, one.ninetieth],
            y=[one.phase, one.phase],
            mode="lines",
            line={"color": faded(look.palette.accent, 0.55), "width": look.px(0.5)},
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[one.median for one in times],
        y=[one.phase for one in times],
        mode="markers",
        marker={"color": look.palette.ink, "size": look.px(0.75)},
        customdata=[f"stay:{one.phase}" for one in times],
        text=[words("median %(n)s working days", n=words.number(one.median)) for one in times],
        hovertemplate="%{text}<extra></extra>",
    )
    _draw_deadlines(figure, times, words, look)
    ends = [(one.phase, max(one.ninetieth, one.allowed or 0), _late(one, words)) for one in times]
    _write_ends(figure, ends, look)
    figure.update_xaxes(range=[0, max(x for _phase, x, _text in ends) * 1.45 or 1], showticklabels=True)
    figure.update_layout(margin={"b": look.px(1.75)})
    return figure


def _draw_deadlines(figure: go.Figure, times: Sequence[StageTime], words: Words, look: Look) -> None:
    limited = [one for one in times if one.allowed is not None]
    figure.add_scatter(
        x=[one.allowed for one in limited],
        y=[one.phase for one in limited],
        mode="markers",
        marker={
            "symbol": "line-ns",
            "size": look.px(1.25),
            "line": {"width": look.px(0.15), "color": look.palette.ink},
        },
        customdata=[f"late:{one.phase}" for one in limited],
        text=[words("deadline %(n)s working days", n=one.allowed) for one in limited],
        hovertemplate="%{text}<extra></extra>",
    )


def _late(one: StageTime, words: Words) -> str:
    if one.late is None:
        return words("no deadline")
    return words("%(share)s of %(n)s late", share=words.percent(one.late), n=words.number(one.stays))


def _lines(phases: Sequence[str], words: Words, look: Look) -> go.Figure:
    """Return an empty chart with one line for each phase, the first on top."""
    none = dict.fromkeys("lrtb", look.px(0.25))
    figure = go.Figure(layout=look.layout(hovermode="closest", margin=none))
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=list(phases),
        autorange="reversed",
        side="left",
        rangemode="normal",
        showgrid=False,
        automargin=True,
        ticklabelstandoff=round(look.px(0.5)),
        tickvals=list(phases),
        ticktext=[words.term(PHASE_WORDS, phase) for phase in phases],
        tickfont={"color": look.palette.ink, "size": look.px(0.9375)},
    )
    figure.update_xaxes(showgrid=False, showticklabels=False)
    return figure


def _outside(look: Look) -> dict[str, Any]:
    """Return how a bar's own label stands at its end."""
    font = {"color": look.palette.ink, "size": look.px(0.9375)}
    return {"textposition": "outside", "constraintext": "none", "cliponaxis": False, "textfont": font}


def _write_ends(figure: go.Figure, ends: Sequence[tuple[str, float, str]], look: Look) -> None:
    """Write (line, where, text) at the ends of lines."""
    for line, x, text in ends:
        figure.add_annotation(
            x=x,
            y=line,
            text=text,
            showarrow=False,
            xanchor="left",
            xshift=look.px(0.75),
            font={"color": look.palette.ink, "size": look.px(0.9375)},
        )
