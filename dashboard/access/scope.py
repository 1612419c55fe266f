"""Jurisdiction: region codes nest, so a scope is a prefix."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, true

from dashboard.errors import Invalid, NotAllowed

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

NATION = "0"
_CODE = re.compile(r"(?:0|\d{2}|\d{4}|\d{6}|\d{9}|\d{12})", re.ASCII)


def is_region_code(code: object) -> bool:
    """Return whether `code` has the form of a region code: 0, or 2, 4, 6, 9 or 12 digits."""
    return isinstance(code, str) and _CODE.fullmatch(code) is not None


@dataclass(frozen=True)
class Scope:
    """All regions whose code begins with `prefix`; `0` is the nation. Raises Invalid for a malformed prefix."""

    prefix: str

    def __post_init__(self) -> None:
        """Refuse what is no region code, so that no scope is ever wider than meant."""
        if not is_region_code(self.prefix):
            raise Invalid(f"{self.prefix!r} is not a region code")

    def covers(self, code: str) -> bool:
        """Return whether the region `code` lies inside; False for a malformed code."""
        return is_region_code(code) and (self.prefix == NATION or code.startswith(self.prefix))

    def require(self, code: str) -> None:
        """Raise NotAllowed unless the region `code` lies inside."""
        if not self.covers(code):
            raise NotAllowed(f"region {code!r} is outside jurisdiction {self.prefix}")

    def where(self, column: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Return the clause that keeps rows whose region code `column` lies inside.

        A range instead of LIKE: SQLite's LIKE ignores case and PostgreSQL's needs the C collation, so neither would
        use an ordinary index. The bounds are digits only, which all collations sort alike.
        """
        if self.prefix == NATION:
            return true()
        bounds = [column >= self.prefix]
        if set(self.prefix) != {"9"}:  # all nines: no code of that length sorts behind
            bounds.append(column < str(int(self.prefix) + 1).zfill(len(self.prefix)))
        return and_(*bounds)
