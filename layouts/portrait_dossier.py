"""A portrait put into a dossier's words: the same figures as on the screen, and every row of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.clock import local
from dashboard.exports.dossier import Dossier, Part
from dashboard.i18n import NOTHING
from dashboard.vocabulary import SUB_INDEXES
from geo.views import place_words
from layouts.portrait_words import (
    ORIGIN_WORDS,
    TIE_WORDS,
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
    from datetime import datetime

    from dashboard.exports.workbook import Cell
    from dashboard.i18n import Words
    from layouts.portrait_view import Portrait


def dossier_of(seen: Portrait, words: Words, *, by: str, at: datetime, timezone: str) -> Dossier:
    """Return the dossier of what a viewer, named `by`, sees at an instant."""
    generation = words("Generation %(n)s", n=seen.live.generation)
    foot = f"{seen.facts.name} · {seen.facts.uscc} · {generation} · {{page}}/{{pages}}"
    return Dossier(
        title=words("Enterprise dossier"),
        name=seen.facts.name,
        sentence=sentence(seen.facts, seen.weights, words),
        cover=_cover(seen, words, by, f"{local(at, timezone):%Y-%m-%d %H:%M}"),
        parts=[_made(seen, words), _changes(seen, words), _peers(seen, words), *_listed(seen, words)],
        history_title=words("The index by week"),
        history=[(week["week_on"], float(week["smoke_index"])) for week in seen.weeks],
        floors={grade: (words.grade(grade), floor) for grade, floor in seen.floors.items()},
        pages=foot,
    )


def _cover(seen: Portrait, words: Words, by: str, when: str) -> list[tuple[str, str]]:
    facts, live = seen.facts, seen.live
    scored = words.number(seen.index, 2) + f" · {words.grade(seen.grade)}" if facts.score else words("Not scored")
    probability = facts.score["probability"] if facts.score else None
    learned = words.percent(probability, 1) + " · " + words("beside the index, not in it") if probability else NOTHING
    return [
        (words("Credit code"), facts.uscc),
        (words("Smoke Index"), scored),
        (words("Learned probability"), learned),
        (words("Status"), of(STATUS_WORDS, facts.register["status"], words)),
        (words("Region"), place_words(facts.region, words.locale) if facts.region else words("place unknown")),
        (words("Sector"), words.sector(facts.register["sector"])),
        (words("Legal representative"), facts.register["legal_representative"] or ""),
        (words("Address"), facts.register["address"] or ""),
        (words("Generation"), str(live.generation)),
        (words("As of"), day(live.as_of)),
        (words("Newest signal"), day(live.data_until)),
        (words("Model"), live.model_version),
        (words("Made by"), by),
        (words("Made at"), when),
    ]


def _made(seen: Portrait, words: Words) -> Part:
    rows = [
        (
            words.sub_index(weight.sub_index),
            words.factor(weight.factor),
            float(weight.points),
            weight.count,
            weight.amount,
            weight.since,
        )
        for sub in SUB_INDEXES
        for weight in seen.weights
        if weight.sub_index == sub
    ]
    total = (words("Smoke Index"), "", seen.index, sum(weight.count for weight in seen.weights), None, None)
    heads = (
        words("Sub-index"),
        words("Factor"),
        words("Points"),
        words("Pieces"),
        words("Amount, CNY"),
        words("Known since"),
    )
    return Part(
        words("What the index is made of"),
        heads,
        [*rows, total] if rows else [],
        (2, 3, 1.2, 1, 2, 1.6),
        words("No evidence"),
    )


def _changes(seen: Portrait, words: Words) -> Part:
    title = words("What changed, and why")
    rows = [
        (
            words.factor(change.row["factor"]),
            change_words(change, words),
            float(change.points),
            change.row["known_on"],
            piece_words(change.row, words),
        )
        for change in seen.changes
    ]
    if seen.earlier is None:
        none = words("No earlier generation is kept to compare with")
    else:
        before = None if seen.earlier.index is None else float(seen.earlier.index)
        none = change_sentence(seen.changes, before, seen.index, words)
    heads = (words("Factor"), words("Movement"), words("Points"), words("Known"), words("What it says"))
    return Part(title, heads, rows, (2.4, 1.6, 1.1, 1.5, 5), none)


def _peers(seen: Portrait, words: Words) -> Part:
    names = {sub: words.sub_index(sub) for sub in SUB_INDEXES} | {"smoke_index": words("Smoke Index")}
    own = seen.facts.score or {}
    rows = [
        (
            name,
            float(own.get(f"contribution_{measure}", own.get(measure)) or 0),
            peer_words(line, words),
            line.median,
            line.p90,
            line.enterprises,
        )
        for measure, name in names.items()
        for line in seen.peers.get(measure, ())
        if own
    ]
    heads = (
        words("Sub-index"),
        words("Points"),
        words("Peers"),
        words("Median"),
        words("Ninth decile"),
        words("Enterprises"),
    )
    none = words("No peers were measured in this generation")
    return Part(words("Against its peers"), heads, rows, (2, 1.2, 2, 1.2, 1.4, 1.4), none)


def _listed(seen: Portrait, words: Words) -> list[Part]:
    """Return evidence, timeline and ties, all of them."""
    pieces = [
        (
            float(piece["contribution"]),
            words.factor(piece["factor"]),
            piece["known_on"],
            piece["occurred_on"],
            piece_words(piece, words),
            piece["amount"],
            of(ORIGIN_WORDS, piece["origin"], words),
            f"{piece['file']}:{piece['line']}".removeprefix("landing/") if piece["file"] else "",
        )
        for piece in seen.evidence
    ]
    heads = [words("Points"), words("Factor"), words("Known"), words("Occurred"), words("What it says")]
    heads += [words("Amount, CNY"), words("Reported by"), words("Read at")]
    tied = (words("Party"), words("Tie"), words("Share, 0–1"), words("Since"), words("Source"))
    done = [(event.on, event.text, event.detail) for event in seen.events(words)]
    return [
        Part(words("Evidence"), heads, pieces, (1, 1.6, 1.5, 1.5, 4, 1.5, 1.6, 2.1), words("No evidence")),
        Part(
            words("Ties, one step around"),
            tied,
            _ties(seen, words),
            (3.5, 2, 1, 1.4, 2),
            words("No tie to any other party is on record"),
        ),
        Part(
            words("Timeline"),
            (words("Day"), words("Event"), words("Detail")),
            done,
            (1.4, 3, 6),
            words("Nothing is on record"),
        ),
    ]


def _ties(seen: Portrait, words: Words) -> list[tuple[Cell, ...]]:
    return [
        (
            tie["name"],
            of(TIE_WORDS, (tie["kind"], tie["outward"]), words),
            tie["share"],
            tie["since_on"],
            of(ORIGIN_WORDS, tie["origin"], words),
        )
        for tie in seen.ties.rows
    ]
