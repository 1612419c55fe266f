"""Case page: people and the determination, written; the present rows filled into their forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.actions.case_people import (
    AddPerson,
    ChangePerson,
    RemovePerson,
    add_person,
    change_person,
    remove_person,
)
from dashboard.actions.findings import WriteDetermination, write_determination
from dashboard.clock import moment
from dashboard.i18n import N_, words_for
from dashboard.queries.findings import findings_of
from dashboard.services import clicking
from layouts import case_findings_people as people
from layouts import case_findings_verdict as verdict
from layouts import notices, shell
from layouts.case_findings_asked import count_of, money_of, number_of, places_of, text_of
from layouts.case_findings_wired import outputs, states
from layouts.case_forms import act_in, new_key
from layouts.links import case_in

if TYPE_CHECKING:
    from dash import Dash
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.actions.casework import Act
    from dashboard.clock import Moment
    from dashboard.queries.findings import Findings
    from dashboard.services import Services


def register(app: Dash, services: Services) -> None:
    """Wire the forms of one application."""

    @app.callback(
        output=outputs(people.FIELDS, people.KEY),
        inputs={"_clicks": [Input(people.SAVE, "n_clicks"), Input(people.REMOVE, "n_clicks")]},
        state={"form": states(people.FIELDS, people.KEY)},
        prevent_initial_call=True,
    )
    def submit_person(_clicks: object, form: dict[str, Any]) -> dict[str, Any]:
        viewer = clicking(Permission.CASE_READ)
        act, write = act_in(form["seen"], form["key"]), _remove if ctx.triggered_id == people.REMOVE else _save
        with services.sessions() as session:
            message = write(session, viewer, act, form, moment(services.settings.timezone))
        words = words_for(viewer.locale)
        notices.show_done(words(message), words)
        return people.CLEARED | {"key": new_key()}

    @app.callback(
        output=outputs(people.FIELDS, without=("whom", "reason")),
        inputs={"whom": Input(people.WHOM, "value"), "pathname": State(shell.LOCATION, "pathname")},
        prevent_initial_call=True,
    )
    def open_person(whom: object, pathname: str | None) -> dict[str, Any]:
        return people.filled(_found(services, pathname), number_of(whom))

    @app.callback(
        output=outputs(verdict.FIELDS, verdict.KEY),
        inputs={"_clicks": Input(verdict.SAVE, "n_clicks")},
        state={"form": states(verdict.FIELDS, verdict.KEY)},
        prevent_initial_call=True,
    )
    def submit_determination(_clicks: object, form: dict[str, Any]) -> dict[str, Any]:
        viewer = clicking(Permission.CASE_READ)
        with services.sessions() as session:
            version = write_determination(session, viewer, _determined(form), moment(services.settings.timezone))
        words = words_for(viewer.locale)
        notices.show_done(words("The determination is written: version %(n)s", n=version), words)
        return verdict.CLEARED | {"key": new_key()}

    @app.callback(
        output=outputs(verdict.FIELDS),
        inputs={"_clicks": Input(verdict.LOAD, "n_clicks"), "pathname": State(shell.LOCATION, "pathname")},
        prevent_initial_call=True,
    )
    def open_determination(_clicks: object, pathname: str | None) -> dict[str, Any]:
        clicking(Permission.CASE_READ)
        return verdict.filled(_found(services, pathname))

    @app.callback(
        Output(verdict.VERSION, "value", allow_duplicate=True),
        Input(verdict.REBASE, "n_clicks"),
        State(shell.LOCATION, "pathname"),
        prevent_initial_call=True,
    )
    def open_rebased(_clicks: object, pathname: str | None) -> str:
        clicking(Permission.CASE_READ)
        there = _found(services, pathname).determination
        if there is None:
            raise PreventUpdate
        return str(there.version)


def _found(services: Services, pathname: str | None) -> Findings:
    with services.sessions() as session:
        return findings_of(session, current_viewer(), case_in(pathname))


def _save(session: Session, viewer: Viewer, act: Act, form: dict[str, Any], when: Moment) -> str:
    """Add a new person or mend the one chosen; return the message that says so."""
    known = {name: text_of(form[name]) for name in ("name", "role", "note")}
    number = number_of(form["whom"])
    if not number:
        add_person(session, viewer, AddPerson(act, **known), when)
        return N_("The person is in the file")
    change_person(session, viewer, ChangePerson(act, number, number_of(form["version"]), **known), when)
    return N_("The person's entry is mended")


def _remove(session: Session, viewer: Viewer, act: Act, form: dict[str, Any], when: Moment) -> str:
    number, version = number_of(form["whom"]), number_of(form["version"])
    remove_person(session, viewer, RemovePerson(act, number, version, text_of(form["reason"])), when)
    return N_("The person is taken out of the file")


def _determined(form: dict[str, Any]) -> WriteDetermination:
    return WriteDetermination(
        act_in(form["seen"], form["key"]),
        number_of(form["version"]),
        text_of(form["risk_type"]),
        money_of(form["amount"]),
        money_of(form["illegal_income"]),
        count_of(form["people"]),
        places_of(form["places"]),
        text_of(form["basis"]),
    )
