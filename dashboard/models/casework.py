"""The daily work on a case: tasks, comments and mentions, attachments, evidence and its chain of custody."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, Instant


class CaseTask(Base):
    """Grain: one task of a case."""

    __tablename__ = "case_task"

    id: Mapped[int] = mapped_column(primary_key=True)  # number
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)  # the case
    title: Mapped[str] = mapped_column(String(200))  # what is to be done
    region_code: Mapped[str] = mapped_column(String(12))  # the region whose department does it
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # who does it; None: nobody yet
    due_on: Mapped[date | None]  # by when
    checklist: Mapped[list[dict[str, object]]] = mapped_column(JSON)  # in order: {"text", "done"}
    state: Mapped[str] = mapped_column(String(8))  # one of TASK_STATES
    made_at: Mapped[datetime] = mapped_column(Instant)  # when it was set
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
    ended_at: Mapped[datetime | None] = mapped_column(Instant)  # when it was done or dropped
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
    reason: Mapped[str] = mapped_column(String(500))  # why it was dropped
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set

    __table_args__ = (
        Index("ix_case_task_owner", "owner_id", "state", "due_on"),
        Index("ix_case_task_region", "region_code", "state", "due_on"),
    )


class CaseComment(Base):
    """Grain: one comment on a case. Comments are neither changed nor deleted."""

    __tablename__ = "case_comment"

    id: Mapped[int] = mapped_column(primary_key=True)  # number
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)  # the case
    text: Mapped[str] = mapped_column(String(4000))  # what was said
    made_at: Mapped[datetime] = mapped_column(Instant)  # when
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`


class CaseMention(Base):
    """Grain: one person named in one comment."""

    __tablename__ = "case_mention"

    comment_id: Mapped[int] = mapped_column(ForeignKey("case_comment.id"), primary_key=True)  # the comment
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)  # who is named
    read_at: Mapped[datetime | None] = mapped_column(Instant)  # when that person saw it

    __table_args__ = (Index("ix_case_mention_user", "user_id", "read_at"),)


class CaseAttachment(Base):
    """Grain: one file that was attached to a case. The file lies in the state folder under its hash."""

    __tablename__ = "case_attachment"

    id: Mapped[int] = mapped_column(primary_key=True)  # number
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)  # the case
    kind: Mapped[str] = mapped_column(String(24))  # one of ATTACHMENT_KINDS
    name: Mapped[str] = mapped_column(String(200))  # of the file, as it was sent, without folders
    media_type: Mapped[str] = mapped_column(String(100))  # told by its content, never by its name
    bytes: Mapped[int]  # size
    sha256: Mapped[str] = mapped_column(String(64))  # of the content
    scan: Mapped[str] = mapped_column(String(10))  # clean, or unscanned where no scanner is set up
    added_at: Mapped[datetime] = mapped_column(Instant)  # when
    added_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
    removed_at: Mapped[datetime | None] = mapped_column(Instant)  # when it was taken out; the file is kept
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
    reason: Mapped[str] = mapped_column(String(500))  # why it was taken out


class CaseEvidence(Base):
    """Grain: one piece of evidence in the case's list."""

    __tablename__ = "case_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)  # number
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)  # the case
    label: Mapped[str] = mapped_column(String(200))  # what it is
    kind: Mapped[str] = mapped_column(String(16))  # one of EVIDENCE_KINDS
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("case_attachment.id"))  # its file, if it is one
    obtained_on: Mapped[date]  # when it was obtained
    obtained_from: Mapped[str] = mapped_column(String(200))  # from whom or where
    holder: Mapped[str] = mapped_column(String(120))  # who keeps it now
    added_at: Mapped[datetime] = mapped_column(Instant)  # when it was listed
    added_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set


class CaseCustody(Base):
    """Grain: one change of hands of one piece of evidence. Never changed, never deleted."""

    __tablename__ = "case_custody"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("case_evidence.id"), primary_key=True)  # the piece
    position: Mapped[int] = mapped_column(primary_key=True)  # 1, 2, 3 …; 1 is how it was obtained
    from_holder: Mapped[str] = mapped_column(String(120))  # who gave it
    to_holder: Mapped[str] = mapped_column(String(120))  # who took it
    purpose: Mapped[str] = mapped_column(String(300))  # what for
    at: Mapped[datetime] = mapped_column(Instant)  # when
    by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # who wrote it down, `user_account.id`
