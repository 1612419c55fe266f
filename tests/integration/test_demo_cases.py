"""The demo's cases: every history is one that the definition allows, and agrees with what was planted."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from dashboard.access.audit import verify_chain
from dashboard.access.passwords import matches
from dashboard.clock import moment
from dashboard.demonstration import cases as demo_cases
from dashboard.demonstration.seeds import Seed, seeds
from dashboard.files.store import open_kept
from dashboard.models.accounts import UserAccount
from dashboard.models.audit import AuditEntry
from dashboard.models.cases import CaseFile, CaseOrder, CaseSpan
from dashboard.models.casework import CaseAttachment, CaseTask
from dashboard.models.findings import CaseDetermination, CaseMeasure, CaseRepayment
from dashboard.vocabulary import OPEN_PHASES, PROVEN
from dashboard.workflow.load import workflow_of
from etl import demo
from tests.builders import COUNTY, make_account
from tests.generations import publish

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

ZONE = "Asia/Shanghai"
PLACES = ("330106109", "330105", "330102", "460105", "110101", "500103")


@dataclass(frozen=True)
class Register:
    """Stands for a generation's files: every code that is asked for is an enterprise."""

    def rows(self, _sql: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {"uscc": code, "name": f"禾青{at}号", "region_code": "330106", "legal_representative": "试一"}
            for at, code in enumerate(parameters["codes"])
        ]


def seed(number: int, today: date) -> Seed:
    """Return one of many invented cases, every third of which the finance office closed already."""
    dice = random.Random(number)  # noqa: S311 - a test's dice
    planted, reported = number % 2 == 0, number % 3 == 0
    opened = today - timedelta(days=dice.randint(0, 420))
    closed = opened + timedelta(days=dice.randint(7, 200)) if reported else None
    ended = closed is not None and closed <= today
    return Seed(
        uscc=f"9133010600002{number:05d}",
        name=f"禾青演示{number}号有限公司",
        representative="试一" if number % 5 else "",
        region_code=PLACES[number % len(PLACES)],
        risk_type="fundraising",
        grade="orange",
        opened_on=opened,
        closed_on=closed if ended else None,
        outcome=("confirmed" if planted else "false_positive") if ended else "",
        planted=planted,
        amount=2_000_000.0,
        people=30,
        foreign_number=f"AJ{number:08d}" if reported else None,
        warned_week_on=opened - timedelta(days=opened.weekday()) if number % 4 else None,
    )


@pytest.fixture
def told(sessions: sessionmaker[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sessionmaker[Session]:
    """Return a database with the histories of 120 cases."""
    when = moment(ZONE)
    made = sorted((seed(number, when.on) for number in range(120)), key=lambda one: (one.opened_on, one.uscc))
    monkeypatch.setattr(demo_cases, "seeds", lambda *_: made)
    with sessions() as session:
        make_account(session, COUNTY)
        count = demo_cases.make_cases(session, Register(), tmp_path, tmp_path, when, ZONE)  # type: ignore[arg-type]
        assert count == len(made)
        assert demo_cases.make_cases(session, Register(), tmp_path, tmp_path, when, ZONE) == 0  # type: ignore[arg-type]
    return sessions


def test_every_history_is_one_that_its_definition_allows(told: sessionmaker[Session], tmp_path: Path) -> None:
    with told() as session:
        cases = session.scalars(select(CaseFile)).all()
        verify_chain(session)
        for case in cases:
            _check_stays(session, case)
            _check_file(session, case)
        kept = set(session.scalars(select(CaseAttachment.sha256)))
        assert all(open_kept(tmp_path, sha256).read_bytes().startswith(b"%PDF") for sha256 in kept)
        assert {case.phase for case in cases} >= {"verification", "archived", "closed"}
        assert Counter(bool(case.outcome) for case in cases)[True] > 30
        assert len(session.scalars(select(CaseOrder.id)).all()) > 10


def _check_stays(session: Session, case: CaseFile) -> None:
    workflow = workflow_of(case.workflow, case.workflow_version)
    stays = session.scalars(select(CaseSpan).where(CaseSpan.case_id == case.id).order_by(CaseSpan.position)).all()
    assert [stay.position for stay in stays] == list(range(1, len(stays) + 1))
    assert (stays[0].stage, stays[0].transition) == (workflow.first.code, "open")
    for before, after in pairwise(stays):
        step = workflow.step(after.transition)
        assert before.stage in step.of
        assert after.stage == step.to
        assert before.left_on == after.entered_on
        assert before.entered_at < after.entered_at
        assert set(step.questions) <= set(after.given)
        assert bool(after.reason) == step.reason
    last = stays[-1]
    assert (last.stage, last.left_on, last.entered_on) == (case.stage, None, case.entered_on)
    still = case.suspended_on is not None
    assert still == (case.days_left is not None)
    assert (case.due_on is None) == (still or workflow.stage(case.stage).days is None)


def _check_file(session: Session, case: CaseFile) -> None:
    open_tasks = session.scalar(
        select(func.count()).select_from(CaseTask).where(CaseTask.case_id == case.id, CaseTask.state == "open")
    )
    pending = session.scalar(
        select(func.count()).select_from(CaseOrder).where(CaseOrder.case_id == case.id, CaseOrder.state == "pending")
    )
    if case.phase in OPEN_PHASES:
        assert case.outcome == ""
        return
    assert case.outcome
    assert (open_tasks, pending) == (0, 0)
    measures = set(session.scalars(select(CaseMeasure.kind).where(CaseMeasure.case_id == case.id)))
    if case.outcome in PROVEN:
        assert measures
    if case.outcome == "transferred":
        assert "police_transfer" in measures
    stages = set(session.scalars(select(CaseSpan.stage).where(CaseSpan.case_id == case.id)))
    if "aftercare" in stages:
        assert session.get(CaseDetermination, case.id) is not None
        newest = session.scalars(
            select(CaseRepayment).where(CaseRepayment.case_id == case.id).order_by(CaseRepayment.id.desc()).limit(1)
        ).one()
        assert (newest.repaid, newest.people_repaid) == (newest.owed, newest.people_owed)


def test_how_a_case_ends_agrees_with_what_was_planted(told: sessionmaker[Session]) -> None:
    with told() as session:
        ends = session.execute(select(CaseFile.uscc, CaseFile.outcome).where(CaseFile.outcome != "")).all()
    planted = {seed(number, date(2026, 1, 1)).uscc for number in range(0, 120, 2)}
    assert ends
    assert all((outcome in PROVEN) == (uscc in planted) for uscc, outcome in ends)


def test_colleagues_cannot_sign_in_and_personas_have_cases(told: sessionmaker[Session]) -> None:
    with told() as session:
        others = session.scalars(select(UserAccount).where(UserAccount.username.startswith("demo."))).all()
        assert len(others) > 10
        assert not any(matches(one.password_hash, guess) for one in others[:2] for guess in ("", "!"))
        assert session.scalar(select(func.count()).select_from(CaseFile).where(CaseFile.owner_id == COUNTY.id))
        opened = session.scalars(select(AuditEntry).where(AuditEntry.action == "case:opened")).all()
        assert len(opened) == 120


def test_the_seeds_are_the_finance_offices_cases_of_fourteen_months(
    sqlite_sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    today = date(2026, 11, 22)
    demo.generate(enterprises=3000, months=14, seed=4, as_of=today, out=tmp_path)
    with sqlite_sessions() as session:
        publish(session, only=["330106"])
        found = seeds(session, Register(), tmp_path, today)  # type: ignore[arg-type] # stands for it
    reported = [one for one in found if one.foreign_number]
    assert len(reported) >= 5
    assert len({one.uscc for one in found}) == len(found)
    assert all(today - timedelta(days=430) <= one.opened_on <= today for one in found)
    assert all((one.outcome in PROVEN) == one.planted for one in reported if one.outcome and one.outcome != "rectified")
