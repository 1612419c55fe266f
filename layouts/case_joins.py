"""Case page: joins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from layouts.panels import loading

if TYPE_CHECKING:
    from dashboard.i18n import Words

BODY = "case--joins"
FORMS: dict[str, dict[str, str]] = {}
"""Each form's fields by name, with the component whose value each is: what drafts keep."""


def parts(words: Words) -> list[html.Div]:
    """Return the panels of this part of the page."""
    return [html.Div(loading(words), id=BODY)]
