"""Case page: the hand-over package, made and written down."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from dash import Input, Output, State

from dashboard.access.permissions import Permission
from dashboard.actions.handovers import HandOver, record_handover
from dashboard.clock import moment
from dashboard.exports.dossier import document
from dashboard.exports.handover import content_in, enclosures, package
from dashboard.i18n import words_for
from dashboard.queries.generations import live_generation
from dashboard.queries.handover import handover_of
from dashboard.services import clicking
from layouts import case_findings_handover as panel
from layouts import shell
from layouts.case_handover import dossier_of
from layouts.links import case_in

if TYPE_CHECKING:
    from dash import Dash
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.services import Services

FORMS = {panel.DOCUMENT: "pdf", panel.PACKAGE: "zip"}
MEDIA = {"pdf": "application/pdf", "zip": "application/zip"}


def register(app: Dash, services: Services) -> None:
    """Wire the panel of one application."""
    for button, form in FORMS.items():
        _install_export(app, services, button, form)


def _install_export(app: Dash, services: Services, button: str, form: str) -> None:
    @app.callback(
        Output(panel.DOWNLOAD, "data", allow_duplicate=True),
        Input(button, "n_clicks"),
        State(shell.LOCATION, "pathname"),
        prevent_initial_call=True,
    )
    def export_handover(_clicks: int | None, pathname: str | None) -> dict[str, Any]:
        viewer = clicking(Permission.CASE_READ)
        with services.sessions() as session:
            name, content = _made(session, services, viewer, case_in(pathname), form)
        return {"content": base64.b64encode(content).decode(), "filename": name, "base64": True, "type": MEDIA[form]}


def _made(session: Session, services: Services, viewer: Viewer, number: str, form: str) -> tuple[str, bytes]:
    """Return name and content of the file, once it is written down who takes it."""
    settings, taken = services.settings, handover_of(session, viewer, number)
    when, live = moment(settings.timezone), live_generation(session)
    enclosed = enclosures(taken.attachments, content_in(settings.var_dir))
    by = " ".join(part for part in (viewer.unit, viewer.name) if part)
    words = words_for(viewer.locale)
    content = document(dossier_of(taken, enclosed, live, words, by=by, at=when.at, timezone=settings.timezone))
    if form == "zip":
        content = package(content, f"{number}.pdf", enclosed)
    missing = sum(one.state in {"missing", "altered"} for one in enclosed)
    generation, sha256 = live.generation if live else 0, hashlib.sha256(content).hexdigest()
    record_handover(session, viewer, HandOver(taken.found.seen.case.id, form, generation, sha256, missing), when)
    return f"{number}.{form}", content
