"""Writing the audit log and walking its chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from dashboard.errors import Invalid
from dashboard.models.audit import AuditEntry, AuditHead

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

Detail = str | int | float | bool | Sequence[str] | Mapping[str, object] | None
"""What an entry may tell: what JSON can hold."""


def record(session: Session, at: datetime, actor: str, action: str, subject: str, **details: Detail) -> None:
    """Append one entry; it stands or falls with the caller's transaction. Details never carry secrets.

    Taking the next position locks the head's row (PostgreSQL) or the database (SQLite) until the caller commits, so
    entries of concurrent writers queue up and the chain has no forks.
    """
    position = session.scalars(
        update(AuditHead).values(position=AuditHead.position + 1).returning(AuditHead.position)
    ).one()
    previous = session.scalars(select(AuditHead.hash)).one()
    text = json.dumps(details, ensure_ascii=False, sort_keys=True)
    entry = AuditEntry(
        position=position, at=at, actor=actor, action=action, subject=subject, details=text, previous_hash=previous
    )
    entry.hash = entry_hash(entry)
    session.add(entry)
    session.execute(update(AuditHead).values(hash=entry.hash))
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
