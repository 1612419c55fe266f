"""What a browser says that somebody chose, typed or scrolled to: parsed, because anybody may send anything."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dashboard.actions.handling import MOST, Seen
from dashboard.errors import Invalid
from dashboard.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Collection

    from dashboard.queries.case_filters import CaseFilters
    from dashboard.queries.filters import Filters

LARGEST_BLOCK = 200
LARGEST = 2**31 - 1  # id, version or place in a list: what the narrowest integer of a database holds
PERIODS = (90, 30, 180, 365)
"""For how many days an enterprise is put on a list; the first is offered."""
_CODE = re.compile(r"[0-9A-Z]{18}", re.ASCII)


def block_in(request: Any) -> tuple[int, int]:  # noqa: ANN401 - whatever JSON a client sends
    """Return where a grid's block begins and how many rows it has at most; Invalid for what is no block."""
    first, end = _of(request, "startRow"), _of(request, "endRow")
    if not _is_count(first) or not _is_count(end) or not first < end <= first + LARGEST_BLOCK:
        raise Invalid("that is no block of rows")
    return first, end - first


def order_in(request: Any, sorts: Collection[str]) -> tuple[str, bool] | None:  # noqa: ANN401 - as above
    """Return the order that a grid's heads ask for, one of `sorts` and whether descending; None where none does.

    A column that can be ordered by bears the name of its order.
    """
    model = _list(_of(request, "sortModel"))
    if not model:
        return None
    sort, way = _of(model[0], "colId"), _of(model[0], "sort")
    if sort not in sorts or way not in {"asc", "desc"}:
        raise Invalid("that is no order of the list")
    return sort, way == "desc"


def column_of(filters: Filters | CaseFilters) -> list[str]:
    """Return the column that the rows are ordered by and which way, as AG Grid names them."""
    return [filters.sort, "desc" if filters.descending else "asc"]


def codes_in(chosen: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return the credit codes among a grid's chosen rows, or in the store of what is chosen; at most MOST."""
    rows = chosen.get("uscc") if isinstance(chosen, dict) else [_of(one, "uscc") for one in _list(chosen)]
    codes = [code for code in _list(rows) if code is not None]
    if not all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes):
        raise Invalid("those are no credit codes")
    if len(codes) > MOST:
        raise Invalid.telling(N_("Between 1 and %(most)s warnings can be changed at once"), most=MOST)
    return codes


def warnings_in(chosen: Any) -> tuple[Seen, ...]:  # noqa: ANN401 - as above
    """Return the chosen warnings as they were shown; Invalid for anything else."""
    try:
        return tuple(_seen(*one) for one in chosen["warnings"])
    except (LookupError, TypeError, ValueError) as error:
        raise Invalid("those are no warnings") from error


def _seen(uscc: Any, week: Any, version: Any) -> Seen:  # noqa: ANN401 - as above
    if not isinstance(uscc, str) or not _CODE.fullmatch(uscc) or not _is_count(version):
        raise ValueError("no warning has such a key")
    return Seen(uscc, date.fromisoformat(week), version)


def entry_in(chosen: Any) -> tuple[int, int]:  # noqa: ANN401 - as above
    """Return id and version of the chosen enterprise's entry on a list; Invalid for anything else."""
    try:
        number, version = chosen["entry"]
    except (LookupError, TypeError, ValueError) as error:
        raise Invalid("that is no entry of a list") from error
    if not _is_count(number) or not _is_count(version):
        raise Invalid("that is no entry of a list")
    return number, version


def period_in(text: Any) -> timedelta:  # noqa: ANN401 - as above
    """Return for how long an entry shall stand, one of PERIODS; Invalid for anything else."""
    if not isinstance(text, str) or text not in {str(days) for days in PERIODS}:
        raise Invalid("no entry of a list lasts that long")
    return timedelta(days=int(text))


def _is_count(value: Any) -> bool:  # noqa: ANN401 - as above
    return type(value) is int and 0 <= value <= LARGEST


def _of(holder: Any, name: str) -> Any:  # noqa: ANN401 - as above
    return holder.get(name) if isinstance(holder, dict) else None


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - as above
    if not isinstance(value, list | None):
        raise Invalid("that is no list")
    return value or []
