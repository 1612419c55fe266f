"""What the learned model makes of each factor: step functions side by side, on one scale. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from dashboard.figures.theme import Look
    from dashboard.i18n import Words

    class Effect(Protocol):
        """One factor's effect on the odds."""

        @property
        def factor(self) -> str:
            """Its name."""

        @property
        def points(self) -> tuple[float, ...]:
            """Decayed points from which each step begins, rising."""

        @property
        def odds(self) -> tuple[float, ...]:
            """How many times as high the odds are from there on."""


APART = 0.035  # of the width, between two factors
TICKS = (1, 2, 5, 10, 20, 50, 100)
BEYOND = 1.2  # of the last step's points: a step is a line, and it has to be seen


def learned_steps(effects: Sequence[Effect], words: Words, look: Look) -> go.Figure:
    """Draw for each factor how many times as high the odds of a confirmed case are, over its points.

    All share one logarithmic axis of odds, so that heights compare; each has its own axis of points, from 0 to just
    beyond its last step. The last value stands at the end of its line.
    """
    ink = look.palette
    margin = {"l": look.px(2.75), "r": look.px(2.75), "t": look.px(2), "b": look.px(1.75)}
    figure = go.Figure(layout=look.layout(margin=margin, hovermode="closest"))
    width = (1 + APART) / max(1, len(effects)) - APART
    highest = max([2.0, *(max(effect.odds) for effect in effects)])
    for place, effect in enumerate(effects):
        left = place * (width + APART)
        _steps(figure, effect, place, words, look)
        _frame(figure, effect, place, (left, left + width), look)
        figure.add_annotation(
            x=left,
            xref="paper",
            y=1,
            yref="paper",
            text=words.factor(effect.factor),
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            yshift=look.px(0.375),
            font={"color": ink.ink, "size": look.px(1)},
        )
    ticks = [tick for tick in TICKS if tick <= highest]
    figure.update_yaxes(
        type="log",
        side="left",
        range=[-0.04, math.log10(highest) * 1.08],
        tickvals=ticks,
        ticktext=[_times(tick) for tick in ticks],
        rangemode="normal",
    )
    return figure


def _frame(figure: go.Figure, effect: Effect, place: int, domain: tuple[float, float], look: Look) -> None:
    """Give a factor's points an axis of their own, in its part of the width."""
    ends = {"range": [0, effect.points[-1] * BEYOND], "tickvals": [0, round(effect.points[-1])]}
    name = f"xaxis{place + 1}" if place else "xaxis"
    figure.update_layout({name: {**look.layout()["xaxis"], "domain": domain, **ends}})


def _steps(figure: go.Figure, effect: Effect, place: int, words: Words, look: Look) -> None:
    ink = look.palette
    axis: dict[str, Any] = {"xaxis": f"x{place + 1}" if place else "x"}
    figure.add_scatter(
        x=[0, *effect.points, effect.points[-1] * BEYOND],
        y=[1, *effect.odds, effect.odds[-1]],
        name=words.factor(effect.factor),
        mode="lines",
        line={"shape": "hv", "width": look.px(2 / 16), "color": ink.accent},
        hovertemplate="%{x:.1f} → ×%{y:.1f}",
        **axis,
    )
    figure.add_annotation(
        x=effect.points[-1] * BEYOND,
        y=math.log10(effect.odds[-1]),
        xref=axis["xaxis"],
        text=_times(effect.odds[-1]),
        showarrow=False,
        xanchor="right",
        yanchor="bottom",
        font={"color": ink.ink, "size": look.px(0.9375)},
    )


def _times(odds: float) -> str:
    return f"×{odds:.1f}".removesuffix(".0")
