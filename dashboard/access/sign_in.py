"""Signing in: whether a username and a password belong together, and what is written down about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access import passwords, throttle
from dashboard.access.audit import record
from dashboard.errors import NotAllowed
from dashboard.models.accounts import UserAccount

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def authenticate(session: Session, username: str, password: str, address: str, now: datetime) -> UserAccount:
    """Return the account that signs in; commits the attempt either way.

    Raise Throttled after too many failures of the account or the address, and NotAllowed otherwise, with the same
    words and after the same work whether the account is unknown, disabled or the password wrong.
    """
    attempt = throttle.reserve(session, passwords.account_key(username), address, now)
    key = passwords.fold_username(username)
    account = session.scalars(select(UserAccount).where(UserAccount.username_key == key)).one_or_none()
    usable = account is not None and account.disabled_at is None
    session.rollback()  # hashing takes long; no transaction may stay open meanwhile
    good = passwords.matches(account.password_hash if account and usable else None, password)
    if account is None or not good:
        raise NotAllowed("this username and password do not belong together")
    throttle.succeed(session, attempt)
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    record(session, now, f"user:{account.id}", "user:signed_in", f"user:{account.id}", address=address)
    session.commit()
    return account
