"""The wiring of data and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output

from dashboard.access.permissions import Permission
from dashboard.queries import runs as query
from dashboard.services import reading
from layouts import runs, shell

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.services import Reading, Services

OUTPUT = {
    "facts": Output(runs.FACTS, "children"),
    "runs": Output(runs.RUNS, "children"),
    "steps": Output(runs.STEPS, "children"),
    "jobs": Output(runs.JOBS, "children"),
    "files": Output(runs.FILES, "rowData"),
    "files_note": Output(runs.FILES_NOTE, "children"),
    "quarantine": Output(runs.QUARANTINE, "rowData"),
    "quarantine_note": Output(runs.QUARANTINE_NOTE, "children"),
}


def register(app: Dash, services: Services) -> None:
    """Wire the screen of one application."""

    @app.callback(output=OUTPUT, inputs={"_moved": Input(shell.CLOCK, "data")})
    def refresh_runs(_moved: object) -> dict[str, Any]:
        with reading(services, Permission.RUNS_READ) as read:
            return _machinery(read, services.settings.home_region) | _intake(read, services.settings.home_region)


def _machinery(read: Reading, home: str) -> dict[str, Any]:
    """Return the live generation's facts, the newest runs with their steps, and the jobs."""
    words, zone = read.words, read.services.settings.timezone
    newest = query.newest_runs(read.session, read.scope, home, runs.MOST_RUNS)
    steps = query.steps_of(read.session, read.scope, home, newest[0].run_id) if newest else []
    jobs = query.newest_jobs(read.session, read.scope, home, runs.MOST_JOBS)
    return {
        "facts": runs.facts(read.live, words, zone),
        "runs": runs.runs_table(newest, words, zone),
        "steps": runs.steps_table(steps, words),
        "jobs": runs.jobs_table(jobs, words, zone),
    }


def _intake(read: Reading, home: str) -> dict[str, Any]:
    """Return the landing files of the live generation and what was kept out of them."""
    words, run_id = read.words, read.live.run_id
    files = query.files_of(read.session, read.scope, home, run_id)
    kept_out = query.quarantine_of(read.session, read.scope, home, run_id, runs.MOST_QUARANTINED)
    return {
        "files": runs.file_records(files, words),
        "files_note": words("rows in = staged + quarantined, for every file"),
        "quarantine": runs.quarantine_records(kept_out, words),
        "quarantine_note": words(
            "%(shown)s of %(total)s rows kept out", shown=len(kept_out), total=words.number(read.live.rows_quarantined)
        ),
    }
