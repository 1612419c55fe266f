"""What the scheduler did, and which of its processes leads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, Instant


class JobRun(Base):
    """Grain: one attempt at one scheduled job."""

    __tablename__ = "job_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))  # refresh, housekeeping, deadlines
    attempt: Mapped[int]  # 1, then 2, 3 … of the retries
    holder: Mapped[str] = mapped_column(String(120))  # the scheduler process that ran it
    state: Mapped[str] = mapped_column(String(10))  # running, done, failed, abandoned
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    message: Mapped[str] = mapped_column(String(500), default="")  # one clear line when it failed

    __table_args__ = (Index("ix_job_run_name", "name", "started_at"),)


class LeaderLease(Base):
    """Grain: one task that only one process may do at a time; the holder leads until `expires_at`."""

    __tablename__ = "leader_lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120))
    expires_at: Mapped[datetime] = mapped_column(Instant)
