"""The case page's wiring: its headline, which version of the case is shown, and its timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output

from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.clock import today
from dashboard.i18n import words_for
from dashboard.queries.case_head import case_head
from dashboard.queries.case_seen import case_seen
from dashboard.queries.case_timeline import timeline_of
from layouts import case_head as head
from layouts import case_timeline as timeline
from layouts import case_timeline_view as view
from layouts import shell
from layouts.case_forms import SEEN
from layouts.links import case_in

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.services import Services

SHOWN = {
    "head": Output(head.HEAD, "children"),
    "enterprise": Output(head.ENTERPRISE, "children"),
    "note": Output(head.ENTERPRISE_NOTE, "children"),
    "seen": Output(SEEN, "data"),
}
TIMELINE = {
    "entries": Output(timeline.LIST, "children"),
    "note": Output(timeline.NOTE, "children"),
    "all": Output(timeline.MORE, "hidden"),
}
ASKED = {
    "pathname": Input(shell.LOCATION, "pathname"),
    "_moved": Input(shell.CLOCK, "data"),
    "kind": Input(timeline.KIND, "value"),
    "clicks": Input(timeline.MORE, "n_clicks"),
}


def register(app: Dash, services: Services) -> None:
    """Wire the case page of one application."""

    @app.callback(
        output=SHOWN,
        inputs={"pathname": Input(shell.LOCATION, "pathname"), "_moved": Input(shell.CLOCK, "data")},
    )
    def refresh_case(pathname: str | None, _moved: object) -> dict[str, Any]:
        return _shown(services, pathname)

    @app.callback(output=TIMELINE, inputs=ASKED)
    def refresh_timeline(pathname: str | None, _moved: object, kind: object, clicks: object) -> dict[str, Any]:
        return _told(services, pathname, str(kind or "all"), view.pages_of(clicks))


def _shown(services: Services, pathname: str | None) -> dict[str, Any]:
    viewer = current_viewer()
    viewer.scope(Permission.CASE_READ)
    words = words_for(viewer.locale)
    with services.sessions() as session:
        found = case_head(session, viewer, case_in(pathname), today(services.settings.timezone))
    case = found.seen.case
    return {
        "head": head.headline(found, words),
        "enterprise": head.standing(found, words),
        "note": head.enterprise_note(found, words),
        "seen": {"id": case.id, "version": case.version},
    }


def _told(services: Services, pathname: str | None, kind: str, pages: int) -> dict[str, Any]:
    viewer = current_viewer()
    viewer.scope(Permission.CASE_READ)
    words = words_for(viewer.locale)
    with services.sessions() as session:
        found = timeline_of(session, case_seen(session, viewer, case_in(pathname)), kind, pages)
    return {
        "entries": view.listed(found, words, services.settings.timezone),
        "note": view.note(found, words),
        "all": view.is_all(found, pages),
    }
