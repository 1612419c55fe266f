"""The wiring of what is done from a portrait; the actions are those of the watchlist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, ctx

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.actions.cases import OpenCase, open_case
from dashboard.actions.exemptions import AddExemption, add_exemption, withdraw_exemption
from dashboard.actions.warnings import Decide, decide
from dashboard.i18n import words_for
from dashboard.queries.portrait import facts_of
from dashboard.services import clicking, reading
from layouts import notices, shell
from layouts import portrait_acts as acts
from layouts.asked import entry_in, period_in, warnings_in
from layouts.links import uscc_in

if TYPE_CHECKING:
    from dash import Dash
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.services import Services

STATES = {acts.ACKNOWLEDGE: "acknowledged", acts.DISMISS: "dismissed", acts.REOPEN: "open"}
LIST = {
    "kind": State(acts.LIST_KIND, "value"),
    "reason": State(acts.LIST_REASON, "value"),
    "period": State(acts.LIST_UNTIL, "value"),
    "text": State(acts.LIST_TEXT, "value"),
    "seen": State(acts.SEEN, "data"),
    "pathname": State(shell.LOCATION, "pathname"),
}


def register(app: Dash, services: Services) -> None:
    """Wire the actions of one application."""

    @app.callback(
        Output(acts.REASON, "value"),
        [Input(button, "n_clicks") for button in acts.FROM],
        [State(acts.SEEN, "data"), State(acts.REASON, "value")],
        prevent_initial_call=True,
    )
    def submit_decision(*given: Any) -> str:  # noqa: ANN401 - clicks of four buttons, then what is seen and typed
        viewer = clicking(Permission.PORTRAIT_READ)
        with services.sessions() as session:
            _decide(session, viewer, services, *given[len(acts.FROM) :])
        return ""

    @app.callback(
        Output(acts.LIST_TEXT, "value"),
        inputs={"_clicks": [Input(acts.LIST_ADD, "n_clicks"), Input(acts.LIST_END, "n_clicks")], "form": LIST},
        prevent_initial_call=True,
    )
    def submit_list(_clicks: object, form: dict[str, Any]) -> str:
        viewer = clicking(Permission.PORTRAIT_READ)
        act = _put_on if ctx.triggered_id == acts.LIST_ADD else _take_off
        with services.sessions() as session:
            act(session, viewer, services, form)
        return ""


def _decide(session: Session, viewer: Viewer, services: Services, seen: object, reason: str | None) -> None:
    """Do what was clicked to the warning as it was shown, and say so."""
    words, now, warnings = words_for(viewer.locale), clock.now(), warnings_in(seen)
    if ctx.triggered_id == acts.CASE:
        number = open_case(session, viewer, OpenCase(warnings, services.settings.timezone), now)
        notices.show_done(words("Case %(number)s is open", number=number), words)
        return
    state = STATES[str(ctx.triggered_id)]
    changed = decide(session, viewer, Decide(warnings, state, reason or ""), now)
    notices.show_done(words("%(n)s warnings: %(state)s", n=changed, state=words.handling(state)), words)


def _put_on(session: Session, viewer: Viewer, services: Services, form: dict[str, Any]) -> None:
    """Put the enterprise on a list; its region is the register's, read anew."""
    with reading(services, Permission.PORTRAIT_READ) as read:
        facts = read.of_population(facts_of, uscc_in(form["pathname"]))
    text = {name: str(form[name] or "") for name in ("kind", "reason", "text")}
    today = clock.today(services.settings.timezone)
    command = AddExemption(
        facts.uscc, facts.region, **text, risk_type="", begins_on=today, ends_on=today + period_in(form["period"])
    )
    add_exemption(session, viewer, command, clock.now())
    words = words_for(viewer.locale)
    done = words("%(name)s is on the list; it takes effect with the next generation", name=facts.name)
    notices.show_done(done, words)


def _take_off(session: Session, viewer: Viewer, _services: Services, form: dict[str, Any]) -> None:
    number, version = entry_in(form["seen"])
    withdraw_exemption(session, viewer, number, version, str(form["text"] or ""), clock.now())
    words = words_for(viewer.locale)
    notices.show_done(words("It is off the list; warnings come again with the next generation"), words)
