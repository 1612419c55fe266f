"""Case page: steps taken, the clock stopped and started, the person in charge changed."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from dash import Input, Output, State

from dashboard.access.permissions import Permission
from dashboard.actions import case_steps as acts
from dashboard.clock import moment
from dashboard.errors import Invalid
from dashboard.i18n import N_, words_for
from dashboard.queries.case_seen import case_seen
from dashboard.services import clicking
from layouts import case_steps as part
from layouts import notices, shell
from layouts.asked import LARGEST
from layouts.case_forms import SEEN, act_in, new_key
from layouts.links import case_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from dash import Dash
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.actions.casework import Act
    from dashboard.clock import Moment
    from dashboard.services import Services

CLEARED: dict[str, Any] = {
    "step": "", "reason": "", "outcome": "", "until": "", "owner": "",
    **{code: None if one.kind in {"number", "money"} else "" for code, one in part.QUESTIONS.items()},
}  # fmt: skip
PATH = State(shell.LOCATION, "pathname")
FORMS = (
    ("step", part.STEP_SEND, part.STEP_KEY),
    ("suspend", part.SUSPEND_SEND, part.SUSPEND_KEY),
    ("resume", part.RESUME_SEND, part.RESUME_KEY),
    ("owner", part.OWNER_SEND, part.OWNER_KEY),
)


def register(app: Dash, services: Services) -> None:
    """Wire the four forms of one application: each is sent, says what it did, and is empty again."""
    for form, button, key in FORMS:
        _wire(app, services, form, button, key)


def _wire(app: Dash, services: Services, form: str, button: str, key: str) -> None:
    fields = part.FORMS[form]
    typed = {name: State(component, "value") for name, component in fields.items()}

    @app.callback(
        output={name: Output(one, "value") for name, one in fields.items()} | {"key": Output(key, "data")},
        inputs={"_clicks": Input(button, "n_clicks")},
        state={"typed": typed, "on": {"seen": State(SEEN, "data"), "key": State(key, "data"), "path": PATH}},
        prevent_initial_call=True,
    )
    def submit_form(_clicks: object, on: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
        viewer = clicking(Permission.CASE_READ)
        with services.sessions() as session:
            message = SENT[form](session, viewer, on, typed, moment(services.settings.timezone))
        words = words_for(viewer.locale)
        notices.show_done(words(message), words)
        return {name: CLEARED[name] for name in fields} | {"key": new_key()}


def _step(session: Session, viewer: Viewer, on: dict[str, Any], typed: dict[str, Any], when: Moment) -> str:
    workflow, code = case_seen(session, viewer, case_in(on["path"])).workflow, _text(typed["step"])
    step = next((one for one in workflow.steps if one.code == code), None)
    if step is None:
        raise Invalid.telling(N_("Choose a step"))
    # Fields of another step may still hold what was typed for it: only what this one asks is sent.
    reason = _text(typed["reason"]) if step.reason or step.back else ""
    answers = tuple((one, _text(typed[one])) for one in step.questions)
    outcome = _text(typed["outcome"]) if step.outcomes else ""
    command = acts.TakeStep(_act(on), code, reason, answers, outcome)
    acts.take_step(session, viewer, command, when)
    return N_("The step is taken")


def _suspend(session: Session, viewer: Viewer, on: dict[str, Any], typed: dict[str, Any], when: Moment) -> str:
    try:
        until = date.fromisoformat(_text(typed["until"]))
    except ValueError:
        raise Invalid.telling(N_("Say until when at the latest")) from None
    acts.suspend(session, viewer, acts.Suspend(_act(on), _text(typed["reason"]), until), when)
    return N_("The case is suspended")


def _resume(session: Session, viewer: Viewer, on: dict[str, Any], typed: dict[str, Any], when: Moment) -> str:
    acts.resume(session, viewer, acts.Resume(_act(on), _text(typed["reason"])), when)
    return N_("The case goes on")


def _owner(session: Session, viewer: Viewer, on: dict[str, Any], typed: dict[str, Any], when: Moment) -> str:
    number = _text(typed["owner"])
    if not re.fullmatch(r"[0-9]{1,10}", number) or int(number) > LARGEST:
        raise Invalid.telling(N_("Choose who is in charge"))
    acts.set_owner(session, viewer, acts.SetOwner(_act(on), int(number)), when)
    return N_("The person in charge has changed")


SENT: dict[str, Callable[[Session, Viewer, dict[str, Any], dict[str, Any], Moment], str]] = {
    "step": _step,
    "suspend": _suspend,
    "resume": _resume,
    "owner": _owner,
}


def _act(on: dict[str, Any]) -> Act:
    return act_in(on["seen"], on["key"])


def _text(value: object) -> str:
    """Return what a field holds as text; Invalid for what no field holds."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid("that is no field of the form")
    return str(value)
