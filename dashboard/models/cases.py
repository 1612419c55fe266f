"""Cases: their intake. A case begins with a warning and keeps its number for good."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, Instant


class CaseFile(Base):
    """Grain: one case."""

    __tablename__ = "case_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)  # region, year and a running number: 330106-2026-0007
    uscc: Mapped[str] = mapped_column(String(18), index=True)
    name: Mapped[str] = mapped_column(String(200))  # of the enterprise, as it stood then
    region_code: Mapped[str] = mapped_column(String(12))
    risk_type: Mapped[str] = mapped_column(String(12))
    stage: Mapped[str] = mapped_column(String(20))  # intake
    warned_week_on: Mapped[date | None]  # of the warning that it began with
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set

    __table_args__ = (Index("ix_case_file_region", "region_code", "stage"),)
