"""What the inbox's address and its forms say: which items, which one is chosen, and days."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode

from dashboard.actions.delegations import Delegate, WithdrawDelegation
from dashboard.errors import Invalid, NotFound
from dashboard.i18n import N_
from dashboard.queries.inbox import Asked
from dashboard.queries.inbox_sources import GROUPS, KINDS
from layouts.asked import LARGEST
from layouts.links import LONGEST

SNOOZED = "snoozed"
"""What the address says for the items that were put off, in the place of a group."""
KEY_LONGEST = 60


def asked_in(search: str | None) -> Asked:
    """Parse a query string; what is absent is no condition. Raises Invalid for a group or kind that there is not."""
    if not isinstance(search, str | None):
        raise Invalid("a query string is text")
    given = {name: values[-1] for name, values in parse_qs((search or "")[:LONGEST].removeprefix("?")).items()}
    group, kind = given.get("group", ""), given.get("kind", "")
    if group not in ("", SNOOZED, *GROUPS) or kind not in ("", *KINDS):
        raise Invalid("there is no such part of the inbox")
    return Asked("" if group == SNOOZED else group, kind, snoozed=group == SNOOZED)


def href_of(asked: Asked) -> str:
    """Return the address of that part of the inbox."""
    given = {"group": SNOOZED if asked.snoozed else asked.group, "kind": asked.kind}
    search = urlencode({name: value for name, value in given.items() if value})
    return "/inbox" + (f"?{search}" if search else "")


def key_in(chosen: Any) -> str:  # noqa: ANN401 - whatever JSON a client sends
    """Return the key of the chosen item, '' for none; Invalid for anything else."""
    key = chosen.get("key", "") if isinstance(chosen, dict) else chosen
    if key is None:
        return ""
    if not isinstance(key, str) or len(key) > KEY_LONGEST or not key.isprintable() or not key.isascii():
        raise Invalid("that is no item of an inbox")
    return key


def day_in(text: Any) -> date:  # noqa: ANN401 - as above
    """Return the day that a date field holds; Invalid, with a sentence, for none."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise Invalid.telling(N_("Choose a day first")) from error


def absence_in(person: Any, begins: Any, ends: Any, reason: Any) -> Delegate:  # noqa: ANN401 - as above
    """Return the delegation that the form describes; Invalid, with a sentence, where a field is missing."""
    number = int(person) if isinstance(person, str) and person.isascii() and person.isdigit() else 0
    if not 0 < number <= LARGEST:
        raise Invalid.telling(N_("Choose who stands in for you"))
    if not isinstance(reason, str | None) or "\x00" in (reason or ""):
        raise Invalid("a reason is text")
    return Delegate(number, day_in(begins), day_in(ends), reason or "")


def withdrawn_in(value: Any) -> WithdrawDelegation:  # noqa: ANN401 - as above
    """Return which delegation is to end, chosen as id.version; NotFound for what is none."""
    parts = value.split(".") if isinstance(value, str) else []
    if len(parts) != 2 or not all(one.isascii() and one.isdigit() and 0 < int(one[:10]) <= LARGEST for one in parts):  # noqa: PLR2004 - id and version
        raise NotFound("there is no such delegation")
    return WithdrawDelegation(*(int(one[:10]) for one in parts))
