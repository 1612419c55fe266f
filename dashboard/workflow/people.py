"""Who can take part in a case: read by the actions that check it and by the queries that offer it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access.permissions import ROLE_PERMISSIONS, Permission, Role
from dashboard.models.accounts import UserAccount
from geo.codes import ancestors_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from dashboard.models.cases import CaseFile


@dataclass(frozen=True)
class Person:
    """Somebody with an account: `region` is the home of the department."""

    id: int
    name: str
    unit: str
    region: str

    @property
    def told(self) -> str:
        """Unit and name, as lists show a person."""
        return " ".join(part for part in (self.unit, self.name) if part)


def people_who_see(session: Session, case: CaseFile, seats: Iterable[str]) -> list[Person]:
    """Return who sees a case, by region and name: enabled, with case:read, in or above an office that it concerns.

    `seats` are the regions that have a lasting seat at it. The same offices as in
    `dashboard.workflow.standing.standing_of`, found by one read.
    """
    concerned = {case.handler_code, case.region_code, *seats}
    homes = concerned.union(*(ancestors_of(code) for code in concerned))
    return people_of(session, homes, Permission.CASE_READ)


def people_of(session: Session, homes: Iterable[str], permission: Permission) -> list[Person]:
    """Return the enabled accounts of the offices of `homes` that hold a permission, by region and name."""
    here = UserAccount.home_region.in_(sorted(homes))
    query = select(UserAccount).where(here, UserAccount.disabled_at.is_(None))
    ordered = query.order_by(UserAccount.home_region, UserAccount.name, UserAccount.id)
    found = session.scalars(ordered.execution_options(populate_existing=True))
    return [
        Person(one.id, one.name, one.unit, one.home_region)
        for one in found
        if any(permission in ROLE_PERMISSIONS[Role(role)] for role in one.roles)
    ]


def mentioned(text: str, people: Iterable[Person]) -> tuple[int, ...]:
    """Return the ids of those whom a text names as @name, in ascending order.

    The longest name counts where one begins with another. People who share a name are all meant.
    """
    by_name: dict[str, list[int]] = {}
    for one in people:
        by_name.setdefault(one.name, []).append(one.id)
    longest_first = sorted((name for name in by_name if name), key=len, reverse=True)
    found: set[int] = set()
    for part in text.split("@")[1:]:
        name = next((name for name in longest_first if part.startswith(name)), "")
        found.update(by_name.get(name, ()))
    return tuple(sorted(found))
