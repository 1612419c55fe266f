"""Cases: opening one from a warning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from dashboard.access.audit import record
from dashboard.actions.case_files import NewCase, file_case
from dashboard.actions.handling import change_all, warnings_seen
from dashboard.clock import Moment, local
from dashboard.errors import Invalid, Sentence
from dashboard.i18n import HANDLING_WORDS, N_
from dashboard.models.cases import CaseFile
from dashboard.models.revision import bump_revision
from dashboard.models.warnings import WarningHandling

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.actions.handling import Found, Seen


@dataclass(frozen=True)
class OpenCase:
    """Open a case from one warning; `timezone` (IANA) says in which year it is."""

    warnings: tuple[Seen, ...]
    timezone: str


def open_case(session: Session, viewer: Viewer, command: OpenCase, now: datetime) -> str:
    """Open the case of a warning and return its number: region, year and a running number; commits.

    Opening the same again returns the number of the case that is open. Raises NotAllowed without warning:write,
    NotFound outside the jurisdiction, Invalid for a dismissed warning, Stale when the warning has moved on.
    """
    found = warnings_seen(session, viewer, command.warnings)
    if len(found) > 1:
        raise Invalid("a case begins with one warning")
    one = found[0]
    if one.version == one.seen.version and one.state not in {"open", "acknowledged"}:
        state = Sentence(HANDLING_WORDS[one.state])
        raise Invalid.telling(N_("%(name)s is %(state)s: that cannot be done to it"), name=one.name, state=state)
    # The warning first: of two officers at once the second waits here, and no number is spent on a case that is none.
    changed = change_all(session, viewer, [one], now, lambda _one: {"state": "in_case"})
    if not changed:
        return _number_of(session, one)
    case_id, number = _filed(session, viewer, one, Moment(now, local(now, command.timezone).date()))
    here = (WarningHandling.uscc == one.seen.uscc, WarningHandling.week_on == one.seen.week_on)
    session.execute(update(WarningHandling).where(*here).values(case_id=case_id))
    record(session, now, viewer.actor, "warning:in_case", one.subject, state="in_case", before=one.state, case=number)
    record(session, now, viewer.actor, "case:opened", f"case:{case_id}", number=number, uscc=one.seen.uscc)
    bump_revision(session)
    session.commit()
    return number


def _filed(session: Session, viewer: Viewer, one: Found, when: Moment) -> tuple[int, str]:
    key, told = f"{one.seen.uscc}:{one.seen.week_on}", one.name
    new = NewCase(one.seen.uscc, one.name, one.region_code, one.risk_type, one.grade, "warning", key, told)
    return file_case(session, viewer, new, when)


def _number_of(session: Session, one: Found) -> str:
    here = (WarningHandling.uscc == one.seen.uscc, WarningHandling.week_on == one.seen.week_on)
    join = select(CaseFile.number).join(WarningHandling, WarningHandling.case_id == CaseFile.id)
    return session.scalars(join.where(*here)).one()
