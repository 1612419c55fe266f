"""The portrait's timeline: what happened to one enterprise, newest first, from every table that knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import html

from layouts.panels import state
from layouts.portrait_words import ORIGIN_WORDS, OUTCOME_WORDS, day, of, piece_words
from layouts.terms import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.portrait import Known, Made
    from dashboard.queries.record import Record

MOST_EVENTS = 120
WEIGHTY = 3  # pieces of evidence that are marked on the history


@dataclass(frozen=True)
class Event:
    """One thing that happened: `kind` is its mark, `text` what it was, `detail` whatever else is told of it."""

    on: date
    kind: str  # register, evidence, warning, case, decision
    text: str
    detail: str = ""


def events(known: Known, warnings: Sequence[Mapping[str, Any]], record: Record, words: Words) -> list[Event]:
    """Return everything that happened, newest first."""
    found = _pieces(known.evidence, words)
    found += [
        Event(
            one["raised_on"],
            "warning",
            words(
                "Warning: %(before)s → %(after)s",
                before=words.grade(one["previous_grade"]),
                after=words.grade(one["grade"]),
            ),
            words.factor(one["reason"]),
        )
        for one in warnings
    ]
    for one in known.outcomes:
        ended = words("Case ended: %(how)s", how=of(OUTCOME_WORDS, one["outcome"], words))
        opened = words("opened %(day)s", day=day(one["opened_on"]))
        detail = " · ".join(part for part in (words.risk_type(one["risk_type"]), opened) if part)
        found.append(Event(one["reported_on"], "case", ended, detail))
    established = known.facts.register["established_on"]
    if established:
        found.append(Event(established, "register", words("Established")))
    return sorted([*found, *_decisions(record, words)], key=lambda event: event.on, reverse=True)


def _pieces(evidence: Sequence[Mapping[str, Any]], words: Words) -> list[Event]:
    """Return the evidence as events: the factors that one signal feeds are one event."""
    told: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for piece in evidence:
        # What the register and ties show is a fact for each factor; a signal is one, whatever it feeds.
        fact = piece["factor"] if piece["origin"] in {"register", "relations"} else ""
        told.setdefault((piece["ref"], fact), []).append(piece)
    return [
        Event(
            pieces[0]["occurred_on"] or pieces[0]["known_on"],
            "evidence",
            listed(list(dict.fromkeys(words.factor(piece["factor"]) for piece in pieces)), words),
            " · ".join(
                part for part in (of(ORIGIN_WORDS, pieces[0]["origin"], words), piece_words(pieces[0], words)) if part
            ),
        )
        for pieces in told.values()
    ]


def _decisions(record: Record, words: Words) -> list[Event]:
    done = {
        "acknowledged": words("Warning acknowledged"),
        "dismissed": words("Warning dismissed"),
        "in_case": words("Warning taken into a case"),
        "open": words("Warning assigned"),
    }
    found = [
        Event(
            one.changed_at.date(),
            "decision",
            done.get(one.state, one.state),
            _signed(one.reason, record.people.get(one.changed_by)),
        )
        for one in record.handlings
    ]
    for entry in record.exemptions:
        held = words("%(list)s until %(day)s", list=words.exemption(entry.kind), day=day(entry.ends_on))
        found.append(
            Event(entry.created_at.date(), "decision", held, _signed(entry.reason, record.people.get(entry.created_by)))
        )
        if entry.withdrawn_at:
            gone = words("%(list)s withdrawn", list=words.exemption(entry.kind))
            found.append(Event(entry.withdrawn_at.date(), "decision", gone))
    found += [
        Event(
            case.opened_at.date(),
            "case",
            words("Case %(number)s opened", number=case.number),
            record.people.get(case.opened_by, ""),
        )
        for case in record.cases
    ]
    return found


def _signed(reason: str, person: str | None) -> str:
    return " · ".join(part for part in (reason, person) if part)


def timeline(found: Sequence[Event], words: Words) -> Component:
    """Return the events, newest first."""
    if not found:
        return state("none", words("Nothing is on record"))
    rows = [
        html.Li(
            [
                html.Time(day(event.on), dateTime=day(event.on)),
                html.Div([html.Span(event.text), html.Span(event.detail, className="is-dim")]),
            ],
            className=f"event event--{event.kind}",
        )
        for event in found[:MOST_EVENTS]
    ]
    left_out = len(found) - len(rows)
    more = (
        html.P(words("%(n)s older events, in the dossier", n=words.number(left_out)), className="is-dim")
        if left_out
        else None
    )
    return html.Div([html.Ol(rows, className="events"), more], className="portrait__scroll", tabIndex=0)


def marks(
    found: Sequence[Event], evidence: Sequence[Mapping[str, Any]], made: Sequence[Made], words: Words
) -> list[tuple[date, str, str]]:
    """Return what the history shows on its line: warnings, cases, the weightiest evidence, changes of the model."""
    shown = [(event.on, event.kind, event.text) for event in found if event.kind in {"warning", "case"}]
    shown += [
        (
            piece["known_on"],
            "evidence",
            f"{words.factor(piece['factor'])} {words.number(float(piece['contribution']), 1)}",
        )
        for piece in evidence[:WEIGHTY]
    ]
    changed = [
        (one.as_of, "model", words("model %(version)s", version=one.model_version))
        for one, before in zip(made[1:], made, strict=False)
        if one.model_version != before.model_version
    ]
    return [*shown, *changed]
