"""One's own inbox: putting an item off until a date, taking that back, and having read a mention."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dashboard.access.audit import queue_up, record
from dashboard.access.permissions import Permission
from dashboard.errors import Invalid, NotFound
from dashboard.i18n import N_
from dashboard.models.cases import CaseOrder
from dashboard.models.casework import CaseMention
from dashboard.models.desks import InboxSnooze
from dashboard.models.revision import bump_revision

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.clock import Moment

LONGEST = timedelta(days=60)
"""For how long an item can be put off at most."""
_ITEM = re.compile(
    r"(?:case|task|order|refused):[0-9]{1,9}|mention:[0-9]{1,9}:[0-9]{1,9}|warning:[0-9A-Z]{18}:\d{4}-\d\d-\d\d",
    re.ASCII,
)


@dataclass(frozen=True)
class Snooze:
    """Put an item off, by its key in the inbox; on `until_on` it is back."""

    item: str
    until_on: date


def snooze(session: Session, viewer: Viewer, command: Snooze, when: Moment) -> None:
    """Hide an item from the viewer's own list until a date, in place of an earlier one; commits.

    It hides nothing from anybody else, and stops no clock. Raises NotAllowed without case:read, Invalid for a date that
    is not ahead or more than 60 days away, for what is no item, and for a supervision order that is overdue: the level
    above waits for that one, so the list shows it even where it was put off before.
    """
    viewer.scope(Permission.CASE_READ)
    if not _ITEM.fullmatch(command.item):
        raise Invalid("that is no item of an inbox")
    if not when.on < command.until_on <= when.on + LONGEST:
        raise Invalid.telling(
            N_("An item can be put off until tomorrow at the earliest and for %(days)s days at most"),
            days=LONGEST.days,
        )
    if _presses(session, viewer, command.item, when.on):
        raise Invalid.telling(N_("A supervision order that is overdue cannot be put off: answer it"))
    gone = delete(InboxSnooze).where(InboxSnooze.user_id == viewer.id, InboxSnooze.until_on <= when.on)
    told = {"item": command.item, "until_on": command.until_on.isoformat()}
    record(session, when.at, viewer.actor, "inbox:snoozed", f"user:{viewer.id}", **told)
    session.execute(gone)
    session.execute(_upsert(session, viewer.id, command))
    session.commit()


def unsnooze(session: Session, viewer: Viewer, item: str, when: Moment) -> None:
    """Show an item again; commits. Nothing happens where it was not put off. Raises NotAllowed without case:read."""
    viewer.scope(Permission.CASE_READ)
    if not _ITEM.fullmatch(item):
        raise Invalid("that is no item of an inbox")
    here = (InboxSnooze.user_id == viewer.id, InboxSnooze.item == item)
    queue_up(session)  # as `snooze` does before it touches the row: neither waits for the other crosswise
    if session.scalars(delete(InboxSnooze).where(*here).returning(InboxSnooze.item)).all():
        record(session, when.at, viewer.actor, "inbox:unsnoozed", f"user:{viewer.id}", item=item)
    session.commit()


def read_mention(session: Session, viewer: Viewer, comment_id: int, when: Moment) -> None:
    """Note that the viewer has read the comment; commits. The row itself tells when: the audit log has no entry of it.

    Reading it again changes nothing. Raises NotAllowed without case:read, NotFound where the comment does not name the
    viewer: a stand-in reads, but leaves it to whoever is named to have read it.
    """
    viewer.scope(Permission.CASE_READ)
    mine = (CaseMention.comment_id == comment_id, CaseMention.user_id == viewer.id)
    if session.scalars(select(CaseMention.user_id).where(*mine)).one_or_none() is None:
        raise NotFound("there is no such mention")
    session.execute(update(CaseMention).where(*mine, CaseMention.read_at.is_(None)).values(read_at=when.at))
    bump_revision(session)
    session.commit()


def _presses(session: Session, viewer: Viewer, item: str, day: date) -> bool:
    """Tell whether an item is an overdue supervision order to the viewer's own department."""
    kind, _, number = item.partition(":")
    if kind != "order":
        return False
    here = (CaseOrder.id == int(number), CaseOrder.to_code == viewer.home_region, CaseOrder.kind == "supervise")
    late = (CaseOrder.state == "pending", CaseOrder.answer_due_on < day)
    return session.scalars(select(CaseOrder.id).where(*here, *late)).one_or_none() is not None


def _upsert(session: Session, user_id: int, command: Snooze) -> postgresql.Insert | sqlite.Insert:
    values = {"user_id": user_id, "item": command.item, "until_on": command.until_on}
    named, changed = ["user_id", "item"], {"until_on": command.until_on}
    if session.get_bind().dialect.name == "postgresql":
        new = postgresql.insert(InboxSnooze).values(**values)
        return new.on_conflict_do_update(index_elements=named, set_=changed)
    return sqlite.insert(InboxSnooze).values(**values).on_conflict_do_update(index_elements=named, set_=changed)
