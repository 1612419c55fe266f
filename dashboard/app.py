"""create_app(settings): the composition root. Nothing happens on import, and two apps in one process are strangers."""

from __future__ import annotations

import hashlib
import logging
import traceback
from functools import cache, partial
from html import escape
from typing import TYPE_CHECKING, Any

from dash import Dash, html
from dash.exceptions import DependencyException
from flask import Flask, Response, jsonify, redirect, request
from flask_bootstrap import Bootstrap5
from flask_compress import Compress

from callbacks import register_all
from dashboard.access.gate import CALLBACKS, CSRF_COOKIE, CSRF_HEADER, install_gate, is_as_registered
from dashboard.access.session import current_locale, current_viewer, viewer_or_none
from dashboard.api import attachments
from dashboard.cache import make_cache
from dashboard.db import make_engine, migrate, sessions
from dashboard.errors import NotFound, SmokeError
from dashboard.i18n import words_for
from dashboard.models.revision import current_revision
from dashboard.queries.generations import live_generation
from dashboard.services import Services
from dashboard.settings import HOUSE
from layouts import notices, shell
from layouts.registry import SCREENS, is_wall, screen_at, screen_of

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from dashboard.access.permissions import Permission
    from dashboard.settings import Settings

log = logging.getLogger(__name__)

STYLESHEETS = ("/bootstrap/static/css/bootstrap.min.css",)


class Server(Flask):
    """Flask, whose log never tells an address: a wall's holds its token, a sign-in's where somebody came from."""

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401 - Flask's triple or its absence
        """Log a request that failed, with the rule that its address met instead of the address."""
        self.logger.error("request failed: %s %s", request.method, request.url_rule, exc_info=exc_info)


class Page(Dash):
    """Dash with a page of the house's own: the viewer's language, and a wall known as one before any script runs."""

    smoke_settings: Settings

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override] # Dash calls it by keyword only
        """Return the HTML around the application; `parts` are Dash's tags."""
        locale = current_locale(self.smoke_settings)
        words = words_for(locale)
        title = shell.title_of(words, request.path, screen_at(request.path), self.smoke_settings)
        return (
            f'<!DOCTYPE html><html lang="{locale.replace("_", "-")}"'
            f"{' class=is-wall' if is_wall(request.path) else ''}><head>{parts['metas']}<title>{escape(title)}</title>"
            f'{parts["favicon"]}{parts["css"]}</head><body><div id="react-entry-point">'
            f'<div class="_dash-loading">{escape(words("Loading"))}</div></div>'
            f"<footer>{parts['config']}{parts['scripts']}{parts['renderer']}</footer></body></html>"
        )


def create_app(settings: Settings) -> Page:
    """Return an application: its server, screens and callbacks, over the database that the settings name."""
    migrate(settings.database, HOUSE)
    engine = make_engine(settings.database)
    factory = sessions(engine)
    server = Server(__name__)
    server.extensions["smoke_engine"] = engine
    services = Services(settings, factory, make_cache(server, settings))
    app = Page(
        server=server,  # type: ignore[arg-type] # Dash takes a Flask, whatever its annotation says
        assets_folder=str(HOUSE / "assets"),
        assets_ignore=r".*\.(geo)?json$",
        external_stylesheets=list(STYLESHEETS),
        csrf_token_name=CSRF_COOKIE,
        csrf_header_name=CSRF_HEADER,
        title=settings.title,
        update_title="",
        add_log_handler=False,
        on_error=partial(_callback_failed, settings),
    )
    app.smoke_settings = settings
    Bootstrap5(server)
    install_gate(
        server,
        sessions=factory,
        settings=settings,
        callback_permission=_callback_permission,
        csp_script_hashes=lambda: list(app.csp_hashes()),
        larger_bodies=attachments.larger_bodies(settings),
    )
    server.register_blueprint(attachments.make_attachments(services))
    Compress(server)
    _install_closing(server)
    _install_errors(app, server)
    _install_routes(server, services)
    _install_layout(app, services)
    register_all(app, services)
    return app


def _callback_failed(settings: Settings, error: Exception) -> None:
    """Keep the picture and say so when a callback fails, or why an action was refused (`layouts.notices`).

    What the viewer may not ask for at all stays an HTTP status. The log gets the kind of error and where it arose,
    never its text: that may quote a row.
    """
    if isinstance(error, SmokeError):
        notices.show_refused(error, words_for(current_viewer().locale), settings.timezone)
        return
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("callback failed: %s at %s:%s", type(error).__name__, place.filename, place.lineno)
    notices.show_failed(words_for(current_viewer().locale), settings.timezone)


def _install_closing(server: Flask) -> None:
    """Close files when their response ends: Flask-Compress reads them through a generator and forgets them."""

    @server.after_request  # registered after Flask-Compress, so that it still sees the file
    def _close(response: Response) -> Response:
        close = getattr(response.response, "close", None)
        if close is not None:
            response.call_on_close(close)
        return response


def _callback_permission(component_id: str) -> Permission | None:
    """Return what a callback that writes to a component needs; the shell is for everybody who is signed in."""
    if component_id.startswith("shell--"):
        return None
    screen = screen_of(component_id)
    if screen is None:
        raise NotFound(f"no screen renders {component_id!r}")
    return screen.permission


def _install_layout(app: Page, services: Services) -> None:
    settings = services.settings

    def serve() -> html.Div:
        # Dash checks the layout in each process's first request, whoever makes it; the gate guards its address.
        return shell.layout(words_for(current_locale(settings)), settings, viewer_or_none(), _moved(services))

    words = words_for(settings.locale)
    # The validation layout comes first: without one, setting a layout function calls it, and there is no viewer yet.
    app.validation_layout = html.Div(  # type: ignore[assignment] # Dash annotates it by its default, None
        [shell.layout(words, settings, None, {}), *(screen.layout(words) for screen in SCREENS)]
    )
    app.layout = serve


def _install_routes(server: Flask, services: Services) -> None:
    @server.get("/health")
    def health() -> Response:
        with services.sessions() as session:
            live_generation(session)
        return jsonify(status="ok")

    @server.get("/clock")
    def clock() -> BaseResponse:
        moved = _moved(services)
        answer = jsonify(moved)
        answer.set_etag("{generation}-{revision}-{app}".format(**moved))
        return answer.make_conditional(request)

    @server.before_request
    def _home() -> BaseResponse | None:
        return redirect(SCREENS[0].path) if request.path == "/" else None


def _moved(services: Services) -> dict[str, Any]:
    """Return what a page compares to know whether anything moved: generation, operations revision, app version."""
    with services.sessions() as session:
        live = live_generation(session)
        return {
            "generation": live.generation if live else 0,
            "revision": current_revision(session),
            "app": app_version(),
        }


@cache
def app_version() -> str:
    """Return a short hash of the scripts and styles that a page must match; a page that differs reloads itself."""
    digest = hashlib.sha256()
    for path in sorted((HOUSE / "assets").glob("*.*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _install_errors(app: Page, server: Flask) -> None:
    @server.errorhandler(SmokeError)
    def _domain_error(error: SmokeError) -> tuple[Response, int]:
        told = {"error": type(error).__name__}
        if error.sentence is not None:
            settings = app.smoke_settings
            told["message"] = notices.told(error.sentence, words_for(current_locale(settings)), settings.timezone)
        return jsonify(told), error.status

    @server.errorhandler(DependencyException)
    def _no_such_bundle(_error: DependencyException) -> tuple[Response, int]:
        # Its text, which would go into the log, repeats the address and lists every bundle that there is.
        return jsonify(error="no such file"), NotFound.status

    @server.before_request  # after the gate's, so that strangers learn nothing
    def _malformed() -> tuple[Response, int] | None:
        if request.path != CALLBACKS or is_as_registered(request.get_json(silent=True), app.callback_map):
            return None
        return jsonify(error="no such callback"), 400
