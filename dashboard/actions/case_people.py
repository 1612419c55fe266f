"""The people of a case: added, mended and taken out. Their names stay in their table: the audit log holds none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from dashboard.actions.casework import Act, Done, Held, carry_out
from dashboard.actions.differences import stale
from dashboard.actions.writing import require_phase, text_in
from dashboard.errors import Invalid, NotFound
from dashboard.i18n import N_
from dashboard.models.findings import CasePerson
from dashboard.vocabulary import PEOPLE_ROLES
from dashboard.workflow.findable import PEOPLE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.clock import Moment


@dataclass(frozen=True)
class AddPerson:
    """Add a person by name (no identity number), with the part played, one of PEOPLE_ROLES."""

    act: Act
    name: str
    role: str
    note: str


@dataclass(frozen=True)
class ChangePerson:
    """Replace what is known of a person, as seen in `version`."""

    act: Act
    person_id: int
    version: int
    name: str
    role: str
    note: str


@dataclass(frozen=True)
class RemovePerson:
    """Take out a person who has no part in it, as seen in `version`, for a reason."""

    act: Act
    person_id: int
    version: int
    reason: str


def add_person(session: Session, viewer: Viewer, command: AddPerson, when: Moment) -> str:
    """Add the person and return the row's id; commits.

    Raises Invalid for a malformed value or where the case is over or suspended, and what `carry_out` raises.
    """

    def change(held: Held) -> Done:
        require_phase(held, PEOPLE)
        known = _known(command)
        person = CasePerson(case_id=held.case.id, **known, added_at=when.at, added_by=viewer.id)
        session.add(person)
        session.flush()
        return Done(str(person.id), after={"role": command.role}, row=f"person:{person.id}", row_version=1)

    return carry_out(session, viewer, "person:added", command, when, change)


def change_person(session: Session, viewer: Viewer, command: ChangePerson, when: Moment) -> str:
    """Replace what is known of the person and return the row's id; commits.

    Raises NotFound for a person who is not in the case, Stale when somebody else changed the row, else as `add_person`.
    """

    def change(held: Held) -> Done:
        require_phase(held, PEOPLE)
        person, known = _seen(held, command.person_id, command.version), _known(command)
        fields = [name for name, value in known.items() if getattr(person, name) != value]
        before, version = person.role, command.version + 1
        session.execute(update(CasePerson).where(CasePerson.id == person.id).values(**known, version=version))
        return Done(
            str(person.id),
            before={"role": before},
            after={"role": command.role},
            row=f"person:{person.id}",
            row_version=version,
            told={"fields": fields},
        )

    return carry_out(session, viewer, "person:changed", command, when, change)


def remove_person(session: Session, viewer: Viewer, command: RemovePerson, when: Moment) -> str:
    """Take the person out, row and all, and return the row's id; commits. Raises as `change_person`."""

    def change(held: Held) -> Done:
        require_phase(held, PEOPLE)
        reason = text_in(command.reason, 500)
        person = _seen(held, command.person_id, command.version)
        session.execute(delete(CasePerson).where(CasePerson.id == person.id))
        row, version = f"person:{person.id}", command.version + 1
        return Done(str(person.id), before={"role": person.role}, reason=reason, row=row, row_version=version)

    return carry_out(session, viewer, "person:removed", command, when, change)


def _known(command: AddPerson | ChangePerson) -> dict[str, str]:
    if command.role not in PEOPLE_ROLES:
        raise Invalid("there is no such part to play")
    return {
        "name": text_in(command.name, 80),
        "role": command.role,
        "note": text_in(command.note, 300, needed=False),
    }


def _seen(held: Held, person_id: int, version: int) -> CasePerson:
    """Return the person as the viewer saw the row; the case is held, so nobody changes it meanwhile."""
    person = held.session.get(CasePerson, person_id, populate_existing=True)
    row, what = f"person:{person_id}", N_("The person's entry")
    if person is None and version > 0:
        raise stale(held.session, held.case, held.workflow, version, row=row, what=what)
    if person is None or person.case_id != held.case.id:
        raise NotFound("there is no such person in this case")
    if person.version != version:
        raise stale(held.session, held.case, held.workflow, version, row=row, what=what)
    return person
