"""Drafts: what a person has typed into a form and not sent, kept on the server for another browser or another day."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from dashboard.access.permissions import Permission
from dashboard.actions.handling import insert_unless_there
from dashboard.errors import Invalid
from dashboard.models.desks import FormDraft

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer

MOST_KEPT = 200  # drafts of one person
LARGEST = 32_000  # characters of one draft as JSON
_FORM = re.compile(r"[a-z]+(:[0-9a-z_-]+){1,3}", re.ASCII)
_FORM_LONGEST = 80


def keep_draft(session: Session, viewer: Viewer, form: str, held: Mapping[str, object], now: datetime) -> None:
    """Keep what the viewer has typed into a form, such as case:7:verify, instead of what was kept before; commits.

    Keeps nothing of a form in which nothing is typed. Raises NotAllowed without case:read, Invalid for a name that no
    form has and for more than anybody types; the person's oldest draft gives way to one over MOST_KEPT. Drafts are
    nobody else's, so the audit log does not tell of them.
    """
    viewer.scope(Permission.CASE_READ)
    if len(form) > _FORM_LONGEST or not _FORM.fullmatch(form):
        raise Invalid("no form has such a name")
    if len(json.dumps(held, ensure_ascii=False, default=str)) > LARGEST:
        raise Invalid("that is more than a form holds")
    if not any(value not in (None, "", []) for value in held.values()):
        drop_draft(session, viewer, form)
        return
    mine, values = (FormDraft.user_id == viewer.id, FormDraft.form == form), {"held": dict(held), "kept_at": now}
    new = insert_unless_there(session, FormDraft).values(user_id=viewer.id, form=form, **values)
    if not session.scalars(new.returning(FormDraft.form)).all():
        session.execute(update(FormDraft).where(*mine).values(**values))
    _make_room(session, viewer)
    session.commit()


def drop_draft(session: Session, viewer: Viewer, form: str) -> None:
    """Forget what the viewer had typed into a form, because it was sent or emptied; commits."""
    session.execute(delete(FormDraft).where(FormDraft.user_id == viewer.id, FormDraft.form == form))
    session.commit()


def _make_room(session: Session, viewer: Viewer) -> None:
    mine = FormDraft.user_id == viewer.id
    over = session.scalars(select(func.count()).select_from(FormDraft).where(mine)).one() - MOST_KEPT
    if over > 0:
        oldest = session.scalars(select(FormDraft.form).where(mine).order_by(FormDraft.kept_at).limit(over)).all()
        session.execute(delete(FormDraft).where(mine, FormDraft.form.in_(oldest)))
