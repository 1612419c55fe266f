"""Writing the audit log and walking its chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from dashboard.errors import Invalid
from dashboard.models.audit import AuditEntry, AuditHead

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

Detail = str | int | float | bool | Sequence[str] | Mapping[str, object] | None
"""What an entry may tell: what JSON can hold."""


def queue_up(session: Session) -> None:
    """Wait here for whoever writes an entry, and keep others waiting until the caller commits.

    For what reads before it writes, so that two at once cannot both find nothing there; and before any other row is
    locked by somebody who elsewhere locks it after an entry.
    """
    session.execute(select(AuditHead.position).with_for_update())


def record(session: Session, at: datetime, actor: str, action: str, subject: str, **details: Detail) -> None:
    """Append one entry; it stands or falls with the caller's transaction. Details never carry secrets."""
    record_all(session, [(at, actor, action, subject, details)])


def record_all(session: Session, entries: Sequence[tuple[datetime, str, str, str, Mapping[str, Detail]]]) -> None:
    """Append many entries at once, each (at, actor, action, subject, details); they stand or fall with the caller.

    Taking the next positions locks the head's row (PostgreSQL) or the database (SQLite) until the caller commits, so
    entries of concurrent writers queue up and the chain has no forks.
    """
    if not entries:
        return
    last = session.scalars(
        update(AuditHead).values(position=AuditHead.position + len(entries)).returning(AuditHead.position)
    ).one()
    previous = session.scalars(select(AuditHead.hash)).one()
    rows = []
    for position, (at, actor, action, subject, details) in enumerate(entries, last - len(entries) + 1):
        text = json.dumps(details, ensure_ascii=False, sort_keys=True)
        entry = AuditEntry(
            position=position,
            at=at.astimezone(UTC),  # as it will be read again: the hash covers how it is written
            actor=actor,
            action=action,
            subject=subject,
            details=text,
            previous_hash=previous,
        )
        entry.hash = previous = entry_hash(entry)
        rows.append(entry)
    session.add_all(rows)
    session.execute(update(AuditHead).values(hash=previous))
    session.flush()


def entry_hash(entry: AuditEntry) -> str:
    """Return the SHA-256, in hexadecimal, over all of the entry's columns but `hash` itself."""
    content = [
        entry.position,
        entry.at.isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.subject,
        entry.details,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def verify_chain(session: Session) -> int:
    """Walk the whole log and return how many entries it has; raise Invalid at the first that was tampered with."""
    previous, count = "", 0
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.position)).yield_per(1000):
        count += 1
        if entry.position != count:
            raise Invalid(f"audit entry {count} is missing")
        if entry.previous_hash != previous or entry.hash != entry_hash(entry):
            raise Invalid(f"audit entry {count} was changed after it was written")
        previous = entry.hash
    head = session.scalars(select(AuditHead)).one()
    if (head.position, head.hash) != (count, previous):
        raise Invalid(f"audit entries after {count} were removed: the head stands at {head.position}")
    return count
