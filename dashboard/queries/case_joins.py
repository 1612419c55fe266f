"""What a case came from, and which files it was merged with or split from or into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from dashboard.access.permissions import Permission
from dashboard.models.accounts import UserAccount
from dashboard.models.cases import CaseFile, CaseSource
from dashboard.models.findings import CasePerson
from dashboard.models.reporting import Pointer, RaisedWarning
from dashboard.models.warnings import WarningHandling
from dashboard.queries.case_seen import case_seen
from dashboard.queries.case_sight import in_sight
from dashboard.queries.duplicates import asked_of, duplicates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.queries.case_seen import CaseSeen
    from dashboard.queries.duplicates import Suggestion


@dataclass(frozen=True)
class Undecided:
    """A warning of the case's enterprise that may join: its week, grade and the version of its handling (0: none)."""

    uscc: str
    week_on: date
    grade: str
    version: int


@dataclass(frozen=True)
class Joined:
    """One case's sources, its kin, and what may belong to it too."""

    seen: CaseSeen
    sources: Sequence[CaseSource]  # oldest first
    names: Mapping[int, str]  # of who added them, by account
    people: Sequence[CasePerson]
    kin: Sequence[CaseFile]  # that it was merged into or took in, that it was split from or that were split from it
    undecided: Sequence[Undecided]
    suggestions: Sequence[Suggestion]


def joined_of(session: Session, viewer: Viewer, number: str) -> Joined:
    """Return the joins of the case with this number; raises as `case_seen` does."""
    seen = case_seen(session, viewer, number)
    case, scope = seen.case, viewer.scope(Permission.CASE_READ)
    of_case = select(CaseSource).where(CaseSource.case_id == case.id).order_by(CaseSource.added_at, CaseSource.id)
    sources = session.scalars(of_case).all()
    people = session.scalars(select(CasePerson).where(CasePerson.case_id == case.id).order_by(CasePerson.id)).all()
    named = session.execute(
        select(UserAccount.id, UserAccount.name).where(UserAccount.id.in_({one.added_by for one in sources}))
    )
    pointers = [one for one in (case.merged_into, case.split_from) if one is not None]
    kin = or_(CaseFile.merged_into == case.id, CaseFile.split_from == case.id, CaseFile.id.in_(pointers))
    return Joined(
        seen,
        sources,
        {row.id: row.name for row in named},
        people,
        session.scalars(select(CaseFile).where(kin, in_sight(scope)).order_by(CaseFile.id)).all(),
        _undecided(session, viewer, case) if seen.may("case:source_added") else [],
        [] if case.merged_into else duplicates(session, scope, asked_of(session, case)),
    )


def _undecided(session: Session, viewer: Viewer, case: CaseFile) -> list[Undecided]:
    if not case.uscc or not viewer.may(Permission.WARNING_WRITE):
        return []
    scope = viewer.scope(Permission.WARNING_WRITE)
    live = select(Pointer.generation).scalar_subquery()
    same = (WarningHandling.uscc == RaisedWarning.uscc) & (WarningHandling.week_on == RaisedWarning.week_on)
    state = or_(WarningHandling.state.is_(None), WarningHandling.state.in_(("open", "acknowledged")))
    rows = session.execute(
        select(RaisedWarning, WarningHandling.version)
        .outerjoin(WarningHandling, same)
        .where(RaisedWarning.generation == live, RaisedWarning.uscc == case.uscc, state)
        .where(scope.where(RaisedWarning.region_code))
        .order_by(RaisedWarning.week_on.desc())
    )
    return [Undecided(one.uscc, one.week_on, one.grade, version or 0) for one, version in rows]
