"""What all actions on cases share: the right to do it, the case held fast, once only, and the audit entry.

`carry_out` is the one way in. Its order of locks is the same for everybody (receipt, case by id, audit log, revision),
so that two officers wait for each other and never crosswise.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select, update

from dashboard.access.audit import record
from dashboard.access.permissions import Permission
from dashboard.actions.differences import stale
from dashboard.actions.handling import insert_unless_there
from dashboard.errors import Invalid, NotAllowed, NotFound
from dashboard.i18n import N_
from dashboard.models.cases import CaseFile, CaseSeat
from dashboard.models.desks import CommandReceipt
from dashboard.models.revision import bump_revision
from dashboard.vocabulary import MERGED
from dashboard.workflow.load import workflow_of
from dashboard.workflow.standing import VERBS, standing_of
from geo.codes import level_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from dashboard.access.audit import Detail
    from dashboard.access.viewer import Viewer
    from dashboard.clock import Moment
    from dashboard.workflow.definition import Workflow
    from dashboard.workflow.standing import Standing

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


@dataclass(frozen=True)
class Act:
    """Which case, in which version it was seen, and the key of the form: one form is carried out once."""

    case_id: int
    version: int
    key: str


class Command(Protocol):
    """What is to be done: a frozen dataclass with an Act."""

    @property
    def act(self) -> Act:
        """Return the case, as it was seen."""


@dataclass(frozen=True)
class Held:
    """A case held fast for one command: nobody else changes anything of it until the transaction ends."""

    session: Session
    viewer: Viewer
    when: Moment
    case: CaseFile
    workflow: Workflow
    standing: Standing
    seats: Mapping[str, str]

    @property
    def level(self) -> str:
        """The level of the viewer's department."""
        return level_of(self.viewer.home_region)

    def require(self, who: tuple[str, ...]) -> None:
        """Raise NotAllowed, with a sentence, unless the viewer's role and level are of one of the groups."""
        if not self.workflow.allows(who, self.viewer.roles, self.level):
            raise NotAllowed.telling(N_("Your role or the level of your department may not do this"))


@dataclass(frozen=True)
class Done:
    """What a command did: `values` of the case to write, and what the audit entry tells.

    `row` names the row it was about (task:7), `row_version` its version afterwards; `before` and `after` hold the
    columns that changed, `told` what else the entry should tell. Nothing of it may be secret or a comment's text.
    `moves` is for what replaces something of the case though it was not compared: an order's acceptance moves the
    case's version on, so that forms opened before are late.
    """

    result: str
    values: Mapping[str, object] = field(default_factory=dict)
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
    row: str = ""
    row_version: int = 0
    told: Mapping[str, Detail] = field(default_factory=dict)
    moves: bool = False


def carry_out(
    session: Session,
    viewer: Viewer,
    verb: str,
    command: Command,
    when: Moment,
    change: Callable[[Held], Done],
    *,
    beside: int | None = None,
) -> str:
    """Hold the case, let `change` check and write, then write the case, the audit entry and the receipt; commits.

    `beside` is the id of a second case that `change` will hold and write too: both are locked before either is read.

    Returns what `change` returned as its result; the same command again changes nothing and returns the same. Raises
    NotAllowed without case:write or without the standing that the verb wants, NotFound for a case that the viewer does
    not see, Stale (telling who, when and what) when the verb is exclusive and the case has moved on, Invalid for a
    malformed key or one that was used for something else, and whatever `change` raises. Then nothing is changed.
    """

    def act() -> str:
        if beside is not None:
            _lock(session, command.act.case_id, beside)
        held = hold(session, viewer, command.act.case_id, when)
        require_right(held, verb, command.act.version)
        done = change(held)
        write(held, verb, done)
        return done.result

    return once(session, viewer, (command.act.key, verb, command), when, act)


def once(session: Session, viewer: Viewer, form: tuple[str, str, object], when: Moment, act: Callable[[], str]) -> str:
    """Carry out what a form asks for, unless it was before, and return the result of then or now; commits.

    `form` is its key, the verb and the command that it holds. Raises NotAllowed without case:write, Invalid for a
    malformed key or one that was used for something else, and whatever `act` raises. Then nothing is changed.
    """
    viewer.scope(Permission.CASE_WRITE)
    try:
        former = _receive(session, viewer, form, when)
        if former is not None:
            session.rollback()
            return former
        result = act()
        session.execute(update(CommandReceipt).where(CommandReceipt.key == form[0]).values(result=result))
        bump_revision(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return result


def _lock(session: Session, *case_ids: int) -> None:
    """Lock the cases of a command from the lowest id on, so that two commands on the same two never wait crosswise."""
    session.execute(select(CaseFile.id).where(CaseFile.id.in_(case_ids)).order_by(CaseFile.id).with_for_update())


def hold(session: Session, viewer: Viewer, case_id: int, when: Moment) -> Held:
    """Lock a case until the transaction ends and return it with the viewer's standing; NotFound for one not seen."""
    query = select(CaseFile).where(CaseFile.id == case_id).with_for_update().execution_options(populate_existing=True)
    case = session.scalars(query).one_or_none()
    if case is None:
        raise NotFound("there is no such case")
    seats, standing = standing_at(session, viewer, case)
    if standing == "none":
        raise NotFound("there is no such case")
    return Held(session, viewer, when, case, workflow_of(case.workflow, case.workflow_version), standing, seats)


def standing_at(session: Session, viewer: Viewer, case: CaseFile) -> tuple[dict[str, str], Standing]:
    """Return the lasting seats at a case (region → role) and how the viewer's department stands to it."""
    rows = session.execute(
        select(CaseSeat.region_code, CaseSeat.role).where(CaseSeat.case_id == case.id, CaseSeat.ended_at.is_(None))
    )
    seats = {one.region_code: one.role for one in rows}
    return seats, standing_of(viewer.home_region, handler=case.handler_code, place=case.region_code, seats=seats)


def _receive(session: Session, viewer: Viewer, form: tuple[str, str, object], when: Moment) -> str | None:
    """Write the command's receipt, or return the result of the same command when it was carried out before."""
    key, verb, command = form
    if not _KEY.fullmatch(key):
        raise Invalid("a form has a key of 8 to 64 letters and digits")
    digest = hashlib.sha256(repr(command).encode("utf-8", "surrogatepass")).hexdigest()
    # Of two that come at once the second waits here for the first's end.
    new = insert_unless_there(session, CommandReceipt).values(
        key=key, user_id=viewer.id, verb=verb, digest=digest, result="", done_at=when.at
    )
    if session.scalars(new.returning(CommandReceipt.key)).all():
        return None
    former = session.get_one(CommandReceipt, key, populate_existing=True)
    if (former.user_id, former.verb, former.digest) != (viewer.id, verb, digest):
        raise Invalid.telling(N_("This form was sent already, with something else in it. Open the case anew"))
    return former.result


def require_right(held: Held, verb: str, version: int) -> None:
    """Raise unless the viewer may do this to the case, which for an exclusive verb is still as seen in `version`."""
    rule, case = VERBS[verb], held.case
    if held.standing not in rule.by:
        raise NotAllowed.telling(N_("Your department does not work on this case"))
    if rule.exclusive and case.version != version:
        raise stale(held.session, case, held.workflow, version)
    if case.stage == MERGED and verb != "comment:added":
        raise Invalid.telling(N_("This case was merged into another"))


def write(held: Held, verb: str, done: Done) -> None:
    """Write what was done to a case that is held, and its audit entry; does not commit."""
    session, case = held.session, held.case
    if VERBS[verb].exclusive or done.moves:
        here = (CaseFile.id == case.id, CaseFile.version == case.version)
        moved = update(CaseFile).where(*here).values(**done.values, version=case.version + 1)
        (version,) = session.scalars(moved.returning(CaseFile.version)).all()
    else:
        if done.values:
            session.execute(update(CaseFile).where(CaseFile.id == case.id).values(**done.values))
        version = case.version
    told: dict[str, Detail] = {"number": case.number, "version": version, **done.told}
    if done.row:
        told |= {"row": done.row, "row_version": done.row_version}
    if done.before or done.after:
        told |= {"before": dict(done.before), "after": dict(done.after)}
    if done.reason:
        told["reason"] = done.reason
    record(session, held.when.at, held.viewer.actor, verb, f"case:{case.id}", **told)
