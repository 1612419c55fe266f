"""The case page's drafts, wired: kept while somebody types, put back when it opens, dropped when a form is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, State
from dash.exceptions import PreventUpdate

from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.actions.drafts import drop_draft, keep_draft
from dashboard.clock import now
from dashboard.i18n import words_for
from dashboard.queries.case_seen import case_seen
from dashboard.queries.drafts import drafts_of
from layouts import case, shell
from layouts import case_drafts as drafts
from layouts.links import case_in

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.services import Services


def register(app: Dash, services: Services) -> None:
    """Wire the drafts of one application."""

    @app.callback(Output(drafts.FOUND, "data"), Input(shell.LOCATION, "pathname"))
    def open_drafts(pathname: str | None) -> dict[str, Any]:
        viewer = current_viewer()
        viewer.scope(Permission.CASE_READ)
        with services.sessions() as session:
            seen = case_seen(session, viewer, case_in(pathname))
            mine = drafts_of(session, viewer, f"case:{seen.case.id}:")
        return drafts.found(seen.case.number, mine, words_for(viewer.locale), services.settings.timezone)

    @app.callback(Output(drafts.KEPT, "data"), Input(drafts.KEEP, "data"), prevent_initial_call=True)
    def submit_draft(given: object) -> dict[str, int]:
        viewer = current_viewer()
        viewer.scope(Permission.CASE_READ)
        if given is None:
            raise PreventUpdate
        _write(services, given)
        return {"turn": drafts.asked(given, case.FORMS)[3]}

    _watch(app)


def _write(services: Services, given: object) -> None:
    viewer, (number, form, held, _) = current_viewer(), drafts.asked(given, case.FORMS)
    with services.sessions() as session:
        name = f"case:{case_seen(session, viewer, number).case.id}:{form}"
        if held is None:
            drop_draft(session, viewer, name)
        else:
            keep_draft(session, viewer, name, held, now())


def _watch(app: Dash) -> None:
    """Have the browser watch the fields of every form, and hear what the server has and what it has answered."""
    for form, fields in case.FORMS.items():
        app.clientside_callback(  # type: ignore[no-untyped-call] # Dash leaves this one untyped
            ClientsideFunction("smoke", "draft_typed"),
            Output(drafts.mark_id(form), "hidden"),
            [Input(one, "value") for one in fields.values()],
            Input(drafts.discard_id(form), "n_clicks"),
            State(drafts.FIELDS, "data"),
        )
    for store, heard in ((drafts.FOUND, "draft_found"), (drafts.KEPT, "draft_answered")):
        app.clientside_callback(  # type: ignore[no-untyped-call] # as above
            ClientsideFunction("smoke", heard),
            Output(drafts.TURN, "data", allow_duplicate=True),
            Input(store, "data"),
            prevent_initial_call=True,
        )
