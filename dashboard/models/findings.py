"""What a case found and what was done about it: people, determination, measures, repayment."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, Instant


class CasePerson(Base):
    """Grain: one person in a case. Identity numbers are not kept."""

    __tablename__ = "case_person"

    id: Mapped[int] = mapped_column(primary_key=True)  # number
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)  # the case
    name: Mapped[str] = mapped_column(String(80), index=True)  # of the person
    role: Mapped[str] = mapped_column(String(12))  # one of PEOPLE_ROLES
    note: Mapped[str] = mapped_column(String(300))  # what is known of the part that the person played
    added_at: Mapped[datetime] = mapped_column(Instant)  # when
    added_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set


class CaseDetermination(Base):
    """Grain: the formal finding of one case."""

    __tablename__ = "case_determination"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)  # the case
    risk_type: Mapped[str] = mapped_column(String(12))  # one of RISK_TYPES; '' where there was none
    amount: Mapped[float]  # sum raised or lent, CNY
    illegal_income: Mapped[float]  # of assisters, CNY
    people: Mapped[int]  # people who paid in or were recruited
    places: Mapped[list[str]] = mapped_column(JSON)  # region codes
    basis: Mapped[str] = mapped_column(String(4000))  # facts and rules that it rests on
    made_at: Mapped[datetime] = mapped_column(Instant)  # when it was written last
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set


class CaseMeasure(Base):
    """Grain: one measure that was taken. A wrong one is withdrawn with a reason, never deleted."""

    __tablename__ = "case_measure"

    id: Mapped[int] = mapped_column(primary_key=True)  # number
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)  # the case
    kind: Mapped[str] = mapped_column(String(24))  # one of MEASURES
    subject: Mapped[str] = mapped_column(String(20))  # one of PENALISED for a penalty, else ''
    name: Mapped[str] = mapped_column(String(120))  # person or enterprise that it was taken against
    fine: Mapped[float]  # CNY; 0 without one
    base: Mapped[float]  # what the fine is measured by, CNY: the sum raised, or the illegal income
    document: Mapped[str] = mapped_column(String(80))  # number of the document
    organ: Mapped[str] = mapped_column(String(120))  # to whom a transfer went
    text: Mapped[str] = mapped_column(String(2000))  # what was done
    justification: Mapped[str] = mapped_column(String(500))  # why a fine lies outside the usual range
    taken_on: Mapped[date]  # when it was taken
    made_at: Mapped[datetime] = mapped_column(Instant)  # when it was written down
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)  # when it was withdrawn
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
    withdrawn_reason: Mapped[str] = mapped_column(String(500))  # why
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set


class CaseRepayment(Base):
    """Grain: one report of how far the repayment has come; the newest counts."""

    __tablename__ = "case_repayment"

    id: Mapped[int] = mapped_column(primary_key=True)  # number
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)  # the case
    reported_on: Mapped[date]  # the day that it speaks of
    owed: Mapped[float]  # CNY in all
    repaid: Mapped[float]  # CNY up to that day
    people_owed: Mapped[int]  # people in all
    people_repaid: Mapped[int]  # people who have got their money in full
    note: Mapped[str] = mapped_column(String(500))  # where the money came from, what is left
    made_at: Mapped[datetime] = mapped_column(Instant)  # when it was written down
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # by whom, `user_account.id`
