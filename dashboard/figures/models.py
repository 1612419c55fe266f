"""Charts of how good the index is: precision and recall over k, reliability, drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    from dashboard.figures.theme import Look
    from dashboard.i18n import Words

    class Point(Protocol):
        """One measure at one k."""

        @property
        def k(self) -> int:
            """How many enterprises were looked at."""

        @property
        def value(self) -> float | None:
            """The share, 0-1; None: too little data."""

        @property
        def low(self) -> float | None:
            """Its interval's lower end."""

        @property
        def high(self) -> float | None:
            """Its interval's upper end."""

        @property
        def n(self) -> int:
            """The denominator."""

    class Bin(Protocol):
        """One bin of predicted probability."""

        @property
        def predicted(self) -> float:
            """Mean probability, 0-1."""

        @property
        def observed(self) -> float:
            """Share with a confirmed case, 0-1."""

        @property
        def low(self) -> float:
            """Its interval's lower end."""

        @property
        def high(self) -> float:
            """Its interval's upper end."""

        @property
        def n(self) -> int:
            """Enterprises in the bin."""

    class Drifted(Protocol):
        """One factor's drift."""

        @property
        def factor(self) -> str:
            """Its name."""

        @property
        def psi(self) -> float:
            """Population stability index."""

        @property
        def share_before(self) -> float:
            """Share of enterprises with it, then."""

        @property
        def share_now(self) -> float:
            """Share of enterprises with it, now."""


SCORERS = ("index", "learned", "complaints")
STABLE, SHIFTED = 0.1, 0.25
"""The bands of the population stability index by which credit scoring goes: below the first stable, above the second
shifted. They are a convention of that trade (N. Siddiqi, Credit Risk Scorecards, 2006), not a test."""
CLOSE = 1.4  # times as much: ticks of a logarithmic axis that stand closer would run into each other
APART = 0.1  # of the axis: labels that stand closer would run into each other


def scorer_words(scorer: str, words: Words) -> str:
    """Return the words of a scorer; one that a newer run brought is shown as it is."""
    return {
        "index": words("Smoke Index"),
        "learned": words("Learned model"),
        "complaints": words("Complaints alone"),
    }.get(scorer, scorer)


def at_k_line(curves: Mapping[str, Sequence[Point]], words: Words, look: Look) -> go.Figure:
    """Draw a share over k (logarithmic) for each scorer, its interval as a quiet area, its name at the end of its line.

    A point with too little data is left out.
    """
    ink = look.palette
    figure = go.Figure(layout=look.layout(margin=_margin(look, right=11.5)))
    styles = {"index": (ink.ink, "solid"), "learned": (ink.accent, "dash"), "complaints": (ink.faint, "dot")}
    ends: dict[str, float] = {}
    for scorer in reversed(SCORERS):
        points = [point for point in curves.get(scorer, ()) if point.value is not None]
        if points:
            _curve(figure, points, styles[scorer], scorer_words(scorer, words), look)
            ends[scorer] = points[-1].value or 0.0
    for scorer, height in _spread(ends).items():
        figure.add_annotation(
            x=1,
            xref="paper",
            y=height,
            text=f"{scorer_words(scorer, words)} {words.percent(ends[scorer])}",
            showarrow=False,
            xanchor="left",
            xshift=look.px(0.5),
            font={"color": styles[scorer][0], "size": look.px(1)},
        )
    figure.update_xaxes(type="log", tickangle=0, minor={"ticks": ""}, **_ticks(curves, words))
    figure.update_yaxes(side="left", range=[0, 1.02], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    return figure


def _ticks(curves: Mapping[str, Sequence[Point]], words: Words) -> dict[str, list[int] | list[str]]:
    """Return the ks as ticks, less those that stand too close after another."""
    ticks: list[int] = []
    for k in sorted({point.k for points in curves.values() for point in points}):
        ticks += [k] if not ticks or k >= CLOSE * ticks[-1] else []
    return {"tickvals": ticks, "ticktext": [words.compact(k) for k in ticks]}


def _curve(figure: go.Figure, points: Sequence[Point], style: tuple[str, str], name: str, look: Look) -> None:
    ks = [point.k for point in points]
    ends = [(point.low if point.low is not None else point.value) for point in points]
    tops = [(point.high if point.high is not None else point.value) for point in points]
    figure.add_scatter(
        x=[*ks, *reversed(ks)],
        y=[*tops, *reversed(ends)],
        fill="toself",
        fillcolor=style[0],
        opacity=0.14,
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=ks,
        y=[point.value for point in points],
        name=name,
        mode="lines+markers",
        line={"width": look.px(2 / 16), "color": style[0], "dash": style[1]},
        marker={"size": look.px(0.375)},
        customdata=[[low, high, point.n] for low, high, point in zip(ends, tops, points, strict=True)],
        hovertemplate="%{y:.0%} (%{customdata[0]:.0%}–%{customdata[1]:.0%}), n = %{customdata[2]:,}",
    )


def _spread(ends: Mapping[str, float]) -> dict[str, float]:
    """Return where labels stand: at their line's end, or as far beside the next as keeps them apart."""
    placed: dict[str, float] = {}
    below = -1.0
    for name, height in sorted(ends.items(), key=lambda one: one[1]):
        below = max(height, below + APART)
        placed[name] = below
    above = 1.0 + APART
    for name in reversed(placed):  # what was pushed out at the top comes down again
        above = min(placed[name], above - APART)
        placed[name] = above
    return placed


def reliability_line(bins: Sequence[Bin], words: Words, look: Look) -> go.Figure:
    """Draw the observed share of confirmed cases against the predicted one, with intervals; counts under the axis.

    On the diagonal the probability means what it says.
    """
    ink = look.palette
    figure = go.Figure(layout=look.layout(margin=_margin(look, right=1.5, bottom=3.25), hovermode="closest"))
    _diagonal(figure, words, look)
    figure.add_scatter(
        x=[one.predicted for one in bins],
        y=[one.observed for one in bins],
        mode="lines+markers",
        line={"width": look.px(2 / 16), "color": ink.ink},
        marker={"size": look.px(0.5)},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [one.high - one.observed for one in bins],
            "arrayminus": [one.observed - one.low for one in bins],
            "color": ink.dim,
            "thickness": look.px(1 / 16),
            "width": look.px(0.25),
        },
        customdata=[one.n for one in bins],
        hovertemplate="%{x:.0%} → %{y:.0%}, n = %{customdata:,}<extra></extra>",
    )
    ticks = [one for place, one in enumerate(bins) if place == 0 or one.predicted - bins[place - 1].predicted > APART]
    labels = [f"{words.percent(one.predicted)}<br>{words.compact(one.n)}" for one in ticks]
    figure.update_xaxes(range=[0, 1.02], tickvals=[one.predicted for one in ticks], ticktext=labels)
    figure.update_yaxes(side="left", range=[0, 1.05], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    return figure


def _diagonal(figure: go.Figure, words: Words, look: Look) -> None:
    ink = look.palette
    rule = {"width": look.px(1 / 16), "dash": "dot", "color": ink.faint}
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line=rule, hoverinfo="skip")
    figure.add_annotation(
        x=0.97,
        y=0.97,
        text=words("as promised"),
        showarrow=False,
        xanchor="right",
        yanchor="bottom",
        font={"color": ink.dim, "size": look.px(0.9375)},
    )


def drift_bars(rows: Sequence[Drifted], words: Words, look: Look) -> go.Figure:
    """Draw factors by their population stability index, the most changed on top, with the two conventional bounds."""
    ink = look.palette
    figure = go.Figure(layout=look.layout(margin=_margin(look, left=0.25, right=9, top=1.5), hovermode="closest"))
    shown = list(reversed(rows))
    figure.add_bar(
        x=[row.psi for row in shown],
        y=[words.factor(row.factor) for row in shown],
        orientation="h",
        marker={"color": [_weight(row.psi, look) for row in shown]},
        text=[_change(row, words) for row in shown],
        textposition="outside",
        cliponaxis=False,
        textfont={"color": ink.ink, "size": look.px(0.9375)},
        hovertemplate="%{y}: PSI %{x:.3f}<extra></extra>",
    )
    for bound, text in (
        (STABLE, words("moved from %(n)s", n=STABLE)),
        (SHIFTED, words("shifted from %(n)s", n=SHIFTED)),
    ):
        figure.add_vline(x=bound, line={"color": ink.faint, "width": look.px(1 / 16), "dash": "dot"})
        figure.add_annotation(
            x=bound,
            y=1,
            yref="paper",
            text=text,
            showarrow=False,
            yanchor="bottom",
            font={"color": ink.dim, "size": look.px(0.9375)},
        )
    figure.update_xaxes(range=[0, max([SHIFTED * 1.15, *(row.psi for row in rows)])], visible=False)
    figure.update_yaxes(side="left", automargin=True, nticks=len(rows), showgrid=False, rangemode="normal")
    return figure


def _weight(psi: float, look: Look) -> str:
    ink = look.palette
    return ink.ink if psi >= SHIFTED else ink.accent if psi >= STABLE else ink.faint


def _change(row: Drifted, words: Words) -> str:
    return f"{words.number(row.psi, 3)}　{words.percent(row.share_before)} → {words.percent(row.share_now)}"


def _margin(
    look: Look, *, left: float = 3, right: float = 3, top: float = 0.75, bottom: float = 1.75
) -> dict[str, float]:
    return {"l": look.px(left), "r": look.px(right), "t": look.px(top), "b": look.px(bottom)}
