"""Being away: who stands in for whom on which days, without overlaps and without circles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from dashboard.access.audit import record
from dashboard.access.permissions import ROLE_PERMISSIONS, Permission, Role
from dashboard.access.scope import Scope
from dashboard.errors import Invalid, NotFound, Stale
from dashboard.i18n import N_
from dashboard.models.accounts import UserAccount
from dashboard.models.desks import Delegation
from dashboard.models.revision import bump_revision

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.clock import Moment

LONGEST = timedelta(days=366)
"""How far ahead an absence may begin, and how long it may last."""
REASON_LONGEST = 200


@dataclass(frozen=True)
class Delegate:
    """Let somebody see one's inbox from `begins_on` to `ends_on`, both included."""

    to_id: int
    begins_on: date
    ends_on: date
    reason: str


@dataclass(frozen=True)
class WithdrawDelegation:
    """End a delegation early, as it was seen."""

    delegation_id: int
    version: int


def delegate(session: Session, viewer: Viewer, command: Delegate, when: Moment) -> int:
    """Write the delegation and return its id; commits. The same one again returns the first one's id.

    The stand-in gets no right by it: who stands in acts under the own name with the own permission. Raises NotAllowed
    without case:write; Invalid for days that cannot be, without a reason, for somebody who is not of the same
    department or one above it, is disabled or lacks case:write, for days on which the viewer has a stand-in already,
    and where people would stand in for each other in a circle.
    """
    viewer.scope(Permission.CASE_WRITE)
    reason = command.reason.strip()
    _check(command, reason, when.on)
    subject, days = f"user:{viewer.id}", {"begins_on": str(command.begins_on), "ends_on": str(command.ends_on)}
    # The audit entry comes first: it makes writers queue up, so that two cannot both find the days free.
    record(session, when.at, viewer.actor, "delegation:added", subject, to=command.to_id, reason=reason, **days)
    try:
        _require_able(session, viewer, command.to_id)
        same = _overlapping(session, viewer, command, reason)
        if same is not None:
            session.rollback()
            return same
        _require_no_circle(session, viewer.id, command)
    except Invalid:
        session.rollback()
        raise
    row = Delegation(
        from_id=viewer.id,
        to_id=command.to_id,
        begins_on=command.begins_on,
        ends_on=command.ends_on,
        reason=reason,
        made_at=when.at,
    )
    session.add(row)
    session.flush()
    bump_revision(session)
    session.commit()
    return row.id


def withdraw_delegation(session: Session, viewer: Viewer, command: WithdrawDelegation, when: Moment) -> None:
    """End one's own delegation now; commits. Ending it again is no error.

    Raises NotAllowed without case:read, NotFound for one that is not the viewer's own, Stale when it has moved on.
    """
    viewer.scope(Permission.CASE_READ)
    row = session.get(Delegation, command.delegation_id, populate_existing=True)
    if row is None or row.from_id != viewer.id:
        raise NotFound("there is no such delegation")
    if row.withdrawn_at is not None:
        return
    here = (Delegation.id == row.id, Delegation.version == command.version, Delegation.withdrawn_at.is_(None))
    ended = update(Delegation).where(*here).values(withdrawn_at=when.at, version=command.version + 1)
    if not session.scalars(ended.returning(Delegation.id)).all():
        session.rollback()
        raise Stale.telling(N_("That delegation has changed meanwhile"))
    told = {"delegation": command.delegation_id, "to": row.to_id}
    record(session, when.at, viewer.actor, "delegation:withdrawn", f"user:{viewer.id}", **told)
    bump_revision(session)
    session.commit()


def _check(command: Delegate, reason: str, today: date) -> None:
    if not today <= command.begins_on <= command.ends_on:
        raise Invalid.telling(N_("An absence begins today at the earliest and does not end before it begins"))
    if command.begins_on > today + LONGEST or command.ends_on > command.begins_on + LONGEST:
        raise Invalid.telling(N_("An absence begins within a year and lasts a year at most"))
    if not 0 < len(reason) <= REASON_LONGEST:
        raise Invalid.telling(N_("An absence needs a reason of at most %(most)s characters"), most=REASON_LONGEST)


def _require_able(session: Session, viewer: Viewer, to_id: int) -> None:
    account = session.get(UserAccount, to_id, populate_existing=True)
    near = account is not None and Scope(account.home_region).covers(viewer.home_region)
    # One sentence for all of it: it tells nothing about accounts elsewhere.
    if account is None or not near or account.id == viewer.id or account.disabled_at is not None or not _works(account):
        raise Invalid.telling(N_("Only somebody of your department or one above it who works on cases can stand in"))


def _works(account: UserAccount) -> bool:
    return any(Permission.CASE_WRITE in ROLE_PERMISSIONS[Role(role)] for role in account.roles)


def _overlapping(session: Session, viewer: Viewer, command: Delegate, reason: str) -> int | None:
    """Return the id of the very same delegation if there is one; Invalid for another on one of the days."""
    for row in _during(session, viewer.id, command.begins_on, command.ends_on):
        if (row.to_id, row.begins_on, row.ends_on, row.reason) == (
            command.to_id,
            command.begins_on,
            command.ends_on,
            reason,
        ):
            return row.id
        raise Invalid.telling(
            N_("You have a stand-in from %(first)s to %(last)s already"), first=row.begins_on, last=row.ends_on
        )
    return None


def _require_no_circle(session: Session, me: int, command: Delegate) -> None:
    """Follow the stand-ins from the new one on, on the days that all of them share, and refuse to come back here."""
    ways = [(command.to_id, command.begins_on, command.ends_on)]
    while ways:
        person, first, last = ways.pop()
        for row in _during(session, person, first, last):
            if row.to_id == me:
                raise Invalid.telling(
                    N_("From %(first)s to %(last)s you would stand in for each other"),
                    first=max(first, row.begins_on),
                    last=min(last, row.ends_on),
                )
            ways.append((row.to_id, max(first, row.begins_on), min(last, row.ends_on)))


def _during(session: Session, person: int, first: date, last: date) -> list[Delegation]:
    """Return a person's delegations that share a day with the given ones, in order."""
    here = (Delegation.from_id == person, Delegation.withdrawn_at.is_(None))
    query = select(Delegation).where(*here, Delegation.ends_on >= first, Delegation.begins_on <= last)
    return list(session.scalars(query.order_by(Delegation.begins_on)))
