"""Which generation is live. It names no place and no enterprise, so it is the one read that needs no scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.models.reporting import Generation, Pointer

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Live:
    """The generation that readers see, with what its header states."""

    generation: int
    run_id: str
    as_of: date
    published_at: datetime
    data_until: date | None
    model_version: str
    sources_read: int
    sources_expected: int
    rows_in: int
    rows_staged: int
    rows_quarantined: int
    enterprises: int

    @property
    def completeness(self) -> float | None:
        """Share of the rows that came in and could be used, 0-1; None when nothing came in."""
        return self.rows_staged / self.rows_in if self.rows_in else None


def live_generation(session: Session) -> Live | None:
    """Return the live generation, or None before the first one is published."""
    row = session.execute(
        select(Generation).join(Pointer, Pointer.generation == Generation.generation)
    ).scalar_one_or_none()
    if row is None or row.published_at is None:
        return None
    return Live(
        generation=row.generation,
        run_id=row.run_id,
        as_of=row.as_of,
        published_at=row.published_at,
        data_until=row.data_until,
        model_version=row.model_version,
        sources_read=row.sources_read,
        sources_expected=row.sources_expected,
        rows_in=row.rows_in,
        rows_staged=row.rows_staged,
        rows_quarantined=row.rows_quarantined,
        enterprises=row.enterprises,
    )
