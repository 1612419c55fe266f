"""The formal finding of a case, and how far the repayment has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update

from dashboard.actions.casework import Act, Done, Held, carry_out
from dashboard.actions.differences import stale
from dashboard.actions.writing import day_in, money_in, people_in, require_phase, text_in
from dashboard.errors import Invalid
from dashboard.i18n import N_
from dashboard.models.findings import CaseDetermination, CaseRepayment
from dashboard.vocabulary import RISK_TYPES
from dashboard.workflow.findable import DETERMINATION, REPAYMENT, REWRITING
from dashboard.workflow.repayments import newest_repayment
from geo.divisions import exists

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.clock import Moment

MOST_PLACES = 60


@dataclass(frozen=True)
class WriteDetermination:
    """Write or rewrite the finding, as seen in `version` (0: none was there); amounts in CNY, places as codes.

    `risk_type` is one of RISK_TYPES, '' where there was none.
    """

    act: Act
    version: int
    risk_type: str
    amount: float
    illegal_income: float
    people: int
    places: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class ReportRepayment:
    """Report how far the repayment has come by a day: CNY and people in all, CNY and people done with."""

    act: Act
    reported_on: date
    owed: float
    repaid: float
    people_owed: int
    people_repaid: int
    note: str


def write_determination(session: Session, viewer: Viewer, command: WriteDetermination, when: Moment) -> str:
    """Write the finding and return its new version; commits.

    It is written from the investigation to the determination, and mended in the disposal too. Raises Invalid for
    values that cannot be meant or another stage, Stale (telling who changed what) for a version that is not the
    present one, and what `carry_out` raises.
    """

    def change(held: Held) -> Done:
        found = session.get(CaseDetermination, held.case.id, populate_existing=True)
        require_phase(held, DETERMINATION if found is None else REWRITING)
        if (found.version if found else 0) != command.version:
            row, what = "determination", N_("The determination")
            raise stale(session, held.case, held.workflow, command.version, row=row, what=what)
        values = _determined(command)
        before = {name: getattr(found, name) for name in values} if found else {}
        _store(held, values, command.version)
        version = command.version + 1
        return Done(str(version), before=before, after=values, row="determination", row_version=version)

    return carry_out(session, viewer, "determination:written", command, when, change)


def _determined(command: WriteDetermination) -> dict[str, object]:
    if command.risk_type and command.risk_type not in RISK_TYPES:
        raise Invalid("there is no such risk type")
    if len(command.places) > MOST_PLACES or len(set(command.places)) < len(command.places):
        raise Invalid.telling(N_("At most %(most)s places, each once"), most=MOST_PLACES)
    for code in command.places:
        if not exists(code):
            raise Invalid.telling(N_("There is no region with the code %(code)s"), code=code[:12])
    return {
        "risk_type": command.risk_type,
        "amount": money_in(command.amount),
        "illegal_income": money_in(command.illegal_income),
        "people": people_in(command.people),
        "places": list(command.places),
        "basis": text_in(command.basis, 4000),
    }


def _store(held: Held, values: dict[str, object], seen: int) -> None:
    stamp = {"made_at": held.when.at, "made_by": held.viewer.id, "version": seen + 1}
    if not seen:
        held.session.add(CaseDetermination(case_id=held.case.id, **values, **stamp))
        held.session.flush()
        return
    here = (CaseDetermination.case_id == held.case.id, CaseDetermination.version == seen)
    held.session.execute(update(CaseDetermination).where(*here).values(**values, **stamp))


def report_repayment(session: Session, viewer: Viewer, command: ReportRepayment, when: Moment) -> str:
    """Write the report and return its id; it is the one that counts from now on; commits.

    Raises Invalid where more is repaid than owed, for a day before the case or before the newest report or to come,
    for less repaid than was reported before without a note that says why, or in another stage; and what `carry_out`
    raises.
    """

    def change(held: Held) -> Done:
        require_phase(held, REPAYMENT)
        values = _reported(command)
        day_in(held, command.reported_on)
        newest = newest_repayment(session, held.case.id)
        if newest is not None:
            _require_onward(newest, command)
        names = ("owed", "repaid", "people_owed", "people_repaid")
        before = {name: getattr(newest, name) for name in names} if newest else {}
        report = CaseRepayment(
            case_id=held.case.id, reported_on=command.reported_on, **values, made_at=when.at, made_by=viewer.id
        )
        session.add(report)
        session.flush()
        told = {"reported_on": command.reported_on.isoformat()}
        return Done(
            str(report.id), before=before, after={name: values[name] for name in names},
            row=f"repayment:{report.id}", row_version=1, told=told,
        )  # fmt: skip

    return carry_out(session, viewer, "repayment:reported", command, when, change)


def _reported(command: ReportRepayment) -> dict[str, object]:
    owed, repaid = money_in(command.owed), money_in(command.repaid)
    people_owed, people_repaid = people_in(command.people_owed), people_in(command.people_repaid)
    if repaid > owed or people_repaid > people_owed:
        raise Invalid.telling(N_("No more can be repaid than is owed, in money and in people"))
    counts = {"people_owed": people_owed, "people_repaid": people_repaid}
    return {"owed": owed, "repaid": repaid, **counts, "note": text_in(command.note, 500, needed=False)}


def _require_onward(newest: CaseRepayment, command: ReportRepayment) -> None:
    if command.reported_on < newest.reported_on:
        raise Invalid.telling(
            N_("A report of %(day)s is there already: a newer one comes after it"), day=newest.reported_on
        )
    less = command.repaid < newest.repaid or command.people_repaid < newest.people_repaid
    if less and not command.note.strip():
        raise Invalid.telling(N_("Less is repaid than was reported before: say why in the note"))
