"""Whose inbox a desk shows: the viewer's own, the department's, and those of whom the viewer stands in for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access.permissions import Permission
from dashboard.access.scope import NATION
from dashboard.models.accounts import UserAccount
from dashboard.models.desks import Delegation
from dashboard.workflow.people import Person, people_of
from geo.codes import ancestors_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.scope import Scope
    from dashboard.access.viewer import Viewer
    from dashboard.clock import Moment


@dataclass(frozen=True)
class Desk:
    """One viewer's desk at a moment; `away` are the people whom the viewer stands in for on that day, by id.

    `works` tells whether what waits for the department waits for this viewer too: only for those with case:write.
    """

    me: int
    home: str
    scope: Scope
    works: bool
    when: Moment
    away: Mapping[int, Person]

    @property
    def people(self) -> list[int]:
        """The viewer and everybody the viewer stands in for."""
        return [self.me, *self.away]

    @property
    def homes(self) -> list[str]:
        """The regions of those people's departments."""
        return sorted({self.home, *(person.region for person in self.away.values())})


@dataclass(frozen=True)
class Absence:
    """One delegation as its two people see it; `mine` where it is the viewer who is away."""

    id: int
    version: int
    mine: bool
    person: Person  # the stand-in where it is mine, else who is away
    begins_on: date
    ends_on: date
    reason: str
    running: bool


def desk_of(session: Session, viewer: Viewer, when: Moment) -> Desk:
    """Return the viewer's desk; raises NotAllowed without case:read."""
    scope = viewer.scope(Permission.CASE_READ)
    away = _away(session, viewer.id, when.on) if viewer.may(Permission.CASE_WRITE) else {}
    able = {number: person for number, person in away.items() if scope.covers(person.region)}
    return Desk(viewer.id, viewer.home_region, scope, viewer.may(Permission.CASE_WRITE), when, able)


def _away(session: Session, me: int, day: date) -> dict[int, Person]:
    """Return who is away on `day` with this person as the last of the chain of stand-ins, by id.

    Whoever stands in for somebody who stands in for a third sees the third's items too: otherwise nobody would.
    """
    found: dict[int, Person] = {}
    wanted = {me}
    while wanted:
        here = (Delegation.to_id.in_(sorted(wanted)), Delegation.begins_on <= day, Delegation.ends_on >= day)
        query = select(UserAccount).join(Delegation, Delegation.from_id == UserAccount.id)
        rows = session.scalars(query.where(*here, Delegation.withdrawn_at.is_(None))).all()
        new = {one.id: _person(one) for one in rows if one.id not in found and one.id != me}
        found |= new
        wanted = set(new)
    return found


def absences(session: Session, viewer: Viewer, day: date) -> list[Absence]:
    """Return the delegations from and to the viewer that run or are still to come, the earliest first."""
    viewer.scope(Permission.CASE_READ)
    concerned = (Delegation.from_id == viewer.id) | (Delegation.to_id == viewer.id)
    query = select(Delegation).where(concerned, Delegation.ends_on >= day, Delegation.withdrawn_at.is_(None))
    rows = session.scalars(query.order_by(Delegation.begins_on, Delegation.id)).all()
    people = _people(session, {one.to_id if one.from_id == viewer.id else one.from_id for one in rows})
    return [
        Absence(
            one.id,
            one.version,
            one.from_id == viewer.id,
            people[one.to_id if one.from_id == viewer.id else one.from_id],
            one.begins_on,
            one.ends_on,
            one.reason,
            one.begins_on <= day,
        )
        for one in rows
    ]


def stand_ins(session: Session, viewer: Viewer) -> list[Person]:
    """Return who may stand in for the viewer: the own department first, then those above it, by name.

    Empty for viewers without case:write, who have nothing to hand over.
    """
    if not viewer.may(Permission.CASE_WRITE):
        return []
    homes = {NATION, viewer.home_region, *ancestors_of(viewer.home_region)}
    found = [one for one in people_of(session, homes, Permission.CASE_WRITE) if one.id != viewer.id]
    return sorted(found, key=lambda one: (-len(one.region), one.name, one.id))


def _people(session: Session, numbers: Iterable[int]) -> dict[int, Person]:
    rows = session.scalars(select(UserAccount).where(UserAccount.id.in_(sorted(numbers))))
    return {one.id: _person(one) for one in rows}


def _person(account: UserAccount) -> Person:
    return Person(account.id, account.name, account.unit, account.home_region)
