"""Filing a case: its number, its stays in a stage from the first on, and its clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from dashboard.actions.handling import insert_unless_there
from dashboard.models.cases import CaseFile, CaseSpan
from dashboard.workdays import after, share_passed
from dashboard.workflow.clocks import days_taken
from dashboard.workflow.load import workflow_for, workflow_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.actions.casework import Held
    from dashboard.clock import Moment
    from dashboard.workflow.definition import Stage, Workflow

COUNTY = 6  # digits of a county's code: cases are counted by county, or by what is above it where no county is known


@dataclass(frozen=True)
class NewCase:
    """What a case begins with; `uscc` is '' where none is registered, `grade` '' where no warning was given."""

    uscc: str
    name: str
    region_code: str
    risk_type: str
    grade: str


def file_case(
    session: Session, viewer: Viewer, new: NewCase, when: Moment, part_of: CaseFile | None = None
) -> tuple[int, str]:
    """Write the case under the first number that is free and return its id and number; does not commit.

    The department of whoever opens it handles it, until it gives it on. The definition in force where it happened is
    the case's for good. `part_of` is the case that it was split from: then it begins in that one's stage, by that one's
    definition. What it came from is written by `case_sources`.
    """
    workflow = workflow_of(part_of.workflow, part_of.workflow_version) if part_of else workflow_for(new.region_code)
    stage = workflow.stage(part_of.stage) if part_of else workflow.first
    values = {
        "uscc": new.uscc,
        "name": new.name,
        "region_code": new.region_code,
        "handler_code": viewer.home_region,
        "owner_id": part_of.owner_id if part_of else viewer.id,
        "risk_type": new.risk_type,
        "grade": new.grade,
        "workflow": workflow.code,
        "workflow_version": workflow.version,
        "stage": stage.code,
        "phase": stage.phase,
        "opened_on": when.on,
        "opened_at": when.at,
        "opened_by": viewer.id,
        "entered_on": when.on,
        "outcome": "",
        "split_from": part_of.id if part_of else None,
        "version": 1,
        **clock_of(workflow, stage, when.on),
    }
    case_id, number = _numbered(session, f"{new.region_code[:COUNTY]}-{when.on.year}-", values)
    transition = "split" if part_of else "open"
    session.add(_first_stay(case_id, values, transition, stage.days, when))
    session.flush()
    return case_id, number


def _first_stay(
    case_id: int, case: Mapping[str, object], transition: str, days_allowed: int | None, when: Moment
) -> CaseSpan:
    shared = {name: case[name] for name in ("region_code", "handler_code", "stage", "phase", "due_on", "entered_on")}
    return CaseSpan(
        case_id=case_id,
        position=1,
        transition=transition,
        from_phase="",
        entered_at=when.at,
        entered_by=case["opened_by"],
        reason="",
        given={},
        days_allowed=days_allowed,
        **shared,
    )


def next_stay(
    held: Held,
    transition: str,
    case: Mapping[str, object],
    told: tuple[str, str],
    *,
    days_allowed: int | None = None,
    given: Mapping[str, object] | None = None,
) -> None:
    """End the stay that a case is in and write the one that follows, for steps and mergers alike; does not commit.

    `case` holds its columns to come, `told` the reason and the outcome, `given` what the step's form held.
    """
    session, now, when = held.session, held.case, held.when
    position = _end_stay(held) + 1
    session.add(
        CaseSpan(
            case_id=now.id,
            position=position,
            region_code=now.region_code,
            handler_code=now.handler_code,
            transition=transition,
            from_phase=now.phase,
            stage=case["stage"],
            phase=case["phase"],
            entered_at=when.at,
            entered_on=when.on,
            entered_by=held.viewer.id,
            reason=told[0],
            outcome=told[1],
            given=dict(given or {}),
            days_allowed=days_allowed,
            due_on=case["due_on"],
        )
    )
    session.flush()


def _end_stay(held: Held) -> int:
    """Write the end of the stay that a case is in and return its position."""
    case, on = held.case, held.when.on
    stays = select(CaseSpan).where(CaseSpan.case_id == case.id).order_by(CaseSpan.position.desc()).limit(1)
    last = held.session.scalars(stays.execution_options(populate_existing=True)).one()
    last.left_on, last.due_on = on, case.due_on
    if case.days_left is None or last.days_allowed is None:
        last.days_taken = days_taken(case.entered_on, on, case.due_on, last.days_allowed)
    else:
        last.days_taken = last.days_allowed - case.days_left  # the clock stands still
    return last.position


def clock_of(workflow: Workflow, stage: Stage, entered_on: date) -> dict[str, date | int | str | None]:
    """Return the columns of a case whose clock starts anew in a stage: due and amber dates, nothing stopped."""
    still: dict[str, date | int | str | None] = {
        "suspended_on": None,
        "suspended_until": None,
        "days_left": None,
        "escalated_to": None,
    }
    if stage.days is None:
        return still | {"due_on": None, "amber_on": None}
    return still | {
        "due_on": after(entered_on, stage.days),
        "amber_on": share_passed(entered_on, stage.days, workflow.amber_share),
    }


def _numbered(session: Session, stem: str, values: Mapping[str, object]) -> tuple[int, str]:
    running = 0
    while True:
        # Somebody else may take the number meanwhile: then nothing is written, and the next one is tried.
        running = max(running, _highest(session, stem)) + 1
        number = f"{stem}{running:04d}"
        new = insert_unless_there(session, CaseFile).values(number=number, **values)
        case_id = session.scalars(new.returning(CaseFile.id)).one_or_none()
        if case_id is not None:
            return case_id, number


def _highest(session: Session, stem: str) -> int:
    longest_last = (func.length(CaseFile.number).desc(), CaseFile.number.desc())
    query = select(CaseFile.number).where(CaseFile.number.startswith(stem, autoescape=True))
    last = session.scalars(query.order_by(*longest_last).limit(1)).one_or_none()
    return int(last.removeprefix(stem)) if last else 0
