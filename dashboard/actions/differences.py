"""What has changed since somebody looked: read from the audit log, told as "changed by X at T, here is what"."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.errors import Sentence, Stale
from dashboard.i18n import N_, NOTHING
from dashboard.i18n.case_terms import (
    CLOCK_WORDS,
    FIELD_WORDS,
    ORDER_STATE_WORDS,
    OUTCOME_WORDS,
    PEOPLE_WORDS,
    PHASE_WORDS,
    TASK_STATE_WORDS,
)
from dashboard.i18n.names import Name
from dashboard.i18n.terms import RISK_TYPE_WORDS
from dashboard.models.accounts import UserAccount
from dashboard.models.audit import AuditEntry
from geo.views import region_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from dashboard.models.cases import CaseFile
    from dashboard.workflow.definition import Workflow

MOST_TOLD = 5  # changes in one sentence
LONGEST_TOLD = 80  # characters of one value
_CODES: dict[str, Mapping[str, str]] = {
    "risk_type": RISK_TYPE_WORDS,
    "outcome": OUTCOME_WORDS,
    "state": ORDER_STATE_WORDS | TASK_STATE_WORDS,
    "phase": PHASE_WORDS,
    "clock": CLOCK_WORDS,
    "role": PEOPLE_WORDS,
}
_REGIONS, _PEOPLE = frozenset({"handler_code", "region_code", "escalated_to", "places"}), frozenset({"owner_id"})


def stale(
    session: Session, case: CaseFile, workflow: Workflow, seen: int, row: str = "", what: str = N_("The case")
) -> Stale:
    """Return the error of a late form: who changed the case (or its `row`, such as task:7) since version `seen`."""
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.subject == f"case:{case.id}").order_by(AuditEntry.position)
    )
    later = [(entry, told) for entry in entries if _is_later(told := json.loads(entry.details), seen, row)]
    if not later:
        return Stale.telling(N_("%(what)s has moved on since you opened it"), what=Sentence(what))
    last = later[-1][0]
    who = _person(session, int(last.actor.partition(":")[2] or 0)) if last.actor.startswith("user:") else last.actor
    changes = _changes([told for _, told in later])
    told = tuple(
        Sentence(
            N_("%(field)s: %(before)s → %(after)s"),
            {
                "field": Sentence(FIELD_WORDS.get(name, name)),
                "before": shown(session, workflow, name, before),
                "after": shown(session, workflow, name, after),
            },
        )
        for name, (before, after) in changes[:MOST_TOLD]
    )
    return Stale.telling(
        N_("%(what)s was changed by %(who)s at %(at)s; what you typed is kept. %(changes)s"),
        what=Sentence(what),
        who=who,
        at=last.at,
        changes=told,
    )


def _is_later(told: Mapping[str, object], seen: int, row: str) -> bool:
    if row:
        return told.get("row") == row and int(str(told.get("row_version", 0))) > seen
    return int(str(told.get("version", 0))) > seen


def _changes(told: list[dict[str, object]]) -> list[tuple[str, tuple[object, object]]]:
    """Return each column's value before the first and after the last of several changes, where they differ."""
    first: dict[str, object] = {}
    last: dict[str, object] = {}
    for one in told:
        before, after = one.get("before"), one.get("after")
        if isinstance(before, dict) and isinstance(after, dict):
            first = before | first
            last |= after
    return [(name, (first.get(name), value)) for name, value in last.items() if first.get(name) != value]


def shown(session: Session, workflow: Workflow, name: str, value: object) -> object:
    """Return a column's value as a sentence can tell it: a code's word, a region's or a person's name, else text."""
    if value is None or value in ("", []):
        return NOTHING
    if name == "stage":
        known = {stage.code: stage.name for stage in workflow.stages}
        return known.get(str(value)) or Sentence(PHASE_WORDS.get(str(value), str(value)))
    if name in _CODES and value in _CODES[name]:
        return Sentence(_CODES[name][str(value)])
    if name in _REGIONS:
        return _regions(value)
    if name in _PEOPLE:
        return _person(session, int(str(value)))
    return _plain(value)


def _regions(value: object) -> object:
    if isinstance(value, list):
        return tuple(_regions(code) for code in value)
    return Name(zh=region_name(str(value), "zh_CN"), en=region_name(str(value), "en"))


def _plain(value: object) -> str:
    """Return a value without words of its own; a long text is cut, because a toast is no page."""
    if isinstance(value, float):
        return f"{value:,.2f}".removesuffix(".00")
    text = "、".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST_TOLD else text[:LONGEST_TOLD] + "…"


def _person(session: Session, user_id: int) -> str:
    account = session.get(UserAccount, user_id)
    return " ".join(part for part in (account.unit, account.name) if part) if account else NOTHING
