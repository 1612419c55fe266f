"""Wall tokens: an address that signs a command-centre screen in without a keyboard, read-only, until it is revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from dashboard.access.audit import record
from dashboard.access.permissions import Permission
from dashboard.errors import Invalid, NotAllowed, NotFound
from dashboard.models.accounts import WallToken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer

TOKEN_LENGTH = 43  # characters of 256 bits in URL-safe base 64
LABEL_LONGEST = 80
LONGEST = timedelta(days=3660)
SEEN_EVERY = timedelta(minutes=5)


def issue_wall_token(
    session: Session, viewer: Viewer, *, region: str, label: str, lasts: timedelta, now: datetime
) -> str:
    """Make a token for the walls of `region` and return it, the only time that it is seen; commits.

    Raise NotAllowed outside the viewer's jurisdiction, Invalid for an empty label or an impossible duration.
    """
    viewer.scope(Permission.WALL_WRITE).require(region)
    if not 0 < len(label.strip()) <= LABEL_LONGEST:
        raise Invalid(f"a wall's label has 1 to {LABEL_LONGEST} characters")
    if not timedelta(0) < lasts <= LONGEST:
        raise Invalid(f"a wall token lasts up to {LONGEST.days} days")
    token = secrets.token_urlsafe(32)
    wall = WallToken(
        token_hash=_hash(token),
        label=label.strip(),
        region=region,
        issued_at=now,
        issued_by=viewer.actor,
        expires_at=now + lasts,
    )
    session.add(wall)
    session.flush()
    record(session, now, viewer.actor, "wall:issued", f"wall:{wall.id}", region=region, label=wall.label)
    session.commit()
    return token


def revoke_wall_token(session: Session, viewer: Viewer, wall_id: int, now: datetime) -> None:
    """Revoke a token: the wall's next request is refused; commits. Raise NotFound when none is in force."""
    scope = viewer.scope(Permission.WALL_WRITE)
    wall = session.get(WallToken, wall_id)
    if wall is None or wall.revoked_at or not scope.covers(wall.region):
        raise NotFound(f"no wall token {wall_id} is in force")
    wall.revoked_at = now
    record(session, now, viewer.actor, "wall:revoked", f"wall:{wall_id}", region=wall.region)
    session.commit()


def wall_tokens(session: Session, viewer: Viewer) -> Sequence[WallToken]:
    """Return the tokens of the viewer's jurisdiction, newest first; their secrets are not kept anywhere."""
    scope = viewer.scope(Permission.WALL_WRITE)
    return session.scalars(select(WallToken).where(scope.where(WallToken.region)).order_by(WallToken.id.desc())).all()


def wall_of_token(session: Session, token: str, now: datetime) -> WallToken:
    """Return the wall that `token` signs in; raise NotAllowed when it is unknown, expired or revoked."""
    wall = session.scalars(select(WallToken).where(WallToken.token_hash == _hash(token))).one_or_none()
    if wall is None or not in_force(wall, now):
        raise NotAllowed("this wall address is not valid, or no longer")
    return wall


def in_force(wall: WallToken, now: datetime) -> bool:
    """Return whether the wall may look at this instant."""
    return wall.revoked_at is None and now < wall.expires_at


def seen(session: Session, wall: WallToken, now: datetime) -> None:
    """Note that the wall is alive, every few minutes; commits. A busy database is no reason to fail the wall."""
    if wall.last_seen_at is not None and now - wall.last_seen_at < SEEN_EVERY:
        return
    try:
        session.execute(update(WallToken).where(WallToken.id == wall.id).values(last_seen_at=now))
        session.commit()
    except OperationalError:
        session.rollback()


def _hash(token: str) -> str:
    """Return a plain hash, which suffices: 256 random bits cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
