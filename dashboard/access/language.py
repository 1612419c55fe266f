"""Which language a request speaks, and Flask-Babel for the server-rendered pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import Babel

from dashboard.i18n import LOCALES, TRANSLATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

LOCALE_COOKIE = "smoke_locale"


def chosen_locale() -> str | None:
    """Return the language that was chosen in this browser, None when none was."""
    chosen = request.cookies.get(LOCALE_COOKIE)
    return chosen if chosen in LOCALES else None


def install_babel(server: Flask, locale: Callable[[], str], timezone: str) -> None:
    """Let templates and forms translate with the same catalogues as dashboard.i18n."""
    Babel(
        server,
        default_locale="en",
        default_timezone=timezone,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=locale,
    )
