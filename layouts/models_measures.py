"""The models screen's measures: how good the index and the learned model were found to be, drawn and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard.figures.learned import learned_steps
from dashboard.figures.models import SCORERS, at_k_line, drift_bars, reliability_line
from layouts.models_card import CUTS, cut_table, headline, learned_card
from layouts.panels import aria, state
from layouts.terms import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component
    from plotly.graph_objects import Figure

    from dashboard.figures.theme import Look
    from dashboard.i18n import Words
    from dashboard.queries.performance import Bin, DriftRow, LearnedModel, Measured

MOST_FACTORS = 12  # whose drift is drawn
MOST_EFFECTS = 6  # whose effect is drawn: as many as stand side by side


def measures(rows: Sequence[Measured], words: Words, look: Look) -> dict[str, Any]:
    """Return everything that was measured on ended cases, by the name of its place in callbacks.models."""
    return {
        "good": headline(rows, words),
        "precision": _at_k(rows, "precision", words("Precision at k"), words, look),
        "recall": _at_k(rows, "recall", words("Recall at k"), words, look),
        "cuts": {cut: cut_table(rows, cut, words) for cut in CUTS},
    }


def _at_k(rows: Sequence[Measured], part: str, name: str, words: Words, look: Look) -> Component:
    curves = {
        scorer: [row for row in rows if (row.scorer, row.cut, row.measure) == (scorer, "all", f"{part}_at_k")]
        for scorer in SCORERS
    }
    if not any(curves.values()):
        return state("none", words("Nothing has been measured: no ended cases are known"))
    return chart(at_k_line(curves, words, look), "18rem", name)


def learned(found: LearnedModel | None, words: Words, look: Look) -> list[Component]:
    """Return the learned model's card, and what it makes of the factors that say most."""
    card = learned_card(found, words)
    if found is None or not found.effects:
        return [card]
    shown, left = found.effects[:MOST_EFFECTS], found.effects[MOST_EFFECTS:]
    title = words("How many times as high the odds of a confirmed case are, by decayed points of the factor alone")
    rest = [
        words("Weaker: %(factors)s", factors=listed([words.factor(effect.factor) for effect in left], words))
    ] * bool(left)
    return [
        card,
        html.H3(title, className="models__steps"),
        chart(learned_steps(shown, words, look), "12rem", title),
        html.P(rest, className="is-dim"),
    ]


def reliability(bins: Sequence[Bin], words: Words, look: Look) -> Component:
    """Return the curve of promised and kept probabilities."""
    if not bins:
        return state("none", words("Without a learned model there is no probability to check"))
    return chart(reliability_line(bins, words, look), "24rem", words("Reliability"))


def drift(rows: Sequence[DriftRow], words: Words, look: Look) -> Component:
    """Return the factors that drifted most."""
    if not rows:
        return state("none", words("Drift needs four weeks of evidence"))
    return chart(drift_bars(rows[:MOST_FACTORS], words, look), "24rem", words("Drift of the factors"))


def chart(figure: Figure, height: str, name: str) -> Component:
    """Return a figure in a box of its own height, `name`d for who does not see it."""
    drawn = dcc.Graph(
        figure=figure, responsive=True, config={"displayModeBar": False}, style={"height": "100%", "width": "100%"}
    )
    return html.Div(drawn, style={"height": height}, role="img", **aria(label=name))
