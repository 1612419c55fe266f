"""Attachments of a case: a kept file becomes the case's, or is taken out again; the file itself stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.actions.case_rows import require_open, typed
from dashboard.actions.casework import Done, carry_out
from dashboard.errors import Invalid, NotFound
from dashboard.i18n import N_
from dashboard.models.casework import CaseAttachment
from dashboard.vocabulary import ATTACHMENT_KINDS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.access.audit import Detail
    from dashboard.access.viewer import Viewer
    from dashboard.actions.casework import Act, Held
    from dashboard.clock import Moment

NAME_LONGEST, REASON_LONGEST = 200, 500


@dataclass(frozen=True)
class AddAttachment:
    """Attach a file that `dashboard.files.intake` has looked at and kept; `media_type` and `scan` are its findings."""

    act: Act
    kind: str
    name: str
    media_type: str
    bytes: int
    sha256: str
    scan: str


@dataclass(frozen=True)
class RemoveAttachment:
    """Take a file out of a case, and say why; the row and the file are kept."""

    act: Act
    attachment_id: int
    reason: str


def add_attachment(session: Session, viewer: Viewer, command: AddAttachment, when: Moment) -> int:
    """Attach a kept file and return the attachment's id; commits, as `carry_out` does and raises.

    Raises Invalid on a closed case, for an unknown kind, and for a file that the case has already as the same kind.
    """

    def change(held: Held) -> Done:
        require_open(held)
        if command.kind not in ATTACHMENT_KINDS:
            raise Invalid("there is no such kind of attachment")
        here = (CaseAttachment.case_id == held.case.id, CaseAttachment.removed_at.is_(None))
        same = (CaseAttachment.sha256 == command.sha256, CaseAttachment.kind == command.kind)
        former = session.scalars(select(CaseAttachment.name).where(*here, *same)).first()
        if former is not None:
            raise Invalid.telling(N_("This file is attached already: %(name)s"), name=former)
        row = CaseAttachment(
            case_id=held.case.id,
            kind=command.kind,
            name=typed(command.name, NAME_LONGEST, N_("The file has no name")),
            media_type=command.media_type,
            bytes=command.bytes,
            sha256=command.sha256,
            scan=command.scan,
            added_at=when.at,
            added_by=viewer.id,
            reason="",
        )
        session.add(row)
        session.flush()
        told: dict[str, Detail] = {"kind": row.kind, "sha256": row.sha256, "scan": row.scan}
        told |= {"type": row.media_type, "bytes": row.bytes}
        return Done(str(row.id), row=f"attachment:{row.id}", row_version=1, told=told)

    return int(carry_out(session, viewer, "attachment:added", command, when, change))


def remove_attachment(session: Session, viewer: Viewer, command: RemoveAttachment, when: Moment) -> int:
    """Take a file out of its case and return the attachment's id; commits, as `carry_out` does and raises.

    Raises Invalid on a closed case, without a reason and when it is out already, NotFound for another case's file.
    """

    def change(held: Held) -> Done:
        require_open(held)
        row = session.get(CaseAttachment, command.attachment_id, populate_existing=True)
        if row is None or row.case_id != held.case.id:
            raise NotFound("there is no such attachment")
        if row.removed_at is not None:
            raise Invalid.telling(N_("That file was taken out already"))
        reason = typed(command.reason, REASON_LONGEST, N_("Say why the file is taken out"))
        row.removed_at, row.removed_by, row.reason = when.at, viewer.id, reason
        session.flush()
        told = {"kind": row.kind, "sha256": row.sha256}
        return Done(str(row.id), reason=reason, row=f"attachment:{row.id}", row_version=2, told=told)

    return int(carry_out(session, viewer, "attachment:removed", command, when, change))
