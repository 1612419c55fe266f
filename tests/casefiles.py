"""Cases as rows, in any stage and with any office, for tests that do not care how they came there."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING

from dashboard.actions.case_files import clock_of
from dashboard.actions.casework import Act
from dashboard.clock import Moment
from dashboard.models.cases import CaseFile, CaseSeat, CaseSource, CaseSpan
from dashboard.workflow.load import workflow_for
from tests.builders import COUNTY, NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer

TODAY = date(2026, 11, 22)  # a Sunday
WHEN = Moment(NOW, TODAY)
_numbers, _keys = itertools.count(1), itertools.count(1)


def make_case(
    session: Session,
    *,
    handler: Viewer = COUNTY,
    place: str = "330106",
    stage: str = "intake",
    opened_on: date = TODAY,
    **columns: object,
) -> CaseFile:
    """Store a case of `place` in a stage, with one stay in that stage, handled by somebody's department; commits.

    Accounts of `handler` must be there. `columns` replace those of the case, such as uscc, name, outcome, due_on.
    """
    number, workflow = next(_numbers), workflow_for(place)
    at = workflow.stage(stage)
    case = CaseFile(
        number=f"{place[:6]}-2025-{number:04d}",  # a year in which no action files any
        uscc=f"9133010600001{number:05d}",
        name=f"禾青案例{number}号有限公司",
        region_code=place,
        handler_code=handler.home_region,
        owner_id=handler.id,
        risk_type="fundraising",
        grade="orange",
        workflow=workflow.code,
        workflow_version=workflow.version,
        stage=stage,
        phase=at.phase,
        opened_on=opened_on,
        opened_at=NOW,
        opened_by=handler.id,
        entered_on=opened_on,
        version=1,
        **clock_of(workflow, at, opened_on),
    )
    for name, value in columns.items():
        setattr(case, name, value)
    session.add(case)
    session.flush()
    stay = {"stage": stage, "phase": at.phase, "days_allowed": at.days, "due_on": case.due_on}
    session.add(
        CaseSpan(
            case_id=case.id,
            position=1,
            region_code=place,
            handler_code=handler.home_region,
            transition="open",
            from_phase="",
            entered_at=NOW,
            entered_on=opened_on,
            entered_by=handler.id,
            reason="",
            given={},
            **stay,
        )
    )
    told = {"kind": "manual", "key": "", "told": "试验"}
    session.add(CaseSource(case_id=case.id, **told, added_at=NOW, added_by=handler.id))
    session.commit()
    return case


def seat(session: Session, case: CaseFile, person: Viewer, role: str = "assistant") -> None:
    """Give somebody's department a seat at a case; commits."""
    session.add(CaseSeat(case_id=case.id, region_code=person.home_region, role=role, since_at=NOW, ended_at=None))
    session.commit()


def act_on(case: CaseFile) -> Act:
    """Return a case as it is now, with a form's key that no other has."""
    return Act(case.id, case.version, f"test-key-{next(_keys):08d}")
