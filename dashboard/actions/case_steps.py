"""Steps of a case from stage to stage, its clock stopped and started again, and who is in charge of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dashboard.access.permissions import Permission
from dashboard.actions.case_afterwards import follow_outcome, undo_outcome
from dashboard.actions.case_files import clock_of, next_stay
from dashboard.actions.case_rows import typed
from dashboard.actions.case_seats import drop_escalations
from dashboard.actions.casework import Act, Done, Held, carry_out
from dashboard.actions.writing import text_in
from dashboard.errors import Invalid
from dashboard.i18n import N_
from dashboard.vocabulary import OPEN_PHASES
from dashboard.workflow.answers import answers_in
from dashboard.workflow.clocks import resumed, stopped
from dashboard.workflow.facts import facts_of
from dashboard.workflow.gates import lacks
from dashboard.workflow.people import people_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from dashboard.access.audit import Detail
    from dashboard.access.viewer import Viewer
    from dashboard.clock import Moment
    from dashboard.models.cases import CaseFile
    from dashboard.workflow.answers import Answer
    from dashboard.workflow.definition import Step

TOLD = ("stage", "outcome", "due_on", "suspended_on")
"""Columns of which the audit log tells how they were and how they became."""
REASON_LONGEST = 1000


@dataclass(frozen=True)
class TakeStep:
    """Take a step of the case's definition: `answers` by question, as typed; `outcome` '' where it closes nothing.

    Dates are written 2026-11-22, amounts in CNY and numbers without separators.
    """

    act: Act
    step: str
    reason: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    outcome: str = ""


@dataclass(frozen=True)
class Suspend:
    """Stop the clock, with a reason, until `until_on` at the latest."""

    act: Act
    reason: str
    until_on: date


@dataclass(frozen=True)
class Resume:
    """Let the clock go on from where it stopped; the reason may be ''."""

    act: Act
    reason: str


@dataclass(frozen=True)
class SetOwner:
    """Put somebody of the handling department in charge."""

    act: Act
    owner_id: int


def take_step(session: Session, viewer: Viewer, command: TakeStep, when: Moment) -> str:
    """Take a step and return the code of the stage that it led to; commits.

    A step to a closed stage writes the outcome and what follows from it; a step out of one takes the outcome back.
    Raises Invalid, with a sentence, for a step that does not begin in the present stage, for a form that is not filled
    in, and for a file that lacks something (`dashboard.workflow.gates`); NotAllowed for another role or level than the
    step wants; and what `carry_out` raises.
    """

    def change(held: Held) -> Done:
        step = _step(held, command.step)
        held.require(step.who)
        reason = _reason(command.reason, needed=step.reason or step.back)
        given = answers_in(held.workflow, step, command.answers, when.on)
        _require_outcome(step, command.outcome)
        missing = lacks(step, facts_of(session, held.case), command.outcome)
        if missing:
            told = tuple(one.told for one in missing)
            raise Invalid.telling(N_("%(step)s: not yet. It lacks: %(lacks)s"), step=step.name, lacks=told)
        return _moved(held, step, command.outcome, reason, given)

    return carry_out(session, viewer, "case:stepped", command, when, change)


def suspend(session: Session, viewer: Viewer, command: Suspend, when: Moment) -> str:
    """Stop the clock of a case and return the day by which it has to go on; commits.

    Raises Invalid without a reason, for a day that is not to come or too far off, where no clock runs, and while a
    hand-over waits for its answer; NotAllowed for another role or level than the definition wants; and what
    `carry_out` raises.
    """

    def change(held: Held) -> Done:
        case, rule = held.case, held.workflow.suspension
        held.require(rule.who)
        _require_open(held)
        reason = _reason(command.reason, needed=True)
        if case.due_on is None:
            raise Invalid.telling(N_("No deadline runs in this stage: there is nothing to suspend"))
        if facts_of(session, case).hand_over:
            raise Invalid.telling(N_("A hand-over of the case waits for its answer: it is answered or withdrawn first"))
        if not when.on < command.until_on <= when.on + timedelta(days=rule.longest_days):
            longest = rule.longest_days
            raise Invalid.telling(N_("A suspension ends after today and within %(longest)s days"), longest=longest)
        values = stopped(case.due_on, when.on, command.until_on)
        return _clocked(held, values, reason, until_on=command.until_on.isoformat())

    return carry_out(session, viewer, "case:suspended", command, when, change)


def resume(session: Session, viewer: Viewer, command: Resume, when: Moment) -> str:
    """Let a suspended case go on and return its new deadline's day; commits.

    Raises Invalid for a case that is not suspended, NotAllowed for another role or level than may suspend it, and what
    `carry_out` raises.
    """

    def change(held: Held) -> Done:
        case, stage = held.case, held.workflow.stage(held.case.stage)
        held.require(held.workflow.suspension.who)
        if case.suspended_on is None or case.days_left is None or stage.days is None:
            raise Invalid.telling(N_("The case is not suspended"))
        values = resumed(case.days_left, stage.days, held.workflow.amber_share, when.on)
        return _clocked(held, values, _reason(command.reason, needed=False))

    return carry_out(session, viewer, "case:resumed", command, when, change)


def set_owner(session: Session, viewer: Viewer, command: SetOwner, when: Moment) -> str:
    """Put somebody in charge and return the account's number; commits.

    Raises Invalid for anybody but a person of the handling department who may work on cases, for a closed or suspended
    case, and what `carry_out` raises.
    """

    def change(held: Held) -> Done:
        case = held.case
        _require_open(held)
        if command.owner_id not in {one.id for one in people_of(session, [case.handler_code], Permission.CASE_WRITE)}:
            raise Invalid.telling(N_("Nobody of the handling department who may work on cases has that account"))
        before, after = {"owner_id": case.owner_id}, {"owner_id": command.owner_id}
        return Done(str(command.owner_id), values=after, before=before, after=after)

    return carry_out(session, viewer, "case:owner_set", command, when, change)


def _step(held: Held, code: str) -> Step:
    case, workflow = held.case, held.workflow
    found = [step for step in workflow.steps if step.code == code]
    if not found:
        raise Invalid("the case's workflow has no such step")
    if case.stage not in found[0].of:
        step, stage = found[0].name, workflow.stage(case.stage).name
        raise Invalid.telling(N_("%(step)s: this step does not begin in the stage %(stage)s"), step=step, stage=stage)
    return found[0]


def _require_open(held: Held) -> None:
    if held.case.phase not in OPEN_PHASES:
        raise Invalid.telling(N_("The case is closed: reopen it first"))
    if held.case.suspended_on is not None:
        raise Invalid.telling(N_("The case is suspended: resume it first"))


def _require_outcome(step: Step, outcome: str) -> None:
    if step.outcomes and not outcome:
        raise Invalid.telling(N_("Choose how the case ends"))
    if outcome and outcome not in step.outcomes:
        raise Invalid.telling(N_("The case cannot end so with this step"))


def _reason(text: str, *, needed: bool) -> str:
    return typed(text, REASON_LONGEST, N_("Say why")) if needed else text_in(text, REASON_LONGEST, needed=False)


def _moved(held: Held, step: Step, outcome: str, reason: str, given: dict[str, Answer]) -> Done:
    """Write the end of the stay and the next one, and return the case's columns with what the audit log tells."""
    case, when, stage = held.case, held.when, held.workflow.stage(step.to)
    values = {
        "stage": stage.code,
        "phase": stage.phase,
        "entered_on": when.on,
        "outcome": case.outcome,
        "closed_on": case.closed_on,
        **clock_of(held.workflow, stage, when.on),
    }
    told: dict[str, Detail] = {"step": step.code}
    if stage.phase == "closed":
        values |= {"outcome": outcome, "closed_on": when.on}
        told |= follow_outcome(held, outcome)
        drop_escalations(held)
    elif stage.phase in OPEN_PHASES and case.closed_on is not None:
        values |= {"outcome": "", "closed_on": None}
        told |= undo_outcome(held)
    next_stay(held, step.code, values, (reason, outcome), days_allowed=stage.days, given=given)
    before, after = _differences(case, values)
    return Done(stage.code, values=values, before=before, after=after, reason=reason, told=told)


def _clocked(held: Held, values: Mapping[str, date | int | None], reason: str, **told: Detail) -> Done:
    before, after = _differences(held.case, values)
    result = values["suspended_until"] or values["due_on"]
    return Done(str(result), values=values, before=before, after=after, reason=reason, told=told)


def _differences(case: CaseFile, values: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Return the columns that people know by name and that change: as they were and as they become, for the log."""
    names = [name for name in TOLD if name in values and getattr(case, name) != values[name]]
    return {name: _plain(getattr(case, name)) for name in names}, {name: _plain(values[name]) for name in names}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
