"""Versions of the index's model that people proposed on the screen; the first one is the file that ships."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, Instant


class ModelVersion(Base):
    """Grain: one proposed version. Its text never changes; a second person approves or rejects it.

    The ETL computes with the approved version that was decided last; where there is none, with the settings' file.
    """

    __tablename__ = "model_version"

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    based_on: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)  # the whole TOML file
    note: Mapped[str] = mapped_column(String(500))  # why
    state: Mapped[str] = mapped_column(String(10))  # proposed, approved, rejected, withdrawn
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")  # of the decision
    revision: Mapped[int] = mapped_column(default=1)  # compare-and-set
