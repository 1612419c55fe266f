"""Slowing guessers down: attempts are counted in the database, so that all web workers count together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, func, select

from dashboard.errors import SmokeError
from dashboard.models.accounts import SignInAttempt

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 8  # failures in a window since the last success
PER_ADDRESS = 40  # failures in a window: an office behind one address still gets in
KEPT = timedelta(days=30)


class Throttled(SmokeError):
    """Too many attempts; `wait` says for how long."""

    status = 429

    def __init__(self, wait: timedelta) -> None:
        """Keep how long to wait until the next attempt counts."""
        super().__init__("too many attempts to sign in")
        self.wait = wait


def reserve(session: Session, account: str, address: str, now: datetime) -> int:
    """Write one attempt down before it is judged, commit, and return its id; raise Throttled when it is one too many.

    The row is committed first and counted afterwards: of attempts made at the same instant each sees the others.
    """
    attempt = SignInAttempt(at=now, account=account, address=address)
    session.add(attempt)
    session.commit()
    last_success = (
        select(func.coalesce(func.max(SignInAttempt.id), 0))
        .where(SignInAttempt.account == account, SignInAttempt.succeeded)
        .scalar_subquery()
    )
    by_account = _oldest(session, now, SignInAttempt.account == account, SignInAttempt.id > last_success)
    by_address = _oldest(session, now, SignInAttempt.address == address)
    waits = [
        oldest + WINDOW - now
        for (count, oldest), limit in ((by_account, PER_ACCOUNT), (by_address, PER_ADDRESS))
        if count > limit
    ]
    if waits:
        # A refused attempt is forgotten: hammering must not lengthen the wait of the account's owner.
        session.delete(attempt)
        session.commit()
        raise Throttled(max(waits))
    return attempt.id


def _oldest(session: Session, now: datetime, *conditions: ColumnElement[bool]) -> tuple[int, datetime]:
    """Return how many failures of the window meet the conditions, and when the oldest of them was."""
    query = select(func.count(), func.min(SignInAttempt.at)).where(
        SignInAttempt.at > now - WINDOW, SignInAttempt.succeeded.is_(False), *conditions
    )
    count, oldest = session.execute(query).one()
    return count, oldest if count else now


def succeed(session: Session, attempt_id: int) -> None:
    """Mark an attempt as good; the account's failures before it no longer count. Takes effect with the commit."""
    session.get_one(SignInAttempt, attempt_id).succeeded = True


def forget(session: Session, now: datetime) -> int:
    """Delete attempts older than a month; return how many."""
    deleted = session.scalars(
        delete(SignInAttempt).where(SignInAttempt.at < now - KEPT).returning(SignInAttempt.id)
    ).all()
    return len(deleted)
