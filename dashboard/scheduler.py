"""The scheduler: APScheduler in a process of its own. Several may run; the one that holds the lease leads.

The leader works on the jobs that the database keeps. A standby beats as well, and takes over when the lease lapses.
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy.exc import OperationalError

from dashboard import clock
from dashboard.actions import jobs
from dashboard.actions.escalation import escalate_overdue
from dashboard.db import make_engine, sessions
from dashboard.errors import Invalid
from dashboard.settings import HOUSE, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

REFRESH = (sys.executable, "-m", "etl", "run", "--json")
HOUSEKEEPING_CRON = "30 3 * * *"
DEADLINES_CRON = "*/15 * * * *"
RETRY_MINUTES = (5, 15, 45)  # after the first, second and third failure; then the next day's run
POLL_SECONDS = 0.1
PATIENCE_SECONDS = 10  # between asking a job to stop and killing it, or between two looks at a busy database
SHARED = "shared"  # the job store in the database, open only while leading
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
log = logging.getLogger("dashboard.scheduler")

# APScheduler keeps a job as a reference to a function and plain arguments, so `run_job` can be handed nothing else of
# this process; what it has to heed is this flag.
STOPPING = threading.Event()


class JobFailed(Exception):
    """A job did not do what it should; the message is one line."""


class JobStopped(JobFailed):
    """A job was told to stop."""


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt at one job: done, failed or abandoned."""

    name: str
    attempt: int
    state: str


@dataclass(frozen=True)
class Worker:
    """Does jobs and writes down what became of them."""

    sessions: sessionmaker[Session]
    holder: str
    stopping: threading.Event
    refresh: tuple[str, ...] = REFRESH
    now: Callable[[], datetime] = clock.now
    timezone: str = "Asia/Shanghai"

    def run(self, name: str, attempt: int) -> Outcome:
        """Do the job once; whatever goes wrong ends in its row and in the outcome, never in an exception."""
        with self.sessions() as session:
            run_id = jobs.begin_run(session, name, attempt, self.holder, self.now())
        try:
            state, message = "done", self._refresh() if name == "refresh" else self._in_database(name)
        except JobStopped as stopped:
            state, message = "abandoned", str(stopped)
        except Exception as error:  # noqa: BLE001 - a job that fails must not take the scheduler with it
            state, message = "failed", " ".join(str(error).split()) or type(error).__name__
        with self.sessions() as session:
            jobs.end_run(session, run_id, state, message, self.now())
        log.info("%s, attempt %s: %s %s", name, attempt, state, message)
        return Outcome(name, attempt, state)

    def _in_database(self, name: str) -> str:
        with self.sessions() as session:
            if name == "deadlines":
                when = clock.Moment(self.now(), clock.local(self.now(), self.timezone).date())
                return f"{escalate_overdue(session, when)} escalations sent"
            return f"{jobs.tidy(session, self.now())} old rows removed"

    def _refresh(self) -> str:
        """Run the ETL as a process of its own, so that its memory is given back; return what it published."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            # Own session: a signal for the scheduler's group reaches the ETL through us alone.
            with subprocess.Popen(self.refresh, cwd=HOUSE, stdout=out, stderr=err, start_new_session=True) as process:  # noqa: S603 - our own command
                self._wait(process)
            told, complained = _last_line(out), _last_line(err)
        if process.returncode:
            raise JobFailed(complained or f"the ETL ended with code {process.returncode}")
        try:
            return f"generation {json.loads(told)['generation']}"
        except (ValueError, LookupError, TypeError) as error:
            raise JobFailed("the ETL did not say which generation it published") from error

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None:
            if self.stopping.wait(POLL_SECONDS):
                process.terminate()
                try:
                    process.wait(PATIENCE_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                raise JobStopped("the scheduler was told to stop")


def run_job(name: str, attempt: int) -> Outcome:
    """Do a job of the shared store; APScheduler finds this function by its name."""
    settings = Settings()
    engine = make_engine(settings.database)
    try:
        return Worker(sessions(engine), holder(), STOPPING, timezone=settings.timezone).run(name, attempt)
    finally:
        engine.dispose()


class PatientScheduler(BlockingScheduler):  # type: ignore[misc] # APScheduler ships no types
    """APScheduler, but a database that is busy or away for a while does not end it."""

    def _process_jobs(self) -> float | None:
        """Start what is due and return the seconds until the next look; APScheduler's own lets some errors through."""
        try:
            seconds: float | None = super()._process_jobs()
        except OperationalError:
            log.warning("the database is busy or away; looking again in %s seconds", PATIENCE_SECONDS)
            return PATIENCE_SECONDS
        return seconds


class Leadership:
    """One scheduler process: beats for the lease, and has the shared jobs open exactly while it leads."""

    def __init__(self, settings: Settings, engine: Engine, now: Callable[[], datetime] = clock.now) -> None:
        """Prepare to run; nothing starts yet. Raise Invalid when the settings' crontab line makes no sense."""
        self.plan = {
            "refresh": cron_trigger(settings.refresh_cron, settings.timezone),
            "housekeeping": cron_trigger(HOUSEKEEPING_CRON, settings.timezone),
            "deadlines": cron_trigger(DEADLINES_CRON, settings.timezone),
        }
        self.leading: bool | None = None  # not yet known
        self._ending = threading.Event()
        self._settings, self._engine, self._now = settings, engine, now
        self._sessions = sessions(engine)
        self._until = jobs.LAPSED
        # One thread for the work: refresh and its retry never overlap. Another for the beat: work never delays it.
        self.scheduler = PatientScheduler(
            executors={"default": ThreadPoolExecutor(1), "beat": ThreadPoolExecutor(1)}, timezone=settings.timezone
        )
        self.scheduler.add_listener(self.after, EVENT_JOB_EXECUTED)

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then stop what runs and let the lease go."""
        stopper = threading.Thread(target=self._stop)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None if stopper.is_alive() else stopper.start())
        every = self._settings.lease_seconds / 3
        self.scheduler.add_job(
            self.beat, "interval", seconds=every, executor="beat", misfire_grace_time=None, next_run_time=self._now()
        )
        log.info("%s started", holder())
        self.scheduler.start()
        stopper.join()
        with self._sessions() as session:
            jobs.give_lease_up(session, holder())
        log.info("stopped")

    def beat(self) -> None:
        """Take or keep the lease; begin or cease to lead when that changed."""
        if self._ending.is_set():
            return
        now, seconds = self._now(), self._settings.lease_seconds
        try:
            with self._sessions() as session:
                leads = jobs.take_lease(session, holder(), seconds, now)
        except OperationalError:
            # The database is busy or away: what was taken holds until it lapses.
            leads = bool(self.leading) and now < self._until
        else:
            self._until = now + timedelta(seconds=seconds)
        if leads and not self.leading:
            self._lead()
        elif not leads and self.leading is not False:
            self._follow()

    def after(self, event: Any) -> None:  # noqa: ANN401 - APScheduler's events have no types
        """Plan another attempt at a job that failed, or forget the one that was planned when it succeeded."""
        outcome = event.retval
        if not isinstance(outcome, Outcome) or not self.leading:
            return
        if outcome.state == "done":
            if self.scheduler.get_job(f"{outcome.name}-retry", SHARED):
                self.scheduler.remove_job(f"{outcome.name}-retry", SHARED)
        elif outcome.state == "failed":
            self._retry(outcome)

    def _lead(self) -> None:
        STOPPING.clear()
        self.scheduler.add_jobstore(SQLAlchemyJobStore(engine=self._engine), SHARED)
        try:
            self._open()
        except OperationalError:
            self.scheduler.remove_jobstore(SHARED)  # the next beat tries again
            raise
        self.leading = True
        log.info("leading")

    def _open(self) -> None:
        """Plan what is not planned yet, and again what the last leader left unfinished."""
        for name, trigger in self.plan.items():
            planned = self.scheduler.get_job(name, SHARED)
            # Adding a job anew would forget that a run was missed, so one with the same trigger is left alone.
            if planned is None or repr(planned.trigger) != repr(trigger):
                self._plan(name, name, 1, trigger)
        with self._sessions() as session:
            abandoned = jobs.abandon_runs(session, self._now())
        for run in abandoned:
            self._retry(Outcome(run.name, run.attempt, run.state))

    def _follow(self) -> None:
        if self.leading:
            STOPPING.set()
            self.scheduler.remove_jobstore(SHARED)
        self.leading = False
        log.info("standing by")

    def _retry(self, outcome: Outcome) -> None:
        if outcome.attempt <= len(RETRY_MINUTES):
            at = self._now() + timedelta(minutes=RETRY_MINUTES[outcome.attempt - 1])
            self._plan(f"{outcome.name}-retry", outcome.name, outcome.attempt + 1, "date", run_date=at)

    def _plan(self, job_id: str, name: str, attempt: int, trigger: object, **options: object) -> None:
        self.scheduler.add_job(
            run_job,
            trigger,
            args=(name, attempt),
            id=job_id,
            jobstore=SHARED,
            replace_existing=True,
            coalesce=True,  # however many runs were missed, one makes up for them
            misfire_grace_time=None,  # and however late it is
            **options,
        )

    def _stop(self) -> None:
        """Stop: first close the shared jobs, because APScheduler goes through what is due once more on its way out."""
        self._ending.set()
        STOPPING.set()
        if self.leading:
            self.scheduler.remove_jobstore(SHARED)
        self.scheduler.shutdown(wait=True)


def cron_trigger(line: str, timezone: str) -> CronTrigger:
    """Return the trigger of a crontab line; raise Invalid when it is none.

    APScheduler counts weekdays from Monday, crontab from Sunday: numbers become names here.
    """
    fields = line.split()
    if len(fields) == 5:  # noqa: PLR2004 - minute, hour, day, month, weekday
        fields[4] = re.sub(r"(?<![/\d])[0-7](?!\d)", lambda day: WEEKDAYS[int(day[0])], fields[4])
    try:
        return CronTrigger.from_crontab(" ".join(fields), timezone)
    except ValueError as error:
        raise Invalid(f"not a crontab line: {line!r} ({error})") from error


def holder() -> str:
    """Return this process's name in the lease."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}"


def _last_line(stream: Any) -> str:  # noqa: ANN401 - a temporary file's type is private
    stream.seek(0)
    lines = stream.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
