"""What every response says to the browser: what may run, what may frame it, what may be kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import request
from flask.sessions import SecureCookieSessionInterface

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask, Response
    from flask.sessions import SessionMixin

YEAR = 31_536_000
FOREVER = f"private, max-age={YEAR}, immutable"
WHILE_UNCHANGED = "private, no-cache"
NOT_AT_ALL = "no-store"
_FILES = ("/assets/", "/bootstrap/static/")
_SCRIPTED = "/api/"
_BUNDLES = "/_dash-component-suites/"
_FINGERPRINT = re.compile(r"/[^/.]+\.v[\w-]+m[0-9a-fA-F]+\.[^/]+$")  # as Dash writes it: name.v4_4_1m1763800000.min.js
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # Flask-WTF checks the referrer of writes over HTTPS
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


# What scripts fetch is no page; a file that somebody sent in must not become one, whatever a browser takes it for.
_NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox"


class CookielessForFiles(SecureCookieSessionInterface):
    """Flask's sessions, except on files that browsers may keep: Vary: Cookie would have them fetched anew."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie unless the response may be kept."""
        if keeping() == NOT_AT_ALL:
            super().save_session(app, session, response)


def keeping() -> str:
    """Return the Cache-Control of what is asked for: one version of a file, a file as it is today, anything else."""
    if request.path.startswith(_BUNDLES):
        # Dash names the version of what its page loads, but not of what that loads later, such as plotly.min.js.
        return FOREVER if _FINGERPRINT.search(request.path) else WHILE_UNCHANGED
    versioned = "v" in request.args or "m" in request.args
    return FOREVER if versioned and request.path.startswith(_FILES) else NOT_AT_ALL


def content_security_policy(script_hashes: list[str]) -> str:
    """Return the policy of all pages; `script_hashes` allow Dash's few inline scripts.

    Styles: Leaflet, plotly, AG Grid and Dash's own components write style attributes and make style elements while they
    run, and none of them offers a nonce; so styles may be inline, scripts never.
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *script_hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def install_headers(server: Flask, *, secure: bool, csp_script_hashes: Callable[[], list[str]]) -> None:
    """Set the headers of every response. The hashes are asked for once, when the first response leaves."""
    server.session_interface = CookielessForFiles()
    policy: list[str] = []

    @server.after_request
    def _headers(response: Response) -> Response:
        if not policy:
            policy.append(content_security_policy(csp_script_hashes()))
        response.headers.update(_FIXED)
        response.headers["Content-Security-Policy"] = _NOTHING if request.path.startswith(_SCRIPTED) else policy[0]
        if secure:
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
        response.headers["Cache-Control"] = keeping() if response.status_code in {200, 304} else NOT_AT_ALL
        return response
