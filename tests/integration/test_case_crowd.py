"""Fifty officers at twenty cases at once: no lost update, no deadlock, no error but Stale; on both databases."""

from __future__ import annotations

import random
import threading
from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from dashboard.access.audit import verify_chain
from dashboard.access.permissions import Role
from dashboard.actions.case_people import AddPerson, ChangePerson, add_person, change_person
from dashboard.actions.case_steps import SetOwner, set_owner
from dashboard.actions.case_tasks import AddTask, add_task
from dashboard.actions.casework import Act
from dashboard.errors import Stale
from dashboard.models.audit import AuditEntry
from dashboard.models.cases import CaseFile
from dashboard.models.casework import CaseTask
from dashboard.models.findings import CasePerson
from tests.builders import COUNTY, make_account, viewer
from tests.casefiles import WHEN, act_on, make_case

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.access.viewer import Viewer

OFFICERS, CASES, EACH = 50, 20, 2
NAMES = ("counter", "owner", "task")
ALL = OFFICERS * EACH * len(NAMES)


class Crowd:
    """Officers who all begin at once, each with a thread; counts what came of it."""

    def __init__(self, sessions: sessionmaker[Session], cases: list[int]) -> None:
        """Prepare; nobody begins yet."""
        self.sessions, self.cases = sessions, cases
        self.begin = threading.Barrier(OFFICERS)
        self.counted: Counter[tuple[str, int]] = Counter()
        self.errors: list[BaseException] = []
        self._lock = threading.Lock()

    def run(self, officers: list[Viewer]) -> None:
        """Let everybody work, and wait for the last."""
        threads = [threading.Thread(target=self._work, args=(one,)) for one in officers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"

    def _work(self, officer: Viewer) -> None:
        dice = random.Random(officer.id)  # noqa: S311 - a test's dice
        self.begin.wait()
        for number in range(EACH):
            case_id = dice.choice(self.cases)
            for name in NAMES:
                self._try(officer, name, case_id, f"{name}-{officer.id:04d}-{number:04d}")

    def _try(self, officer: Viewer, name: str, case_id: int, key: str) -> None:
        """Do one thing until it is done: whoever was late reads again and tries again, with the same form's key."""
        while True:
            try:
                with self.sessions() as session:
                    getattr(self, f"_{name}")(session, officer, case_id, key)
            except Stale:
                self._count("stale", case_id)
                continue
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test shall name it
                self.errors.append(error)
                return
            self._count(name, case_id)
            return

    def _count(self, name: str, case_id: int) -> None:
        with self._lock:
            self.counted[name, case_id] += 1

    def _act(self, session: Session, case_id: int, key: str) -> Act:
        case = session.get_one(CaseFile, case_id)
        version = case.version
        session.rollback()
        return Act(case_id, version, key)

    def _counter(self, session: Session, officer: Viewer, case_id: int, key: str) -> None:
        person = session.scalars(select(CasePerson).where(CasePerson.case_id == case_id)).one()
        number, version, note = person.id, person.version, str(int(person.note) + 1)
        act = self._act(session, case_id, key)
        change_person(session, officer, ChangePerson(act, number, version, "试一", "organiser", note), WHEN)

    def _owner(self, session: Session, officer: Viewer, case_id: int, key: str) -> None:
        set_owner(session, officer, SetOwner(self._act(session, case_id, key), officer.id), WHEN)

    def _task(self, session: Session, officer: Viewer, case_id: int, key: str) -> None:
        act = self._act(session, case_id, key)
        add_task(session, officer, AddTask(act, key, officer.home_region, officer.id, None), WHEN)


def test_fifty_officers_at_twenty_cases(sessions: sessionmaker[Session]) -> None:
    officers = [viewer(f"officer{number}", "330106", Role.OFFICER, number=100 + number) for number in range(OFFICERS)]
    with sessions() as session:
        for person in (COUNTY, *officers):
            make_account(session, person)
        cases = [make_case(session).id for _ in range(CASES)]
        for case_id in cases:
            act = act_on(session.get_one(CaseFile, case_id))
            add_person(session, COUNTY, AddPerson(act, "试一", "organiser", "0"), WHEN)
    crowd = Crowd(sessions, cases)
    crowd.run(officers)
    assert crowd.errors == []
    with sessions() as session:
        for case_id in cases:
            notes = session.scalars(select(CasePerson.note).where(CasePerson.case_id == case_id)).one()
            tasks = session.scalar(select(func.count()).where(CaseTask.case_id == case_id))
            version = session.get_one(CaseFile, case_id).version
            told = {name: crowd.counted[name, case_id] for name in NAMES}
            assert {"counter": int(notes), "owner": version - 1, "task": tasks} == told
        assert sum(crowd.counted[name, case_id] for name in NAMES for case_id in cases) == ALL
        written = session.scalar(select(func.count()).select_from(AuditEntry))
        assert verify_chain(session) == written == ALL + CASES
