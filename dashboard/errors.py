"""Domain errors: each becomes one toast or one HTTP status, in one place (`dashboard.app`, with `layouts.notices`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Sentence:
    """A message id with the values of its placeholders, not yet in any language.

    Values are texts, numbers, dates, aware instants, other sentences (translated in turn), names that are data
    (`dashboard.i18n.names.Name`), or a tuple of sentences.
    """

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


class SmokeError(Exception):
    """Base of all errors that a person may see; the message is a sentence for that person."""

    status = 500
    sentence: Sentence | None = None  # what a page tells the person; without one the error is an HTTP status

    @classmethod
    def telling(cls, message: str, **values: object) -> Self:
        """Return an error that a page tells in the viewer's language; `message` is a message id, marked with N_."""
        error = cls(message % values if values else message)
        error.sentence = Sentence(message, values)
        return error


class Invalid(SmokeError):
    """What was sent cannot be meant: a malformed value, a missing field, an impossible date."""

    status = 422


class NotAllowed(SmokeError):
    """The viewer's permission or jurisdiction does not cover this."""

    status = 403


class NotFound(SmokeError):
    """There is no such thing, or it is not for this viewer to know that there is."""

    status = 404


class NotKept(NotFound):
    """A generation's files do not hold what is asked: an older program wrote them, or they are gone."""


class Stale(SmokeError):
    """Somebody else changed the row since it was read; nothing was written."""

    status = 409
