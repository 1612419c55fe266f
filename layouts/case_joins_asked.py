"""What the forms of a case's joins say: parsed, because anybody may send anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dashboard.actions.case_joins import Merge, Split
from dashboard.actions.case_sources import AddSource
from dashboard.errors import Invalid
from dashboard.i18n import N_
from layouts.asked import LARGEST
from layouts.case_forms import act_in

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAIR = re.compile(r"([0-9]{1,10}):([0-9]{1,10})", re.ASCII)
_WARNING = re.compile(r"([0-9A-Z]{18}:[0-9]{4}-[0-9]{2}-[0-9]{2}):([0-9]{1,9})", re.ASCII)
_CODE = re.compile(r"[0-9A-Z]{18}", re.ASCII)


def text_of(value: Any) -> str:  # noqa: ANN401 - whatever JSON a client sends
    """Return what was typed, '' for nothing; Invalid for what is no text."""
    if not isinstance(value, str | None):
        raise Invalid("that is no text")
    return (value or "").strip()


def source_in(seen: Any, key: Any, form: Mapping[str, Any]) -> AddSource:  # noqa: ANN401 - as above
    """Return the source that the form adds: kind, warning, number, told."""
    act, kind = act_in(seen, key), text_of(form["kind"])
    if kind != "warning":
        return AddSource(act, kind, text_of(form["number"]), text_of(form["told"]))
    chosen = _WARNING.fullmatch(text_of(form["warning"]))
    if chosen is None:
        raise Invalid.telling(N_("Choose the warning that joins the case"))
    return AddSource(act, kind, chosen[1], "", int(chosen[2]))


def merge_in(seen: Any, key: Any, form: Mapping[str, Any]) -> Merge:  # noqa: ANN401 - as above
    """Return the merger that the form asks for: into, reason."""
    act, chosen = act_in(seen, key), _PAIR.fullmatch(text_of(form["into"]))
    if chosen is None or max(int(chosen[1]), int(chosen[2])) > LARGEST:
        raise Invalid.telling(N_("Choose the case into which this one goes"))
    return Merge(act, int(chosen[1]), int(chosen[2]), text_of(form["reason"]))


def split_in(seen: Any, key: Any, form: Mapping[str, Any], register: tuple[str, str] | None) -> Split:  # noqa: ANN401 - as above
    """Return the split that the form asks for; `register` is name and region of a registered enterprise."""
    name, region = register or (text_of(form["name"]), text_of(form["region"]))
    return Split(
        act_in(seen, key),
        name,
        code_in(form["uscc"]),
        region,
        text_of(form["type"]),
        text_of(form["reason"]),
        _ids(form["sources"]),
        _ids(form["people"]),
    )


def code_in(value: Any) -> str:  # noqa: ANN401 - as above
    """Return a credit code in capitals, '' for none; Invalid, with a sentence, for what is none."""
    code = text_of(value).upper()
    if code and not _CODE.fullmatch(code):
        raise Invalid.telling(N_("A credit code has 18 letters and digits"))
    return code


def _ids(value: Any) -> tuple[int, ...]:  # noqa: ANN401 - as above
    if not isinstance(value, list | None) or not all(type(one) is int and 0 < one <= LARGEST for one in value or []):
        raise Invalid("those are no rows of a case")
    return tuple(sorted(set(value or [])))
