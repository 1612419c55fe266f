"""Case page: joins, wired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import Input, Output

from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.i18n import words_for
from dashboard.queries.case_seen import case_seen
from layouts import case_joins as part
from layouts import shell
from layouts.links import case_in

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.services import Services


def register(app: Dash, services: Services) -> None:
    """Wire this part of the page."""

    @app.callback(Output(part.BODY, "children"), Input(shell.LOCATION, "pathname"), Input(shell.CLOCK, "data"))
    def refresh_joins(pathname: str | None, _moved: object) -> str:
        viewer = current_viewer()
        viewer.scope(Permission.CASE_READ)
        with services.sessions() as session:
            seen = case_seen(session, viewer, case_in(pathname))
        return words_for(viewer.locale)("Case %(number)s is open", number=seen.case.number)
