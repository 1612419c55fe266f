"""The operations revision: one number that moves whenever people change something that screens show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class OperationsRevision(Base):
    """Grain: exactly one row, made by the migration."""

    __tablename__ = "operations_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int]


def current_revision(session: Session) -> int:
    """Return the revision; pages compare it with the one they drew."""
    return session.scalars(select(OperationsRevision.revision)).one()


def bump_revision(session: Session) -> None:
    """Count one change; takes effect with the caller's commit."""
    session.execute(update(OperationsRevision).values(revision=OperationsRevision.revision + 1))
