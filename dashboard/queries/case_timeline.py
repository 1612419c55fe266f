"""A case's timeline: what the audit log tells of it and of the cases that were merged into it, newest first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from dashboard.errors import Invalid, Sentence
from dashboard.i18n import NOTHING
from dashboard.i18n.case_events import EVENT_KINDS, EVENT_WORDS
from dashboard.i18n.case_terms import ATTACHMENT_WORDS, EVIDENCE_WORDS, ORDER_WORDS, SOURCE_WORDS
from dashboard.i18n.names import Name
from dashboard.models.audit import AuditEntry
from dashboard.models.cases import CaseFile
from dashboard.models.casework import CaseComment
from dashboard.workflow.wording import actor_told, change_told
from geo.views import region_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from dashboard.queries.case_seen import CaseSeen
    from dashboard.workflow.definition import Workflow

PAGE = 50  # entries
_CODES: dict[str, tuple[str, Mapping[str, str]]] = {
    "source": ("source", SOURCE_WORDS),
    "order": ("kind", ORDER_WORDS),
    "attachment": ("kind", ATTACHMENT_WORDS),
    "evidence": ("kind", EVIDENCE_WORDS),
}
_REGIONS, _NUMBERS = ("to", "region"), ("into", "took_in")


@dataclass(frozen=True)
class Event:
    """One entry: who did what when, each column before and after, why, and a comment's text.

    `number` is that of the merged-in case that the entry is about, '' for the case itself.
    """

    at: datetime
    who: object
    what: Sentence
    changes: tuple[Sentence, ...]
    reason: str
    text: str
    number: str


@dataclass(frozen=True)
class Timeline:
    """The newest entries, and how many there are of the kind asked for."""

    events: tuple[Event, ...]
    total: int


def timeline_of(session: Session, seen: CaseSeen, kind: str = "all", pages: int = 1) -> Timeline:
    """Return the newest `pages` pages of a case's entries of one kind of EVENT_KINDS; Invalid for another kind."""
    if kind not in EVENT_KINDS:
        raise Invalid("there is no such kind of entry")
    numbers = _numbers(session, seen.case)
    where = _where(tuple(numbers), EVENT_KINDS[kind][0])
    newest = select(AuditEntry).where(*where).order_by(AuditEntry.position.desc()).limit(PAGE * pages)
    entries = [(entry, json.loads(entry.details)) for entry in session.scalars(newest)]
    texts = _comments(session, [told.get("comment") for _, told in entries])
    events = tuple(
        _event(session, seen, entry, told, texts.get(told.get("comment"), ""), numbers) for entry, told in entries
    )
    total = session.scalars(select(func.count()).select_from(AuditEntry).where(*where)).one()
    return Timeline(events, total)


def _numbers(session: Session, case: CaseFile) -> dict[int, str]:
    """Return the case and all that were merged into it, also by way of others: number by id, '' for itself."""
    found, latest = {case.id: ""}, [case.id]
    while latest:
        rows = session.execute(select(CaseFile.id, CaseFile.number).where(CaseFile.merged_into.in_(latest)))
        latest = [row.id for row in rows.all() if found.setdefault(row.id, row.number) and row.id != case.id]
    return found


def _where(ids: Sequence[int], prefixes: Sequence[str]) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [AuditEntry.subject.in_([f"case:{one}" for one in ids])]
    if prefixes:
        where.append(or_(*(AuditEntry.action.startswith(prefix) for prefix in prefixes)))
    return where


def _comments(session: Session, ids: Sequence[object]) -> dict[object, str]:
    wanted = [int(str(one)) for one in ids if one is not None]
    if not wanted:
        return {}
    rows = session.execute(select(CaseComment.id, CaseComment.text).where(CaseComment.id.in_(wanted)))
    return {row.id: row.text for row in rows}


def _event(
    session: Session, seen: CaseSeen, entry: AuditEntry, told: dict[str, Any], text: str, numbers: Mapping[int, str]
) -> Event:
    before, after = told.get("before") or {}, told.get("after") or {}
    return Event(
        at=entry.at,
        who=actor_told(session, entry.actor),
        what=what_of(entry.action, told, seen.workflow),
        changes=tuple(
            change_told(session, seen.workflow, name, before.get(name), after.get(name))
            for name in dict.fromkeys((*before, *after))
            if before.get(name) != after.get(name)
        ),
        reason=str(told.get("reason", "")),
        text=text,
        number=numbers[int(entry.subject.partition(":")[2])],
    )


def what_of(verb: str, told: Mapping[str, Any], workflow: Workflow) -> Sentence:
    """Return what an entry says was done; a verb without words of its own says its name."""
    if verb == "case:merged" and "took_in" in told:
        verb = "case:took_in"
    values: dict[str, object] = {name: str(told.get(name) or NOTHING) for name in _NUMBERS}
    for name in _REGIONS:
        code = told.get(name)
        values[name] = Name(zh=region_name(code, "zh_CN"), en=region_name(code, "en")) if code else NOTHING
    for name, (key, known) in _CODES.items():
        code = told.get(key)
        values[name] = Sentence(known[code]) if code in known else NOTHING
    step = next((one.name for one in workflow.steps if one.code == told.get("step")), NOTHING)
    return Sentence(EVENT_WORDS.get(verb, verb), values | {"step": step})
