"""Marking messages for translation where they are defined, not where they are shown."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark `message` for extraction where it is defined, not where it is shown."""
    return message
