"""Who did what: an append-only log whose entries are chained by hash. Triggers in the migration refuse to change it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, Instant


class AuditEntry(Base):
    """Grain: one thing done by one actor. `position` runs 1, 2, 3 … without gaps; `hash` covers `previous_hash`."""

    __tablename__ = "audit_entry"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(40))  # user:5, wall:3, console, scheduler
    action: Mapped[str] = mapped_column(String(60))  # subject:verb
    subject: Mapped[str] = mapped_column(String(80), index=True)  # user:7
    details: Mapped[str] = mapped_column(Text)  # canonical JSON, never secrets
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """Grain: exactly one row: the chain's last entry. Writers take turns on it; a cut-off tail shows against it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
