"""The portrait's long tables, drawn: evidence with its words marked, ties, and the register's fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from layouts.links import network_href, portrait_href
from layouts.panels import aria, grade_mark, state
from layouts.portrait_paths import way_shown
from layouts.portrait_words import LICENCE_WORDS, ORIGIN_WORDS, TIE_WORDS, day, money, of, piece_words
from layouts.terms import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.portrait import Ties
    from dashboard.queries.weighing import Weight

MOST_PIECES = 200  # rows of evidence on the page; the dossier has all of them


def filters(weights: Sequence[Weight], chosen: str, path: str, words: Words) -> list[Component]:
    """Return the factors as links that filter the evidence; the present one is no link."""
    if len(weights) < 2:  # noqa: PLR2004 - nothing to choose from
        return []
    choices = [
        ("", words("all")),
        *((weight.factor, f"{words.factor(weight.factor)} {weight.rows}") for weight in weights),
    ]
    return [
        html.Span(text, **aria(current="true"))
        if name == chosen
        else dcc.Link(text, href=path + (f"?factor={name}" if name else ""))
        for name, text in choices
    ]


def evidence_table(pieces: Sequence[Mapping[str, Any]], words: Words, *, scored: bool = True) -> Component:
    """Return the evidence, most points first, with its words marked and where each piece was read."""
    if not pieces and not scored:
        return state("none", words("Not in operation: not scored"))
    if not pieces:
        return state("zero", words("No evidence"))
    heads = (
        (words("Points"), "is-number"), (words("Factor"), ""), (words("Known"), ""), (words("Occurred"), ""),
        (words("What it says"), ""), (words("Amount"), "is-number"), (words("Reported by"), ""), (words("Read at"), ""),
    )  # fmt: skip
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col", className=kind) for text, kind in heads])),
            html.Tbody([_piece(piece, words) for piece in pieces[:MOST_PIECES]]),
        ],
        className="table evidence",
    )
    return html.Div(table, className="portrait__scroll", tabIndex=0, role="group", **aria(label=words("Evidence")))


def _piece(piece: Mapping[str, Any], words: Words) -> html.Tr:
    read = f"{piece['file']}:{piece['line']}".removeprefix("landing/") if piece["file"] else ""
    source = "" if piece["source"] in {"", piece["origin"]} else of(ORIGIN_WORDS, piece["source"], words)
    return html.Tr(
        [
            html.Td(words.number(float(piece["contribution"]), 2), className="is-number"),
            html.Td(words.factor(piece["factor"]), className="evidence__factor"),
            html.Td(day(piece["known_on"]), className="is-when"),
            html.Td(day(piece["occurred_on"]) if piece["occurred_on"] else "", className="is-when"),
            html.Td(said(piece, words), className="evidence__text"),
            html.Td(money(piece["amount"], words) if piece["amount"] else "", className="is-number"),
            html.Td(of(ORIGIN_WORDS, piece["origin"], words), className="evidence__factor"),
            html.Td([html.Span(part) for part in (source, read) if part], className="evidence__read"),
        ]
    )


def said(piece: Mapping[str, Any], words: Words) -> list[Component | str]:
    """Return a piece's text with the feature words in it marked; malformed marks leave the text as it is.

    A piece that rests on ties tells its way, with links.
    """
    if piece.get("path"):
        return way_shown(piece["path"], words)
    text = piece_words(piece, words)
    try:
        spans = sorted((int(start), int(length)) for start, length, *_word in json.loads(piece["hits"] or "[]"))
    except (TypeError, ValueError):
        spans = []
    shown: list[Component | str] = []
    at = 0
    for start, length in spans:
        if start < at or length <= 0 or start + length > len(text) or text != piece["text"]:
            continue
        shown += [text[at:start], html.Mark(text[start : start + length])]
        at = start + length
    return [*shown, text[at:]]


def ties_table(found: Ties, uscc: str, words: Words) -> Component:
    """Return the ties one step around; enterprises inside the jurisdiction lead to their own portrait."""
    if not found.rows:
        return state("zero", words("No tie to any other party is on record"))
    heads = (words("Party"), words("Tie"), words("Share"), words("Since"), words("Source"), words("Its index"))
    rows = [
        html.Tr(
            [
                html.Td(_party(tie), className="evidence__text"),
                html.Td(of(TIE_WORDS, (tie["kind"], tie["outward"]), words)),
                html.Td(words.percent(tie["share"], 1), className="is-number"),
                html.Td(day(tie["since_on"]), className="is-when"),
                html.Td(of(ORIGIN_WORDS, tie["origin"], words)),
                html.Td(_their_grade(tie, words)),
            ]
        )
        for tie in found.rows
    ]
    table = html.Table(
        [html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])), html.Tbody(rows)], className="table"
    )
    return html.Div([_controller(found, words), table, dcc.Link(words("Open the network"), href=network_href(uscc))])


def _party(tie: Mapping[str, Any]) -> Component | str:
    if tie["party"] == "enterprise" and tie["inside"]:
        return dcc.Link(tie["name"], href=portrait_href(tie["other"]))
    return str(tie["name"])


def _their_grade(tie: Mapping[str, Any], words: Words) -> Component | str:
    if tie["party"] == "enterprise" and not tie["inside"]:
        return words("outside the jurisdiction")
    return grade_mark(tie["grade"], words.number(float(tie["smoke_index"]), 1)) if tie["grade"] else ""


def _controller(found: Ties, words: Words) -> Component | None:
    if not found.controller:
        return None
    share = words.percent(found.control_share, 1)
    return html.P(
        words(
            "Actual controller: %(name)s, %(share)s along its chains of shareholdings",
            name=found.controller_name or found.controller,
            share=share,
        )
    )


def evidence_note(pieces: Sequence[Mapping[str, Any]], words: Words) -> str:
    """Return how many pieces are listed, and what they add up to."""
    points = words.number(float(sum(piece["contribution"] for piece in pieces)), 2)
    shown = min(len(pieces), MOST_PIECES)
    if shown < len(pieces):
        return words(
            "%(shown)s of %(total)s pieces, all in the dossier; %(points)s points in all",
            shown=shown,
            total=len(pieces),
            points=points,
        )
    return words("%(total)s pieces, %(points)s points", total=len(pieces), points=points)


def register_facts(register: Mapping[str, Any], words: Words) -> html.Dl:
    """Return what the register says, field by field."""
    licences = [of(LICENCE_WORDS, code, words) for code in (register["licences"] or "").split(";") if code]
    fields = (
        (words("Legal representative"), register["legal_representative"]),
        (words("Established"), day(register["established_on"])),
        (words("Registered capital"), money(register["registered_capital"], words)),
        (words("Paid in"), money(register["paid_in_capital"], words)),
        (words("Industry"), register["industry"]),
        (words("Licences"), listed(licences, words)),
        (words("Address"), register["address"]),
        (words("Business scope"), register["business_scope"]),
        (words("Source"), of(ORIGIN_WORDS, register["source"], words)),
    )
    return html.Dl([html.Div([html.Dt(name), html.Dd(value or "—")]) for name, value in fields], className="register")
