"""White and grey lists: enterprises whose warnings are held back, by whom, why, and until when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, Instant


class Exemption(Base):
    """Grain: one entry for one enterprise. Never deleted: it ends, or is withdrawn.

    White holds all warnings back, grey all but red ones. The enterprise is scored and shown as ever.
    """

    __tablename__ = "exemption"

    id: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), index=True)
    region_code: Mapped[str] = mapped_column(String(12))  # of the enterprise, as it stood then
    kind: Mapped[str] = mapped_column(String(5))  # white, grey
    risk_type: Mapped[str] = mapped_column(String(12))  # which warnings are held back; '' all
    reason: Mapped[str] = mapped_column(String(500))
    begins_on: Mapped[date]
    ends_on: Mapped[date]  # the last day; every entry expires
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set

    __table_args__ = (Index("ix_exemption_region", "region_code", "ends_on"),)
