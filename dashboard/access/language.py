"""Which language a request speaks, and Flask-Babel for the server-rendered pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import Babel, Domain

from dashboard.i18n import LOCALES, words_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from babel.support import NullTranslations
    from flask import Flask

LOCALE_COOKIE = "smoke_locale"


def chosen_locale() -> str | None:
    """Return the language that was chosen in this browser, None when none was."""
    chosen = request.cookies.get(LOCALE_COOKIE)
    return chosen if chosen in LOCALES else None


class _Catalogues(Domain):  # type: ignore[misc] # flask-babel ships no types
    """The catalogues of dashboard.i18n. Flask-Babel's own search would look for zh_Hans_CN, as CLDR calls zh_CN."""

    def __init__(self, locale: Callable[[], str]) -> None:
        super().__init__()
        self._locale = locale

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of this request."""
        return words_for(self._locale()).catalogue


def install_babel(server: Flask, locale: Callable[[], str], timezone: str) -> None:
    """Let templates and forms translate with the same catalogues as dashboard.i18n; `locale` names this request's."""
    babel = Babel(server, default_locale="en", default_timezone=timezone, locale_selector=locale)
    babel.domain_instance = _Catalogues(locale)
