"""Notices: what became of what somebody did, told in the shell's one toast, in the viewer's language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dash import set_props

from dashboard.clock import local, now
from dashboard.errors import Sentence, SmokeError, Stale
from dashboard.i18n.names import Name
from layouts import shell

if TYPE_CHECKING:
    from dashboard.i18n import Words


def told(sentence: Sentence, words: Words, timezone: str) -> str:
    """Return a sentence in a language; instants as clocks in `timezone` show them."""
    values = {name: worded(value, words, timezone) for name, value in sentence.values.items()}
    return words(sentence.message, **values)


def show_done(text: str, words: Words) -> None:
    """Say from inside a callback that something was done, and have the page read anew at once."""
    _show(words("Done"), text, "is-done")
    _read_anew()


def show_refused(error: SmokeError, words: Words, timezone: str) -> None:
    """Say from inside a callback why something was not done; after Stale the page reads what others did.

    The callback must leave its outputs as they are, so that what was typed is kept. Raises the error itself where it
    has no sentence for people: then it becomes an HTTP status.
    """
    if error.sentence is None:
        raise error
    _show(words("Not done"), told(error.sentence, words, timezone))
    if isinstance(error, Stale):
        _read_anew()


def show_failed(words: Words, timezone: str) -> None:
    """Say from inside a callback that it failed for a reason that is no person's: the last good picture stays."""
    time = f"{local(now(), timezone):%H:%M}"
    _show(
        words("Not refreshed"),
        words("The last refresh failed at %(time)s. What you see is the last good picture.", time=time),
    )


def _show(header: str, text: str, look: str = "") -> None:
    shown = {"is_open": True, "header": header, "children": text, "className": f"shell__toast {look}".strip()}
    set_props(shell.TOAST, shown)


def _read_anew() -> None:
    """Move the page's clock by hand instead of waiting for its next question."""
    set_props(shell.CLOCK, {"data": {"acted": now().isoformat()}})


def worded(value: object, words: Words, timezone: str) -> Any:  # noqa: ANN401 - whatever a placeholder takes
    """Return a value of a sentence as it is told: names, sentences, instants and days in the language."""
    if isinstance(value, Name):
        return value.told(words.locale)
    if isinstance(value, Sentence):
        return told(value, words, timezone)
    if isinstance(value, tuple):
        return words("; ").join(worded(one, words, timezone) for one in value)
    if isinstance(value, dt.datetime):
        return words.instant(value, timezone)
    return words.date(value) if isinstance(value, dt.date) else value
