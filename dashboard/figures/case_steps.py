"""The flow of cases between phases. A click's `customdata` is a code that `layouts.cases_links` turns into a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard.figures.empty import empty_chart
from dashboard.figures.theme import faded
from dashboard.i18n.case_terms import PHASE_WORDS
from dashboard.vocabulary import MERGED, PHASES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.figures.theme import Look
    from dashboard.i18n import Words

NEW = "start"  # as the address calls what is before the first phase
ORDER = (NEW, *PHASES, MERGED)


def step_sankey(flows: Sequence[tuple[str, str, int]], words: Words, look: Look) -> go.Figure:
    """Draw the steps between phases, (before, after, cases): new cases flow in from the left, '' before.

    Only onward steps make a flow without loops, and a loop cannot be followed by eye. So every step that does not lead
    on, a return, a reopening or a move inside a phase, ends in a node of its own at the right, in orange where it goes
    back, and is named below: a label would lie on its own thin line. Plotly breaks ("Invalid array length") on a flow
    without a node, so that nothing to draw is a sentence.
    """
    drawn = [(before or NEW, after, cases) for before, after, cases in flows if cases]
    if not drawn:
        return empty_chart(words("No case came in or moved in the period"), look)
    ends = [(before, _target(before, after), cases) for before, after, cases in drawn]
    keys = {key: at for at, key in enumerate(sorted({key for end in ends for key in end[:2]}, key=_place))}
    through = {key: max(_sum(ends, 0, key), _sum(ends, 1, key)) for key in keys}
    apart = [f"{_node_words(key, words)} {words.number(through[key])}" for key in keys if ":" in key]
    back = [target.startswith("back:") for _before, target, _cases in ends]
    margin = dict.fromkeys("lrt", look.px(0.5)) | {"b": look.px(2 if apart else 0.5)}
    figure = go.Figure(layout=look.layout(hovermode="closest", margin=margin))
    if apart:
        _write_below(figure, " · ".join(apart), look)
    figure.add_sankey(
        arrangement="snap",
        node={
            "label": ["" if ":" in key else f"{_node_words(key, words)} {words.number(through[key])}" for key in keys],
            "color": [look.palette.orange if key.startswith("back:") else look.palette.faint for key in keys],
            "pad": look.px(1.5),
            "thickness": look.px(0.5),
            "line": {"width": 0},
            "hoverinfo": "none",
        },
        link={
            "label": [
                f"{_node_words(before, words)} → {_node_words(target, words)}" for before, target, _cases in ends
            ],
            "source": [keys[before] for before, _target, _cases in ends],
            "target": [keys[target] for _before, target, _cases in ends],
            "value": [cases for *_, cases in ends],
            "color": [faded(look.palette.orange, 0.65) if one else faded(look.palette.accent, 0.3) for one in back],
            "customdata": [f"step:{before}.{after}" for before, after, _cases in drawn],
            "hovertemplate": "%{label}: %{value:,.0f}<extra></extra>",
        },
        textfont={"color": look.palette.ink, "size": look.px(0.9375)},
    )
    return figure


def _write_below(figure: go.Figure, text: str, look: Look) -> None:
    figure.add_annotation(
        x=1,
        y=0,
        xref="paper",
        yref="paper",
        xanchor="right",
        yanchor="top",
        yshift=-look.px(0.25),
        text=text,
        showarrow=False,
        font={"color": look.palette.orange, "size": look.px(0.9375)},
    )


def _sum(ends: Sequence[tuple[str, str, int]], side: int, key: str) -> int:
    return sum(end[2] for end in ends if end[side] == key)


def _place(key: str) -> tuple[bool, int]:
    kind, _, phase = key.rpartition(":")
    return bool(kind), ORDER.index(phase)


def _target(before: str, after: str) -> str:
    """Return the node that a step ends in: its phase's own if it leads on, else one at the right edge."""
    if ORDER.index(after) > ORDER.index(before):
        return after
    return f"back:{after}" if before != after else f"same:{after}"


def _node_words(key: str, words: Words) -> str:
    kind, _, phase = key.rpartition(":")
    name = words("New cases") if phase == NEW else words.term(PHASE_WORDS, phase)
    if kind == "same":
        return words("within %(phase)s", phase=name)
    return words("↩ back to %(phase)s", phase=name) if kind else name
