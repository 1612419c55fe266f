"""The portrait's panels, drawn: rows and words in, components out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard.vocabulary import SUB_INDEXES
from geo.views import place_words, region_name
from layouts.links import network_href, portrait_href
from layouts.panels import aria, grade_mark, state
from layouts.portrait_words import (
    CHANGE_WORDS,
    LICENCE_WORDS,
    LIST_WORDS,
    ORIGIN_WORDS,
    STATUS_WORDS,
    TIE_WORDS,
    change_sentence,
    day,
    listed,
    money,
    of,
    peer_words,
    piece_words,
    sentence,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.models.exemptions import Exemption
    from dashboard.queries.portrait import Earlier, Facts, PeerLine, Ties
    from dashboard.queries.weighing import Change, Weight
    from layouts.portrait_view import Portrait

MOST_PIECES = 200  # rows of evidence on the page; the dossier has all of them
MOST_CHANGES = 12
TICKS = ("yellow", "orange", "red")


def headline(facts: Facts, weights: Sequence[Weight], floors: Mapping[str, float], words: Words) -> Component:
    """Return grade, index on its scale, name, where and what it is, and the sentence."""
    register, score = facts.register, facts.score
    told = [
        facts.uscc,
        of(STATUS_WORDS, register["status"], words),
        words.sector(register["sector"]),
        place_words(facts.region, words.locale) if facts.region else words("place unknown"),
    ]
    if score and score["risk_type"]:
        told.append(words("leading type: %(type)s", type=words.risk_type(score["risk_type"])))
    return html.Div(
        [
            _score(score, floors, words),
            html.Div(
                [
                    html.H2(facts.name, className="portrait__name"),
                    html.P([html.Span(text) for text in told], className="portrait__told"),
                    html.P(sentence(facts, weights, words), className="portrait__sentence"),
                ],
                className="portrait__who",
            ),
        ],
        className="portrait__lead",
    )


def _score(score: Mapping[str, Any] | None, floors: Mapping[str, float], words: Words) -> Component:
    if score is None:
        return html.Div(html.Div(words("Not scored"), className="portrait__none"), className="portrait__score")
    index = float(score["smoke_index"])
    ticks = [
        html.Span(
            html.I(words.number(floors[grade])),
            className=f"scale__tick is-{grade}",
            style={"left": f"{floors[grade]:g}%"},
        )
        for grade in TICKS
        if grade in floors
    ]
    level = words("Smoke Index %(index)s of 100", index=words.number(index, 2))
    fill = html.Span(
        className="scale__fill", style={"width": f"{index:.2f}%", "background": f"var(--{score['grade']})"}
    )
    return html.Div(
        [
            html.Div(
                [
                    html.Span(words.number(index, 1), className=f"portrait__index is-{score['grade']}"),
                    grade_mark(score["grade"], words.grade(score["grade"])),
                ],
                className="portrait__grade",
            ),
            html.Div([fill, *ticks], className="scale", role="img", **aria(label=level)),
        ],
        className="portrait__score",
    )


def standing(
    warnings: Sequence[Mapping[str, Any]], held: Exemption | None, cases: Sequence[Any], handled: str, words: Words
) -> list[Component]:
    """Return what is open about it: its newest warning and what became of that, a list it stands on, its cases."""
    lines: list[Component] = []
    if warnings:
        newest = warnings[0]
        raised = words("Warned on %(day)s", day=day(newest["raised_on"]))
        lines.append(html.P([grade_mark(newest["grade"], raised), html.Span(handled)]))
        owner = region_name(newest["owner_code"], words.locale)
        lines.append(
            html.P(words("Owner: lead department of %(region)s, due %(day)s", region=owner, day=day(newest["due_on"])))
        )
    else:
        lines.append(html.P(words("No warning on record")))
    if held:
        until = words(
            "%(list)s until %(day)s: %(reason)s",
            list=of(LIST_WORDS, held.kind, words),
            day=day(held.ends_on),
            reason=held.reason,
        )
        lines.append(html.P(until, className="portrait__held"))
    lines += [
        html.P(words("Case %(number)s, opened %(day)s", number=case.number, day=day(case.opened_at.date())))
        for case in cases
    ]
    return lines


def peers(score: Mapping[str, Any] | None, lines: Mapping[str, Sequence[PeerLine]], words: Words) -> Component:
    """Return the five contributions, and the index, as bars with ticks at the median and the ninth decile of peers."""
    if score is None:
        return state("none", words("Not in operation: not scored, so not compared"))
    measures = [(sub, float(score[f"contribution_{sub}"])) for sub in SUB_INDEXES]
    measures.append(("smoke_index", float(score["smoke_index"])))
    if not lines:
        return html.Div(
            [
                *_bars(measures, {}, words),
                html.P(words("No peers were measured in this generation"), className="is-dim"),
            ]
        )
    return html.Div(_bars(measures, lines, words), className="peers")


def _bars(
    measures: Sequence[tuple[str, float]], lines: Mapping[str, Sequence[PeerLine]], words: Words
) -> list[Component]:
    of_subs = [value for name, value in measures if name != "smoke_index"]
    of_subs += [line.p90 for name, _value in measures if name != "smoke_index" for line in lines.get(name, ())]
    tops = {name: 100.0 if name == "smoke_index" else max([*of_subs, 1.0]) for name, _value in measures}
    return [_bar(name, value, tops[name], lines.get(name, ()), words) for name, value in measures]


def _bar(name: str, value: float, top: float, lines: Sequence[PeerLine], words: Words) -> Component:
    label = words("Smoke Index") if name == "smoke_index" else words.sub_index(name)
    shown = [line for line in lines if line.kind != "all"] or list(lines)
    tracks: list[Component] = [html.Div(className="bar", style={"width": f"{100 * value / top:.1f}%"})]
    for line in shown:
        low, high = 100 * line.median / top, 100 * line.p90 / top
        spread = html.I(style={"left": f"{low:.1f}%", "width": f"{max(high - low, 0.4):.1f}%"})
        said = words(
            "median %(median)s · p90 %(p90)s", median=words.number(line.median, 1), p90=words.number(line.p90, 1)
        )
        among = words("among %(n)s enterprises", n=words.number(line.enterprises))
        tracks.append(
            html.Div(
                [html.Span(spread, className="peer__span"), html.Span(f"{peer_words(line, words)} {said}")],
                className="peer",
                title=among,
            )
        )
    head = [html.Span(label), html.Span(words.number(value, 2), className="peers__value")]
    return html.Div([html.Div(head, className="peers__head"), *tracks], className="peers__row")


def changes(found: Sequence[Change], earlier: Earlier | None, index: float, words: Words) -> Component:
    """Return what moved the index since the generation before: the sum, then the largest moves."""
    if earlier is None:
        return state("none", words("No earlier generation is kept to compare with"))
    before = None if earlier.index is None else float(earlier.index)
    said = html.P(change_sentence(found, before, index, words), className="portrait__sum")
    if not found:
        return html.Div([said, state("zero", words("No piece of evidence weighs more or less than it did"))])
    rows = [
        html.Li(
            [
                html.Span(words.signed(float(change.points), 2), className="is-number"),
                html.Span(of(CHANGE_WORDS, change.state, words), className="is-dim"),
                html.Span(words.factor(change.piece["factor"])),
                html.Span(day(change.piece["known_on"]), className="is-dim"),
            ],
            title=piece_words(change.piece, words),
        )
        for change in found[:MOST_CHANGES]
    ]
    rest = found[MOST_CHANGES:]
    if rest:
        left = sum(float(change.points) for change in rest)
        tail = words("and %(n)s smaller moves", n=len(rest))
        rows.append(
            html.Li(
                [html.Span(words.signed(left, 2), className="is-number"), html.Span(), html.Span(tail), html.Span()]
            )
        )
    return html.Div([said, html.Ul(rows, className="moves")])


def filters(weights: Sequence[Weight], chosen: str, path: str, words: Words) -> list[Component]:
    """Return the factors as links that filter the evidence; the present one is no link."""
    if len(weights) < 2:  # noqa: PLR2004 - nothing to choose from
        return []
    choices = [
        ("", words("all")),
        *((weight.factor, f"{words.factor(weight.factor)} {weight.count}") for weight in weights),
    ]
    return [
        html.Span(text, **aria(current="true"))
        if name == chosen
        else dcc.Link(text, href=path + (f"?factor={name}" if name else ""))
        for name, text in choices
    ]


def evidence_table(pieces: Sequence[Mapping[str, Any]], words: Words) -> Component:
    """Return the evidence, most points first, with its words marked and where each piece was read."""
    if not pieces:
        return state("zero", words("No evidence"))
    heads = (
        (words("Points"), "is-number"), (words("Factor"), ""), (words("Known"), ""), (words("Occurred"), ""),
        (words("What it says"), ""), (words("Amount"), "is-number"), (words("Reported by"), ""), (words("Read at"), ""),
    )  # fmt: skip
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col", className=kind) for text, kind in heads])),
            html.Tbody([_piece(piece, words) for piece in pieces[:MOST_PIECES]]),
        ],
        className="table evidence",
    )


def _piece(piece: Mapping[str, Any], words: Words) -> html.Tr:
    read = f"{piece['file']}:{piece['line']}" if piece["file"] else ""
    return html.Tr(
        [
            html.Td(words.number(float(piece["contribution"]), 2), className="is-number"),
            html.Td(words.factor(piece["factor"]), className="evidence__factor"),
            html.Td(day(piece["known_on"]), className="is-when"),
            html.Td(day(piece["occurred_on"]), className="is-when"),
            html.Td(said(piece, words), className="evidence__text"),
            html.Td(money(piece["amount"], words), className="is-number"),
            html.Td(of(ORIGIN_WORDS, piece["origin"], words), className="evidence__factor"),
            html.Td([html.Span(piece["source"]), html.Span(read)], className="evidence__read"),
        ]
    )


def said(piece: Mapping[str, Any], words: Words) -> list[Component | str]:
    """Return a piece's text with the feature words in it marked; malformed marks leave the text as it is."""
    text = piece_words(dict(piece), words)
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
                html.Td(tie["origin"]),
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


def nothing_to_draw(seen: Portrait, words: Words) -> Component | None:
    """Return why there is nothing to add up; None where there is."""
    if seen.facts.score is None:
        return state("none", words("Not in operation: not scored"))
    if not any(weight.points for weight in seen.weights):
        return state("zero", words("No evidence: the index is 0"))
    return None


def handled(seen: Portrait, words: Words) -> str:
    """Return what became of the newest warning."""
    newest = seen.warnings[0]["week_on"] if seen.warnings else None
    one = next((one for one in seen.record.handlings if one.week_on == newest), None)
    done = {
        "acknowledged": words("acknowledged"),
        "dismissed": words("dismissed as false"),
        "in_case": words("in a case"),
    }
    return done.get(one.state, words("open")) if one else words("open")


def since_words(earlier: Earlier | None, words: Words) -> str:
    """Return which generation the changes are counted from."""
    if earlier is None:
        return ""
    return words("since generation %(n)s of %(day)s", n=earlier.generation, day=day(earlier.as_of))


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
        (words("Source"), register["source"]),
    )
    return html.Dl([html.Div([html.Dt(name), html.Dd(value or "—")]) for name, value in fields], className="register")
