"""How good the index is, measured against outcomes known as a generation was made. The ETL writes, screens read."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base


class Performance(Base):
    """Grain: one measure of one scorer within one cut of the enterprises.

    Where `n` is too small for a value to mean anything, value, low and high are None: too little data is an answer.
    """

    __tablename__ = "rpt_performance"

    generation: Mapped[int] = mapped_column(primary_key=True)
    scorer: Mapped[str] = mapped_column(String(12), primary_key=True)  # index, learned, complaints (the naive baseline)
    cut: Mapped[str] = mapped_column(String(9), primary_key=True)  # all, province, sector, risk_type
    key: Mapped[str] = mapped_column(String(40), primary_key=True)  # '' for all
    measure: Mapped[str] = mapped_column(String(24), primary_key=True)  # precision_at_k, recall_at_k, lead_days, …
    k: Mapped[int] = mapped_column(primary_key=True)  # how many enterprises were looked at; 0 where it does not apply
    value: Mapped[float | None]  # shares 0-1, days, per 10 000
    low: Mapped[float | None]  # 95 % interval
    high: Mapped[float | None]
    n: Mapped[int]  # the denominator


class Reliability(Base):
    """Grain: one bin of predicted probability against what came of it."""

    __tablename__ = "rpt_reliability"

    generation: Mapped[int] = mapped_column(primary_key=True)
    bin: Mapped[int] = mapped_column(primary_key=True)
    predicted: Mapped[float]  # mean probability in the bin, 0-1
    observed: Mapped[float]  # share with a confirmed case, 0-1
    low: Mapped[float]  # 95 % interval of `observed`
    high: Mapped[float]
    n: Mapped[int]


class Drift(Base):
    """Grain: one factor: how differently it speaks than four weeks before."""

    __tablename__ = "rpt_drift"

    generation: Mapped[int] = mapped_column(primary_key=True)
    factor: Mapped[str] = mapped_column(String(40), primary_key=True)
    psi: Mapped[float]  # population stability index of its points, over the enterprises with evidence
    share_before: Mapped[float]  # of those enterprises with this factor, 0-1
    share_now: Mapped[float]
    mean_before: Mapped[float]  # points, over those with the factor
    mean_now: Mapped[float]


class Learned(Base):
    """Grain: one generation: what its learned model was made of, or why there is none."""

    __tablename__ = "rpt_learned"

    generation: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))  # trained, no_outcomes, too_few
    horizon_days: Mapped[int]  # the probability speaks of a confirmed case opened within so many days
    confirmed: Mapped[int]  # outcomes it learned from
    dismissed: Mapped[int]
    trained_until: Mapped[date | None]  # the three ends of the split in time
    calibrated_until: Mapped[date | None]
    tested_until: Mapped[date | None]
    card: Mapped[dict[str, object]] = mapped_column(JSON)  # figures and effects of the factors, for the model card
