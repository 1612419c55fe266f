"""What a desk keeps for its officer: receipts of sent forms, drafts, put-off items, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, Instant


class CommandReceipt(Base):
    """Grain: one command on cases that was carried out. The same key again does nothing twice."""

    __tablename__ = "command_receipt"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # made by the page that holds the form
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # who sent it
    verb: Mapped[str] = mapped_column(String(60))  # what it did, as the audit log names it
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of what it held
    result: Mapped[str] = mapped_column(String(200))  # what it returned
    done_at: Mapped[datetime] = mapped_column(Instant, index=True)  # when


class FormDraft(Base):
    """Grain: one form that one person has begun and not sent."""

    __tablename__ = "form_draft"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)  # whose
    form: Mapped[str] = mapped_column(String(80), primary_key=True)  # which form of which case: case:7:verify
    held: Mapped[dict[str, object]] = mapped_column(JSON)  # what was typed, by field
    kept_at: Mapped[datetime] = mapped_column(Instant, index=True)  # when it was kept last


class InboxSnooze(Base):
    """Grain: one item that one person has put off."""

    __tablename__ = "inbox_snooze"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)  # whose
    item: Mapped[str] = mapped_column(String(60), primary_key=True)  # task:7, order:3, case:12 …
    until_on: Mapped[date]  # the day on which it is back


class Delegation(Base):
    """Grain: one absence during which somebody else sees a person's inbox too."""

    __tablename__ = "delegation"

    id: Mapped[int] = mapped_column(primary_key=True)  # number
    from_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # who is away
    to_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # who stands in
    begins_on: Mapped[date]  # first day
    ends_on: Mapped[date]  # last day
    reason: Mapped[str] = mapped_column(String(200))  # why
    made_at: Mapped[datetime] = mapped_column(Instant)  # when it was set up
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)  # when it was ended early
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set

    __table_args__ = (
        Index("ix_delegation_to", "to_id", "ends_on"),
        Index("ix_delegation_from", "from_id", "ends_on"),
    )
