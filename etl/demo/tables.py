"""The demo's own data files: words, shares and profiles, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


@cache
def table(name: str) -> dict[str, Any]:
    """Return a TOML file of etl/demo/data by its stem; cached: do not change what it returns."""
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def blocklist() -> tuple[str, ...]:
    """Return the well-known brands that no invented name may contain."""
    return tuple((_DATA / "blocklist.txt").read_text(encoding="utf-8").split())
