"""The case page's wiring: its head, and which version of the case is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output

from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.queries.case_seen import case_seen
from layouts import case, shell
from layouts.case_forms import SEEN
from layouts.links import case_in

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.services import Services


def register(app: Dash, services: Services) -> None:
    """Wire the case page of one application."""

    @app.callback(
        Output(case.HEAD, "children"),
        Output(SEEN, "data"),
        Input(shell.LOCATION, "pathname"),
        Input(shell.CLOCK, "data"),
    )
    def refresh_case(pathname: str | None, _moved: object) -> tuple[str, dict[str, Any]]:
        viewer = current_viewer()
        viewer.scope(Permission.CASE_READ)
        with services.sessions() as session:
            seen = case_seen(session, viewer, case_in(pathname))
        return seen.case.name, {"id": seen.case.id, "version": seen.case.version}
