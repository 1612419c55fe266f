"""A chart that has nothing to draw says so where its marks would be: an empty frame reads like a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

if TYPE_CHECKING:
    from dashboard.figures.theme import Look


def empty_chart(sentence: str, look: Look) -> go.Figure:
    """Return a chart without axes that says at its upper left that it counts zero, and of what, as panels do."""
    figure = go.Figure(layout=look.layout(margin=dict.fromkeys("lrtb", 0), hovermode=False))
    figure.add_annotation(
        x=0,
        y=1,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="top",
        align="left",
        text=f'<span style="font-size:{look.px(1.25)}px">0</span><br>{sentence}',
        showarrow=False,
        font={"color": look.palette.dim, "size": look.px(0.9375)},
    )
    return figure.update_xaxes(visible=False, range=[0, 1]).update_yaxes(visible=False, range=[0, 1])
