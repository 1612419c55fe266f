"""The scheduler: one leads, missed runs are made up for once, failures are written down and tried again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_SCHEDULER_STARTED, JobExecutionEvent
from apscheduler.jobstores.memory import MemoryJobStore
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from dashboard import scheduler as scheduler_module
from dashboard.access.scope import Scope
from dashboard.actions import jobs
from dashboard.errors import Invalid
from dashboard.models.jobs import JobRun
from dashboard.queries.runs import newest_jobs
from dashboard.scheduler import SHARED, Leadership, PatientScheduler, cron_trigger
from dashboard.settings import HOUSE
from dashboard.worker import Outcome, Worker
from tests.builders import COUNTY, NOW, make_account
from tests.casefiles import TODAY, make_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.settings import Settings


class Clock:
    """A clock that stands until it is moved."""

    instant = NOW

    def __call__(self) -> datetime:
        return self.instant


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lead(settings: Settings, engine: Engine, clock: Clock) -> Iterator[Leadership]:
    """Yield a process that leads."""
    with leading(settings, engine, clock) as process:
        yield process


@contextmanager
def leading(settings: Settings, engine: Engine, clock: Clock) -> Iterator[Leadership]:
    """Make a process lead; its scheduler is paused, so that nothing runs behind the test's back."""
    process = Leadership(settings, engine, clock)
    started = threading.Event()
    process.scheduler.add_listener(lambda _event: started.set(), EVENT_SCHEDULER_STARTED)
    thread = threading.Thread(target=process.scheduler.start, kwargs={"paused": True})
    thread.start()
    assert started.wait(20)
    process.beat()
    yield process
    process._stop()
    thread.join()


def runs(sessions: sessionmaker[Session]) -> list[tuple[str, int, str, str]]:
    with sessions() as session:
        return [(run.name, run.attempt, run.state, run.message) for run in session.scalars(select(JobRun))]


def make_worker(sessions: sessionmaker[Session], code: str, stopping: threading.Event | None = None) -> Worker:
    command = (sys.executable, "-c", code)
    return Worker(sessions, "host:1", stopping or threading.Event(), command, lambda: NOW)


def test_of_two_one_leads_until_the_lease_lapses(sessions: sessionmaker[Session]) -> None:
    def takes(holder: str, seconds_later: int) -> bool:
        with sessions() as session:
            return jobs.take_lease(session, holder, 30, NOW + timedelta(seconds=seconds_later))

    assert [takes("a", 0), takes("b", 1), takes("a", 20), takes("b", 49), takes("b", 50), takes("a", 51)] == [
        True,
        False,
        True,
        False,
        True,
        False,
    ]


def test_a_lease_given_up_is_free_and_nobody_elses_can_be(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        assert jobs.take_lease(session, "a", 30, NOW)
        jobs.give_lease_up(session, "b")
        assert not jobs.take_lease(session, "b", 30, NOW)
        jobs.give_lease_up(session, "a")
        assert jobs.take_lease(session, "b", 30, NOW)


def test_many_that_try_at_once_make_one_leader(sessions: sessionmaker[Session]) -> None:
    barrier = threading.Barrier(6)
    leaders: list[str] = []

    def attempt(holder: str) -> None:
        barrier.wait()
        with sessions() as session:
            if jobs.take_lease(session, holder, 30, NOW):
                leaders.append(holder)

    threads = [threading.Thread(target=attempt, args=(str(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(leaders) == 1


def test_a_leader_plans_its_jobs_in_the_database(lead: Leadership) -> None:
    planned = {job.id: job.next_run_time.isoformat() for job in lead.scheduler.get_jobs(SHARED)}
    assert set(planned) == {"refresh", "housekeeping", "deadlines"}
    assert planned["refresh"].endswith("T06:00:00+08:00")


def test_a_missed_run_is_not_forgotten_when_another_takes_over(
    settings: Settings, engine: Engine, clock: Clock, lead: Leadership
) -> None:
    missed = NOW - timedelta(days=3)
    lead.scheduler.modify_job("refresh", SHARED, next_run_time=missed)
    with lead._sessions() as session:
        jobs.give_lease_up(session, scheduler_module.holder())
    with leading(settings, engine, clock) as other:
        refresh = other.scheduler.get_job("refresh", SHARED)
    assert refresh.next_run_time == missed
    assert refresh.coalesce
    assert refresh.misfire_grace_time is None


def test_another_crontab_line_replaces_the_plan(
    settings: Settings, engine: Engine, clock: Clock, lead: Leadership
) -> None:
    assert "T06:00" in lead.scheduler.get_job("refresh", SHARED).next_run_time.isoformat()
    with leading(settings.model_copy(update={"refresh_cron": "30 7 * * 1-5"}), engine, clock) as other:
        assert "T07:30" in other.scheduler.get_job("refresh", SHARED).next_run_time.isoformat()


def test_a_leader_that_lost_the_lease_closes_the_jobs(lead: Leadership, clock: Clock) -> None:
    clock.instant += timedelta(hours=1)
    with lead._sessions() as session:
        assert jobs.take_lease(session, "another", 30, clock())
    lead.beat()
    assert lead.leading is False
    assert lead.scheduler.get_jobs(SHARED) == []
    assert scheduler_module.STOPPING.is_set()
    clock.instant += timedelta(hours=1)
    lead.beat()
    assert lead.leading
    assert not scheduler_module.STOPPING.is_set()
    assert {job.id for job in lead.scheduler.get_jobs(SHARED)} == {"refresh", "housekeeping", "deadlines"}


def finished(name: str, attempt: int, state: str) -> Any:  # noqa: ANN401 - APScheduler's events have no types
    return JobExecutionEvent(EVENT_JOB_EXECUTED, name, SHARED, NOW, retval=Outcome(name, attempt, state))


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 5), (2, 15), (3, 45)])
def test_a_failure_is_tried_again_later_and_later(lead: Leadership, attempt: int, minutes: int) -> None:
    lead.after(finished("refresh", attempt, "failed"))
    retry = lead.scheduler.get_job("refresh-retry", SHARED)
    assert retry.next_run_time == NOW + timedelta(minutes=minutes)
    assert retry.args == ("refresh", attempt + 1)


def test_trying_again_ends(lead: Leadership) -> None:
    lead.after(finished("refresh", 4, "failed"))
    assert lead.scheduler.get_job("refresh-retry", SHARED) is None


def test_a_success_calls_the_retry_off(lead: Leadership) -> None:
    lead.after(finished("refresh", 1, "failed"))
    lead.after(finished("refresh", 2, "done"))
    assert lead.scheduler.get_job("refresh-retry", SHARED) is None


def test_a_new_leader_closes_what_the_dead_one_left_and_tries_it_again(
    settings: Settings, engine: Engine, clock: Clock, sessions: sessionmaker[Session]
) -> None:
    with sessions() as session:
        jobs.begin_run(session, "refresh", 1, "dead:7", NOW)
    with leading(settings, engine, clock) as process:
        assert runs(sessions) == [("refresh", 1, "abandoned", "dead:7 stopped while it ran")]
        assert process.scheduler.get_job("refresh-retry", SHARED).args == ("refresh", 2)


class BusyStore(MemoryJobStore):  # type: ignore[misc] # APScheduler ships no types
    """A job store whose database is locked."""

    def get_next_run_time(self) -> datetime:
        """Fail as SQLAlchemy does."""
        raise OperationalError("SELECT", {}, Exception("database is locked"))


def test_a_busy_database_does_not_end_the_scheduler() -> None:
    patient = PatientScheduler(jobstores={"shared": BusyStore()})
    assert patient._process_jobs() == scheduler_module.PATIENCE_SECONDS


def test_what_the_etl_published_is_written_down(sessions: sessionmaker[Session]) -> None:
    worker = make_worker(sessions, """print('{"generation": 12}')""")
    assert worker.run("refresh", 1) == Outcome("refresh", 1, "done")
    assert runs(sessions) == [("refresh", 1, "done", "generation 12")]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise SystemExit('etl: no sources file')", "etl: no sources file"),
        ("import sys; sys.stderr.write('first\\nlast 行\\n'); sys.exit(3)", "last 行"),
        ("raise SystemExit(7)", "the ETL ended with code 7"),
        ("print('no summary')", "the ETL did not say which generation it published"),
        ("print('[]')", "the ETL did not say which generation it published"),
    ],
)
def test_a_failed_etl_leaves_one_clear_line(sessions: sessionmaker[Session], code: str, message: str) -> None:
    assert make_worker(sessions, code).run("refresh", 2).state == "failed"
    assert runs(sessions) == [("refresh", 2, "failed", message)]


def test_an_etl_that_cannot_start_is_a_failure_too(sessions: sessionmaker[Session]) -> None:
    worker = Worker(sessions, "host:1", threading.Event(), ("/no/such/program",), lambda: NOW)
    assert worker.run("refresh", 1).state == "failed"
    assert "/no/such/program" in runs(sessions)[0][3]


def test_a_running_etl_is_stopped_with_the_scheduler(sessions: sessionmaker[Session]) -> None:
    stopping = threading.Event()
    stopping.set()
    worker = make_worker(sessions, "import signal; signal.pause()", stopping)
    assert worker.run("refresh", 1) == Outcome("refresh", 1, "abandoned")
    assert runs(sessions)[0][2] == "abandoned"


def test_housekeeping_removes_what_is_old(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        for age in (1, 91, 400):
            jobs.end_run(
                session, jobs.begin_run(session, "refresh", 1, "h", NOW - timedelta(days=age)), "done", "", NOW
            )
    worker = make_worker(sessions, "")
    assert worker.run("housekeeping", 1).state == "done"
    assert [run[3] for run in runs(sessions)] == ["", "2 old rows removed"]


def test_what_is_overdue_goes_up_and_a_look_that_finds_nothing_says_nothing(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
        make_case(session, opened_on=TODAY - timedelta(days=30))
    worker = make_worker(sessions, "")
    assert [worker.run("deadlines", 1).state for _ in range(3)] == ["done"] * 3
    assert [run[3] for run in runs(sessions)] == ["1 escalations sent", "", ""]
    with sessions() as session:
        assert sorted(job.message for job in newest_jobs(session, Scope("0"), "0", 5)) == ["", "1 escalations sent"]


def test_days_are_those_of_the_place(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
        make_case(session, due_on=TODAY)
    late = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # 1 in the morning of the 23rd in Shanghai
    worker = replace(make_worker(sessions, ""), now=lambda: late)
    assert worker.run("deadlines", 1).state == "done"
    assert runs(sessions)[0][3] == "1 escalations sent"


@pytest.mark.parametrize(
    ("line", "day"), [("0 6 * * 0", "sun"), ("0 6 * * 7", "sun"), ("0 6 * * 1-5", "mon-fri"), ("0 6 * * */2", "*/2")]
)
def test_weekdays_count_as_in_a_crontab(line: str, day: str) -> None:
    assert f"day_of_week='{day}'" in str(cron_trigger(line, "Asia/Shanghai"))


@pytest.mark.parametrize("line", ["", "every day", "0 6 * *", "61 6 * * *"])
def test_a_wrong_crontab_line_is_refused(line: str) -> None:
    with pytest.raises(Invalid, match="crontab"):
        cron_trigger(line, "Asia/Shanghai")


class Process:
    """A real scheduler process, whose log can be waited for."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Start it."""
        command = [sys.executable, "-m", "dashboard", "schedule"]
        self.popen = subprocess.Popen(command, cwd=HOUSE, env=environment, stderr=subprocess.PIPE, text=True)

    def wait_for(self, *words: str) -> str:
        """Read the log until a line ends with one of `words`; return that word."""
        assert self.popen.stderr
        for line in self.popen.stderr:
            for word in words:
                if line.rstrip().endswith(word):
                    return word
        raise AssertionError(f"the log ended without any of {words}")

    def end(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        self.popen.send_signal(number)
        code = self.popen.wait(20)
        assert self.popen.stderr
        self.popen.stderr.close()
        return code


def test_two_processes_have_one_leader_and_killing_it_makes_the_other_lead(settings: Settings, sqlite_url: str) -> None:
    environment = {
        **os.environ,
        "SMOKE_VAR_DIR": str(settings.var_dir),
        "SMOKE_DATABASE_URL": sqlite_url,
        "SMOKE_LEASE_SECONDS": "1",
    }
    processes = [Process(environment), Process(environment)]
    states = [process.wait_for("leading", "standing by") for process in processes]
    assert sorted(states) == ["leading", "standing by"]
    first, second = processes if states[0] == "leading" else processes[::-1]
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    assert second.wait_for("leading", "stopped") == "leading"
    third = Process(environment)
    assert third.wait_for("leading", "standing by") == "standing by"
    assert second.end(signal.SIGTERM) == 0
    assert third.wait_for("leading", "stopped") == "leading"
    assert third.end(signal.SIGTERM) == 0
