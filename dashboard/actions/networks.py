"""Networks that are taken out of the system as a list: who did so is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.access.audit import record
from dashboard.access.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer


def record_network(
    session: Session, viewer: Viewer, subject: str, generation: int, parties: int, now: datetime
) -> None:
    """Write down that a viewer takes the list of a network, of which `subject` is the start; commits.

    Raises NotAllowed without the permission. What the list holds was limited by whoever read it.
    """
    viewer.scope(Permission.PORTRAIT_READ)
    record(session, now, viewer.actor, "network:exported", subject, generation=generation, parties=parties)
    session.commit()
