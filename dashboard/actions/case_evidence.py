"""Evidence of a case: listed with how it was obtained, and every change of hands after that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from dashboard.actions.case_rows import require_open, row_of, typed, write_row
from dashboard.actions.casework import Done, carry_out
from dashboard.errors import Invalid
from dashboard.i18n import N_
from dashboard.models.casework import CaseAttachment, CaseCustody, CaseEvidence
from dashboard.vocabulary import EVIDENCE_KINDS
from dashboard.workflow.answers import EARLIEST

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.actions.casework import Act, Held
    from dashboard.clock import Moment

LABEL_LONGEST, SOURCE_LONGEST, HOLDER_LONGEST, PURPOSE_LONGEST = 200, 200, 120, 300
WHAT = N_("The piece of evidence")


@dataclass(frozen=True)
class AddEvidence:
    """List a piece of evidence: what it is, from whom and when it was obtained, who keeps it, its file if it is one."""

    act: Act
    label: str
    kind: str
    attachment_id: int | None
    obtained_on: date
    obtained_from: str
    holder: str


@dataclass(frozen=True)
class MoveEvidence:
    """Write down that a piece changes hands, from whoever keeps it in the version that was seen."""

    act: Act
    evidence_id: int
    version: int
    to_holder: str
    purpose: str


def add_evidence(session: Session, viewer: Viewer, command: AddEvidence, when: Moment) -> int:
    """List a piece with the first entry of its chain of custody and return its id; commits, as `carry_out` does.

    Raises Invalid on a closed case, for a date to come, an unknown kind, a file that is not the case's, and for an
    empty or overlong text.
    """

    def change(held: Held) -> Done:
        require_open(held)
        if command.kind not in EVIDENCE_KINDS:
            raise Invalid("there is no such kind of evidence")
        if command.obtained_on > when.on:
            raise Invalid.telling(N_("Evidence cannot have been obtained on a day to come"))
        if command.obtained_on < EARLIEST:
            raise Invalid.telling(N_("That day cannot be meant: it is too long ago"))
        _require_file(held, command.attachment_id)
        row = CaseEvidence(
            case_id=held.case.id,
            label=typed(command.label, LABEL_LONGEST, N_("Say what the piece is")),
            kind=command.kind,
            attachment_id=command.attachment_id,
            obtained_on=command.obtained_on,
            obtained_from=typed(command.obtained_from, SOURCE_LONGEST, N_("Say from whom or where it was obtained")),
            holder=typed(command.holder, HOLDER_LONGEST, N_("Say who keeps it")),
            added_at=when.at,
            added_by=viewer.id,
            version=1,
        )
        session.add(row)
        session.flush()
        _hand_over(held, row.id, row.obtained_from, row.holder, "")
        told = {"kind": row.kind, "attachment": row.attachment_id}
        return Done(str(row.id), row=f"evidence:{row.id}", row_version=1, told=told)

    return int(carry_out(session, viewer, "evidence:added", command, when, change))


def move_evidence(session: Session, viewer: Viewer, command: MoveEvidence, when: Moment) -> int:
    """Write the next entry of a piece's chain of custody and return the piece's id; commits, as `carry_out` does.

    Raises Stale when the piece has changed hands meanwhile, Invalid when its keeper would stay the same or a text is
    empty or overlong, NotFound for another case's piece. A closed case's evidence still changes hands.
    """

    def change(held: Held) -> Done:
        row = row_of(held, CaseEvidence, command.evidence_id)
        to_holder = typed(command.to_holder, HOLDER_LONGEST, N_("Say who keeps it"))
        purpose = typed(command.purpose, PURPOSE_LONGEST, N_("Say what the piece changes hands for"))
        from_holder, name = row.holder, f"evidence:{row.id}"
        if row.version == command.version and from_holder == to_holder:
            raise Invalid.telling(N_("That is who keeps it already"))
        version = write_row(held, row, command.version, (name, WHAT), {"holder": to_holder})
        _hand_over(held, row.id, from_holder, to_holder, purpose)
        return Done(str(row.id), row=name, row_version=version, told={"entry": version})

    return int(carry_out(session, viewer, "evidence:moved", command, when, change))


def _require_file(held: Held, attachment_id: int | None) -> None:
    if attachment_id is None:
        return
    file = held.session.get(CaseAttachment, attachment_id, populate_existing=True)
    if file is None or file.case_id != held.case.id or file.removed_at is not None:
        raise Invalid.telling(N_("That file is not attached to this case"))


def _hand_over(held: Held, evidence_id: int, from_holder: str, to_holder: str, purpose: str) -> None:
    last = select(func.coalesce(func.max(CaseCustody.position), 0)).where(CaseCustody.evidence_id == evidence_id)
    position = held.session.scalars(last).one() + 1
    entry = CaseCustody(
        evidence_id=evidence_id,
        position=position,
        from_holder=from_holder,
        to_holder=to_holder,
        purpose=purpose,
        at=held.when.at,
        by=held.viewer.id,
    )
    held.session.add(entry)
    held.session.flush()
