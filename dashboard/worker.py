"""One job, done once: the refresh in a process of its own, deadlines and housekeeping in the database."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import clock
from dashboard.actions import housekeeping, jobs
from dashboard.actions.escalation import escalate_overdue
from dashboard.settings import HOUSE

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

REFRESH = (sys.executable, "-m", "etl", "run", "--json")
POLL_SECONDS = 0.1
PATIENCE_SECONDS = 10  # between asking a job to stop and killing it
log = logging.getLogger("dashboard.scheduler")


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
    var_dir: Path | None = None  # where files are kept; None: they are left alone
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
                return f"{sent} escalations sent" if (sent := escalate_overdue(session, when)) else ""
            rows = jobs.tidy(session, self.now()) + housekeeping.tidy_desks(session, self.now())
            files = housekeeping.tidy_files(session, self.var_dir, self.now()) if self.var_dir else 0
        return f"{rows} old rows removed, and {files} files that nobody names"

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


def _last_line(stream: Any) -> str:  # noqa: ANN401 - a temporary file's type is private
    stream.seek(0)
    lines = stream.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
