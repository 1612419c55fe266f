"""What all actions on warnings share: finding them in the live generation, and compare-and-set on their handling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from dashboard.access.permissions import Permission
from dashboard.errors import Invalid, NotFound, Sentence, Stale
from dashboard.i18n import HANDLING_WORDS, N_
from dashboard.models.accounts import UserAccount
from dashboard.models.reporting import Pointer, RaisedWarning, Watched
from dashboard.models.warnings import WarningHandling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.db import Base

MOST = 500
"""Warnings that one command may change: all of them or none, in one transaction."""
Key = tuple[str, "date"]


@dataclass(frozen=True, order=True)
class Seen:
    """A warning as the viewer saw it: `version` of its handling, 0 where nobody had touched it."""

    uscc: str
    week_on: date
    version: int


@dataclass(frozen=True)
class Found:
    """One warning of the command: its enterprise as the live generation lists it, and what became of it so far."""

    seen: Seen
    name: str
    region_code: str
    risk_type: str
    grade: str
    version: int  # 0 where nobody has touched it
    state: str
    assignee_id: int | None

    @property
    def subject(self) -> str:
        """How the audit log names it."""
        return f"warning:{self.seen.uscc}:{self.seen.week_on}"


def warnings_seen(session: Session, viewer: Viewer, seen: Sequence[Seen]) -> list[Found]:
    """Return the command's warnings, in a fixed order so that two writers never wait for each other crosswise.

    Raises NotAllowed without warning:write, Invalid for none or more than MOST, NotFound for a warning that is none or
    lies outside the viewer's jurisdiction.
    """
    scope = viewer.scope(Permission.WARNING_WRITE)
    wanted = {(one.uscc, one.week_on): one for one in seen}
    if not 0 < len(wanted) <= MOST:
        raise Invalid.telling(N_("Between 1 and %(most)s warnings can be changed at once"), most=MOST)
    listed = _listed(session, wanted)
    rows = {
        (row.uscc, row.week_on): row
        for row in session.scalars(
            select(WarningHandling)
            .where(tuple_(WarningHandling.uscc, WarningHandling.week_on).in_(list(wanted)))
            .execution_options(populate_existing=True)
        )
    }
    if any(key not in listed or not scope.covers(listed[key][1]) for key in wanted):
        raise NotFound("there is no such warning")
    return [Found(one, *listed[key], *_handled(rows.get(key))) for key, one in sorted(wanted.items())]


def _handled(row: WarningHandling | None) -> tuple[int, str, int | None]:
    # Plain values: the row itself is brought up to date by the write, and the audit entry wants what was before.
    return (row.version, row.state, row.assignee_id) if row else (0, "open", None)


def _listed(session: Session, wanted: dict[Key, Seen]) -> dict[Key, tuple[str, str, str, str]]:
    """Return name, region, risk type and grade of the warnings that the live generation knows."""
    found: dict[Key, tuple[str, str, str, str]] = {}
    live = select(Pointer.generation).scalar_subquery()
    for table, week in ((RaisedWarning, RaisedWarning.week_on), (Watched, Watched.warned_week_on)):
        rows = session.execute(
            select(table.uscc, week, table.name, table.region_code, table.risk_type, table.grade).where(
                table.generation == live, tuple_(table.uscc, week).in_(list(wanted))
            )
        )
        found |= {
            (uscc, week_on): (name, region, kind, grade) for uscc, week_on, name, region, kind, grade in rows if week_on
        }
    return found


def change_all(
    session: Session,
    viewer: Viewer,
    found: Sequence[Found],
    now: datetime,
    values_of: Callable[[Found], dict[str, object]],
) -> list[Found]:
    """Write the handling of every warning that is still as the viewer saw it; does not commit.

    Returns those that were changed: what the viewer has done already (a second click) is no change and no error. Raises
    Stale, after a rollback, when somebody else changed one of them: the sentence says which, who, how and when.
    """
    changed, stale = [], []
    for one in found:
        values = values_of(one)
        stamp = {"version": one.seen.version + 1, "changed_at": now, "changed_by": viewer.id}
        if _written(session, one, values | stamp):
            changed.append(one)
        elif not _is_done(session, viewer, one, values):
            stale.append(one)
    if stale:
        told = tuple(_difference(session, one) for one in stale)
        session.rollback()
        raise Stale.telling(N_("Nothing was changed, because others were faster. %(list)s"), list=told)
    return changed


def _written(session: Session, one: Found, values: dict[str, object]) -> bool:
    seen = one.seen
    if seen.version:
        here = (WarningHandling.uscc == seen.uscc, WarningHandling.week_on == seen.week_on)
        done = update(WarningHandling).where(*here, WarningHandling.version == seen.version).values(**values)
        return bool(session.scalars(done.returning(WarningHandling.uscc)).all())
    first = {"uscc": seen.uscc, "week_on": seen.week_on, "region_code": one.region_code, "state": "open", "reason": ""}
    new = insert_unless_there(session, WarningHandling).values(**(first | values))
    return bool(session.scalars(new.returning(WarningHandling.uscc)).all())


def insert_unless_there(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that writes nothing where a unique key is taken, instead of an error that ends the transaction.

    Of two first writers the second waits for the first's commit.
    """
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(model).on_conflict_do_nothing()
    return sqlite.insert(model).on_conflict_do_nothing()


def _is_done(session: Session, viewer: Viewer, one: Found, values: dict[str, object]) -> bool:
    row = _now(session, one)
    mine = row.changed_by == viewer.id and row.version == one.seen.version + 1
    return mine and all(getattr(row, name) == value for name, value in values.items())


def _now(session: Session, one: Found) -> WarningHandling:
    return session.get_one(WarningHandling, (one.seen.uscc, one.seen.week_on), populate_existing=True)


def _difference(session: Session, one: Found) -> Sentence:
    row = _now(session, one)
    assignee = session.get(UserAccount, row.assignee_id) if row.assignee_id else None
    message = (
        N_("%(name)s: now %(state)s, with %(assignee)s, by %(who)s at %(at)s")
        if assignee
        else N_("%(name)s: now %(state)s, by %(who)s at %(at)s")
    )
    given = {"name": one.name, "state": Sentence(HANDLING_WORDS[row.state]), "at": row.changed_at}
    who = _person(session.get_one(UserAccount, row.changed_by))
    return Sentence(message, given | {"who": who, "assignee": _person(assignee) if assignee else ""})


def _person(account: UserAccount) -> str:
    return " ".join(part for part in (account.unit, account.name) if part)
