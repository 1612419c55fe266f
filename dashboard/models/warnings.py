"""What people did with a warning. The warning itself is the ETL's (rpt_warning); this outlives generations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, Instant


class WarningHandling(Base):
    """Grain: one warning that somebody has touched; an untouched one has no row and is open.

    A warning is named by its enterprise and its week, which do not change from generation to generation.
    """

    __tablename__ = "warning_handling"

    uscc: Mapped[str] = mapped_column(String(18), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(String(12))  # of the enterprise, as it stood then
    state: Mapped[str] = mapped_column(String(12))  # open, acknowledged, dismissed, in_case
    reason: Mapped[str] = mapped_column(String(500), default="")  # why it was dismissed
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (Index("ix_warning_handling_assignee", "assignee_id", "state"),)
