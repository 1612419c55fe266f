"""What a case came from: warnings, tips, inspection findings, orders from above, manual entries; one may join later.

A source is known by its kind and its key, and belongs to one open case. Tips and inspections of other modules join by
the number that they are known by there: whoever has one calls `join`, in the transaction in which it changes its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from dashboard.access.audit import queue_up, record
from dashboard.actions.case_rows import require_open
from dashboard.actions.casework import Act, Done, Held, carry_out, standing_at
from dashboard.actions.handling import Seen, change_all, warnings_seen
from dashboard.actions.writing import text_in
from dashboard.errors import Invalid, Sentence
from dashboard.i18n import HANDLING_WORDS, N_
from dashboard.i18n.case_terms import SOURCE_WORDS
from dashboard.models.cases import CaseFile, CaseSource
from dashboard.models.warnings import WarningHandling
from dashboard.vocabulary import CASE_SOURCES, OPEN_PHASES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.actions.handling import Found
    from dashboard.clock import Moment

KEY_LONGEST, TOLD_LONGEST = 60, 1000
NUMBERED = frozenset({"tip", "inspection", "order"})
"""Kinds that are known by a number elsewhere; a manual entry may have one."""


@dataclass(frozen=True)
class Source:
    """One source: kind of CASE_SOURCES, the key that it is known by ('' for none), and what it says."""

    kind: str
    key: str
    told: str


@dataclass(frozen=True)
class AddSource:
    """Let a source join a case; a warning's key is uscc:week, and `version` that of its handling as it was seen."""

    act: Act
    kind: str
    key: str
    told: str
    version: int = 0


def add_source(session: Session, viewer: Viewer, command: AddSource, when: Moment) -> str:
    """Let the source join and return the row's id; commits. A warning is handled from here on.

    Raises Invalid, with a sentence, for a closed case, a malformed source, one that an open case has already and a
    warning that was dismissed; NotFound for a warning outside the jurisdiction, Stale for one that has moved on, and
    what `carry_out` raises.
    """

    def change(held: Held) -> Done:
        require_open(held)
        if command.kind == "warning":
            source = _take_warning(held, seen_in(command.key, command.version))
        else:
            source = parsed(command.kind, command.key, command.told)
        number = join(session, viewer, held.case.id, source, when)
        return Done(str(number), told={"source": source.kind, "key": source.key})

    return carry_out(session, viewer, "case:source_added", command, when, change)


def parsed(kind: str, key: str, told: str) -> Source:
    """Return a source that is no warning; Invalid, with a sentence, where its number or its text is missing."""
    if kind not in CASE_SOURCES or kind == "warning":
        raise Invalid.telling(N_("A case from a warning is opened at the warning"))
    if kind in NUMBERED and not key.strip():
        raise Invalid.telling(N_("Give the number by which the source is known"))
    return Source(kind, text_in(key, KEY_LONGEST, needed=False), text_in(told, TOLD_LONGEST))


def join(session: Session, viewer: Viewer, case_id: int, source: Source, when: Moment) -> int:
    """Write a source of a case that is held or new, and return the row's id; does not commit.

    Raises Invalid, with a sentence, when an open case has it already: it names that case where the viewer sees it.
    """
    if source.key and source.kind != "warning":
        # Of two who let the same source join two cases at once, the second waits here and then sees what the first did.
        queue_up(session)
    if source.key:
        _require_free(session, viewer, case_id, source)
    row = CaseSource(
        case_id=case_id, kind=source.kind, key=source.key, told=source.told, added_at=when.at, added_by=viewer.id
    )
    session.add(row)
    session.flush()
    return row.id


def seen_in(key: str, version: int) -> Seen:
    """Return the warning that a key names, in the version in which it was seen; Invalid for what names none."""
    uscc, _, week = key.partition(":")
    try:
        return Seen(uscc, date.fromisoformat(week), version)
    except ValueError as error:
        raise Invalid("that is no warning") from error


def require_undecided(one: Found) -> None:
    """Raise Invalid, with a sentence, for a warning that is dismissed or in a case, if it is as it was seen."""
    if one.version == one.seen.version and one.state not in {"open", "acknowledged"}:
        state = Sentence(HANDLING_WORDS[one.state])
        raise Invalid.telling(N_("%(name)s is %(state)s: that cannot be done to it"), name=one.name, state=state)


def _take_warning(held: Held, seen: Seen) -> Source:
    """Bring a warning into the case that is held, and return it as a source."""
    session, viewer, case = held.session, held.viewer, held.case
    (one,) = warnings_seen(session, viewer, (seen,))
    source = Source("warning", f"{seen.uscc}:{seen.week_on}", one.name)
    _require_free(session, viewer, case.id, source)
    require_undecided(one)
    change_all(session, viewer, [one], held.when.at, lambda _one: {"state": "in_case", "case_id": case.id})
    told = {"state": "in_case", "before": one.state, "case": case.number}
    record(session, held.when.at, viewer.actor, "warning:in_case", one.subject, **told)
    return source


def _require_free(session: Session, viewer: Viewer, case_id: int, source: Source) -> None:
    query = (
        select(CaseFile)
        .join(CaseSource, CaseSource.case_id == CaseFile.id)
        .where(CaseSource.kind == source.kind, CaseSource.key == source.key, CaseFile.phase.in_(OPEN_PHASES))
    )
    for other in session.scalars(query):
        if other.id == case_id:
            raise Invalid.telling(N_("This case has that source already"))
        given = {"source": Sentence(SOURCE_WORDS[source.kind]), "key": source.key}
        if standing_at(session, viewer, other)[1] == "none":
            raise Invalid.telling(N_("%(source)s %(key)s belongs to an open case that you do not see"), **given)
        raise Invalid.telling(
            N_("%(source)s %(key)s belongs to case %(number)s, which is open"), **given, number=other.number
        )


def move_sources(session: Session, from_id: int, to_id: int, ids: tuple[int, ...]) -> None:
    """Give sources of one case to another, with the warnings among them; does not commit."""
    here = (CaseSource.case_id == from_id, CaseSource.id.in_(ids))
    keys = session.scalars(select(CaseSource.key).where(*here, CaseSource.kind == "warning")).all()
    for one in (seen_in(key, 0) for key in sorted(keys)):
        warning = (WarningHandling.uscc == one.uscc, WarningHandling.week_on == one.week_on)
        mine = update(WarningHandling).where(*warning, WarningHandling.case_id == from_id)
        # Its state stays what it is, and so does its version: a retry of what opened the case is still none.
        session.execute(mine.values(case_id=to_id))
    session.execute(update(CaseSource).where(*here).values(case_id=to_id))
