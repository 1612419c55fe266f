"""A chart that has nothing to draw says so where its marks would be: an empty frame reads like a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

if TYPE_CHECKING:
    from dashboard.figures.theme import Look


def empty_chart(sentence: str, look: Look) -> go.Figure:
    """Return a chart without axes that says a sentence at its upper left, as the states of panels do."""
    figure = go.Figure(layout=look.layout(margin=dict.fromkeys("lrtb", 0), hovermode=False))
    figure.add_annotation(
        x=0,
        y=1,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="top",
        align="left",
        text=sentence,
        showarrow=False,
        font={"color": look.palette.dim, "size": look.px(0.9375)},
    )
    return figure.update_xaxes(visible=False, range=[0, 1]).update_yaxes(visible=False, range=[0, 1])
