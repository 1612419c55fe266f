"""Comments on a case, whom they name, and that those have read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from dashboard.access.permissions import Permission
from dashboard.actions.case_rows import typed
from dashboard.actions.casework import Done, carry_out, hold
from dashboard.errors import Invalid
from dashboard.i18n import N_
from dashboard.models.casework import CaseComment, CaseMention
from dashboard.models.revision import bump_revision
from dashboard.workflow.people import people_who_see

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.access.audit import Detail
    from dashboard.access.viewer import Viewer
    from dashboard.actions.casework import Act, Held
    from dashboard.clock import Moment

TEXT_LONGEST = 4000
MOST_MENTIONS = 20


@dataclass(frozen=True)
class AddComment:
    """Say something about a case; `mentions` are the ids of the people whom it names."""

    act: Act
    text: str
    mentions: tuple[int, ...] = ()


def add_comment(session: Session, viewer: Viewer, command: AddComment, when: Moment) -> int:
    """Write a comment and its mentions and return its id; commits, as `carry_out` does and raises.

    Raises Invalid for an empty or overlong text, for more than MOST_MENTIONS, and for naming somebody who does not see
    the case. The audit log gets the comment's number and length, never its text.
    """

    def change(held: Held) -> Done:
        text = typed(command.text, TEXT_LONGEST, N_("Write something first"))
        named = sorted(set(command.mentions) - {viewer.id})
        if len(named) > MOST_MENTIONS:
            raise Invalid.telling(N_("A comment names at most %(most)s people"), most=MOST_MENTIONS)
        if named and not set(named) <= {one.id for one in people_who_see(session, held.case, held.seats)}:
            raise Invalid.telling(N_("Somebody whom the comment names does not see this case"))
        row = CaseComment(case_id=held.case.id, text=text, made_at=when.at, made_by=viewer.id)
        session.add(row)
        session.flush()
        session.add_all(CaseMention(comment_id=row.id, user_id=one, read_at=None) for one in named)
        session.flush()
        told: dict[str, Detail] = {"comment": row.id, "length": len(text), "mentions": [str(one) for one in named]}
        return Done(str(row.id), told=told)

    return int(carry_out(session, viewer, "comment:added", command, when, change))


def mark_read(session: Session, viewer: Viewer, case_id: int, when: Moment) -> int:
    """Note that the viewer has read the comments of a case that name them; return how many were new; commits.

    Changes nothing of the case, so the audit log does not tell of it. Raises NotAllowed without case:read, NotFound for
    a case that the viewer does not see.
    """
    viewer.scope(Permission.CASE_READ)
    try:
        hold(session, viewer, case_id, when)
        here = select(CaseComment.id).where(CaseComment.case_id == case_id)
        mine = (CaseMention.user_id == viewer.id, CaseMention.read_at.is_(None), CaseMention.comment_id.in_(here))
        read = update(CaseMention).where(*mine).values(read_at=when.at).returning(CaseMention.comment_id)
        count = len(session.scalars(read, execution_options={"synchronize_session": False}).all())
        if count:
            bump_revision(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return count
