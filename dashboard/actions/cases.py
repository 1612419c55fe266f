"""Cases: opening one from a warning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from dashboard.access.audit import record
from dashboard.actions.handling import change_all, insert_unless_there, warnings_seen
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

COUNTY = 6  # digits of a county's code: cases are counted by county, or by what is above it where no county is known


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
    case_id, number = _file(session, viewer, one, command.timezone, now)
    here = (WarningHandling.uscc == one.seen.uscc, WarningHandling.week_on == one.seen.week_on)
    session.execute(update(WarningHandling).where(*here).values(case_id=case_id))
    record(session, now, viewer.actor, "warning:in_case", one.subject, state="in_case", before=one.state, case=number)
    record(session, now, viewer.actor, "case:opened", f"case:{case_id}", number=number, uscc=one.seen.uscc)
    bump_revision(session)
    session.commit()
    return number


def _file(session: Session, viewer: Viewer, one: Found, timezone: str, now: datetime) -> tuple[int, str]:
    """Write the case under the first number that is free, and return its id and number."""
    region = one.region_code[:COUNTY]
    stem = f"{region}-{now.astimezone(ZoneInfo(timezone)).year}-"
    values = {
        "uscc": one.seen.uscc,
        "name": one.name,
        "region_code": one.region_code,
        "risk_type": one.risk_type,
        "stage": "intake",
        "warned_week_on": one.seen.week_on,
        "opened_at": now,
        "opened_by": viewer.id,
        "version": 1,
    }
    while True:
        # Somebody else may take the number meanwhile: then nothing is written, and the next one is tried.
        number = f"{stem}{_highest(session, stem) + 1:04d}"
        new = insert_unless_there(session, CaseFile).values(number=number, **values)
        case_id = session.scalars(new.returning(CaseFile.id)).one_or_none()
        if case_id is not None:
            return case_id, number


def _highest(session: Session, stem: str) -> int:
    longest_last = (func.length(CaseFile.number).desc(), CaseFile.number.desc())
    query = select(CaseFile.number).where(CaseFile.number.startswith(stem, autoescape=True))
    last = session.scalars(query.order_by(*longest_last).limit(1)).one_or_none()
    return int(last.removeprefix(stem)) if last else 0


def _number_of(session: Session, one: Found) -> str:
    here = (WarningHandling.uscc == one.seen.uscc, WarningHandling.week_on == one.seen.week_on)
    join = select(CaseFile.number).join(WarningHandling, WarningHandling.case_id == CaseFile.id)
    return session.scalars(join.where(*here)).one()
