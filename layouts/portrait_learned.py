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
LEAST_EFFECT = 0.0005  # less than a tenth of a percentage point is written as nothing


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
    return html.Div([head, *_reasons(effects, words), html.P(rests, className="is-dim")])


def _reasons(effects: Sequence[tuple[str, float]], words: Words) -> list[Component]:
    """Return what the probability would be without each of the factors that move it most; nothing where none does."""
    rows = [
        html.Li([html.Span(words.signed(-effect * 100, 1), className="is-number"), html.Span(_without(factor, words))])
        for factor, effect in effects[:MOST_EFFECTS]
        if abs(effect) >= LEAST_EFFECT
    ]
    if not rows:
        return []
    told = html.P(words("By how many percentage points it would change:"), className="portrait__sum")
    return [told, html.Ul(rows, className="moves moves--two")]


def _without(factor: str, words: Words) -> str:
    return words("without %(factor)s", factor=words.factor(factor))
