"""Measures: a talk, an order, a penalty within its legal range or with the reason why not, a transfer to the police."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update

from dashboard.actions.casework import Act, Done, Held, carry_out
from dashboard.actions.differences import stale
from dashboard.actions.writing import day_in, money_in, require_phase, text_in
from dashboard.errors import Invalid, NotFound
from dashboard.i18n import N_
from dashboard.models.findings import CaseDetermination, CaseMeasure
from dashboard.vocabulary import MEASURES, PENALISED
from dashboard.workflow.findable import MEASURES as PHASES
from dashboard.workflow.findable import MILD
from dashboard.workflow.penalties import base_of, rule_for, verdict_on
from dashboard.workflow.repayments import is_settled, newest_repayment

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.clock import Moment
    from dashboard.workflow.definition import Penalty


@dataclass(frozen=True)
class TakeMeasure:
    """Take a measure, one of MEASURES, against `name`; amounts in CNY.

    A penalty has a `subject` (PENALISED), a fine, and the `base` that it is measured by: None takes the
    determination's. Outside the legal range it needs a `justification`. A transfer names the `organ`.
    """

    act: Act
    kind: str
    name: str
    text: str
    taken_on: date
    document: str = ""
    organ: str = ""
    subject: str = ""
    fine: float = 0.0
    base: float | None = None
    justification: str = ""


@dataclass(frozen=True)
class WithdrawMeasure:
    """Withdraw a measure that was wrong, as seen in `version`, for a reason; it stays in the file, struck out."""

    act: Act
    measure_id: int
    version: int
    reason: str


def take_measure(session: Session, viewer: Viewer, command: TakeMeasure, when: Moment) -> str:
    """Write the measure and return its id; commits.

    Raises Invalid for a malformed value, a stage in which the kind is not taken, a fine outside its range or without
    one that has no justification, a base beyond what was determined; and what `carry_out` raises.
    """

    def change(held: Held) -> Done:
        if command.kind not in MEASURES:
            raise Invalid("there is no such measure")
        require_phase(held, PHASES[command.kind])
        fined, told = _penalty(held, command) if command.kind == "penalty" else (_unfined(command), {})
        values = _described(held, command) | fined
        measure = CaseMeasure(case_id=held.case.id, **values, made_at=when.at, made_by=viewer.id, withdrawn_reason="")
        session.add(measure)
        session.flush()
        after = {"kind": command.kind, "taken_on": command.taken_on.isoformat(), "fine": values["fine"]}
        return Done(str(measure.id), after=after, row=f"measure:{measure.id}", row_version=1, told=told)

    return carry_out(session, viewer, "measure:taken", command, when, change)


def withdraw_measure(session: Session, viewer: Viewer, command: WithdrawMeasure, when: Moment) -> str:
    """Withdraw the measure and return its id; commits.

    Raises NotFound for a measure that is not the case's, Stale when it was withdrawn or changed since it was seen,
    Invalid without a reason or where the case is over or suspended; and what `carry_out` raises.
    """

    def change(held: Held) -> Done:
        require_phase(held, MILD)
        reason = text_in(command.reason, 500)
        measure = session.get(CaseMeasure, command.measure_id, populate_existing=True)
        if measure is None or measure.case_id != held.case.id:
            raise NotFound("there is no such measure in this case")
        row = f"measure:{measure.id}"
        if measure.version != command.version or measure.withdrawn_at is not None:
            what = N_("The measure")
            raise stale(session, held.case, held.workflow, command.version, row=row, what=what)
        before, version = {"kind": measure.kind, "fine": measure.fine}, command.version + 1
        stamp = {"withdrawn_at": when.at, "withdrawn_by": viewer.id, "withdrawn_reason": reason, "version": version}
        session.execute(update(CaseMeasure).where(CaseMeasure.id == measure.id).values(**stamp))
        return Done(str(measure.id), before=before, reason=reason, row=row, row_version=version)

    return carry_out(session, viewer, "measure:withdrawn", command, when, change)


def _described(held: Held, command: TakeMeasure) -> dict[str, object]:
    return {
        "kind": command.kind,
        "name": text_in(command.name, 120),
        "text": text_in(command.text, 2000),
        "document": text_in(command.document, 80, needed=False),
        "organ": text_in(command.organ, 120, needed=command.kind == "police_transfer"),
        "taken_on": day_in(held, command.taken_on),
    }


def _unfined(command: TakeMeasure) -> dict[str, object]:
    if command.fine or command.subject or command.base or command.justification:
        raise Invalid.telling(N_("Only an administrative penalty has a fine"))
    return {"subject": "", "fine": 0.0, "base": 0.0, "justification": ""}


def _penalty(held: Held, command: TakeMeasure) -> tuple[dict[str, object], dict[str, str | bool]]:
    """Return the columns of a penalty, and what the audit entry tells of its plausibility."""
    if command.subject not in PENALISED:
        raise Invalid.telling(N_("Choose whom the penalty is for"))
    found = held.session.get(CaseDetermination, held.case.id, populate_existing=True)
    rule = rule_for(held.workflow, found.risk_type if found else held.case.risk_type, command.subject)
    verdict = verdict_on(money_in(command.fine), _base(command, rule, base_of(rule, found)), rule)
    justification = text_in(command.justification, 500, needed=False)
    if verdict.wants_justification and not justification:
        raise Invalid.telling(N_("The fine is not within a legal range that is known: say what justifies it"))
    settled = is_settled(found, newest_repayment(held.session, held.case.id))
    fined = {"subject": command.subject, "fine": money_in(command.fine)}
    values = fined | {"base": verdict.base, "justification": justification}
    return values, {"range": verdict.kind, "before_repayment": not settled}


def _base(command: TakeMeasure, rule: Penalty | None, determined: float) -> float:
    """Return what the fine is measured by; one of several assisters may have a part of the income determined."""
    if command.base is None or rule is None or rule.of == "fixed":
        return determined
    base = money_in(command.base)
    if base > determined:
        raise Invalid.telling(N_("The base of the fine is more than the determination found"))
    return base
