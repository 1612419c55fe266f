"""Enterprises that screens list: graded yellow or above, and the highest of each county."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from dashboard.access.scope import Scope
from dashboard.models.reporting import Watched
from dashboard.vocabulary import RISK_TYPES

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Enterprise:
    """One listed enterprise; `change` is against a week before, `reasons` are factor names, strongest first."""

    uscc: str
    name: str
    region_code: str
    sector: str
    lon: float | None
    lat: float | None
    grade: str
    smoke_index: float
    change: float
    risk_type: str
    entered_on: date | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Enterprises:
    """The first of the listed enterprises of a region, highest index first, and how many are listed in all."""

    total: int
    rows: list[Enterprise]


def enterprises_in(session: Session, scope: Scope, generation: int, region: str, most: int) -> Enterprises:
    """Return the listed enterprises inside `region`; raise NotAllowed for a region outside the scope."""
    scope.require(region)
    where = (
        Watched.generation == generation,
        Scope(region).where(Watched.region_code),
    )
    rows = session.scalars(select(Watched).where(*where).order_by(Watched.smoke_index.desc(), Watched.uscc).limit(most))
    return Enterprises(
        session.scalar(select(func.count()).select_from(Watched).where(*where)) or 0,
        [
            Enterprise(
                uscc=row.uscc,
                name=row.name,
                region_code=row.region_code,
                sector=row.sector,
                lon=row.lon,
                lat=row.lat,
                grade=row.grade,
                smoke_index=row.smoke_index,
                change=round(row.smoke_index - row.previous_index, 2),
                risk_type=row.risk_type,
                entered_on=row.entered_on,
                reasons=tuple(str(reason["factor"]) for reason in row.reasons),
            )
            for row in rows
        ],
    )


@dataclass(frozen=True)
class TypeCounts:
    """Enterprises graded yellow and above whose leading risk type is `risk_type`."""

    risk_type: str
    red: int
    orange: int
    yellow: int


def graded_by_type(session: Session, scope: Scope, generation: int, region: str) -> list[TypeCounts]:
    """Return the graded enterprises inside `region` by leading risk type, all three types, in their fixed order."""
    scope.require(region)
    found = session.execute(
        select(Watched.risk_type, Watched.grade, func.count())
        .where(Watched.generation == generation, Watched.grade != "blue", Scope(region).where(Watched.region_code))
        .group_by(Watched.risk_type, Watched.grade)
    )
    counts = {(risk_type, grade): count for risk_type, grade, count in found}
    return [
        TypeCounts(kind, *(counts.get((kind, grade), 0) for grade in ("red", "orange", "yellow")))
        for kind in RISK_TYPES
    ]
