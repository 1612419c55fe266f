"""Networks as Cytoscape draws them: where parties stand, what they look like, and what a line means. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.figures.theme import Look, Palette
    from dashboard.i18n import Words
    from dashboard.queries.network import Net
    from dashboard.queries.ties import Party, Tie

APART = 120  # CSS pixels between neighbours, about: a label's width
STEP = 190  # between the parties of a way
SEED = 20
ROUNDS = 80  # of the spring layout
LINES = {
    "shareholder": "solid",
    "branch": "solid",
    "legal_representative": "dashed",
    "director": "dashed",
    "same_address": "dotted",
    "same_phone": "dotted",
}
"""How the line of each kind is drawn: property, then office, then what is merely shared."""


def network_elements(
    net: Net, words: Words, *, start: str = "", chosen: str = "", texts: dict[str, str], in_line: bool = False
) -> list[dict[str, Any]]:
    """Return nodes and edges with their places; `texts` are the labels of parties, `in_line` lays a way out in a row."""
    places = _in_line(net) if in_line else _sprung(net)
    nodes = [
        {
            "data": {"id": party.node, "label": _label(party, words, texts)},
            "position": places[party.node],
            "classes": " ".join(
                [
                    _looks(party),
                    *(["start"] if party.node == start else []),
                    *(["chosen"] if party.node == chosen else []),
                ]
            ),
        }
        for party in net.parties
    ]
    drawn = {party.node for party in net.parties}
    edges = [
        _edge(place, tie, words, texts)
        for place, tie in enumerate(net.ties)
        if {tie.holder, tie.held} <= drawn  # a party that neither register nor ties describe is not drawn
    ]
    return [*nodes, *edges]


def _looks(party: Party) -> str:
    return "outside" if party.outside else f"{party.kind} {party.grade or 'ungraded'}"


def _label(party: Party, words: Words, texts: dict[str, str]) -> str:
    if party.outside or party.kind != "enterprise" or not party.grade:
        return texts[party.node]
    index = "" if party.smoke_index is None else f" {words.number(party.smoke_index, 0)}"
    return f"{texts[party.node]}\n{words.grade(party.grade)}{index}"


def _edge(place: int, tie: Tie, words: Words, texts: dict[str, str]) -> dict[str, Any]:
    share = "" if tie.share is None else f" {words.percent(tie.share)}"
    return {
        "data": {"id": f"tie-{place}", "source": tie.holder, "target": tie.held, "label": texts[tie.kind] + share},
        "classes": f"{LINES.get(tie.kind, 'dotted')} {tie.kind}{' hub' if not tie.weight else ''}",
    }


def _in_line(net: Net) -> dict[str, dict[str, float]]:
    return {party.node: {"x": float(place * STEP), "y": 0.0} for place, party in enumerate(net.parties)}


def _sprung(net: Net) -> dict[str, dict[str, float]]:
    """Return where springs pull the parties: the same net always stands in the same way."""
    graph = nx.Graph()
    graph.add_nodes_from(party.node for party in net.parties)
    known = set(graph)
    graph.add_edges_from((tie.holder, tie.held) for tie in net.ties if {tie.holder, tie.held} <= known)
    if not graph:
        return {}
    size = max(APART, APART * len(graph) ** 0.5 * 0.75)
    # Circles first: from there the springs need few rounds, and need no chance but the seed's.
    before = nx.circular_layout(graph)
    found = nx.spring_layout(graph, pos=before, k=1.6 / len(graph) ** 0.5, iterations=ROUNDS, seed=SEED)
    return {
        node: {"x": round(float(x) * size, 1), "y": round(float(y) * size * 0.7, 1)} for node, (x, y) in found.items()
    }


def network_stylesheet(look: Look) -> list[dict[str, Any]]:
    """Return Cytoscape's style: enterprises square and coloured by grade only, persons round, the rest by their shape."""
    ink = look.palette
    return [
        {"selector": "node", "style": _party_style(ink, look)},
        {"selector": ".enterprise", "style": {"shape": "round-rectangle", "width": 26, "height": 26}},
        {"selector": ".person", "style": {"shape": "ellipse"}},
        {"selector": ".door", "style": {"shape": "pentagon"}},
        {"selector": ".telephone", "style": {"shape": "diamond"}},
        *(
            {
                "selector": f".{grade}",
                "style": {"background-color": getattr(ink, grade), "border-color": getattr(ink, grade)},
            }
            for grade in ("red", "orange", "yellow", "blue")
        ),
        {"selector": ".outside", "style": {"shape": "round-rectangle", "border-style": "dashed", "color": ink.dim}},
        {"selector": ".start", "style": {"width": 36, "height": 36, "font-weight": 600}},
        {"selector": ".chosen", "style": {"border-width": 4, "border-color": ink.ink}},
        {"selector": "edge", "style": _tie_style(ink, look)},
        {"selector": ".dashed", "style": {"line-style": "dashed", "line-dash-pattern": [7, 4]}},
        {"selector": ".dotted", "style": {"line-style": "dashed", "line-dash-pattern": [2, 4]}},
        {"selector": ".shareholder, .branch", "style": {"target-arrow-shape": "triangle", "width": 2}},
        {"selector": ".hub", "style": {"opacity": 0.35}},
    ]


def _party_style(ink: Palette, look: Look) -> dict[str, Any]:
    return {
        "label": "data(label)",
        "width": 20,
        "height": 20,
        "background-color": ink.panel,
        "border-width": 2,
        "border-color": ink.dim,
        "color": ink.ink,
        "font-size": look.px(0.8125),
        "text-wrap": "wrap",
        "text-max-width": f"{APART}px",
        "text-overflow-wrap": "anywhere",
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-background-color": ink.panel,
        "text-background-opacity": 0.8,
        "text-background-padding": "1px",
        "min-zoomed-font-size": 7,
    }


def _tie_style(ink: Palette, look: Look) -> dict[str, Any]:
    return {
        "label": "data(label)",
        "curve-style": "bezier",
        "width": 1.25,
        "line-color": ink.faint,
        "target-arrow-color": ink.faint,
        "arrow-scale": 0.9,
        "color": ink.dim,
        "font-size": look.px(0.75),
        "text-rotation": "autorotate",
        "text-background-color": ink.panel,
        "text-background-opacity": 0.9,
        "text-background-padding": "2px",
        "min-zoomed-font-size": 8,
    }
