"""Who may be put in charge of a case: the people of one department who may work on cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access.permissions import ROLE_PERMISSIONS, Permission, Role
from dashboard.models.accounts import UserAccount

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def case_workers(session: Session, region_code: str) -> list[UserAccount]:
    """Return the accounts of a region's department that are in use and carry case:write, by name."""
    query = select(UserAccount).where(UserAccount.home_region == region_code, UserAccount.disabled_at.is_(None))
    found = session.scalars(query.order_by(UserAccount.name, UserAccount.id).execution_options(populate_existing=True))
    return [one for one in found if any(Permission.CASE_WRITE in ROLE_PERMISSIONS[Role(role)] for role in one.roles)]
