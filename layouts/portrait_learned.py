"""What was learned from closed cases, beside the index and never in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from layouts.panels import state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.models.performance import Learned
    from dashboard.queries.portrait import Facts

MOST_EFFECTS = 5


def learned(facts: Facts, card: Learned | None, effects: Sequence[tuple[str, float]], words: Words) -> Component:
    """Return the probability with what it rests on; `effects` are (factor, change of it), the largest first."""
    probability = facts.score["probability"] if facts.score else None
    if card is None or card.state != "trained":
        return state("none", words("Nothing was learned: no outcomes, or too few of them, are known so far"))
    if probability is None:
        return state("none", words("It has no evidence to learn from"))
    head = html.P(
        [
            html.Span(words.percent(probability, 1), className="portrait__probability"),
            words("likely that a case is confirmed within %(n)s days", n=card.horizon_days),
        ]
    )
    rests = words(
        "Learned from %(confirmed)s confirmed and %(dismissed)s dismissed cases. It changes neither index nor grade.",
        confirmed=words.number(card.confirmed),
        dismissed=words.number(card.dismissed),
    )
    rows = [
        html.Li([html.Span(words.signed(effect * 100, 1), className="is-number"), html.Span(words.factor(factor))])
        for factor, effect in effects[:MOST_EFFECTS]
    ]
    shown = html.Ul(rows, className="moves moves--two") if rows else None
    return html.Div([head, shown, html.P(rests, className="is-dim")])
