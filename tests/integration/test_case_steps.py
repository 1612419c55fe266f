"""A case from intake to archive: each step, each gate, pauses, returns, what follows an outcome, twice and too late."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from dashboard.access.audit import verify_chain
from dashboard.actions.case_steps import (
    Resume,
    SetOwner,
    Suspend,
    TakeStep,
    resume,
    set_owner,
    suspend,
    take_step,
)
from dashboard.clock import Moment
from dashboard.errors import Invalid, NotAllowed, Stale
from dashboard.i18n import words_for
from dashboard.models.accounts import UserAccount
from dashboard.models.audit import AuditEntry
from dashboard.models.cases import CaseFile, CaseOrder, CaseSpan
from dashboard.models.casework import CaseAttachment, CaseEvidence, CaseTask
from dashboard.models.exemptions import Exemption
from dashboard.models.findings import CaseDetermination, CaseMeasure, CasePerson, CaseRepayment
from dashboard.workdays import after
from layouts.notices import told
from tests.builders import CHIEF, CITY, COUNTY, NEIGHBOUR, NOW, STRANGER, TOWN, make_account
from tests.casefiles import TODAY, WHEN, act_on, make_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.access.viewer import Viewer

ANSWERS = {
    "investigate": (("visited_on", "2026-11-20"), ("verified", "substantiated")),
    "assess": (("facts", "以高息为饵"),),
    "determine": (("opinion", "涉嫌非法集资"),),
    "dispose": (("plan", "责令清退"),),
    "close": (("summary", "已清退"),),
    "close_rectified": (("summary", "已整改"),),
    "dismiss": (("summary", "查无实据"),),
}
WHY = "情况已核实"
STAMP = {"made_at": NOW, "made_by": COUNTY.id}
ADDED = {"added_at": NOW, "added_by": COUNTY.id}


@pytest.fixture
def office(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Return a database with everybody's accounts."""
    return _manned(sessions)


@pytest.fixture
def one_office(sqlite_sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Return the same on SQLite alone."""
    return _manned(sqlite_sessions)


def _manned(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    with sessions() as session:
        for person in (CITY, COUNTY, CHIEF, TOWN, NEIGHBOUR, STRANGER):
            make_account(session, person)
    return sessions


def later(days: int) -> Moment:
    return Moment(NOW + timedelta(days=days), TODAY + timedelta(days=days))


def go(
    session: Session,
    case: CaseFile,
    step: str,
    outcome: str = "",
    *,
    by: Viewer = COUNTY,
    when: Moment = WHEN,
    reason: str = WHY,
) -> str:
    session.refresh(case)
    return take_step(session, by, TakeStep(act_on(case), step, reason, ANSWERS.get(step, ()), outcome), when)


def attach(session: Session, case: CaseFile, kind: str) -> None:
    file = {"name": f"{kind}.pdf", "media_type": "application/pdf", "bytes": 9, "sha256": "0" * 64, "scan": "unscanned"}
    session.add(CaseAttachment(case_id=case.id, kind=kind, reason="", **file, **ADDED))
    session.commit()


def measure(session: Session, case: CaseFile, kind: str) -> None:
    texts = dict.fromkeys(("subject", "name", "document", "organ", "text", "justification", "withdrawn_reason"), "")
    money = {"fine": 0.0, "base": 0.0}
    session.add(CaseMeasure(case_id=case.id, kind=kind, taken_on=TODAY, **texts, **money, **STAMP))
    session.commit()


def determine(session: Session, case: CaseFile, risk_type: str = "fundraising", amount: float = 0.0) -> None:
    found = {"risk_type": risk_type, "amount": amount, "illegal_income": 0.0, "people": 3, "places": [], "basis": "x"}
    session.add(CaseDetermination(case_id=case.id, **found, **STAMP))
    session.commit()


def find(session: Session, case: CaseFile) -> None:
    """Write down a person and a piece of evidence."""
    session.add(CasePerson(case_id=case.id, name="某甲", role="organiser", note="", **ADDED))
    piece = {"label": "合同", "kind": "document", "obtained_on": TODAY, "obtained_from": "某乙", "holder": "某丙"}
    session.add(CaseEvidence(case_id=case.id, **piece, **ADDED))
    session.commit()


def repay(session: Session, case: CaseFile, owed: float, repaid: float) -> None:
    sums = {"owed": owed, "repaid": repaid, "people_owed": 3, "people_repaid": 3 if owed == repaid else 1}
    session.add(CaseRepayment(case_id=case.id, reported_on=TODAY, note="", **sums, **STAMP))
    session.commit()


def order(session: Session, case: CaseFile, kind: str) -> CaseOrder:
    ways = {"from_code": "330106", "to_code": "3301", "text": "x", "state": "pending", "answer": ""}
    one = CaseOrder(case_id=case.id, kind=kind, **ways, **STAMP)
    session.add(one)
    session.commit()
    return one


def task(session: Session, case: CaseFile) -> CaseTask:
    one = CaseTask(
        case_id=case.id, title="走访", region_code="330106", checklist=[], state="open", reason="", **STAMP
    )  # fmt: skip
    session.add(one)
    session.commit()
    return one


def entries(session: Session, action: str) -> list[dict[str, object]]:
    found = session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.position))
    return [json.loads(entry.details) for entry in found]


def refused(session: Session, case: CaseFile, step: str, outcome: str = "", *, lacking: str) -> None:
    """Try a step in vain: it says what is lacking, and nothing has changed."""
    before = (case.version, case.stage, len(entries(session, "case:stepped")))
    with pytest.raises(Invalid) as error:
        go(session, case, step, outcome)
    assert error.value.sentence is not None
    assert lacking in told(error.value.sentence, words_for("en"), "Asia/Shanghai")
    session.refresh(case)
    assert (case.version, case.stage, len(entries(session, "case:stepped"))) == before


# -- from intake to archive --------------------------------------------------------------------------------------------


def test_a_case_goes_from_intake_to_archive_and_every_gate_is_kept(office: sessionmaker[Session]) -> None:
    with office() as session:
        case = make_case(session, owner_id=None)
        refused(session, case, "accept", lacking="A person in charge")
        set_owner(session, COUNTY, SetOwner(act_on(case), CHIEF.id), WHEN)
        assert go(session, case, "accept", when=later(2)) == "verification"
        refused(session, case, "investigate", lacking="Inspection record; Interview record; Photograph")
        attach(session, case, "photo")
        assert go(session, case, "investigate", when=later(9)) == "investigation"
        refused(session, case, "assess", lacking="At least one person listed; At least one piece of evidence")
        find(session, case)
        assert go(session, case, "assess", when=later(9)) == "assessment"
        refused(session, case, "determine", lacking="Assessment report")
        attach(session, case, "assessment_report")
        assert go(session, case, "determine", when=later(9)) == "determination"
        attach(session, case, "determination_letter")
        refused(session, case, "dispose", lacking="The determination written")
        determine(session, case, amount=500_000.0)
        assert go(session, case, "dispose", when=later(9)) == "disposal"
        refused(session, case, "care", lacking="At least one measure taken")
        measure(session, case, "penalty")
        assert go(session, case, "care", when=later(9)) == "aftercare"
        _close(session, case)
        assert go(session, case, "archive", when=later(31)) == "archived"
        _told(session, case)


def _close(session: Session, case: CaseFile) -> None:
    refused(session, case, "close", "confirmed", lacking="The repayment settled")
    repay(session, case, 500_000.0, 100.0)
    refused(session, case, "close", "confirmed", lacking="The repayment settled")
    repay(session, case, 500_000.0, 500_000.0)
    open_task, waiting, climbing = (
        task(session, case),
        order(session, case, "supervise"),
        order(session, case, "escalation"),
    )
    refused(session, case, "close", "confirmed", lacking="open: 1; All orders answered; waiting: 1")
    open_task.state, waiting.state = "done", "answered"
    session.commit()
    refused(session, case, "close", lacking="how the case ends")
    refused(session, case, "close", "unfounded", lacking="cannot end so")
    refused(session, case, "close", "transferred", lacking="transfer to the police")
    assert go(session, case, "close", "confirmed", when=later(30)) == "closed"  # nobody above has to look first
    session.refresh(climbing)
    assert climbing.state == "withdrawn"


def _told(session: Session, case: CaseFile) -> None:
    """Look at what the way left behind: the file, its stays, the audit log."""
    session.refresh(case)
    assert (case.stage, case.phase, case.outcome) == ("archived", "archived", "confirmed")
    assert (case.closed_on, case.due_on, case.version) == (TODAY + timedelta(days=30), None, 10)
    stays = session.scalars(select(CaseSpan).where(CaseSpan.case_id == case.id).order_by(CaseSpan.position)).all()
    assert [one.stage for one in stays] == [
        "intake", "verification", "investigation", "assessment", "determination", "disposal", "aftercare", "closed",
        "archived",
    ]  # fmt: skip
    assert [(one.left_on, one.days_taken) for one in stays[:2]] == [
        (TODAY + timedelta(days=2), 2),
        (TODAY + timedelta(days=9), 5),
    ]
    assert (stays[0].days_allowed, stays[0].due_on) == (5, after(TODAY, 5))
    assert (stays[2].given, stays[1].given) == ({"visited_on": "2026-11-20", "verified": "substantiated"}, {})
    assert (stays[8].left_on, stays[8].days_taken, stays[8].from_phase) == (None, None, "closed")
    assert [entry["step"] for entry in entries(session, "case:stepped")][-2:] == ["close", "archive"]
    closing = entries(session, "case:stepped")[-2]
    assert closing["after"] == {"due_on": None, "outcome": "confirmed", "stage": "closed"}
    assert verify_chain(session) == 9
    assert session.scalars(select(Exemption)).all() == []


@pytest.mark.parametrize(
    ("stage", "step", "to"),
    [
        ("investigation", "reverify", "verification"),
        ("determination", "reinvestigate", "investigation"),
        ("determination", "reassess", "assessment"),
        ("aftercare", "redispose", "disposal"),
    ],
)
def test_a_return_says_why_and_starts_the_clock_anew(
    one_office: sessionmaker[Session], stage: str, step: str, to: str
) -> None:
    with one_office() as session:
        case = make_case(session, stage=stage, opened_on=date(2026, 11, 2))
        with pytest.raises(Invalid, match="Say why"):
            go(session, case, step, reason="  ")
        assert go(session, case, step) == to
        session.refresh(case)
        assert case.entered_on == TODAY
        assert case.due_on is not None
        assert case.due_on > TODAY


@pytest.mark.parametrize("stage", ["intake", "closed", "archived"])
def test_a_step_begins_where_the_definition_says(one_office: sessionmaker[Session], stage: str) -> None:
    with one_office() as session:
        case = make_case(session, stage=stage)
        refused(session, case, "care", lacking="does not begin in the stage")
        with pytest.raises(Invalid, match="no such step"):
            go(session, case, "vanish")


def test_a_step_is_for_those_that_the_definition_names(one_office: sessionmaker[Session]) -> None:
    with one_office() as session:
        case = make_case(session, handler=TOWN, place=TOWN.home_region, stage="verification")
        attach(session, case, "photo")
        with pytest.raises(NotAllowed, match="level"):
            go(session, case, "investigate", by=TOWN)  # a town verifies, the county investigates
        with pytest.raises(NotAllowed, match="does not work"):
            go(session, case, "investigate", by=COUNTY)  # above it, but not at work on it
        closed = make_case(session, stage="closed", outcome="unfounded", closed_on=TODAY)
        with pytest.raises(NotAllowed, match="role"):
            go(session, closed, "reopen")
        assert go(session, closed, "reopen", by=CHIEF) == "investigation"


def test_leaders_approve_in_the_variant(one_office: sessionmaker[Session]) -> None:
    officer, chief = replace(COUNTY, home_region="460105"), replace(CHIEF, home_region="460105")
    with one_office() as session:
        session.execute(update(UserAccount).where(UserAccount.id.in_([4, 11])).values(home_region="460105"))
        case = make_case(session, handler=officer, place="460105", stage="determination")
        attach(session, case, "determination_letter")
        determine(session, case)
        command = TakeStep(act_on(case), "approve", "", (("plan", "清退"),))
        with pytest.raises(NotAllowed):
            take_step(session, officer, command, WHEN)
        assert take_step(session, chief, command, WHEN) == "settlement"
        session.refresh(case)
        assert (case.workflow, case.phase, case.due_on) == ("hainan", "disposal", after(TODAY, 180))


# -- the clock stands still --------------------------------------------------------------------------------------------


def test_a_suspended_case_waits_and_goes_on_with_what_was_left(office: sessionmaker[Session]) -> None:
    with office() as session:
        case = make_case(session, stage="investigation")
        until = TODAY + timedelta(days=60)
        stop = later(10)
        assert suspend(session, COUNTY, Suspend(act_on(case), "等待鉴定", until), stop) == until.isoformat()
        session.refresh(case)
        assert (case.suspended_on, case.suspended_until, case.days_left) == (stop.on, until, 32)
        assert (case.due_on, case.amber_on) == (None, None)
        refused(session, case, "reverify", lacking="suspended")
        with pytest.raises(Invalid, match="suspended"):
            set_owner(session, COUNTY, SetOwner(act_on(case), CHIEF.id), stop)
        with pytest.raises(Invalid, match="suspended"):
            suspend(session, COUNTY, Suspend(act_on(case), "再等", until), stop)
        back = later(40)
        assert resume(session, COUNTY, Resume(act_on(case), ""), back) == after(back.on, 32).isoformat()
        session.refresh(case)
        assert (case.suspended_on, case.days_left, case.due_on) == (None, None, after(back.on, 32))
        with pytest.raises(Invalid, match="not suspended"):
            resume(session, COUNTY, Resume(act_on(case), ""), back)
        go(session, case, "reverify", when=back)
        first = session.scalars(select(CaseSpan).where(CaseSpan.case_id == case.id, CaseSpan.position == 1)).one()
        assert (first.days_taken, first.due_on) == (8, after(back.on, 32))
        (told_of,) = entries(session, "case:suspended")
        assert (told_of["reason"], told_of["until_on"]) == ("等待鉴定", until.isoformat())
        assert entries(session, "case:resumed")[0]["before"] == {"due_on": None, "suspended_on": stop.on.isoformat()}


@pytest.mark.parametrize(
    ("stage", "reason", "until", "complaint"),
    [
        ("investigation", " ", 30, "Say why"),
        ("investigation", "x" * 1001, 30, "longer than 1000"),
        ("investigation", "x", 0, "ends after today"),
        ("investigation", "x", 181, "within 180 days"),
        ("closed", "x", 30, "reopen it first"),
    ],
)
def test_a_suspension_needs_a_reason_an_end_and_an_open_case(
    one_office: sessionmaker[Session], stage: str, reason: str, until: int, complaint: str
) -> None:
    with one_office() as session:
        case = make_case(session, stage=stage)
        with pytest.raises(Invalid, match=complaint):
            suspend(session, COUNTY, Suspend(act_on(case), reason, TODAY + timedelta(days=until)), WHEN)


def test_nothing_is_suspended_where_no_clock_runs_or_a_hand_over_waits(one_office: sessionmaker[Session]) -> None:
    with one_office() as session:
        until = TODAY + timedelta(days=9)
        case = make_case(session, due_on=None)
        with pytest.raises(Invalid, match="nothing to suspend"):
            suspend(session, COUNTY, Suspend(act_on(case), "x", until), WHEN)
        given = make_case(session)
        order(session, given, "report_up")
        with pytest.raises(Invalid, match="hand-over"):
            suspend(session, COUNTY, Suspend(act_on(given), "x", until), WHEN)
        refused(session, given, "accept", lacking="hand-over")


# -- who is in charge --------------------------------------------------------------------------------------------------


def test_somebody_of_the_department_who_may_work_on_cases_is_in_charge(one_office: sessionmaker[Session]) -> None:
    with one_office() as session:
        case = make_case(session)
        session.execute(update(UserAccount).where(UserAccount.id == CITY.id).values(home_region="330106"))
        session.execute(update(UserAccount).where(UserAccount.id == CITY.id).values(disabled_at=NOW))
        session.commit()
        for wrong in (STRANGER, NEIGHBOUR, CITY, TOWN):  # no role, elsewhere, disabled, below
            with pytest.raises(Invalid, match="Nobody of the handling department"):
                set_owner(session, COUNTY, SetOwner(act_on(case), wrong.id), WHEN)
        assert set_owner(session, COUNTY, SetOwner(act_on(case), CHIEF.id), WHEN) == str(CHIEF.id)
        (entry,) = entries(session, "case:owner_set")
        assert (entry["before"], entry["after"]) == ({"owner_id": COUNTY.id}, {"owner_id": CHIEF.id})
        closed = make_case(session, stage="closed", outcome="confirmed")
        with pytest.raises(Invalid, match="reopen it first"):
            set_owner(session, COUNTY, SetOwner(act_on(closed), CHIEF.id), WHEN)


# -- what follows an outcome -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "listed", "days"), [("false_positive", ["white"], 180), ("unfounded", [], 0)], ids=["listed", "not"]
)
def test_a_false_positive_leads_to_the_white_list_and_back_when_it_is_reopened(
    office: sessionmaker[Session], outcome: str, listed: list[str], days: int
) -> None:
    with office() as session:
        case = make_case(session, stage="verification")
        go(session, case, "dismiss", outcome, by=CHIEF)  # a leader, who may not list enterprises by hand
        entry = session.scalars(select(Exemption)).one_or_none()
        assert [entry.kind for entry in filter(None, [entry])] == listed
        (told_of,) = entries(session, "case:stepped")
        assert [told_of[name] for name in ("listed",) if name in told_of] == listed
        if entry is not None:
            assert (entry.reason, entry.risk_type) == (f"false_positive: {case.number}", "fundraising")
            assert (entry.ends_on, entry.region_code) == (TODAY + timedelta(days=days), "330106")
            assert entries(session, "exemption:added")[0]["case"] == case.number
        go(session, case, "reopen", by=CHIEF, when=later(1))
        session.refresh(case)
        assert (case.outcome, case.closed_on, case.stage) == ("", None, "investigation")
        assert len(entries(session, "exemption:withdrawn")) == len(listed)
        if entry is not None:
            session.refresh(entry)
            assert (entry.withdrawn_by, entry.version) == (CHIEF.id, 2)
        verify_chain(session)


def test_an_enterprise_that_is_listed_already_is_not_listed_twice(office: sessionmaker[Session]) -> None:
    with office() as session:
        first, second = make_case(session), make_case(session)
        second.uscc = first.uscc
        unregistered = make_case(session, uscc="")
        session.commit()
        for case in (first, second, unregistered):
            go(session, case, "dismiss", "false_positive")
        (entry,) = session.scalars(select(Exemption)).all()
        tales = entries(session, "case:stepped")
        assert [one.get("exemption") for one in tales] == [entry.id, entry.id, None]
        assert tales[1]["listed_before"] is True
        assert len(entries(session, "exemption:added")) == 1
        go(session, second, "reopen", by=CHIEF)  # which has not written the entry
        session.refresh(entry)
        assert entry.withdrawn_at is None


def test_what_was_put_right_leads_to_the_grey_list(one_office: sessionmaker[Session]) -> None:
    with one_office() as session:
        case = make_case(session, stage="disposal")
        refused(session, case, "close_rectified", "rectified", lacking="measure")
        measure(session, case, "rectification_order")
        attach(session, case, "rectification_order")
        go(session, case, "close_rectified", "rectified")
        assert session.scalars(select(Exemption.kind)).all() == ["grey"]


# -- twice and too late ------------------------------------------------------------------------------------------------


def test_a_double_click_takes_one_step_and_a_late_form_is_told_what_changed(office: sessionmaker[Session]) -> None:
    with office() as session:
        case = make_case(session)
        command, rival = TakeStep(act_on(case), "accept"), TakeStep(act_on(case), "dismiss", WHY, ANSWERS["dismiss"])
        assert [take_step(session, COUNTY, command, WHEN) for _ in range(2)] == ["verification"] * 2
        assert len(entries(session, "case:stepped")) == 1
        with pytest.raises(Stale) as late:
            take_step(session, CHIEF, rival, WHEN)
        assert late.value.sentence is not None
        text = told(late.value.sentence, words_for("en"), "Asia/Shanghai")
        assert "Stage: Intake → Preliminary verification" in text
        assert "county" in text
        with pytest.raises(Invalid, match="something else"):
            take_step(session, COUNTY, replace(command, reason="doch"), WHEN)


@pytest.mark.parametrize(
    "change",
    [
        lambda command: replace(command, answers=(("opinion", "x"),)),
        lambda command: replace(command, reason="\x00"),
        lambda command: replace(command, outcome="confirmed"),
    ],
)
def test_a_form_that_cannot_be_meant_changes_nothing(
    one_office: sessionmaker[Session], change: Callable[[TakeStep], TakeStep]
) -> None:
    with one_office() as session:
        case = make_case(session)
        with pytest.raises(Invalid):
            take_step(session, COUNTY, change(TakeStep(act_on(case), "accept")), WHEN)
        session.refresh(case)
        assert (case.version, case.stage) == (1, "intake")
