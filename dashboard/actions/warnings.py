"""Warnings: acknowledging, dismissing, reopening and assigning them, one or many at once, all or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.access.audit import record
from dashboard.access.permissions import ROLE_PERMISSIONS, Permission, Role
from dashboard.access.scope import Scope
from dashboard.actions.handling import change_all, warnings_seen
from dashboard.errors import Invalid, Sentence
from dashboard.i18n import HANDLING_WORDS, N_
from dashboard.models.accounts import UserAccount
from dashboard.models.revision import bump_revision

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.access.audit import Detail
    from dashboard.access.viewer import Viewer
    from dashboard.actions.handling import Found, Seen

REASON_LONGEST = 500
FROM = {
    "acknowledged": ("open", "acknowledged"),
    "dismissed": ("open", "acknowledged", "dismissed"),
    "open": ("acknowledged", "dismissed", "open"),
    "assigned": ("open", "acknowledged"),
}
"""From which states each change is possible; its own state is among them, so that a second click is no error."""


@dataclass(frozen=True)
class Decide:
    """Bring warnings into a state: acknowledged, dismissed (which needs a reason) or open again."""

    warnings: tuple[Seen, ...]
    state: str
    reason: str = ""


@dataclass(frozen=True)
class Assign:
    """Give warnings to a person, or to nobody."""

    warnings: tuple[Seen, ...]
    assignee_id: int | None


def decide(session: Session, viewer: Viewer, command: Decide, now: datetime) -> int:
    """Change the state of all the command's warnings and return how many changed; commits.

    Raises NotAllowed without warning:write, NotFound outside the jurisdiction, Invalid for a dismissal without reason
    or a state that cannot follow, Stale when one of them has moved on. Then nothing is changed.
    """
    found = warnings_seen(session, viewer, command.warnings)
    if command.state not in HANDLING_WORDS or command.state not in FROM:
        raise Invalid(f"no warning is made {command.state[:20]!r}")
    reason = _reason(command)
    _require_state(found, command.state)
    changed = change_all(session, viewer, found, now, lambda _one: {"state": command.state, "reason": reason})
    for one in changed:
        details: dict[str, Detail] = {"state": command.state, "before": one.state, "reason": reason}
        record(session, now, viewer.actor, f"warning:{_DONE[command.state]}", one.subject, **details)
    return _commit(session, changed)


def assign(session: Session, viewer: Viewer, command: Assign, now: datetime) -> int:
    """Assign all the command's warnings to one person and return how many changed; commits.

    The person must hold warning:write in a jurisdiction that covers each enterprise. Raises as `decide` does.
    """
    found = warnings_seen(session, viewer, command.warnings)
    _require_state(found, "assigned")
    if command.assignee_id is not None:
        _require_covering(session, command.assignee_id, found)
    changed = change_all(session, viewer, found, now, lambda _one: {"assignee_id": command.assignee_id})
    for one in changed:
        details: dict[str, Detail] = {"assignee": command.assignee_id, "before": one.assignee_id}
        record(session, now, viewer.actor, "warning:assigned", one.subject, **details)
    return _commit(session, changed)


_DONE = {"acknowledged": "acknowledged", "dismissed": "dismissed", "open": "reopened"}


def _reason(command: Decide) -> str:
    reason = command.reason.strip()
    if command.state == "dismissed" and not reason:
        raise Invalid.telling(N_("A dismissal needs a reason"))
    if len(reason) > REASON_LONGEST:
        raise Invalid.telling(N_("A reason has at most %(most)s characters"), most=REASON_LONGEST)
    return reason


def _require_state(found: Sequence[Found], change: str) -> None:
    """Refuse what cannot follow; a row that has moved on since it was seen is left to the comparison of versions."""
    for one in found:
        if one.version == one.seen.version and one.state not in FROM[change]:
            state = Sentence(HANDLING_WORDS[one.state])
            raise Invalid.telling(N_("%(name)s is %(state)s: that cannot be done to it"), name=one.name, state=state)


def _require_covering(session: Session, user_id: int, found: Sequence[Found]) -> None:
    account = session.get(UserAccount, user_id)
    able = account is not None and account.disabled_at is None
    if account is None or not able or not _may_handle(account):
        raise Invalid.telling(N_("That person does not handle warnings"))
    outside = [one for one in found if not Scope(account.home_region).covers(one.region_code)]
    if outside:
        raise Invalid.telling(
            N_("%(name)s lies outside the jurisdiction of %(who)s"), name=outside[0].name, who=account.name
        )


def _may_handle(account: UserAccount) -> bool:
    return any(Permission.WARNING_WRITE in ROLE_PERMISSIONS[Role(role)] for role in account.roles)


def _commit(session: Session, changed: Sequence[Found]) -> int:
    if changed:
        bump_revision(session)
    session.commit()
    return len(changed)
