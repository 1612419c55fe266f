"""What leaves the house as a file is on record: who took what, of where, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.access.audit import record
from dashboard.access.permissions import Permission
from dashboard.errors import NotAllowed

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.access.audit import Detail
    from dashboard.access.viewer import Viewer


@dataclass(frozen=True)
class Export:
    """What was taken: of which generation and region, by which filter (its query string), how many rows."""

    generation: int
    region: str
    search: str
    rows: int


def record_export(session: Session, viewer: Viewer, command: Export, now: datetime) -> None:
    """Write down that the viewer takes a list of names out of the house; commits.

    Raises NotAllowed without enterprise:read, for a wall, or outside the jurisdiction.
    """
    _record(session, viewer, command, now, (Permission.ENTERPRISE_READ, "watchlist:exported"))


def record_case_export(session: Session, viewer: Viewer, command: Export, now: datetime) -> None:
    """Write down that the viewer takes a list of cases out of the house; commits.

    Raises NotAllowed without case:read, for a wall, or outside the jurisdiction.
    """
    _record(session, viewer, command, now, (Permission.CASE_READ, "cases:exported"))


def _record(session: Session, viewer: Viewer, command: Export, now: datetime, what: tuple[Permission, str]) -> None:
    permission, tag = what
    viewer.scope(permission).require(command.region)
    if viewer.kind == "wall":
        raise NotAllowed("a wall takes nothing out of the house")
    subject = f"generation:{command.generation}"
    details: dict[str, Detail] = {"region": command.region, "search": command.search, "rows": command.rows}
    record(session, now, viewer.actor, tag, subject, **details)
    session.commit()
