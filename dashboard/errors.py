"""Domain errors: each becomes one toast or one HTTP status, in one place."""


class SmokeError(Exception):
    """Base of all errors that a person may see; the message is a sentence for that person."""

    status = 500


class Invalid(SmokeError):
    """What was sent cannot be meant: a malformed value, a missing field, an impossible date."""

    status = 422


class NotAllowed(SmokeError):
    """The viewer's permission or jurisdiction does not cover this."""

    status = 403


class NotFound(SmokeError):
    """There is no such thing, or it is not for this viewer to know that there is."""

    status = 404


class Stale(SmokeError):
    """Somebody else changed the row since it was read; nothing was written."""

    status = 409
