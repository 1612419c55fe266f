"""Who makes this request: what the cookie carries, and how it becomes a Viewer afresh each time."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import request, session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy import update

from dashboard.access.audit import record
from dashboard.access.language import chosen_locale
from dashboard.access.permissions import Role
from dashboard.access.viewer import Viewer
from dashboard.access.walls import in_force, seen
from dashboard.errors import NotAllowed
from dashboard.models.accounts import SignIn, UserAccount, WallToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.settings import Settings

SEEN = "seen"  # in the cookie: the minute of the last use


class SignedIn(UserMixin):  # type: ignore[misc] # flask-login ships no types
    """Flask-Login's user: a viewer and the identity that the cookie carries for it."""

    def __init__(self, viewer: Viewer, identity: str) -> None:
        """Keep both; `identity` is user:<key of the sign-in> or wall:<id>."""
        self.viewer = viewer
        self.identity = identity

    def get_id(self) -> str:
        """Return what Flask-Login stores in the signed cookie."""
        return self.identity


def viewer_or_none() -> Viewer | None:
    """Return who makes this request, None when nobody is signed in."""
    user: Any = current_user._get_current_object()  # noqa: SLF001 - werkzeug's documented way through its proxy
    return user.viewer if isinstance(user, SignedIn) else None


def current_viewer() -> Viewer:
    """Return who makes this request; raise NotAllowed when nobody is signed in."""
    viewer = viewer_or_none()
    if viewer is None:
        raise NotAllowed("nobody is signed in")
    return viewer


def current_locale(settings: Settings) -> str:
    """Return the language of this request: the viewer's, or what the visitor chose, or the installation's."""
    viewer = viewer_or_none()
    return viewer.locale if viewer else chosen_locale() or settings.locale


@dataclass(frozen=True)
class Door:
    """Lets people and walls in and out, and knows them again on their next request."""

    sessions: sessionmaker[Session]
    settings: Settings
    now: Callable[[], datetime]

    def admit_user(self, account: UserAccount) -> Viewer:
        """Sign this browser in as `account` under a new session; what the browser brought along is thrown away."""
        key = secrets.token_urlsafe(32)
        with self.sessions() as database:
            sign_in = SignIn(
                key_hash=_hash(key), user_id=account.id, address=remote_address(), started_at=self.now(), ended_at=None
            )
            database.add(sign_in)
            database.commit()
        return self._enter(SignedIn(_user(account, self.settings), f"user:{key}"), lasting=False)

    def admit_wall(self, wall: WallToken) -> Viewer:
        """Sign this browser in as `wall`, for as long as the token lives."""
        return self._enter(SignedIn(_wall(wall, self.settings), f"wall:{wall.id}"), lasting=True)

    def leave(self) -> None:
        """Sign this browser out; a copy of its cookie is worthless from here on."""
        viewer = viewer_or_none()
        if viewer is not None and viewer.kind == "user":
            key = session["_user_id"].partition(":")[2]
            with self.sessions() as database:
                database.execute(update(SignIn).where(SignIn.key_hash == _hash(key)).values(ended_at=self.now()))
                record(database, self.now(), viewer.actor, "user:signed_out", viewer.actor)
                database.commit()
        logout_user()
        session.clear()

    def recognise(self, identity: str) -> SignedIn | None:
        """Return who the cookie's identity is at this instant; None when it ended, expired, or was taken away."""
        kind, _, key = identity.partition(":")
        with self.sessions() as database:
            if kind == "wall":
                wall = database.get(WallToken, int(key))
                if wall is None or not in_force(wall, self.now()):
                    return None
                seen(database, wall, self.now())
                return SignedIn(_wall(wall, self.settings), identity)
            if self._idle() > timedelta(minutes=self.settings.session_minutes):
                return None
            sign_in = database.get(SignIn, _hash(key))
            if sign_in is None or sign_in.ended_at is not None:
                return None
            account = database.get_one(UserAccount, sign_in.user_id)
            return None if account.disabled_at else SignedIn(_user(account, self.settings), identity)

    def touch(self) -> None:
        """Count this request as use; the cookie is rewritten once a minute at most."""
        minute = int(self.now().timestamp() // 60)
        if session.get(SEEN) != minute:
            session[SEEN] = minute

    def _idle(self) -> timedelta:
        return timedelta(minutes=self.now().timestamp() // 60 - int(session.get(SEEN, 0)))

    def _enter(self, user: SignedIn, *, lasting: bool) -> Viewer:
        session.clear()
        session.permanent = lasting  # else the cookie ends with the browser
        login_user(user)
        self.touch()
        return user.viewer


def remote_address() -> str:
    """Return the browser's address; behind trusted proxies it is the one they report."""
    return (request.remote_addr or "")[:45]


def _user(account: UserAccount, settings: Settings) -> Viewer:
    return Viewer(
        id=account.id,
        name=account.name,
        unit=account.unit,
        roles=frozenset(Role(role) for role in account.roles),
        home_region=account.home_region,
        locale=chosen_locale() or account.locale or settings.locale,
        kind="user",
    )


def _wall(wall: WallToken, settings: Settings) -> Viewer:
    return Viewer(
        id=wall.id,
        name=wall.label,
        unit="",
        roles=frozenset({Role.WALL}),
        home_region=wall.region,
        locale=chosen_locale() or settings.locale,
        kind="wall",
    )


def _hash(key: str) -> str:
    """Return a plain hash, which suffices for 256 random bits."""
    return hashlib.sha256(key.encode()).hexdigest()
