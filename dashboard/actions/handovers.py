"""Hand-over packages: whoever takes a case's file out of the system is on record, with the hash of what was taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.access.audit import record
from dashboard.access.permissions import Permission
from dashboard.actions.casework import hold
from dashboard.errors import NotAllowed
from dashboard.i18n import N_
from dashboard.workflow.standing import ABOVE, HANDLER

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.access.audit import Detail
    from dashboard.access.viewer import Viewer
    from dashboard.clock import Moment


@dataclass(frozen=True)
class HandOver:
    """What was taken: of which case, as `form` (pdf, zip), under which generation, and the hash of the file."""

    case_id: int
    form: str
    generation: int  # 0 where none is published
    sha256: str
    missing: int  # attachments that were listed but could not be enclosed


def record_handover(session: Session, viewer: Viewer, command: HandOver, when: Moment) -> None:
    """Write down that a viewer takes a case's file out of the house; commits.

    Raises NotAllowed without case:read or for an office that neither works on the case nor stands above it, NotFound
    for a case that the viewer does not see.
    """
    viewer.scope(Permission.CASE_READ)
    held = hold(session, viewer, command.case_id, when)
    if held.standing not in {HANDLER, ABOVE}:
        session.rollback()
        raise NotAllowed.telling(N_("Your department does not work on this case"))
    told: dict[str, Detail] = {"form": command.form, "generation": command.generation, "sha256": command.sha256}
    told |= {"number": held.case.number, "version": held.case.version, "missing": command.missing}
    record(session, when.at, viewer.actor, "case:handed_over", f"case:{command.case_id}", **told)
    session.commit()
