"""Case page: the stages and the next steps, the form of the chosen step, and the keys of the forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.i18n import words_for
from dashboard.queries.case_steps import progress_of
from dashboard.workflow.gates import demands
from layouts import case_steps as part
from layouts import case_steps_view as view
from layouts import shell
from layouts.case_forms import SEEN, new_key
from layouts.links import case_in

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.queries.case_steps import Progress
    from dashboard.services import Services

SHOWN = {
    "way": Output(part.BODY, "children"),
    "steps": Output(part.STEP, "options"),
    "ahead": Output(part.NEXT, "children"),
    "stepping": Output(part.STEPPING, "hidden"),
    "suspension": Output(part.SUSPENSION, "hidden"),
    "resumption": Output(part.RESUMPTION, "hidden"),
    "charge": Output(part.CHARGE, "hidden"),
    "owners": Output(part.OWNER, "options"),
}
CHOSEN = {
    "form": Output(part.STEP_FORM, "hidden"),
    "asks": [Output(part.asks_id(code), "hidden") for code in part.QUESTIONS],
    "why": Output(part.STEP_WHY, "hidden"),
    "end": Output(part.STEP_END, "hidden"),
    "outcomes": Output(part.STEP_OUTCOME, "options"),
    "lacks": Output(part.STEP_LACKS, "children"),
}
CHOOSING = {
    "pathname": Input(shell.LOCATION, "pathname"),
    "_seen": Input(SEEN, "data"),
    "step": Input(part.STEP, "value"),
    "outcome": Input(part.STEP_OUTCOME, "value"),
}


def register(app: Dash, services: Services) -> None:
    """Wire this part of the page."""

    @app.callback(
        output=SHOWN, inputs={"pathname": Input(shell.LOCATION, "pathname"), "_moved": Input(shell.CLOCK, "data")}
    )
    def refresh_steps(pathname: str | None, _moved: object) -> dict[str, Any]:
        return _shown(_progress(services, pathname), services.settings.timezone)

    @app.callback(output=CHOSEN, inputs=CHOOSING)
    def open_step(pathname: str | None, _seen: object, step: object, outcome: object) -> dict[str, Any]:
        return _chosen(_progress(services, pathname), step, outcome, services.settings.timezone)

    @app.callback([Output(key, "data") for key in part.KEYS], Input(shell.LOCATION, "pathname"))
    def refresh_step_keys(_pathname: str | None) -> list[str]:
        current_viewer().scope(Permission.CASE_READ)
        return [new_key() for _ in part.KEYS]


def _progress(services: Services, pathname: str | None) -> Progress:
    viewer = current_viewer()
    with services.sessions() as session:
        return progress_of(session, viewer, case_in(pathname), clock.today(services.settings.timezone))


def _shown(progress: Progress, timezone: str) -> dict[str, Any]:
    seen, words = progress.seen, words_for(progress.seen.viewer.locale)
    able = seen.allows(seen.workflow.suspension.who) and progress.is_open
    stopped = seen.case.suspended_on is not None
    timed, offered = seen.case.due_on is not None, view.options(progress, words)
    return {
        "way": view.way(progress, words),
        "steps": offered,
        "ahead": view.ahead(progress, words, timezone),
        "stepping": not offered,
        "suspension": not (able and timed and not stopped and seen.may("case:suspended")),
        "resumption": not (able and stopped and seen.may("case:resumed")),
        "charge": not (progress.is_open and not stopped and seen.may("case:owner_set")),
        "owners": view.people(progress),
    }


def _chosen(progress: Progress, code: object, outcome: object, timezone: str) -> dict[str, Any]:
    """Return the form of the chosen step: only the fields that it asks; hidden where none can be taken."""
    words = words_for(progress.seen.viewer.locale)
    step = next((one for one in progress.steps if one.code == code and progress.seen.allows(one.who)), None)
    if step is None:
        asks = [True for _ in part.QUESTIONS]
        return {"form": True, "asks": asks, "why": True, "end": True, "outcomes": [], "lacks": []}
    ends = str(outcome) if outcome in step.outcomes else ""
    return {
        "form": False,
        "asks": [code not in step.questions for code in part.QUESTIONS],
        "why": not (step.reason or step.back),
        "end": not step.outcomes,
        "outcomes": view.outcomes(step, words),
        "lacks": view.lacking(demands(step, progress.facts, ends), words, timezone),
    }
