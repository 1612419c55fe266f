"""The scheduler: APScheduler in a process of its own. Several may run; the one that holds the lease leads.

The leader works on the jobs that the database keeps. A standby beats as well, and takes over when the lease lapses.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import threading
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
from dashboard.db import make_engine, sessions
from dashboard.errors import Invalid
from dashboard.settings import Settings
from dashboard.worker import Outcome, Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

HOUSEKEEPING_CRON = "30 3 * * *"
DEADLINES_CRON = "*/15 * * * *"
RETRY_MINUTES = (5, 15, 45)  # after the first, second and third failure; then the next day's run
PATIENCE_SECONDS = 10  # between two looks at a busy database
SHARED = "shared"  # the job store in the database, open only while leading
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
log = logging.getLogger("dashboard.scheduler")

# APScheduler keeps a job as a reference to a function and plain arguments, so `run_job` can be handed nothing else of
# this process; what it has to heed is this flag.
STOPPING = threading.Event()


def run_job(name: str, attempt: int) -> Outcome:
    """Do a job of the shared store; APScheduler finds this function by its name."""
    settings = Settings()
    engine = make_engine(settings.database)
    try:
        worker = Worker(sessions(engine), holder(), STOPPING, var_dir=settings.var_dir, timezone=settings.timezone)
        return worker.run(name, attempt)
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
