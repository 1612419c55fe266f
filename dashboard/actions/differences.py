"""What has changed since somebody looked: read from the audit log, told as "changed by X at T, here is what"."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.errors import Sentence, Stale
from dashboard.i18n import N_
from dashboard.models.audit import AuditEntry
from dashboard.workflow.wording import actor_told, change_told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from dashboard.models.cases import CaseFile
    from dashboard.workflow.definition import Workflow

MOST_TOLD = 5  # changes in one sentence


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
    changes = _changes([told for _, told in later])
    told = tuple(change_told(session, workflow, name, before, after) for name, (before, after) in changes[:MOST_TOLD])
    return Stale.telling(
        N_("%(what)s was changed by %(who)s at %(at)s; what you typed is kept. %(changes)s"),
        what=Sentence(what),
        who=actor_told(session, last.actor),
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
