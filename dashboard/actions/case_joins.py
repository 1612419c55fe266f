"""Two files of one matter made one, and one file of two matters made two. Neither is taken back: see docs/cases.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from dashboard.access.audit import record
from dashboard.access.permissions import Permission
from dashboard.actions.case_files import file_case, next_stay
from dashboard.actions.case_seats import INVITED, drop_escalations, give_seat
from dashboard.actions.case_sources import Source, join, move_sources
from dashboard.actions.cases import new_case
from dashboard.actions.casework import Act, Done, Held, carry_out, hold, require_right, write
from dashboard.actions.writing import text_in
from dashboard.errors import Invalid, NotAllowed
from dashboard.i18n import N_
from dashboard.models.cases import CaseFile, CaseOrder, CaseSeat, CaseSource
from dashboard.models.casework import CaseAttachment, CaseEvidence, CaseTask
from dashboard.models.findings import CaseDetermination, CaseMeasure, CasePerson, CaseRepayment
from dashboard.vocabulary import MERGED, OPEN_PHASES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.access.audit import Detail
    from dashboard.access.viewer import Viewer
    from dashboard.clock import Moment

REASON_LONGEST = 500
MOVING = (CaseTask, CaseEvidence, CaseAttachment, CasePerson)
"""What belongs to the work that goes on: it goes with it, sources too. Comments, orders and the history stay."""
FINDINGS = (CaseDetermination, CaseMeasure, CaseRepayment)
SEATS_BY_WEIGHT = ("invited", "origin", "handler", "assistant")


@dataclass(frozen=True)
class Merge:
    """Merge the case of `act` into another, seen in `into_version`, for a reason."""

    act: Act
    into_id: int
    into_version: int
    reason: str


@dataclass(frozen=True)
class Split:
    """Split a part off the case of `act`: a case against somebody else or elsewhere, with sources and people of it."""

    act: Act
    name: str
    uscc: str
    region_code: str
    risk_type: str
    reason: str
    source_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()


def merge_case(session: Session, viewer: Viewer, command: Merge, when: Moment) -> str:
    """Merge a case into another and return the survivor's number; commits.

    Both must be open, and the viewer's department must work on both. Sources, tasks, evidence, attachments and people
    go to the survivor, and so do the seats of who assists; comments, orders and the history stay, each file pointing to
    the other. Raises Invalid, with a sentence, where an order waits for its answer, where the case has a determination,
    a measure or a repayment of its own, and without a reason; NotFound and NotAllowed for a survivor that the viewer
    does not see or work on, Stale when either has moved on, and what `carry_out` raises.
    """

    def change(held: Held) -> Done:
        into = _survivor(held, command)
        reason = text_in(command.reason, REASON_LONGEST)
        _require_mergeable(held)
        moved = _move_work(session, held.case.id, into.case.id)
        _move_seats(held, into.case.id)
        drop_escalations(held)
        values = _merged(into.case.id, held)
        next_stay(held, "merge", values, (reason, ""))
        write(into, "case:merged", Done("", reason=reason, told={"took_in": held.case.number, "moved": moved}))
        before = {"stage": held.case.stage, "due_on": _iso(held), "merged_into": None}
        after = {"stage": MERGED, "due_on": None, "merged_into": into.case.number}
        told: dict[str, Detail] = {"into": into.case.number, "moved": moved}
        return Done(into.case.number, values, before, after, reason, told=told)

    return carry_out(session, viewer, "case:merged", command, when, change, beside=command.into_id)


def split_case(session: Session, viewer: Viewer, command: Split, when: Moment) -> str:
    """Split a part off and return the new case's number; commits. It begins in the same stage, with a clock of its own.

    Raises Invalid, with a sentence, for a closed case, a malformed value, sources or people of another case, and where
    no source would be left; NotAllowed, with a sentence, for a place outside the jurisdiction that is not the case's
    own, and what `carry_out` raises.
    """

    def change(held: Held) -> Done:
        case = held.case
        _require_open(case)
        reason = text_in(command.reason, REASON_LONGEST)
        grade = case.grade if command.source_ids else ""
        new = new_case(command.uscc, command.name, command.region_code, command.risk_type, grade)
        inside = viewer.scope(Permission.CASE_WRITE).covers(new.region_code)
        if not inside and new.region_code != case.region_code:
            raise NotAllowed.telling(N_("That place is outside your jurisdiction"))
        _require_own(held, command)
        case_id, number = file_case(session, viewer, new, when, part_of=case)
        _give(held, command, case_id, reason, when)
        opened = {"number": number, "uscc": new.uscc, "split_from": case.number, "reason": reason}
        record(session, when.at, viewer.actor, "case:opened", f"case:{case_id}", **opened)
        told: dict[str, Detail] = {
            "into": number,
            "sources": len(command.source_ids),
            "people": len(command.person_ids),
        }
        return Done(number, reason=reason, told=told)

    return carry_out(session, viewer, "case:split", command, when, change)


def _survivor(held: Held, command: Merge) -> Held:
    if command.into_id == held.case.id:
        raise Invalid.telling(N_("A case is not merged into itself"))
    into = hold(held.session, held.viewer, command.into_id, held.when)
    require_right(into, "case:merged", command.into_version)
    for case in (held.case, into.case):
        _require_open(case)
    return into


def _require_open(case: CaseFile) -> None:
    if case.phase not in OPEN_PHASES:
        raise Invalid.telling(N_("Case %(number)s is closed: it is neither merged nor split"), number=case.number)


def _require_mergeable(held: Held) -> None:
    session, case = held.session, held.case
    waiting = (CaseOrder.case_id == case.id, CaseOrder.state == "pending", CaseOrder.kind != "escalation")
    if session.scalars(select(CaseOrder.id).where(*waiting).limit(1)).first() is not None:
        raise Invalid.telling(
            N_("An order on case %(number)s waits for its answer: it is answered or withdrawn first"),
            number=case.number,
        )
    for table in FINDINGS:
        if session.scalars(select(table.case_id).where(table.case_id == case.id).limit(1)).first() is not None:
            raise Invalid.telling(
                N_("Case %(number)s has findings of its own: merge the other one into it"), number=case.number
            )


def _move_work(session: Session, from_id: int, to_id: int) -> dict[str, object]:
    """Give the survivor what belongs to the work that goes on; return how much of each table."""
    sources = session.scalars(select(CaseSource.id).where(CaseSource.case_id == from_id)).all()
    move_sources(session, from_id, to_id, tuple(sources))
    moved: dict[str, object] = {"case_source": len(sources)}
    for table in MOVING:
        given = update(table).where(table.case_id == from_id).values(case_id=to_id)
        moved[table.__tablename__] = len(session.scalars(given.returning(table.id)).all())
    return moved


def _move_seats(held: Held, to_id: int) -> None:
    """Let everybody who sees the case for good see the survivor; the weightier of two seats of a department counts."""
    lasting = (CaseSeat.case_id == to_id, CaseSeat.ended_at.is_(None))
    there = {one.region_code: one.role for one in held.session.scalars(select(CaseSeat).where(*lasting))}
    for region, role in sorted(held.seats.items()):
        if role == INVITED:  # what it was asked is withdrawn
            continue
        known = there.get(region)
        if known is None or SEATS_BY_WEIGHT.index(role) > SEATS_BY_WEIGHT.index(known):
            give_seat(held.session, to_id, region, role, held.when.at)


def _merged(into_id: int, held: Held) -> dict[str, object]:
    no_clock = ("due_on", "amber_on", "suspended_on", "suspended_until", "days_left", "escalated_to")
    now = {"stage": MERGED, "phase": MERGED, "merged_into": into_id, "entered_on": held.when.on}
    return now | dict.fromkeys(no_clock)


def _iso(held: Held) -> str | None:
    return held.case.due_on.isoformat() if held.case.due_on else None


def _require_own(held: Held, command: Split) -> None:
    """Raise Invalid unless what is chosen is the case's, and a source is left to it."""
    session, case_id = held.session, held.case.id
    sources = set(session.scalars(select(CaseSource.id).where(CaseSource.case_id == case_id)))
    people = set(session.scalars(select(CasePerson.id).where(CasePerson.case_id == case_id)))
    if not set(command.source_ids) <= sources or not set(command.person_ids) <= people:
        raise Invalid.telling(N_("What you chose is no longer in this case"))
    if sources and sources == set(command.source_ids):
        raise Invalid.telling(N_("Leave the case one source at least: what would it be about?"))


def _give(held: Held, command: Split, case_id: int, reason: str, when: Moment) -> None:
    session = held.session
    if command.source_ids:
        move_sources(session, held.case.id, case_id, command.source_ids)
    else:
        join(session, held.viewer, case_id, Source("manual", "", reason), when)
    chosen = (CasePerson.case_id == held.case.id, CasePerson.id.in_(command.person_ids))
    session.execute(update(CasePerson).where(*chosen).values(case_id=case_id))
