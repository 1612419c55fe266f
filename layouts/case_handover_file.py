"""What led to the findings, in a dossier's words: sources, steps with their answers, orders, evidence, attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.clock import local
from dashboard.exports.dossier import Part
from dashboard.i18n import N_
from dashboard.i18n.case_terms import (
    ATTACHMENT_WORDS,
    EVIDENCE_WORDS,
    ORDER_STATE_WORDS,
    ORDER_WORDS,
    PHASE_WORDS,
    SOURCE_WORDS,
)
from dashboard.workflow.orders import causes_told
from geo.views import region_name
from layouts.notices import told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.exports.handover import Enclosure
    from dashboard.i18n import Words
    from dashboard.i18n.names import Name
    from dashboard.models.cases import CaseOrder, CaseSpan
    from dashboard.queries.handover import Handover
    from dashboard.workflow.definition import Workflow

ENCLOSED_WORDS = {
    "enclosed": N_("Enclosed"),
    "missing": N_("Missing: the file is not in the store"),
    "altered": N_("Not enclosed: the file in the store is not the one that was attached"),
    "removed": N_("Taken out of the case"),
}


def sources(taken: Handover, words: Words, timezone: str) -> Part:
    """Return what the case came from."""
    rows = [
        (_at(one.added_at, timezone), words.term(SOURCE_WORDS, one.kind), one.told, one.key) for one in taken.sources
    ]
    heads = (words("At"), words("Source"), words("What it says"), words("Key"))
    return Part(words("Sources"), heads, rows, (2, 2, 5, 3), words("Nothing is on record"))


def history(taken: Handover, words: Words, timezone: str) -> list[Part]:
    """Return the facts that the steps' forms hold, and the timeline of steps and orders."""
    workflow = taken.found.seen.workflow
    facts = [
        (_stage(workflow, span, words), _question(workflow, code, words), _answer(workflow, code, answer, words))
        for span in taken.spans
        for code, answer in span.given.items()
    ]
    events = [(span.entered_at, _step(workflow, span, words), span.reason, span.entered_by) for span in taken.spans]
    events += [
        (one.made_at, _order(one, words), _said(one, workflow, words, timezone), one.made_by or 0)
        for one in taken.orders
    ]
    listed = [
        (_at(at, timezone), what, why, taken.names.get(who, ""))
        for at, what, why, who in sorted(events, key=lambda event: event[0])
    ]
    asked = (words("Stage"), words("Field"), words("Facts and answers"))
    heads = (words("At"), words("Event"), words("Reason"), words("By whom"))
    none = words("Nothing is on record")
    return [
        Part(words("Facts and answers"), asked, facts, (2, 2, 7), none),
        Part(words("Timeline"), heads, listed, (2, 3.4, 4, 2.2), none),
    ]


def _at(instant: datetime, timezone: str) -> str:
    return f"{local(instant, timezone):%Y-%m-%d %H:%M}"


def _stage(workflow: Workflow, span: CaseSpan, words: Words) -> str:
    name = _named(workflow.stages, span.stage, words)
    return name or words.term(PHASE_WORDS, span.phase)


def _step(workflow: Workflow, span: CaseSpan, words: Words) -> str:
    step = _named(workflow.steps, span.transition, words)
    return f"{step} → {_stage(workflow, span, words)}" if step else _stage(workflow, span, words)


def _question(workflow: Workflow, code: str, words: Words) -> str:
    return _named(workflow.questions, code, words) or code


def _answer(workflow: Workflow, code: str, answer: object, words: Words) -> str:
    asked = next((one for one in workflow.questions if one.code == code), None)
    return _named(asked.choices, str(answer), words) if asked and asked.choices else str(answer)


def _named(parts: Sequence[object], code: str, words: Words) -> str:
    """Return what the definition calls a part with this code; '' where it has none."""
    names: dict[str, Name] = {part.code: part.name for part in parts}  # type: ignore[attr-defined] # coded parts only
    return names[code].told(words.locale) if code in names else ""


def _order(one: CaseOrder, words: Words) -> str:
    kind = words.term(ORDER_WORDS, one.kind)
    way = f"{region_name(one.from_code, words.locale)} → {region_name(one.to_code, words.locale)}"
    return f"{kind}: {way} ({words.term(ORDER_STATE_WORDS, one.state)})"


def _said(one: CaseOrder, workflow: Workflow, words: Words, timezone: str) -> str:
    asked = [one.text]
    if one.kind == "escalation":  # the scheduler writes codes
        asked = [told(cause, words, timezone) for cause in causes_told(one.text, workflow)]
    return words("; ").join(part for part in (*asked, one.answer) if part)


def evidence(taken: Handover, words: Words, timezone: str) -> list[Part]:
    """Return the list of evidence, and the chain of custody, one line a change of hands."""
    listed = [
        (one.id, one.label, words.term(EVIDENCE_WORDS, one.kind), one.obtained_on, one.obtained_from, one.holder)
        for one in taken.evidence
    ]
    chain = [
        (one.id, _at(move.at, timezone), move.from_holder, move.to_holder, move.purpose, taken.names.get(move.by, ""))
        for one in taken.evidence
        for move in taken.custody.get(one.id, ())
    ]
    heads = (
        words("No."), words("Evidence"), words("Kind"), words("Obtained on"), words("Obtained from"), words("Keeper"),
    )  # fmt: skip
    moved = (
        words("No."), words("At"), words("Given by"), words("Taken by"), words("Purpose"), words("Written down by"),
    )  # fmt: skip
    none = words("No evidence is listed")
    return [
        Part(words("Evidence"), heads, listed, (0.8, 3.4, 1.6, 1.7, 2.2, 2), none),
        Part(words("Chain of custody"), moved, chain, (0.8, 2, 2, 2, 3, 2), none),
    ]


def attachments(enclosed: Sequence[Enclosure], words: Words) -> Part:
    """Return all attachments with their hashes, those that could not be enclosed as well."""
    rows = [
        (
            one.attachment.id,
            one.attachment.name,
            words.term(ATTACHMENT_WORDS, one.attachment.kind),
            words.number(one.attachment.bytes),
            one.attachment.sha256,
            words(ENCLOSED_WORDS[one.state]),
        )
        for one in enclosed
    ]
    heads = (words("No."), words("File"), words("Kind"), words("Bytes"), "SHA-256", words("State"))
    return Part(words("Attachments"), heads, rows, (0.7, 2.6, 1.4, 1.2, 4, 2), words("Nothing is attached"))
