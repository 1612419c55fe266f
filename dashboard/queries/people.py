"""People who handle warnings: whom a warning can be assigned to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from dashboard.access.permissions import ROLE_PERMISSIONS, Permission, Role
from dashboard.access.scope import NATION, Scope
from dashboard.models.accounts import UserAccount
from geo.codes import ancestors_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Handler:
    """A person who may handle the warnings of `home_region`."""

    id: int
    name: str
    unit: str
    home_region: str

    def covers(self, region_code: str) -> bool:
        """Return whether an enterprise of that region may be assigned to this person."""
        return Scope(self.home_region).covers(region_code)


def handlers_of(session: Session, scope: Scope, region: str) -> list[Handler]:
    """Return who may handle warnings somewhere in `region`: those whose jurisdiction covers it or lies inside it.

    Nearest first: by the depth of the jurisdiction, then by name. Raises NotAllowed for a region outside the scope.
    """
    scope.require(region)
    above = {NATION, region, *ancestors_of(region)}
    where = or_(UserAccount.home_region.in_(above), Scope(region).where(UserAccount.home_region))
    found = session.scalars(select(UserAccount).where(UserAccount.disabled_at.is_(None), where)).all()
    able = [one for one in found if _may(one.roles)]
    ordered = sorted(able, key=lambda one: (-len(one.home_region), one.home_region, one.name))
    return [Handler(one.id, one.name, one.unit, one.home_region) for one in ordered]


def _may(roles: list[str]) -> bool:
    return any(Permission.WARNING_WRITE in ROLE_PERMISSIONS[Role(role)] for role in roles)
