"""Who may do what to a case: every verb, by every role and level, in every relation to it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dashboard.access.permissions import Role
from dashboard.actions.case_steps import TakeStep
from dashboard.errors import NotAllowed, NotFound
from dashboard.models.cases import CaseFile, CaseOrder, CaseSeat
from dashboard.models.casework import CaseAttachment, CaseEvidence, CaseTask
from dashboard.models.findings import CaseDetermination, CaseMeasure, CasePerson
from dashboard.queries.case_seen import case_seen
from dashboard.workflow.standing import VERBS
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    CHIEF,
    CITY,
    COUNTY,
    LEADER,
    NEIGHBOUR,
    NOW,
    PROVINCE,
    SIGNING_IN,
    STRANGER,
    TOWN,
    WORKER,
    make_account,
    viewer,
)
from tests.casefiles import TODAY, WHEN, make_case, seat
from tests.casework import attempt

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.access.viewer import Viewer

RELATIONS: dict[str, tuple[Viewer, str]] = {
    "officer of the county that has it": (COUNTY, ""),
    "leader of the county that has it": (CHIEF, ""),
    "officer of the city above": (CITY, ""),
    "officer of the province above": (PROVINCE, ""),
    "leader of the nation": (LEADER, ""),
    "officer of the town where it happened": (TOWN, ""),
    "officer of an invited county": (NEIGHBOUR, "assistant"),
    "officer of the county that had it": (NEIGHBOUR, "handler"),
    "officer of another county": (NEIGHBOUR, ""),
    "analyst of the province": (ANALYST, ""),
    "grid worker of the town": (WORKER, ""),
    "stranger": (STRANGER, ""),
    "administrator": (ADMINISTRATOR, ""),
}
"""Somebody, and the seat of that department at the case."""
HAVE = {"officer of the county that has it", "leader of the county that has it"}
ABOVE = {"officer of the city above", "officer of the province above", "leader of the nation"}
HELP = {"officer of an invited county"}
LOOK_ON = {"officer of the town where it happened", "officer of the county that had it"}
EXPECTED: dict[str, set[str]] = {
    **dict.fromkeys(
        (
            "case:stepped",
            "case:suspended",
            "case:resumed",
            "case:merged",
            "case:split",
            "case:owner_set",
            "case:source_added",
            "order:assign_down",
            "order:report_up",
            "order:transfer",
            "order:return",
            "order:assist",
            "attachment:removed",
            "person:added",
            "person:changed",
            "person:removed",
            "determination:written",
            "measure:taken",
            "measure:withdrawn",
            "repayment:reported",
        ),
        HAVE,
    ),
    **dict.fromkeys(
        (
            "order:assist_ended",
            "task:added",
            "task:changed",
            "task:ended",
            "attachment:added",
            "evidence:added",
            "evidence:moved",
        ),
        HAVE | HELP,
    ),
    "order:supervise": ABOVE,
    **dict.fromkeys(("comment:added", "order:answered", "order:withdrawn"), HAVE | ABOVE | HELP | LOOK_ON),
}
"""Written down anew, not read from the program's own table."""
STAGES = {"case:stepped": "intake"}
HELPER = viewer("helper", "330102", Role.OFFICER, number=30)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> sessionmaker[Session]:
    """Return a database with everybody's account; each try has a case of its own."""
    import shutil  # noqa: PLC0415 - used by this fixture alone

    from dashboard.db import make_engine  # noqa: PLC0415 - as above
    from dashboard.db import sessions as make_sessions  # noqa: PLC0415 - as above

    file = tmp_path_factory.mktemp("rights") / "smoke.db"
    shutil.copyfile(migrated_sqlite, file)
    factory = make_sessions(make_engine(f"sqlite:///{file}"))
    with factory() as session:
        for person in SIGNING_IN:
            make_account(session, person)
    return factory


def prepared(session: Session, verb: str, who: Viewer, role: str) -> CaseFile:
    """Return a case on which the verb can be done, by whoever may."""
    case = make_case(session, stage=STAGES.get(verb, "disposal"), place="330106109")
    if role:
        seat(session, case, who, role)
    made = {"case_id": case.id, "made_at": NOW, "made_by": COUNTY.id}
    added = {"case_id": case.id, "added_at": NOW, "added_by": COUNTY.id}
    order = {"text": "请", "answer": "", "case_id": case.id, "made_by": COUNTY.id, "answer_due_on": TODAY}
    if verb == "case:resumed":
        case.suspended_on, case.days_left, case.due_on = TODAY, 10, None
    if verb == "case:merged":
        make_case(session)
    if verb == "order:return":
        given = {"from_code": "3301", "to_code": "330106", **order}
        session.add(CaseOrder(kind="assign_down", state="accepted", made_at=NOW, **given))
    if verb in {"order:answered", "order:withdrawn"}:
        mine, other = who.home_region, "330105" if who.home_region != "330105" else "330106"
        ends = (other, mine) if verb == "order:answered" else (mine, other)
        session.add(CaseOrder(kind="assist", from_code=ends[0], to_code=ends[1], state="pending", made_at=NOW, **order))
    if verb == "order:assist_ended" and not role:
        seat(session, case, HELPER)
    if verb in {"task:changed", "task:ended"}:
        session.add(CaseTask(title="核查", region_code=who.home_region, checklist=[], state="open", reason="", **made))
    verdict = CaseDetermination(
        risk_type="fundraising", amount=1e6, illegal_income=0.0, people=3, places=["330106"], basis="据", **made
    )
    talk = CaseMeasure(
        kind="warning_talk", subject="", name="禾青", fine=0.0, base=0.0, document="", organ="", text="谈",
        justification="", taken_on=TODAY - timedelta(days=1), withdrawn_reason="", **made,
    )  # fmt: skip
    if verb != "case:merged":  # findings of its own would be lost in a merger
        session.add_all([verdict, talk])
    session.add_all(
        [
            CasePerson(name="试一", role="organiser", note="", **added),
            CaseEvidence(label="合同", kind="document", obtained_on=TODAY, obtained_from="甲", holder="乙", **added),
            CaseAttachment(
                kind="photo", name="a.png", media_type="image/png", bytes=1, sha256="0" * 64, scan="clean", reason="",
                **added,
            ),
        ]
    )  # fmt: skip
    session.commit()
    return case


def test_the_expectation_covers_every_verb() -> None:
    assert set(EXPECTED) == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_do_it(office: sessionmaker[Session], verb: str) -> None:
    able, refused = set(), {}
    for name, (who, role) in RELATIONS.items():
        with office() as session:
            case = prepared(session, verb, who, role)
            tried = attempt(session, verb, case, who, WHEN, random.Random(3))  # noqa: S311 - a test's dice
            if verb == "case:stepped":
                tried = replace(tried, command=TakeStep(tried.command.act, "accept"))
            if verb == "case:merged":
                newest = session.scalars(select(CaseFile).order_by(CaseFile.id.desc()).limit(1)).one()
                tried = replace(tried, command=replace(tried.command, into_id=newest.id, into_version=newest.version))
            session.rollback()
            try:
                tried.by(session, who, WHEN)
            except (NotAllowed, NotFound) as error:
                refused[name] = error
            else:
                able.add(name)
    assert able == EXPECTED[verb]
    unseen = {"officer of another county"}
    assert all(isinstance(refused[name], NotFound) for name in unseen & set(refused))
    without = {"analyst of the province", "grid worker of the town", "stranger", "administrator"}
    assert all(isinstance(refused[name], NotAllowed) for name in without)


@pytest.mark.parametrize(
    ("seated", "ended", "seen"), [("", False, False), ("assistant", False, True), ("assistant", True, False)]
)
def test_a_neighbour_sees_a_case_while_invited(
    office: sessionmaker[Session], seated: str, *, ended: bool, seen: bool
) -> None:
    with office() as session:
        case = make_case(session, place="330106109")
        if seated:
            seat(session, case, NEIGHBOUR, seated)
        if ended:
            session.get_one(CaseSeat, (case.id, "330105")).ended_at = NOW
            session.commit()
        try:
            found = case_seen(session, NEIGHBOUR, case.number).standing
        except NotFound:
            found = "none"
        assert (found == "assistant") is seen


@pytest.mark.parametrize("number", ["330106-2026-0001\x00", "\udc80", "\u00e9", ""])
def test_an_address_that_no_database_stores_is_no_case(sessions: sessionmaker[Session], number: str) -> None:
    with sessions() as session, pytest.raises(NotFound):
        case_seen(session, COUNTY, number)
