"""One attachment, for whoever sees its case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.errors import NotFound
from dashboard.models.cases import CaseFile
from dashboard.models.casework import CaseAttachment
from dashboard.queries.case_seen import case_seen

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.queries.case_seen import CaseSeen


def attachment_seen(session: Session, viewer: Viewer, attachment_id: int) -> tuple[CaseAttachment, CaseSeen]:
    """Return an attachment with its case as the viewer sees it.

    Raises NotAllowed without case:read, NotFound for a number that is none, for a file that was taken out, and for one
    of a case that the viewer does not see.
    """
    query = select(CaseAttachment, CaseFile.number).join(CaseFile, CaseFile.id == CaseAttachment.case_id)
    here = (CaseAttachment.id == attachment_id, CaseAttachment.removed_at.is_(None))
    found = session.execute(query.where(*here)).one_or_none()
    seen = case_seen(session, viewer, found.number if found else "")
    if found is None:
        raise NotFound("there is no such attachment")
    return found.CaseAttachment, seen
