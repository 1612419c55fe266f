"""Anybody does anything to cases in any order: no undefined state, lost edit, skipped gate or broken chain."""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from dashboard.access.audit import verify_chain
from dashboard.access.permissions import Permission
from dashboard.db import Base, make_engine
from dashboard.db import sessions as make_sessions
from dashboard.errors import NotAllowed, NotFound, SmokeError, Stale
from dashboard.models.audit import AuditEntry
from dashboard.models.cases import CaseFile, CaseSpan
from dashboard.models.findings import CaseDetermination, CasePerson
from dashboard.workflow.facts import facts_of
from dashboard.workflow.gates import lacks
from dashboard.workflow.load import workflow_of
from dashboard.workflow.standing import VERBS, standing_of
from geo.codes import level_of
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    CHIEF,
    CITY,
    COUNTY,
    LEADER,
    NEIGHBOUR,
    PROVINCE,
    SIGNING_IN,
    STRANGER,
    TOWN,
    WORKER,
    make_account,
)
from tests.casefiles import WHEN, make_case
from tests.casework import Attempt, attempt, may_follow, seats_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer

OFFICES = (CHIEF, CITY, PROVINCE, LEADER, TOWN, NEIGHBOUR)
PEOPLE = (COUNTY, COUNTY, COUNTY, *OFFICES, ANALYST, WORKER, STRANGER, ADMINISTRATOR)
CASES = (("intake", COUNTY), ("investigation", COUNTY), ("disposal", CITY))


def picture(session: Session) -> dict[str, int]:
    """Return how much every table holds: its rows, and the sum of their versions where they have one."""
    counted = {}
    for name, table in Base.metadata.tables.items():
        if name.startswith(("case_", "audit_", "exemption", "warning_h", "command_", "operations_")):
            columns = [func.count()] + ([func.sum(table.c.version)] if "version" in table.c else [])
            counted[name] = sum(int(value or 0) for value in session.execute(select(*columns).select_from(table)).one())
    return counted


def outcome_of(tried: Attempt, session: Session, who: Viewer) -> tuple[SmokeError | None, object]:
    """Try it, and return why it was refused or what it returned."""
    try:
        return None, tried.by(session, who, WHEN)
    except SmokeError as refused:
        return refused, None


class Office(RuleBasedStateMachine):
    """Three cases of Hangzhou and everybody who could want something of them."""

    template: Path
    folder: Path
    runs = 0

    def __init__(self) -> None:
        """Open a database of this run's own."""
        super().__init__()
        Office.runs += 1
        file = self.folder / f"{Office.runs}.db"
        shutil.copyfile(self.template, file)
        self.engine = make_engine(f"sqlite:///{file}")
        self.session = make_sessions(self.engine)()
        self.done = 0
        self.sent: list[tuple[Viewer, Attempt, object]] = []

    def teardown(self) -> None:
        """Walk the whole chain of the audit log; every success has left its entry."""
        assert verify_chain(self.session) >= self.done
        self.session.close()
        self.engine.dispose()

    @rule(
        who=st.sampled_from(PEOPLE),
        verb=st.sampled_from([*VERBS, *["case:stepped"] * 8]),
        which=st.integers(0, 5),
        late=st.sampled_from([False, False, False, True]),
        seed=st.integers(0, 2**32),
    )
    def try_it(self, who: Viewer, verb: str, which: int, late: bool, seed: int) -> None:  # noqa: FBT001 - what is drawn
        """Have somebody try something, perhaps on a page that is out of date."""
        session = self.session
        cases = session.scalars(select(CaseFile).order_by(CaseFile.id).execution_options(populate_existing=True)).all()
        case = cases[which % len(cases)]
        tried = attempt(session, verb, case, who, WHEN, random.Random(seed))  # noqa: S311 - a test's dice
        if late:
            case_version = object.__getattribute__(tried.command.act, "version")
            object.__setattr__(tried.command.act, "version", case_version - 1)
        before, facts = picture(session), facts_of(session, case)
        stage, version, phase = case.stage, case.version, case.phase
        standing = standing_of(
            who.home_region, handler=case.handler_code, place=case.region_code, seats=seats_of(session, case)
        )
        session.rollback()
        refused, result = outcome_of(tried, session, who)
        if refused is not None:
            assert refused.sentence is not None or isinstance(refused, NotAllowed | NotFound)
            assert picture(session) == before
            return
        session.expire_all()
        self.done += 1
        self.sent.append((who, tried, result))
        assert who.may(Permission.CASE_WRITE)
        assert standing in VERBS[verb].by
        assert not (late and VERBS[verb].exclusive)
        assert verb == "comment:added" or stage != "merged"
        self._check_written(who, tried, case.id, (stage, phase), version)
        if verb == "case:stepped":
            self._check_step(who, tried, stage, facts)

    @rule(which=st.integers(0, 50))
    def send_again(self, which: int) -> None:
        """Send a form that was carried out once more, as a double click or a retry does: nothing is done twice."""
        if not self.sent:
            return
        who, tried, result = self.sent[which % len(self.sent)]
        before = picture(self.session)
        self.session.rollback()
        assert tried.by(self.session, who, WHEN) == result
        assert picture(self.session) == before

    @invariant()
    def every_case_is_in_a_defined_state(self) -> None:
        """Hold stage, phase, outcome, clock and stays of every case against each other."""
        session = self.session
        for case in session.scalars(select(CaseFile).execution_options(populate_existing=True)):
            may_follow(case)
            stays = session.scalars(
                select(CaseSpan)
                .where(CaseSpan.case_id == case.id)
                .order_by(CaseSpan.position)
                .execution_options(populate_existing=True)
            ).all()
            assert [stay.position for stay in stays] == list(range(1, len(stays) + 1))
            assert [stay.left_on is None for stay in stays[:-1]] == [False] * (len(stays) - 1)
            assert (stays[-1].stage, stays[-1].phase, stays[-1].left_on) == (case.stage, case.phase, None)

    def _check_written(self, who: Viewer, tried: Attempt, case_id: int, before: tuple[str, str], version: int) -> None:
        session = self.session
        entry = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.subject == f"case:{case_id}", AuditEntry.action == tried.verb)
            .order_by(AuditEntry.position.desc())
        ).first()
        assert entry is not None
        assert entry.actor == who.actor
        case = session.get_one(CaseFile, case_id, populate_existing=True)
        if VERBS[tried.verb].exclusive:
            assert case.version == version + 1 == json.loads(entry.details)["version"]
        if tried.verb not in {"case:stepped", "case:merged"}:
            assert (case.stage, case.phase) == before
        if tried.verb == "determination:written":
            assert session.get_one(CaseDetermination, case_id, populate_existing=True).basis == tried.command.basis
        if tried.verb == "person:changed":
            row = session.get_one(CasePerson, tried.command.person_id, populate_existing=True)
            assert (row.note, row.version) == (tried.command.note, tried.command.version + 1)

    def _check_step(self, who: Viewer, tried: Attempt, stage: str, facts: object) -> None:
        case = self.session.get_one(CaseFile, tried.command.act.case_id)
        workflow = workflow_of(case.workflow, case.workflow_version)
        step = workflow.step(tried.command.step)
        assert stage in step.of
        assert case.stage == step.to
        assert workflow.allows(step.who, who.roles, level_of(who.home_region))
        assert lacks(step, facts, tried.command.outcome) == ()  # type: ignore[arg-type] # what facts_of returned
        assert case.outcome == (tried.command.outcome or case.outcome)


@pytest.fixture
def office(tmp_path: Path, migrated_sqlite: Path) -> type[Office]:
    """Return the machine over a database with everybody's account and three cases."""
    Office.folder, Office.template = tmp_path, tmp_path / "template.db"
    shutil.copyfile(migrated_sqlite, Office.template)
    engine = make_engine(f"sqlite:///{Office.template}")
    with make_sessions(engine)() as session:
        for person in SIGNING_IN:
            make_account(session, person)
        for stage, handler in CASES:
            make_case(session, stage=stage, handler=handler, place="330106109")
    engine.dispose()
    return Office


def test_whatever_anybody_does_nothing_is_lost_and_nothing_is_skipped(office: type[Office]) -> None:
    quick = settings(
        max_examples=12,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(office, settings=quick)


def test_a_late_page_is_told_so(office: type[Office]) -> None:
    machine = office()
    case = machine.session.scalars(select(CaseFile)).first()
    assert case is not None
    dice = random.Random(1)  # noqa: S311 - a test's dice
    first = attempt(machine.session, "case:owner_set", case, COUNTY, WHEN, dice)
    second = attempt(machine.session, "case:suspended", case, COUNTY, WHEN, dice)
    machine.session.rollback()
    first.by(machine.session, COUNTY, WHEN)
    with pytest.raises(Stale):
        second.by(machine.session, COUNTY, WHEN)
    machine.teardown()
