"""Models: what the index is made of, whether it is any good, and what another threshold or weight would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from layouts.model_card import CUTS, cut_words
from layouts.model_editor import editor, result_skeleton
from layouts.model_versions import versions
from layouts.panels import aria, loading, panel

if TYPE_CHECKING:
    from dash.development.base_component import Component
    from plotly.graph_objects import Figure

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

    def waiting(component: str) -> html.Div:
        return html.Div(loading(words), id=component)

    return html.Div(
        [
            dcc.Store(id=BASE),
            panel(words("The live model"), waiting(CARD), note=words("all of its numbers are defaults, none is law")),
            html.Div(
                [
                    panel(
                        words("Is it any good?"),
                        waiting(GOOD),
                        note=words("on ended cases, when the generation was made; with 95-per-cent intervals"),
                    ),
                    panel(
                        words("Learned model"),
                        waiting(LEARNED),
                        note=words("stands beside the index, changes no grade"),
                    ),
                ],
                className="models__column",
            ),
            panel(
                words("Precision at k"),
                waiting(PRECISION),
                note=words("confirmed cases among the first k enterprises, %"),
            ),
            panel(
                words("Recall at k"), waiting(RECALL), note=words("of all confirmed cases, those among the first k, %")
            ),
            panel(
                words("What if? Thresholds and weights tried on today's scores"),
                html.Div([editor(words), result_skeleton(words)], className="trial"),
                note=words("nothing here changes a grade until a version is approved and run"),
                area="models__wide",
            ),
            panel(
                words("Versions"), versions(words), area="models__wide", note=words("a version's text never changes")
            ),
            html.Div(
                [
                    panel(
                        words("By %(cut)s", cut=cut_words(cut, words).lower()),
                        html.Div(
                            waiting(CUT[cut]),
                            className="models__list",
                            tabIndex="0",
                            role="region",
                            **aria(label=cut_words(cut, words)),
                        ),
                        note=words("the index; n is the denominator"),
                    )
                    for cut in CUTS
                ],
                className="models__cuts models__wide",
            ),
            panel(
                words("Reliability of the learned probability"),
                waiting(RELIABILITY),
                note=words("confirmed against predicted, %; below the axis how many enterprises"),
            ),
            panel(
                words("Drift of the factors"),
                waiting(DRIFT),
                note=words("PSI against four weeks before; share of enterprises with evidence that have it"),
            ),
        ],
        className="models",
    )


def chart(figure: Figure, height: str, name: str) -> Component:
    """Return a figure in a box of its own height, `name`d for who does not see it."""
    drawn = dcc.Graph(
        figure=figure, responsive=True, config={"displayModeBar": False}, style={"height": "100%", "width": "100%"}
    )
    return html.Div(drawn, style={"height": height}, role="img", **aria(label=name))
