"""Dossiers: whoever takes an enterprise's file out of the system is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.access.audit import record
from dashboard.access.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer


def record_dossier(
    session: Session, viewer: Viewer, uscc: str, region: str, form: str, generation: int, now: datetime
) -> None:
    """Write down that a viewer exports an enterprise's dossier as `form` (pdf, xlsx); commits.

    Raises NotAllowed for a region outside the viewer's scope; an enterprise without one is the nation's.
    """
    viewer.scope(Permission.PORTRAIT_READ).require(region or "0")
    record(session, now, viewer.actor, "dossier:exported", f"enterprise:{uscc}", form=form, generation=generation)
    session.commit()
