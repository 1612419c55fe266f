"""What actions on rows of a case share: checked texts, the case still worked on, and one row written by its version."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import update

from dashboard.actions.differences import stale
from dashboard.actions.writing import text_in
from dashboard.errors import Invalid, NotFound
from dashboard.i18n import N_
from dashboard.models.cases import CaseOrder
from dashboard.models.casework import CaseEvidence, CaseTask
from dashboard.vocabulary import OPEN_PHASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.actions.casework import Held

Row = TypeVar("Row", CaseTask, CaseEvidence, CaseOrder)


def typed(text: str, longest: int, empty: str) -> str:
    """Return a text without spaces around it; Invalid, with the sentence `empty`, for none, and for one too long."""
    told = text_in(text, longest, needed=False)
    if not told:
        raise Invalid.telling(empty)
    return told


def require_open(held: Held) -> None:
    """Raise Invalid, with a sentence, for a case on which nobody works any more."""
    if held.case.phase not in OPEN_PHASES:
        raise Invalid.telling(N_("This case is closed: reopen it before you work on it"))


def row_of(held: Held, table: type[Row], number: int) -> Row:
    """Return a row of the case as it is now; NotFound for a number that is none, or another case's."""
    row = held.session.get(table, number, populate_existing=True)
    if row is None or row.case_id != held.case.id:
        raise NotFound("there is no such row")
    return row


def write_row(held: Held, row: Row, seen: int, named: tuple[str, str], values: Mapping[str, object]) -> int:
    """Write a row that is still in version `seen` and return its next version; does not commit.

    `named` is how the audit log and how a sentence names it, such as task:7 and "The task". Raises Stale, telling who
    changed what, when somebody else was faster.
    """
    table = type(row)
    moved = update(table).where(table.id == row.id, table.version == seen).values(version=seen + 1, **values)
    written = held.session.scalars(moved.returning(table.version)).all()
    if not written:
        raise stale(held.session, held.case, held.workflow, seen, *named)
    return written[0]
