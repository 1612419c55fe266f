"""Reading accounts: by name, and those of a jurisdiction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access.passwords import fold_username
from dashboard.access.permissions import Permission
from dashboard.errors import NotFound
from dashboard.models.accounts import UserAccount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer


def accounts(session: Session, viewer: Viewer) -> Sequence[UserAccount]:
    """Return the accounts of the viewer's jurisdiction by region and username; raise NotAllowed without user:write."""
    scope = viewer.scope(Permission.USER_WRITE)
    query = select(UserAccount).where(scope.where(UserAccount.home_region))
    return session.scalars(query.order_by(UserAccount.home_region, UserAccount.username_key)).all()


def account_named(session: Session, viewer: Viewer, username: str) -> UserAccount:
    """Return the account of that username, however it is spelled; raise NotFound when the viewer's has none such."""
    scope = viewer.scope(Permission.USER_WRITE)
    query = select(UserAccount).where(UserAccount.username_key == fold_username(username))
    account = session.scalars(query).one_or_none()
    if account is None or not scope.covers(account.home_region):
        raise NotFound(f"there is no account {username!r}")
    return account
