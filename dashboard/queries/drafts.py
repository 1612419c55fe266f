"""The viewer's own drafts: what was typed into forms and not sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.models.desks import FormDraft

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer


@dataclass(frozen=True)
class Draft:
    """What stood in a form, by field, and when it was kept."""

    held: Mapping[str, object]
    kept_at: datetime


def drafts_of(session: Session, viewer: Viewer, stem: str) -> dict[str, Draft]:
    """Return the viewer's drafts of the forms whose names begin with `stem` (case:7:), by the rest of the name."""
    mine = (FormDraft.user_id == viewer.id, FormDraft.form.startswith(stem, autoescape=True))
    rows = session.scalars(select(FormDraft).where(*mine).order_by(FormDraft.form))
    return {row.form.removeprefix(stem): Draft(row.held, row.kept_at) for row in rows}
