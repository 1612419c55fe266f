"""Cases: opening one from a warning, or by hand from whatever else came to the office."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from dashboard.access.audit import record
from dashboard.access.permissions import Permission
from dashboard.access.scope import NATION
from dashboard.actions.case_files import NewCase, file_case
from dashboard.actions.case_sources import Source, join, parsed, require_undecided
from dashboard.actions.casework import once
from dashboard.actions.handling import change_all, warnings_seen
from dashboard.actions.writing import text_in
from dashboard.clock import Moment, local
from dashboard.errors import Invalid, NotAllowed
from dashboard.i18n import N_
from dashboard.models.cases import CaseFile
from dashboard.models.revision import bump_revision
from dashboard.models.warnings import WarningHandling
from dashboard.vocabulary import RISK_TYPES
from geo.divisions import exists

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.actions.handling import Found, Seen

NAME_LONGEST = 200
_USCC = re.compile(r"[0-9A-Z]{18}", re.ASCII)


@dataclass(frozen=True)
class OpenCase:
    """Open a case from one warning; `timezone` (IANA) says in which year it is."""

    warnings: tuple[Seen, ...]
    timezone: str


@dataclass(frozen=True)
class NewFile:
    """Open a case by hand: the key of the form, what it came from, and against whom; `uscc` '' where none is registered.

    Name and region of a registered enterprise are the register's: whoever makes the command reads them there.
    """

    key: str
    source: str
    source_key: str
    told: str
    uscc: str
    name: str
    region_code: str
    risk_type: str


def open_case(session: Session, viewer: Viewer, command: OpenCase, now: datetime) -> str:
    """Open the case of a warning and return its number: region, year and a running number; commits.

    Opening the same again returns the number of the case that is open. Raises NotAllowed without warning:write,
    NotFound outside the jurisdiction, Invalid for a dismissed warning, Stale when the warning has moved on.
    """
    found = warnings_seen(session, viewer, command.warnings)
    if len(found) > 1:
        raise Invalid("a case begins with one warning")
    one = found[0]
    require_undecided(one)
    # The warning first: of two officers at once the second waits here, and no number is spent on a case that is none.
    changed = change_all(session, viewer, [one], now, lambda _one: {"state": "in_case"})
    if not changed:
        return _number_of(session, one)
    case_id, number = _filed(session, viewer, one, Moment(now, local(now, command.timezone).date()))
    here = (WarningHandling.uscc == one.seen.uscc, WarningHandling.week_on == one.seen.week_on)
    session.execute(update(WarningHandling).where(*here).values(case_id=case_id))
    record(session, now, viewer.actor, "warning:in_case", one.subject, state="in_case", before=one.state, case=number)
    _record_opening(session, viewer, now, (case_id, number), one.seen.uscc, "warning")
    bump_revision(session)
    session.commit()
    return number


def open_by_hand(session: Session, viewer: Viewer, command: NewFile, when: Moment) -> str:
    """Open a case by hand and return its number; commits. The same form again returns the same number.

    Raises NotAllowed without case:write or, with a sentence, for a region outside the jurisdiction; Invalid, with a
    sentence, for a malformed value or a source that an open case has already.
    """

    def act() -> str:
        source = parsed(command.source, command.source_key, command.told)
        new = new_case(command.uscc, command.name, command.region_code, command.risk_type)
        if not viewer.scope(Permission.CASE_WRITE).covers(new.region_code):
            raise NotAllowed.telling(N_("That place is outside your jurisdiction"))
        case_id, number = file_case(session, viewer, new, when)
        join(session, viewer, case_id, source, when)
        _record_opening(session, viewer, when.at, (case_id, number), new.uscc, source.kind)
        return number

    return once(session, viewer, (command.key, "case:opened", command), when, act)


def new_case(uscc: str, name: str, region_code: str, risk_type: str, grade: str = "") -> NewCase:
    """Return what a case begins with, checked; Invalid, with a sentence, for what cannot be meant."""
    if uscc and not _USCC.fullmatch(uscc):
        raise Invalid("that is no credit code")
    if risk_type not in RISK_TYPES:
        raise Invalid.telling(N_("Choose the type of risk"))
    if region_code == NATION or not exists(region_code):
        raise Invalid.telling(N_("Choose the place where it happened"))
    return NewCase(uscc, text_in(name, NAME_LONGEST), region_code, risk_type, grade)


def _filed(session: Session, viewer: Viewer, one: Found, when: Moment) -> tuple[int, str]:
    new = NewCase(one.seen.uscc, one.name, one.region_code, one.risk_type, one.grade)
    case_id, number = file_case(session, viewer, new, when)
    join(session, viewer, case_id, Source("warning", f"{one.seen.uscc}:{one.seen.week_on}", one.name), when)
    return case_id, number


def _record_opening(
    session: Session, viewer: Viewer, at: datetime, case: tuple[int, str], uscc: str, source: str
) -> None:
    case_id, number = case
    record(session, at, viewer.actor, "case:opened", f"case:{case_id}", number=number, uscc=uscc, source=source)


def _number_of(session: Session, one: Found) -> str:
    here = (WarningHandling.uscc == one.seen.uscc, WarningHandling.week_on == one.seen.week_on)
    join_case = select(CaseFile.number).join(WarningHandling, WarningHandling.case_id == CaseFile.id)
    return session.scalars(join_case.where(*here)).one()
