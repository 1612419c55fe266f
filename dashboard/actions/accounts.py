"""Accounts: making them, changing their passwords, disabling them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from dashboard.access import passwords
from dashboard.access.audit import record
from dashboard.access.permissions import Permission, Role
from dashboard.errors import Invalid, NotFound, Stale
from dashboard.i18n import LOCALES
from dashboard.models.accounts import SignIn, UserAccount
from dashboard.models.revision import bump_revision

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer

TEXT_LONGEST = {"name": 80, "unit": 120}


@dataclass(frozen=True)
class CreateUser:
    """What a new account is made of; no roles: a stranger, who may sign in and see nothing."""

    username: str
    password: str
    name: str
    home_region: str
    roles: tuple[str, ...]
    unit: str = ""
    locale: str | None = None


def create_user(session: Session, viewer: Viewer, command: CreateUser, now: datetime) -> int:
    """Make an account and return its id; commits.

    Raise NotAllowed outside the viewer's jurisdiction, Invalid for what no account may be, or when the name is taken.
    """
    viewer.scope(Permission.USER_WRITE).require(command.home_region)
    _check(command)
    account = UserAccount(
        username=command.username.strip(),
        username_key=passwords.fold_username(command.username),
        name=command.name.strip(),
        unit=command.unit.strip(),
        home_region=command.home_region,
        roles=sorted(set(command.roles)),
        locale=command.locale,
        password_hash=passwords.hash_password(command.password),
        created_at=now,
        password_changed_at=now,
        disabled_at=None,
    )
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise Invalid(f"there is already an account {command.username!r}") from error
    _note(session, viewer, now, "user:created", account.id, roles=account.roles, region=account.home_region)
    session.commit()
    return account.id


def set_password(session: Session, viewer: Viewer, user_id: int, version: int, password: str, now: datetime) -> None:
    """Give an account a new password and end all its sign-ins; commits.

    Raise NotFound outside the viewer's jurisdiction, Invalid for a weak password, Stale when the account has moved on.
    """
    account = _account(session, viewer, user_id)
    passwords.require_strong(password, account.username)
    hashed = passwords.hash_password(password)
    _change(session, account, version, password_hash=hashed, password_changed_at=now)
    _end_sign_ins(session, user_id, now)
    _note(session, viewer, now, "user:password_set", user_id)
    session.commit()


def disable_user(session: Session, viewer: Viewer, user_id: int, version: int, now: datetime) -> None:
    """Disable an account and end all its sign-ins; commits.

    Raise NotFound outside the viewer's jurisdiction, Invalid for one's own account or one that is disabled already,
    Stale when the account has moved on.
    """
    account = _account(session, viewer, user_id)
    if account.id == viewer.id:
        raise Invalid("nobody can disable their own account")
    if account.disabled_at is not None:
        raise Invalid(f"{account.username!r} is disabled already")
    _change(session, account, version, disabled_at=now)
    _end_sign_ins(session, user_id, now)
    _note(session, viewer, now, "user:disabled", user_id)
    session.commit()


def _check(command: CreateUser) -> None:
    username = command.username.strip()
    if not 0 < len(username) <= passwords.USERNAME_LONGEST or not username.isprintable():
        raise Invalid(f"a username has 1 to {passwords.USERNAME_LONGEST} visible characters")
    for field, longest in TEXT_LONGEST.items():
        if len(getattr(command, field).strip()) > longest:
            raise Invalid(f"{field} has at most {longest} characters")
    if not command.name.strip():
        raise Invalid("an account needs the person's name")
    unknown = set(command.roles) - set(Role)
    if unknown or Role.WALL in command.roles:
        raise Invalid(f"no role for a person: {', '.join(sorted(unknown)) or Role.WALL}")
    if command.locale is not None and command.locale not in LOCALES:
        raise Invalid(f"no such language: {command.locale}")
    passwords.require_strong(command.password, username)


def _account(session: Session, viewer: Viewer, user_id: int) -> UserAccount:
    scope = viewer.scope(Permission.USER_WRITE)
    account = session.get(UserAccount, user_id)
    if account is None or not scope.covers(account.home_region):
        raise NotFound(f"there is no account {user_id}")
    return account


def _change(session: Session, account: UserAccount, version: int, **values: object) -> None:
    """Write `values` if the account still is the version that the viewer saw."""
    condition = (UserAccount.id == account.id, UserAccount.version == version)
    changed = session.scalars(
        update(UserAccount).where(*condition).values(version=version + 1, **values).returning(UserAccount.id)
    ).all()
    if not changed:
        session.rollback()
        raise Stale(f"{account.username!r} was changed by somebody else meanwhile")


def _end_sign_ins(session: Session, user_id: int, now: datetime) -> None:
    session.execute(update(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None)).values(ended_at=now))


def _note(
    session: Session, viewer: Viewer, now: datetime, action: str, user_id: int, **details: str | list[str]
) -> None:
    record(session, now, viewer.actor, action, f"user:{user_id}", **details)
    bump_revision(session)
