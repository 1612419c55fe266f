"""What all findings of a case share when they are written: the stage allows it, texts fit, figures can be meant."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dashboard.errors import Invalid
from dashboard.i18n import N_
from dashboard.workflow.findable import is_open_in

if TYPE_CHECKING:
    from datetime import date

    from dashboard.actions.casework import Held

MOST_MONEY = 1e13  # CNY: a tenth of what the nation makes in a year; more is a slip of the finger
MOST_PEOPLE = 2**31 - 1


def require_phase(held: Held, phases: frozenset[str]) -> None:
    """Raise Invalid, with a sentence, unless the case is in one of these phases and its clock runs."""
    if held.case.suspended_on is not None:
        raise Invalid.telling(N_("The case is suspended: resume it first"))
    if not is_open_in(held.case, phases):
        raise Invalid.telling(N_("This cannot be written down in the present stage of the case"))


def text_in(text: object, longest: int, *, needed: bool = True) -> str:
    """Return a text without the blanks around it; Invalid, with a sentence, for too long a one or a missing one."""
    if not isinstance(text, str) or "\x00" in text:
        raise Invalid("that is no text")
    stripped = text.strip()
    if needed and not stripped:
        raise Invalid.telling(N_("A field that must be filled in is empty"))
    if len(stripped) > longest:
        raise Invalid.telling(N_("A text is longer than %(longest)s characters"), longest=longest)
    return stripped


def money_in(amount: object) -> float:
    """Return an amount in CNY to the fen; Invalid, with a sentence, unless it is between 0 and MOST_MONEY."""
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        raise Invalid("that is no amount")
    if not math.isfinite(amount) or not 0 <= amount <= MOST_MONEY:
        raise Invalid.telling(N_("An amount in CNY is a number between 0 and 10 trillion"))
    return round(float(amount), 2)


def people_in(count: object) -> int:
    """Return a number of people; Invalid, with a sentence, unless it is a whole number that is not negative."""
    if type(count) is not int or not 0 <= count <= MOST_PEOPLE:
        raise Invalid.telling(N_("A number of people is a whole number"))
    return count


def day_in(held: Held, day: date) -> date:
    """Return a day of the case's life: Invalid, with a sentence, before it was opened or in the future."""
    if not held.case.opened_on <= day <= held.when.on:
        raise Invalid.telling(N_("The day lies between the opening of the case and today"))
    return day
