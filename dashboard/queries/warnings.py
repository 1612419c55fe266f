"""Warnings: enterprises that entered or rose in a grade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

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
    """The first of the newest warnings, worst grade first, and how many fell in the last seven days."""

    recent: int
    rows: list[NewestWarning]


def newest_warnings(session: Session, scope: Scope, generation: int, region: str, most: int) -> NewestWarnings:
    """Return the newest red and orange warnings inside `region`, at most `most`.

    Those of the generation's last seven days come first, worst grade first; older ones follow, newest first.
    """
    scope.require(region)
    as_of = session.scalar(select(Generation.as_of).where(Generation.generation == generation))
    if as_of is None:
        return NewestWarnings(0, [])
    later = aliased(RaisedWarning)
    superseded = select(later.uscc).where(
        later.generation == generation, later.uscc == RaisedWarning.uscc, later.week_on > RaisedWarning.week_on
    )
    where = (
        RaisedWarning.generation == generation,
        RaisedWarning.grade.in_(SERIOUS),
        Scope(region).where(RaisedWarning.region_code),
        ~superseded.exists(),  # an enterprise that rose twice is listed once, as it stands now
    )
    recent = RaisedWarning.raised_on > as_of - timedelta(days=NEWEST_DAYS)
    worst_first = case({grade: place for place, grade in enumerate(GRADES)}, value=RaisedWarning.grade)
    newest_first = (RaisedWarning.raised_on.desc(), RaisedWarning.smoke_index.desc(), RaisedWarning.uscc)
    rows = session.scalars(
        select(RaisedWarning)
        .where(*where)
        .order_by(case((recent, worst_first), else_=len(GRADES)), *newest_first)
        .limit(most)
    )
    total = session.scalar(select(func.count()).select_from(RaisedWarning).where(*where, recent)) or 0
    return NewestWarnings(total, [_listed(row) for row in rows])


def _listed(row: RaisedWarning) -> NewestWarning:
    return NewestWarning(
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
