"""A case put into a dossier's words: its head, and the findings; what led there is in `case_handover_file`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.clock import local
from dashboard.exports.dossier import Dossier, Part
from dashboard.i18n import NOTHING
from dashboard.i18n.case_terms import MEASURE_WORDS, OUTCOME_WORDS, PENALISED_WORDS, PEOPLE_WORDS, PHASE_WORDS
from geo.views import place_words, region_name
from layouts.case_findings_ranges import range_words, verdict_words
from layouts.case_handover_file import attachments, evidence, history, sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.exports.handover import Enclosure
    from dashboard.i18n import Words
    from dashboard.models.findings import CaseMeasure
    from dashboard.queries.findings import Findings
    from dashboard.queries.generations import Live
    from dashboard.queries.handover import Handover


def dossier_of(
    taken: Handover, enclosed: Sequence[Enclosure], live: Live | None, words: Words, *, by: str, at: datetime,
    timezone: str,
) -> Dossier:  # fmt: skip
    """Return the hand-over document of a case, as a viewer, named `by`, takes it at an instant."""
    case, found = taken.found.seen.case, taken.found
    generation = words("Generation %(n)s", n=live.generation if live else NOTHING)
    return Dossier(
        title=words("Hand-over package"),
        name=case.name,
        sentence=_sentence(found, words),
        cover=_cover(taken, live, words, by, f"{local(at, timezone):%Y-%m-%d %H:%M}"),
        parts=[
            sources(taken, words, timezone),
            *history(taken, words, timezone),
            _people(found, words),
            _determination(found, words),
            _measures(found, words),
            _repayment(found, words),
            *evidence(taken, words, timezone),
            attachments(enclosed, words),
        ],
        history_title="",
        history=[],
        floors={},
        pages=f"{case.number} · {generation} · {{page}}/{{pages}}",
    )


def _sentence(found: Findings, words: Words) -> str:
    one = found.determination
    if one is None:
        return words("Nothing has been determined yet")
    return words(
        "%(kind)s, %(sum)s CNY, %(people)s people, %(places)s places",
        kind=words.risk_type(one.risk_type) if one.risk_type else words("None of the three"),
        sum=words.compact(one.amount),
        people=words.number(one.people),
        places=len(one.places),
    )


def _cover(taken: Handover, live: Live | None, words: Words, by: str, when: str) -> list[tuple[str, str]]:
    seen = taken.found.seen
    case, known = seen.case, {stage.code: stage.name for stage in seen.workflow.stages}
    stage = known[case.stage].told(words.locale) if case.stage in known else words.term(PHASE_WORDS, case.phase)
    return [
        (words("Case"), case.number),
        (words("Stage"), stage),
        (words("Outcome"), words.term(OUTCOME_WORDS, case.outcome) if case.outcome else NOTHING),
        (words("Credit code"), case.uscc or NOTHING),
        (words("Region"), place_words(case.region_code, words.locale)),
        (words("Risk type"), words.risk_type(case.risk_type)),
        (words("Handling department"), region_name(case.handler_code, words.locale)),
        (words("Person in charge"), taken.names.get(case.owner_id or 0, NOTHING)),
        (words("Opened on"), case.opened_on.isoformat()),
        (words("Workflow"), f"{seen.workflow.name.told(words.locale)} {seen.workflow.version}"),
        (words("Generation"), str(live.generation) if live else NOTHING),
        (words("As of"), live.as_of.isoformat() if live else NOTHING),
        (words("Made by"), by),
        (words("Made at"), when),
    ]


def _people(found: Findings, words: Words) -> Part:
    rows = [(one.name, words.term(PEOPLE_WORDS, one.role), one.note) for one in found.people]
    heads = (words("Name"), words("Part played"), words("Note"))
    return Part(words("People"), heads, rows, (2, 2, 6), words("Nobody has been entered yet"))


def _determination(found: Findings, words: Words) -> Part:
    one, rows = found.determination, []
    if one is not None:
        rows = [
            (words("Risk type"), words.risk_type(one.risk_type) if one.risk_type else words("None of the three")),
            (words("Sum involved, CNY"), words.number(one.amount, 2)),
            (words("Illegal income of assisters, CNY"), words.number(one.illegal_income, 2)),
            (words("People involved"), words.number(one.people)),
            (words("Places involved"), words("; ").join(place_words(code, words.locale) for code in one.places)),
            (words("Basis"), one.basis),
        ]
    heads = (words("Field"), words("What was determined"))
    return Part(words("Determination"), heads, rows, (2, 8), words("Nothing has been determined yet"))


def _measures(found: Findings, words: Words) -> Part:
    rows = [
        (
            one.taken_on,
            words.term(MEASURE_WORDS, one.kind),
            one.name,
            " · ".join(part for part in (one.text, one.document, one.organ) if part),
            one.fine if one.kind == "penalty" else None,
            _plausible(one, found, words),
        )
        for one in found.measures
    ]
    heads = (
        words("Day"), words("Measure"), words("Taken against"), words("What was done"), words("Fine, CNY"),
        words("Against the legal range"),
    )  # fmt: skip
    return Part(words("Measures"), heads, rows, (1.5, 1.8, 2, 3.4, 1.9, 3.4), words("No measure has been taken yet"))


def _plausible(one: CaseMeasure, found: Findings, words: Words) -> str:
    """Return a penalty's verdict with range and justification, and that a measure was withdrawn and why."""
    parts = []
    if one.kind == "penalty":
        verdict = found.verdict(one.subject, one.fine, one.base)
        parts = [words.term(PENALISED_WORDS, one.subject), verdict_words(verdict, words), range_words(verdict, words)]
    if one.justification:
        parts.append(words("Justified: %(why)s", why=one.justification))
    if one.withdrawn_at is not None:
        parts.append(words("Withdrawn: %(reason)s", reason=one.withdrawn_reason))
    return words("; ").join(part for part in parts if part)


def _repayment(found: Findings, words: Words) -> Part:
    rows = [
        (one.reported_on, one.owed, one.repaid, one.people_owed, one.people_repaid, one.note)
        for one in found.repayments
    ]
    heads = (
        words("Day"), words("Owed, CNY"), words("Repaid, CNY"), words("People owed"), words("People repaid"),
        words("Note"),
    )  # fmt: skip
    none = words("No repayment has been reported yet")
    return Part(words("Progress of repayment"), heads, rows, (1.5, 2, 2, 1.4, 1.4, 3.7), none)
