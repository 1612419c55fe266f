"""What the demo's histories are written down in: rows with numbers of their own, and audit entries in order of time."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, text

from dashboard.access.audit import record_all

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.access.audit import Detail
    from dashboard.db import Base


class Ledger:
    """Collects rows and entries of many cases, and writes all of them at once."""

    def __init__(self, session: Session) -> None:
        """Continue the numbers that the database has reached; nothing is written yet."""
        self._session = session
        self._rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self._last: dict[type[Base], int] = {}
        self._entries: list[tuple[datetime, str, str, str, Mapping[str, Detail]]] = []

    def add(self, model: type[Base], **values: Any) -> int:  # noqa: ANN401 - columns of any kind
        """Add a row and return its number, for a table that numbers its rows."""
        number = self.reserve(model)
        self._rows[model].append({"id": number, **values})
        return number

    def reserve(self, model: type[Base]) -> int:
        """Return the next number of a table whose row is added later with `put`."""
        if model not in self._last:
            self._last[model] = self._session.scalar(select(func.max(model.id))) or 0  # type: ignore[attr-defined] # all of these have one
        self._last[model] += 1
        return self._last[model]

    def put(self, model: type[Base], **values: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        """Add a row as it is and return it; what the caller changes in it later is written too."""
        self._rows[model].append(values)
        return values

    def told(self, at: datetime, user_id: int, verb: str, case_id: int, **details: Detail) -> None:
        """Add an entry of the audit log about a case."""
        self._entries.append((at, f"user:{user_id}", verb, f"case:{case_id}", details))

    def write(self, tables: tuple[type[Base], ...]) -> None:
        """Write everything, tables in this order because they refer to each other; does not commit."""
        for model in tables:
            if self._rows[model]:
                self._session.execute(insert(model), self._rows[model])
        if self._session.get_bind().dialect.name == "postgresql":
            for model in self._last:
                name = model.__tablename__
                sequence = f"pg_get_serial_sequence('{name}', 'id')"
                self._session.execute(text(f"SELECT setval({sequence}, (SELECT max(id) FROM {name}))"))  # noqa: S608 - our own names
        record_all(self._session, sorted(self._entries, key=lambda entry: entry[0]))
