"""The gate: no request passes without a viewer, but for few open addresses; no callback without its permission."""

from __future__ import annotations

import json
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import make_response, redirect, request
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard.access.headers import NOT_AT_ALL, install_headers, keeping
from dashboard.access.language import install_babel
from dashboard.access.pages import make_pages
from dashboard.access.session import Door, current_locale, viewer_or_none
from dashboard.clock import now as present
from dashboard.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from flask import Flask, Response
    from sqlalchemy.orm import Session, sessionmaker
    from werkzeug.wrappers import Response as BaseResponse

    from dashboard.access.permissions import Permission
    from dashboard.access.viewer import Viewer
    from dashboard.settings import Settings

CSRF_COOKIE = "smoke_csrf"
CSRF_HEADER = "X-CSRFToken"
CALLBACKS = "/_dash-update-component"
POLLED = "/clock"  # asked by the page itself: not a sign that anybody is there
ADDRESS = frozenset({"pathname", "search"})
LARGEST_BODY = 4 * 1024 * 1024
WALL_LASTS = timedelta(days=400)  # as long as browsers keep a cookie; the token's own end comes first
OPEN_ENDPOINTS = frozenset(
    {
        "access.sign_in",
        "access.sign_in_submitted",
        "access.sign_out",
        "access.sign_out_submitted",
        "access.wall",
        "access.language",
    }
)
OPEN_PATHS = frozenset({"/health", "/assets/00_tokens.css", "/assets/05_sign_in.css", "/assets/favicon.svg"})


def install_gate(
    server: Flask,
    *,
    sessions: sessionmaker[Session],
    settings: Settings,
    callback_permission: Callable[[str], Permission | None],
    csp_script_hashes: Callable[[], list[str]],
    larger_bodies: Mapping[str, int] = MappingProxyType({}),
    now: Callable[[], datetime] = present,
) -> None:
    """Put the gate before everything that `server` serves, with its pages, headers, sessions and CSRF protection.

    `callback_permission` is asked for each component id that a callback writes to (the text before the property, for a
    pattern id its JSON; for a callback without output Dash's hash) and returns the permission needed, or None where
    being signed in is enough; it raises NotAllowed or LookupError for an id that nobody may write to.
    `larger_bodies` are the endpoints that take more than LARGEST_BODY from those who are signed in, with their bytes.
    """
    door = Door(sessions, settings, now)
    _configure(server, settings)
    login = LoginManager(server)
    login.session_protection = None  # addresses of honest browsers change; the cookie is signed and revocable
    login.user_loader(door.recognise)
    install_babel(server, lambda: current_locale(settings), settings.timezone)

    @server.before_request
    def _gate() -> BaseResponse | None:
        if request.endpoint in OPEN_ENDPOINTS or request.path in OPEN_PATHS:
            return None
        viewer = viewer_or_none()
        if viewer is None:
            return _turn_away()
        if request.path != POLLED:
            door.touch()
        request.max_content_length = larger_bodies.get(request.endpoint or "", LARGEST_BODY)
        return _check_callback(viewer, callback_permission) if request.path == CALLBACKS else None

    CSRFProtect(server)  # after the gate: strangers learn nothing, not even that their token was wrong
    server.register_blueprint(make_pages(door))
    install_headers(server, secure=settings.cookies_are_secure, csp_script_hashes=csp_script_hashes)

    @server.after_request
    def _csrf_cookie(response: Response) -> Response:
        if (
            response.mimetype == "text/html"
            and request.method == "GET"
            and keeping() == NOT_AT_ALL
            and viewer_or_none()
        ):
            secure = settings.cookies_are_secure
            # Dash's own script reads it, so it cannot be HttpOnly; alone it opens nothing.
            response.set_cookie(CSRF_COOKIE, generate_csrf(), secure=secure, samesite="Lax")
        return response


def _configure(server: Flask, settings: Settings) -> None:
    server.config.update(
        SECRET_KEY=settings.secret(),
        SESSION_COOKIE_NAME="smoke_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookies_are_secure,
        SESSION_REFRESH_EACH_REQUEST=False,  # the gate decides what counts as use
        PERMANENT_SESSION_LIFETIME=WALL_LASTS,
        WTF_CSRF_TIME_LIMIT=None,  # tied to the session; walls run for weeks without a reload
        WTF_CSRF_HEADERS=[CSRF_HEADER],
        MAX_CONTENT_LENGTH=LARGEST_BODY,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _turn_away() -> BaseResponse:
    """Send a page to the sign-in, and refuse whatever a script asked for."""
    page = request.method in {"GET", "HEAD"} and request.accept_mimetypes.accept_html
    if not page or request.path.startswith(("/_", "/assets/", "/api/", POLLED)):
        return make_response({"error": "sign in first"}, 401)
    target = request.full_path.removesuffix("?")
    return redirect("/sign-in" if target == "/" else f"/sign-in?next={quote(target, safe='/')}")


def _check_callback(viewer: Viewer, callback_permission: Callable[[str], Permission | None]) -> BaseResponse | None:
    """Refuse a callback unless the viewer holds the permissions of all components that it writes to."""
    try:
        body = request.get_json(silent=True)
        needed = [callback_permission(component) for component in written_components(body)]
    except (NotAllowed, LookupError, TypeError, ValueError, RecursionError):  # the last: brackets nested without end
        return make_response({"error": "no such callback"}, 403)
    if not all(permission is None or viewer.may(permission) for permission in needed):
        return make_response({"error": "not allowed"}, 403)
    return None


def written_components(body: Any) -> set[str]:  # noqa: ANN401 - whatever JSON a client sends
    """Return the ids of all components named in a callback request; raise ValueError or TypeError when malformed.

    Dash picks the callback by `output` alone, a text such as `a.figure` or `..a.figure...b.children..`; `outputs` says
    the same in a structure for pattern ids. A forger may let them differ, so both count.
    """
    output = body["output"]
    if not isinstance(output, str):
        raise TypeError("output names a callback")
    texts = output[2:-2].split("...") if output.startswith("..") else [output]
    components = {text.rpartition(".")[0].replace("\\.", ".") or text for text in texts}
    listed = body.get("outputs") or []
    for item in listed if isinstance(listed, list) else [listed]:
        for one in item if isinstance(item, list) else [item]:
            components.add(_component(one["id"]))
    return components


def is_as_registered(body: Any, registered: Mapping[str, Any]) -> bool:  # noqa: ANN401 - whatever JSON a client sends
    """Return whether a callback request names the outputs, inputs and state that its callback was registered with.

    `registered` is Dash's own map by output. Dash trusts the lists to be its script's and stumbles over any others. A
    page's address is text; and no text holds what no database stores: half a character (a lone surrogate), or a NUL.
    """
    try:
        given = [*body["inputs"], *body.get("state", [])]
        if not all(isinstance(one.get("value"), str | None) for one in given if one["property"] in ADDRESS):
            return False
        known, outputs = registered[body["output"]], body["outputs"]
        listed = "..".join(("", "...".join(_named(outputs)), "")) if isinstance(outputs, list) else _named([outputs])[0]
        return (
            listed == body["output"]
            and _named(body["inputs"]) == _named(known["inputs"])
            and _named(body.get("state", [])) == _named(known["state"])
            and all(isinstance(name, str) for name in body.get("changedPropIds", []))
            and _can_be_stored(body)
        )
    except (AttributeError, LookupError, TypeError):
        return False


def _can_be_stored(body: object) -> bool:
    text = json.dumps(body, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in text.replace("\\\\", "")  # somebody may well write about a NUL


def _named(items: list[dict[str, Any]]) -> list[str]:
    return [f"{one['id']}.{one['property']}" for one in items]


def _component(identity: object) -> str:
    if isinstance(identity, str):
        return identity
    return json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
