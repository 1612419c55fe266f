"""What somebody typed into the forms on findings: parsed, because anybody may send anything."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboard.errors import Invalid
from dashboard.i18n import N_
from layouts.asked import LARGEST

MOST_TEXT = 4000
EMPTY = N_("A field that must be filled in is empty")


def text_of(value: Any) -> str:  # noqa: ANN401 - whatever JSON a client sends
    """Return a typed text, '' for none; Invalid for what is no text, or far too long a one."""
    if not isinstance(value, str | None) or len(value or "") > MOST_TEXT:
        raise Invalid("that is no text for a form")
    return value or ""


def money_of(value: Any) -> float:  # noqa: ANN401 - as above
    """Return a typed amount; Invalid, with a sentence, for an empty field, without one for what is no number."""
    if value is None or value == "":
        raise Invalid.telling(EMPTY)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15:  # noqa: PLR2004 - absurd
        raise Invalid("that is no amount")
    return float(value)


def money_or_none(value: Any) -> float | None:  # noqa: ANN401 - as above
    """Return a typed amount, None for an empty field or for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= 1e15 else None  # noqa: PLR2004 - absurd


def count_of(value: Any) -> int:  # noqa: ANN401 - as above
    """Return a typed number of people; Invalid, with a sentence, for an empty field or a fraction."""
    amount = money_of(value)
    if amount != int(amount) or not 0 <= amount <= LARGEST:
        raise Invalid.telling(N_("A number of people is a whole number"))
    return int(amount)


def number_of(value: Any) -> int:  # noqa: ANN401 - as above
    """Return the id or version that a form carries as text, 0 for none; Invalid for anything else."""
    if value is None or value == "":
        return 0
    if not isinstance(value, str) or not value.isascii() or not value.isdecimal() or len(value) > 10:  # noqa: PLR2004 - digits of LARGEST
        raise Invalid("that is no number of a row")
    return min(int(value), LARGEST)


def day_of(value: Any) -> date:  # noqa: ANN401 - as above
    """Return a chosen day; Invalid, with a sentence, for none."""
    if value is None or value == "":
        raise Invalid.telling(EMPTY)
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Invalid("that is no day") from error


def places_of(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    """Return chosen region codes; Invalid for what is no list of texts."""
    if not isinstance(value, list | None) or not all(isinstance(one, str) for one in value or []):
        raise Invalid("those are no places")
    return tuple(value or [])
