"""Warnings: enterprises that entered or rose in a grade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from dashboard.access.scope import Scope
from dashboard.models.reporting import Generation, RaisedWarning
from dashboard.vocabulary import GRADES

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


NEWEST_DAYS = 7
SERIOUS = ("red", "orange")


@dataclass(frozen=True)
class NewestWarning:
    """One warning as the wall lists it; `change` is against the week before."""

    uscc: str
    name: str
    region_code: str
    grade: str
    smoke_index: float
    change: float
    is_new: bool
    risk_type: str
    reason: str
    raised_on: date


@dataclass(frozen=True)
class NewestWarnings:
    """The first of the newest warnings, worst grade first, and how many there are in all."""

    total: int
    rows: list[NewestWarning]


def newest_warnings(session: Session, scope: Scope, generation: int, region: str, most: int) -> NewestWarnings:
    """Return red and orange warnings inside `region` raised in the generation's last seven days, at most `most`."""
    scope.require(region)
    as_of = session.scalar(select(Generation.as_of).where(Generation.generation == generation))
    if as_of is None:
        return NewestWarnings(0, [])
    where = (
        RaisedWarning.generation == generation,
        RaisedWarning.raised_on > as_of - timedelta(days=NEWEST_DAYS),
        RaisedWarning.raised_on <= as_of,
        RaisedWarning.grade.in_(SERIOUS),
        Scope(region).where(RaisedWarning.region_code),
    )
    worst_first = case({grade: place for place, grade in enumerate(GRADES)}, value=RaisedWarning.grade)
    rows = session.scalars(
        select(RaisedWarning)
        .where(*where)
        .order_by(worst_first, RaisedWarning.raised_on.desc(), RaisedWarning.smoke_index.desc(), RaisedWarning.uscc)
        .limit(most)
    )
    total = session.scalar(select(func.count()).select_from(RaisedWarning).where(*where)) or 0
    return NewestWarnings(
        total,
        [
            NewestWarning(
                uscc=row.uscc,
                name=row.name,
                region_code=row.region_code,
                grade=row.grade,
                smoke_index=row.smoke_index,
                change=round(row.smoke_index - row.previous_index, 2),
                is_new=row.previous_index == 0,
                risk_type=row.risk_type,
                reason=row.reason,
                raised_on=row.raised_on,
            )
            for row in rows
        ],
    )
