"""The portrait's panels, drawn: rows and words in, components out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard.vocabulary import SUB_INDEXES
from geo.views import place_words, region_name
from layouts.links import case_href
from layouts.panels import aria, grade_mark, state
from layouts.portrait_words import (
    change_sentence,
    change_words,
    day,
    of,
    peer_words,
    piece_words,
    sentence,
)
from layouts.terms import STATUS_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.models.exemptions import Exemption
    from dashboard.queries.portrait import Earlier, Facts, PeerLine
    from dashboard.queries.weighing import Weight
    from etl.index.reasons import Change
    from layouts.portrait_view import Portrait

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
            list=words.exemption(held.kind),
            day=day(held.ends_on),
            reason=held.reason,
        )
        lines.append(html.P(until, className="portrait__held"))
    lines += [
        html.P(
            dcc.Link(
                words("Case %(number)s, opened %(day)s", number=case.number, day=day(case.opened_at.date())),
                href=case_href(case.number),
            )
        )
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
    own = html.Div(className="bar", style={"width": f"{100 * value / top:.1f}%"})
    name_and_value = html.Span([html.Span(label), html.Span(words.number(value, 2), className="peers__value")])
    tracks: list[Component] = [html.Div([name_and_value, own], className="peers__head")]
    for line in shown:
        low, high = 100 * line.median / top, 100 * line.p90 / top
        spread = html.I(style={"left": f"{low:.1f}%", "width": f"{max(high - low, 0.4):.1f}%"})
        said = words(
            "median %(median)s · p90 %(p90)s", median=words.number(line.median, 1), p90=words.number(line.p90, 1)
        )
        among = words("among %(n)s enterprises", n=words.number(line.enterprises))
        text = html.Span(f"{peer_words(line, words)} {said}")
        tracks.append(html.Div([text, html.Span(spread, className="peer__span")], className="peer", title=among))
    return html.Div(tracks, className="peers__row")


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
                html.Span(change_words(change, words), className="is-dim"),
                _named(change.row, words),
                html.Span(day(change.row["known_on"]), className="is-dim"),
            ],
            title=piece_words(change.row, words),
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


def _named(piece: Mapping[str, Any], words: Words) -> html.Span:
    """Return a piece of evidence in one line: its factor, and dim what it says."""
    return html.Span(
        [words.factor(piece["factor"]), " ", html.Span(piece_words(piece, words), className="is-dim")],
        className="moves__what",
    )


def down(seen: Portrait, words: Words) -> Component:
    """Return what would lower the grade: the fewest pieces that would have to fall away, or days of silence."""
    if seen.facts.score is None:
        return state("none", words("Not in operation: not scored"))
    if seen.grade == "blue":
        return html.P(words("It stands in no grade that it could leave"), className="is-dim")
    if seen.model is None:
        return state("none", words("The model %(version)s is not on record", version=seen.live.model_version))
    if not seen.recomputed:
        return state("none", words("The model on record does not give the published index again"))
    if seen.silence is None:
        quiet = words("Silence alone would not do it: what holds the grade does not fade.")
    else:
        quiet = words("%(n)s days without anything new", n=words.number(seen.silence))
    lines: list[Component] = [html.P(quiet, className="portrait__sum")]
    found = seen.way_down
    if found:
        after = found.after
        falls = words(
            "or without these %(n)s pieces: %(index)s, %(grade)s",
            n=len(found.rows),
            index=words.number(float(after.smoke_index), 2),
            grade=words.grade(after.grade),
        )
        rows = [
            html.Li(
                [
                    html.Span(words.number(float(row["contribution"]), 2), className="is-number"),
                    _named(row, words),
                ],
                title=piece_words(row, words),
            )
            for row in sorted(found.rows, key=lambda row: -row["contribution"])[:MOST_CHANGES]
        ]
        lines += [html.P(falls, className="portrait__sum"), html.Ul(rows, className="moves moves--two")]
    return html.Div(lines)


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


def since_words(seen: Portrait, words: Words) -> str:
    """Return which generation the changes are counted from."""
    found = next((one for one in seen.made if seen.earlier and one.generation == seen.earlier.generation), None)
    return words("since generation %(n)s of %(day)s", n=found.generation, day=day(found.as_of)) if found else ""
