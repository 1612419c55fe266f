"""Case page, the daily work: what a browser sends, parsed into commands, because anybody may send anything."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from dashboard.actions.case_tasks import EndTask, TickTask
from dashboard.errors import Invalid
from dashboard.i18n import N_
from layouts.asked import LARGEST
from layouts.case_forms import act_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.actions.casework import Act

_WHO = re.compile(r"([0-9]{1,12}):([0-9]{0,9})", re.ASCII)
_ROW = re.compile(r"[0-9]{1,9}", re.ASCII)


def text_in(value: Any) -> str:  # noqa: ANN401 - whatever JSON a client sends
    """Return a field's text, '' for an empty one; Invalid for what is no text."""
    if not isinstance(value, str | None):
        raise Invalid("a field holds text")
    return value or ""


def day_in(value: Any) -> date | None:  # noqa: ANN401 - as above
    """Return a field's day, None for an empty one; Invalid for what is none."""
    text = text_in(value)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid.telling(N_("That is no day of the calendar")) from error


def row_in(value: Any) -> int:  # noqa: ANN401 - as above
    """Return the number of what was chosen in a select; Invalid, with a sentence, where nothing was."""
    text = text_in(value)
    if not text:
        raise Invalid.telling(N_("Choose one of the list first"))
    if not _ROW.fullmatch(text):
        raise Invalid("that is no row's number")
    return int(text)


def who_in(value: Any) -> tuple[str, int | None]:  # noqa: ANN401 - as above
    """Return the department that does a task, and the person, None for nobody yet."""
    text = text_in(value)
    if not text:
        raise Invalid.telling(N_("Choose who does it"))
    found = _WHO.fullmatch(text)
    if not found:
        raise Invalid("that is nobody who does a task")
    return found[1], int(found[2]) if found[2] else None


def items_in(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    """Return a checklist's items: the lines that are not empty."""
    return tuple(line.strip() for line in text_in(value).splitlines() if line.strip())


def version_in(seen: Any, row: int) -> int:  # noqa: ANN401 - as above
    """Return in which version a row was shown: `seen` maps numbers, as text, to versions; Invalid for anything else."""
    version = seen.get(str(row)) if isinstance(seen, dict) else None
    if type(version) is not int or not 0 < version <= LARGEST:
        raise Invalid("that row was not shown")
    return version


def acted_in(acted: Any, seen: Any) -> TickTask | EndTask | Act:  # noqa: ANN401 - as above
    """Return what was clicked in a list: an item ticked, a task done, or comments read (their case alone)."""
    told: Mapping[str, Any] = acted if isinstance(acted, dict) else {}
    act = act_in(seen, told.get("key"))
    if told.get("act") == "read":
        return act
    row = row_in(told.get("row"))
    if told.get("act") == "end":
        return EndTask(act, row, row_in(told.get("version")))
    if told.get("act") != "tick":
        raise Invalid("nothing that can be done was clicked")
    return TickTask(act, row, text_in(told.get("text")), done=told.get("done") == "1")
