"""The reporting tables: what one generation shows. The ETL writes them, screens read them, nobody edits them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, Instant


class Generation(Base):
    """Grain: one row per generation, the unit of truth. Only `published` ones may be read by screens."""

    __tablename__ = "rpt_generation"

    generation: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(String(36), unique=True)
    as_of: Mapped[date]
    model_version: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))  # building, published
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    data_until: Mapped[date | None]  # the newest reported_on among the staged signals
    sources_expected: Mapped[int]
    sources_read: Mapped[int]
    rows_in: Mapped[int]
    rows_staged: Mapped[int]
    rows_quarantined: Mapped[int]
    enterprises: Mapped[int]


class Pointer(Base):
    """Grain: exactly one row: which generation is live. Publishing flips it in one transaction."""

    __tablename__ = "rpt_current"

    id: Mapped[int] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(ForeignKey("rpt_generation.generation"))


class RegionWeek(Base):
    """Grain: region × week (Monday). Counties and above over the whole history, towns for the last two weeks only."""

    __tablename__ = "rpt_region_week"

    generation: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(String(8))  # nation, province, city, county, town
    enterprises: Mapped[int]  # in operation at the week's end: the denominator of every rate
    mean_index: Mapped[float]  # 0-100, plain mean over `enterprises`; 0 where there are none
    smoothed_index: Mapped[float]  # mean shrunk to the parent's where enterprises are few
    red: Mapped[int]
    orange: Mapped[int]
    yellow: Mapped[int]
    blue: Mapped[int]
    new_red: Mapped[int]  # warnings of the week by the grade entered
    new_orange: Mapped[int]
    new_yellow: Mapped[int]
    signals: Mapped[int]  # reported in the week
    expected: Mapped[float | None]  # warnings expected in the week; None: too little data
    upper: Mapped[float | None]  # bound above which the week is called unusual; None: too little data

    __table_args__ = (Index("ix_rpt_region_week_level", "generation", "level", "week_on"),)


class RaisedWarning(Base):
    """Grain: one enterprise entering or rising in a grade (yellow and above) in one week."""

    __tablename__ = "rpt_warning"

    generation: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    raised_on: Mapped[date]  # when the evidence that tipped it was reported
    name: Mapped[str] = mapped_column(String(200))
    region_code: Mapped[str] = mapped_column(String(12))
    grade: Mapped[str] = mapped_column(String(6))
    previous_grade: Mapped[str] = mapped_column(String(6))
    smoke_index: Mapped[float]
    previous_index: Mapped[float]
    risk_type: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(40))  # the factor that contributes most
    owner_code: Mapped[str] = mapped_column(String(6))  # the region whose lead department owns it, a county as a rule
    due_on: Mapped[date]  # by when it wants an answer, counted in Chinese working days

    __table_args__ = (Index("ix_rpt_warning_raised", "generation", "raised_on", "region_code"),)


class Watched(Base):
    """Grain: one enterprise that screens list: yellow or above, or of its county's highest 200 with any evidence."""

    __tablename__ = "rpt_watchlist"

    generation: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    legal_representative: Mapped[str] = mapped_column(String(100))
    region_code: Mapped[str] = mapped_column(String(12))  # the deepest that is known, town or county as a rule
    sector: Mapped[str] = mapped_column(String(40))
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    grade: Mapped[str] = mapped_column(String(6))
    smoke_index: Mapped[float]  # 0-100, the sum of the five contributions below
    previous_index: Mapped[float]  # a week earlier
    risk_type: Mapped[str] = mapped_column(String(12))  # which of the three types leads
    index_fundraising: Mapped[float]  # the three typed indexes; the highest is the Smoke Index
    index_pyramid: Mapped[float]
    index_lending: Mapped[float]
    probability: Mapped[float | None]  # learned, 0-1: a case is confirmed within the horizon; None: nothing was learned
    exempt: Mapped[str] = mapped_column(String(5))  # '', white, grey: on a list that holds warnings back
    community: Mapped[int | None]  # of rpt_community; None: tied to no other enterprise
    warned_week_on: Mapped[date | None]  # week of the newest warning on record; with uscc the key of its handling
    due_on: Mapped[date | None]  # of that warning
    entered_on: Mapped[date | None]  # since when in the present grade; None for blue
    contribution_compliance: Mapped[float]
    contribution_yield_lure: Mapped[float]
    contribution_complaints: Mapped[float]
    contribution_spread: Mapped[float]
    contribution_keywords: Mapped[float]
    reasons: Mapped[list[dict[str, object]]] = mapped_column(JSON)  # up to three: {"factor", "contribution"}

    __table_args__ = (
        Index("ix_rpt_watchlist_region", "generation", "region_code", "smoke_index"),
        Index("ix_rpt_watchlist_order", "generation", "smoke_index", "uscc"),
    )


class Community(Base):
    """Grain: one community of at least two enterprises that ties bind more closely to each other than to the rest."""

    __tablename__ = "rpt_community"

    generation: Mapped[int] = mapped_column(primary_key=True)
    community: Mapped[int] = mapped_column(primary_key=True)  # numbered within the generation, the riskiest first
    name: Mapped[str] = mapped_column(String(200))  # of the member with the highest index
    uscc: Mapped[str] = mapped_column(String(18))  # that member
    region_code: Mapped[str] = mapped_column(String(12))  # the smallest region that holds all members; '' if unknown
    members: Mapped[int]  # enterprises
    people: Mapped[int]  # natural persons
    red: Mapped[int]
    orange: Mapped[int]
    yellow: Mapped[int]
    highest: Mapped[float]  # the highest Smoke Index of a member
    mean_index: Mapped[float]
    amount: Mapped[float]  # CNY, told by the signals against its members
    regions: Mapped[int]  # counties with a member

    __table_args__ = (Index("ix_rpt_community_highest", "generation", "highest"),)


class Peer(Base):
    """Grain: one sub-index (or `smoke_index`) among the enterprises with evidence of one sector, region or everywhere.

    What an enterprise is compared with: quantiles of the contributions over those in operation that have any evidence.
    """

    __tablename__ = "rpt_peer"

    generation: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)  # all, sector, region (county and above)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)  # '' for all
    measure: Mapped[str] = mapped_column(String(20), primary_key=True)  # a sub-index, or smoke_index
    enterprises: Mapped[int]
    median: Mapped[float]
    p75: Mapped[float]
    p90: Mapped[float]
    p99: Mapped[float]


class Run(Base):
    """Grain: one attempt to make a generation, whether it came to one or not."""

    __tablename__ = "rpt_run"

    run_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    generation: Mapped[int | None]
    as_of: Mapped[date]
    model_version: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))  # running, published, failed, abandoned
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    message: Mapped[str] = mapped_column(String(500), default="")


class RunStep(Base):
    """Grain: one step of a run, with its time and row count."""

    __tablename__ = "rpt_run_step"

    run_id: Mapped[str] = mapped_column(ForeignKey("rpt_run.run_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(40))
    seconds: Mapped[float]
    rows: Mapped[int]


class SourceFile(Base):
    """Grain: one landing file of a run; rows_in = rows_staged + rows_quarantined always."""

    __tablename__ = "rpt_source_file"

    run_id: Mapped[str] = mapped_column(ForeignKey("rpt_run.run_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    contract: Mapped[str] = mapped_column(String(40))
    file: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10))  # read, empty, missing, unreadable
    problem: Mapped[str] = mapped_column(String(500), default="")
    bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    rows_in: Mapped[int]
    rows_staged: Mapped[int]
    rows_quarantined: Mapped[int]


class QuarantinedRow(Base):
    """Grain: one row kept out, with why. The first 500 of each file; the folder of the run holds all of them."""

    __tablename__ = "rpt_quarantine"

    run_id: Mapped[str] = mapped_column(ForeignKey("rpt_run.run_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    file: Mapped[str] = mapped_column(String(300))
    line: Mapped[int]  # 1-based line (or record) in the file as the clerk's editor counts it
    column: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(60))  # a code of etl.contracts.reasons; screens word it
