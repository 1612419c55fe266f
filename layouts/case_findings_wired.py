"""How callbacks read and write a form on findings: its fields by name, its key, and the case as it was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import Output, State

from layouts.case_forms import SEEN

if TYPE_CHECKING:
    from collections.abc import Mapping


def outputs(fields: Mapping[str, str], key: str = "", without: tuple[str, ...] = ()) -> dict[str, Output]:
    """Return a form's fields as what a callback writes, and its key where it is given."""
    kept = {name: Output(one, "value", allow_duplicate=True) for name, one in fields.items() if name not in without}
    return kept | ({"key": Output(key, "data", allow_duplicate=True)} if key else {})


def states(fields: Mapping[str, str], key: str) -> dict[str, State]:
    """Return a form's fields, its key, and the case as it was shown."""
    return {name: State(one, "value") for name, one in fields.items()} | {
        "key": State(key, "data"),
        "seen": State(SEEN, "data"),
    }
