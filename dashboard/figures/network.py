"""Networks as Cytoscape draws them: where parties stand, what they look like, and what a line means. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from dashboard.figures.theme import FONT

if TYPE_CHECKING:
    from dashboard.figures.theme import Look, Palette
    from dashboard.i18n import Words
    from dashboard.models.network import Net, Party, Tie

WIDE, HIGH = 185, 120  # CSS pixels that a party with its label takes at most, and about the length of a tie
CLEAR = (160.0, 78.0)  # CSS pixels, across and down, that a party with a label of two lines wants for itself
PUSHES = 150  # rounds in which parties that stand on each other are moved apart; few nets need half of them
FEW = 14  # ties up to which each, or each of the chosen party's, says what it is: more would only cover each other
CAREFUL = 80  # parties up to which a connected part is laid out by all its distances, which takes their square
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
    """Return nodes and edges with their places; `texts` are the labels, `in_line` lays a way out in a row."""
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
    near = {place for place, tie in enumerate(net.ties) if chosen in {tie.holder, tie.held}}
    told = set(range(len(net.ties))) if len(net.ties) <= FEW else near if len(near) <= FEW else set()
    edges = [
        _edge(place, tie, words, texts, near=place in near, told=place in told)
        for place, tie in enumerate(net.ties)
        if {tie.holder, tie.held} <= drawn  # a party that neither register nor ties describe is not drawn
    ]
    return [*nodes, *edges]


def _looks(party: Party) -> str:
    return "outside" if party.outside else f"{party.kind} {party.grade or 'ungraded'}"


def _label(party: Party, words: Words, texts: dict[str, str]) -> str:
    if party.outside or party.kind != "enterprise":
        return texts[party.node]
    if not party.grade:  # nobody scores what is no longer in operation: the register's word stands there
        return "\n".join([texts[party.node], *([texts[party.status]] if party.status in texts else [])])
    index = "" if party.smoke_index is None else f" {words.number(party.smoke_index, 0)}"
    return f"{texts[party.node]}\n{words.grade(party.grade)}{index}"


def _edge(place: int, tie: Tie, words: Words, texts: dict[str, str], *, near: bool, told: bool) -> dict[str, Any]:
    """Return one line, of its own look where it is `near` the chosen party; it says what it is where that is `told`."""
    share = "" if tie.share is None else f" {words.percent(tie.share)}"
    label = texts[tie.kind] + share if told else ""
    looks = [LINES.get(tie.kind, "dotted"), tie.kind, *(["hub"] if not tie.weight else []), *(["near"] if near else [])]
    return {
        "data": {"id": f"tie-{place}", "source": tie.holder, "target": tie.held, "label": label},
        "classes": " ".join(looks),
    }


def _in_line(net: Net) -> dict[str, dict[str, float]]:
    return {party.node: {"x": float(place * STEP), "y": 0.0} for place, party in enumerate(net.parties)}


def _sprung(net: Net) -> dict[str, dict[str, float]]:
    """Return where the parties stand: each connected part by its own distances, parts in rows, the largest first.

    The same net always stands in the same way.
    """
    graph = nx.Graph()
    graph.add_nodes_from(party.node for party in net.parties)
    known = set(graph)
    graph.add_edges_from((tie.holder, tie.held) for tie in net.ties if {tie.holder, tie.held} <= known)
    order = {party.node: place for place, party in enumerate(net.parties)}
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(order[node] for node in part)))
    laid = [_part(graph.subgraph(part), sorted(part, key=order.__getitem__)) for part in parts]
    widest = max(5 * WIDE, WIDE * (2.4 * len(graph)) ** 0.5)
    places: dict[str, dict[str, float]] = {}
    left = top = row = 0.0
    for part in laid:
        width, height = (max(place[axis] for place in part.values()) for axis in (0, 1))
        if left and left + width > widest:
            left, top, row = 0.0, top + row + HIGH, 0.0
        places |= {node: {"x": round(left + x, 1), "y": round(top + y, 1)} for node, (x, y) in part.items()}
        left, row = left + width + WIDE, max(row, height)
    return places


def _part(graph: nx.Graph[str], nodes: list[str]) -> dict[str, tuple[float, float]]:
    """Return places of one connected part, from 0 on, its ties about WIDE long and no label upon another."""
    if len(nodes) <= CAREFUL:
        found = nx.kamada_kawai_layout(graph, pos=nx.circular_layout(nodes))
    else:
        found = nx.spring_layout(graph, pos=nx.circular_layout(nodes), iterations=ROUNDS, seed=SEED, method="force")
    lengths = [float(((found[one] - found[two]) ** 2).sum() ** 0.5) for one, two in graph.edges]
    scale = WIDE * len(lengths) / sum(lengths) if lengths else 0.0
    places = _apart(np.array([found[node] for node in nodes]) * (scale * 1.1, scale * 0.75))  # as wide as screens are
    places -= places.min(axis=0)
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, places, strict=True)}


def _apart(places: np.ndarray) -> np.ndarray:
    """Return the places after those that stand closer than CLEAR were pushed apart, each way along the shorter way out.

    Two on the same spot part along the order that they came in, so that the same net stands the same.
    """
    order = np.sign(np.arange(len(places))[:, None] - np.arange(len(places))[None, :])
    for _ in range(PUSHES):
        gaps = places[:, None, :] - places[None, :, :]
        lacking = np.array(CLEAR) - np.abs(gaps)
        meet = (lacking > 0).all(axis=2) & (order != 0)
        if not meet.any():
            break
        across = lacking[..., 0] / CLEAR[0] <= lacking[..., 1] / CLEAR[1]
        ways = np.where(gaps == 0, order[..., None], np.sign(gaps))
        chosen = np.stack([across, ~across], axis=2) & meet[..., None]
        places = places + (ways * lacking * chosen).sum(axis=1) / (1 + chosen.sum(axis=1))
    return places


def network_stylesheet(look: Look) -> list[dict[str, Any]]:
    """Return Cytoscape's style: enterprises square, coloured by grade only; persons round; shapes for the rest."""
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
        {"selector": ".near", "style": {"line-color": ink.dim, "target-arrow-color": ink.dim, "z-index": 1}},
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
        "font-family": FONT,
        "font-size": look.px(0.8125),
        "text-wrap": "wrap",
        "text-max-width": f"{WIDE - 15}px",
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
        "font-family": FONT,
        "font-size": look.px(0.75),
        "text-rotation": "autorotate",
        "text-background-color": ink.panel,
        "text-background-opacity": 0.9,
        "text-background-padding": "2px",
        "min-zoomed-font-size": 8,
    }
