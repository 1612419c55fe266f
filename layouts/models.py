"""Models: what the index is made of, whether it is any good, and what another threshold or weight would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from layouts.models_card import CUTS, cut_words
from layouts.models_editor import editor, result_skeleton
from layouts.models_versions import versions
from layouts.panels import aria, loading, panel

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.i18n import Words

BASE = "models--base"
CARD = "models--card"
LEARNED = "models--learned"
GOOD = "models--good"
PRECISION = "models--precision"
RECALL = "models--recall"
RELIABILITY = "models--reliability"
DRIFT = "models--drift"
CUT = {cut: f"models--cut-{cut.replace('_', '-')}" for cut in CUTS}


def layout(words: Words) -> html.Div:
    """Return the skeleton."""
    trial = panel(
        words("What if? Thresholds and weights tried on today's scores"),
        html.Div([editor(words), result_skeleton(words)], className="trial"),
        note=words("nothing here changes a grade until a version is approved and run"),
        area="models__wide",
    )
    proposed = panel(
        words("Versions"), versions(words), area="models__wide", note=words("a version's text never changes")
    )
    cuts = html.Div([_cut(cut, words) for cut in CUTS], className="models__cuts models__wide")
    return html.Div([dcc.Store(id=BASE), *_summary(words), trial, proposed, cuts, *_checks(words)], className="models")


def _summary(words: Words) -> list[Component]:
    """Return what the model is, and how good it is over all enterprises."""
    good = panel(
        words("Is it any good?"),
        html.Div(loading(words), id=GOOD),
        note=words("on ended cases, when the generation was made; with 95-per-cent intervals"),
    )
    learned = panel(
        words("Learned model"),
        html.Div(loading(words), id=LEARNED),
        area="models__wide",
        note=words("stands beside the index, changes no grade"),
    )
    return [
        panel(
            words("The live model"),
            html.Div(loading(words), id=CARD),
            note=words("all of its numbers are defaults, none is law"),
        ),
        good,
        learned,
        panel(
            words("Precision at k"),
            html.Div(loading(words), id=PRECISION),
            note=words("confirmed cases among the first k enterprises, %"),
        ),
        panel(
            words("Recall at k"),
            html.Div(loading(words), id=RECALL),
            note=words("of all confirmed cases, those among the first k, %"),
        ),
    ]


def _checks(words: Words) -> list[Component]:
    """Return what warns of a model that no longer fits."""
    return [
        panel(
            words("Reliability of the learned probability"),
            html.Div(loading(words), id=RELIABILITY),
            note=words("confirmed against predicted, %; below the axis how many enterprises"),
        ),
        panel(
            words("Drift of the factors"),
            html.Div(loading(words), id=DRIFT),
            note=words("PSI against four weeks before; share of enterprises with evidence that have it"),
        ),
    ]


def _cut(cut: str, words: Words) -> Component:
    name = cut_words(cut, words)
    place = html.Div(loading(words), id=CUT[cut])
    return panel(
        words("By %(cut)s", cut=name.lower()),
        html.Div(place, className="models__list", tabIndex="0", role="region", **aria(label=name)),
        note=words("the index; n is the denominator"),
    )
