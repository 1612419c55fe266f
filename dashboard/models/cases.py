"""Cases: the file itself, what it came from, who has a seat at it, its stays in stages, and orders between offices."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, Instant


class CaseFile(Base):
    """Grain: one case. `stage` is its definition's, `phase` the one of `dashboard.vocabulary.PHASES` it counts as."""

    __tablename__ = "case_file"

    id: Mapped[int] = mapped_column(primary_key=True)  # number
    number: Mapped[str] = mapped_column(String(30), unique=True)  # region, year and a running number: 330106-2026-0007
    foreign_number: Mapped[str | None] = mapped_column(String(60), unique=True)  # of a case that came from elsewhere
    uscc: Mapped[str] = mapped_column(String(18), index=True)  # unified social credit code; '' if not registered
    name: Mapped[str] = mapped_column(String(200))  # of the enterprise, as it stood then
    region_code: Mapped[str] = mapped_column(String(12))  # where the enterprise is, as deep as is known
    handler_code: Mapped[str] = mapped_column(String(12))  # the region whose department works on it now
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # who is in charge there
    risk_type: Mapped[str] = mapped_column(String(12))  # one of the three types
    grade: Mapped[str] = mapped_column(String(6))  # of the warning it began with; '' without one
    workflow: Mapped[str] = mapped_column(String(20))  # code of the definition that it follows
    workflow_version: Mapped[str] = mapped_column(String(20))  # and its version, kept for the whole case
    stage: Mapped[str] = mapped_column(String(20))  # a stage of that definition
    phase: Mapped[str] = mapped_column(String(16))  # the phase that the stage counts as
    opened_on: Mapped[date]  # the day on which it was opened, where the officer sits
    opened_at: Mapped[datetime] = mapped_column(Instant)  # when
    opened_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
    entered_on: Mapped[date]  # since when in the present stage
    due_on: Mapped[date | None]  # last day of the stage's deadline; None: no clock runs
    amber_on: Mapped[date | None]  # from which day on the deadline is called near
    suspended_on: Mapped[date | None]  # since when the clock stands still
    suspended_until: Mapped[date | None]  # by when it has to go on, at the latest
    days_left: Mapped[int | None]  # working days that were left when the clock stopped; negative: overdue by so many
    escalated_to: Mapped[str | None] = mapped_column(
        String(12)
    )  # region told that this stage, or its pause, is overdue
    outcome: Mapped[str] = mapped_column(String(16), default="")  # one of OUTCOMES once it is closed, else ''
    closed_on: Mapped[date | None]  # the day on which it was closed
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)  # the case that took it in
    split_from: Mapped[int | None] = mapped_column(
        ForeignKey("case_file.id"), index=True
    )  # the case that it was a part of
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set

    __table_args__ = (
        Index("ix_case_file_region", "region_code", "phase", "due_on"),
        Index("ix_case_file_handler", "handler_code", "phase", "due_on"),
        Index("ix_case_file_owner", "owner_id", "phase"),
        Index("ix_case_file_opened", "opened_on", "region_code"),
        Index("ix_case_file_closed", "closed_on", "region_code", "opened_on"),
        # What is open, without a look at the table: phase, place, age and clock.
        Index("ix_case_file_phase", "phase", "region_code", "opened_on", "due_on", "amber_on", "suspended_on"),
        Index("ix_case_file_name", "name"),
    )


class CaseSource(Base):
    """Grain: one thing that a case came from or that joined it later."""

    __tablename__ = "case_source"

    id: Mapped[int] = mapped_column(primary_key=True)  # number
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))  # the case
    kind: Mapped[str] = mapped_column(String(12))  # one of CASE_SOURCES
    key: Mapped[str] = mapped_column(String(60))  # what it is known by: uscc:week, a tip's or an order's number; ''
    told: Mapped[str] = mapped_column(String(1000))  # what it says, in short
    added_at: Mapped[datetime] = mapped_column(Instant)  # when it joined
    added_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`

    __table_args__ = (
        Index("ix_case_source_case", "case_id"),
        Index("ix_case_source_key", "kind", "key"),
    )


class CaseSeat(Base):
    """Grain: one region that sees a case for another reason than its jurisdiction: handled it once, or was invited."""

    __tablename__ = "case_seat"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)  # the case
    region_code: Mapped[str] = mapped_column(String(12), primary_key=True, index=True)  # the region that sees it
    role: Mapped[str] = mapped_column(String(10))  # one of SEATS
    since_at: Mapped[datetime] = mapped_column(Instant)  # when the seat began
    ended_at: Mapped[datetime | None] = mapped_column(Instant)  # when it ended; None: it lasts


class CaseSpan(Base):
    """Grain: one stay of a case in a stage, from the step that led there to the step that led on."""

    __tablename__ = "case_span"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)  # the case
    position: Mapped[int] = mapped_column(primary_key=True)  # 1, 2, 3 …
    region_code: Mapped[str] = mapped_column(String(12))  # of the case
    handler_code: Mapped[str] = mapped_column(String(12))  # who had it when it entered
    transition: Mapped[str] = mapped_column(
        String(20)
    )  # step that led here; 'open' or 'split' for the first, 'merge' for the last of a merged case
    from_phase: Mapped[str] = mapped_column(String(16))  # phase before; '' for the first
    stage: Mapped[str] = mapped_column(String(20))  # stage of the case's definition
    phase: Mapped[str] = mapped_column(String(16))  # phase that it counts as
    entered_at: Mapped[datetime] = mapped_column(Instant)  # when
    entered_on: Mapped[date]  # the day of it
    entered_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
    reason: Mapped[str] = mapped_column(String(1000))  # why, where the step wants a reason
    outcome: Mapped[str] = mapped_column(String(16), default="")  # how the step ended the case; '' for any other step
    given: Mapped[dict[str, object]] = mapped_column(JSON)  # what the step's form held, by field
    days_allowed: Mapped[int | None]  # working days of the deadline; None: no clock
    due_on: Mapped[date | None]  # last day of the deadline, as it stood in the end
    left_on: Mapped[date | None]  # when it went on; None: it is here
    days_taken: Mapped[int | None]  # working days in the stage, without pauses; None: it is here

    __table_args__ = (
        Index("ix_case_span_entered", "entered_on", "from_phase", "phase", "region_code"),
        Index("ix_case_span_phase", "case_id", "phase"),
        Index("ix_case_span_left", "left_on", "phase", "region_code", "days_taken", "days_allowed"),
    )


class CaseOrder(Base):
    """Grain: one order, request or report between two offices about one case, with its answer."""

    __tablename__ = "case_order"

    id: Mapped[int] = mapped_column(primary_key=True)  # number
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)  # the case
    kind: Mapped[str] = mapped_column(String(12))  # one of ORDER_KINDS
    from_code: Mapped[str] = mapped_column(String(12))  # region whose department sent it
    to_code: Mapped[str] = mapped_column(String(12))  # region whose department answers it
    text: Mapped[str] = mapped_column(String(1000))  # what is asked, and why
    state: Mapped[str] = mapped_column(String(10))  # one of ORDER_STATES
    made_at: Mapped[datetime] = mapped_column(Instant)  # when it was sent
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # by whom; None: the scheduler
    answer_due_on: Mapped[date | None]  # by when an answer is wanted; None: it took effect at once
    escalated_on: Mapped[date | None]  # when the level above was told that no answer came
    answered_at: Mapped[datetime | None] = mapped_column(Instant)  # when it was answered or withdrawn
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
    answer: Mapped[str] = mapped_column(String(1000))  # the reason of a refusal, the reply to a supervision order
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set

    __table_args__ = (
        Index("ix_case_order_to", "to_code", "state", "answer_due_on"),
        Index("ix_case_order_from", "from_code", "state"),
    )
