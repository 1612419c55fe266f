"""What the system's own cases tell the model: each case's opening and closing, beside what bureaux report."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import ibis
from sqlalchemy import func, select

from dashboard.models.cases import CaseFile, CaseSpan
from dashboard.vocabulary import MERGED, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from ibis.backends.duckdb import Backend
    from sqlalchemy import Row
    from sqlalchemy.orm import Session, sessionmaker

SOURCE = "case_file"  # what stands for a landing file's source and name


def add_case_outcomes(con: Backend, factory: sessionmaker[Session], known_at: datetime, as_of: date) -> int:
    """Add to `stg_outcomes` what the own cases had told before the instant `known_at`; return how many rows.

    One row per case and day on which it was opened, closed or opened again, as a bureau would report it: so a replay
    reads what was known then. A case that a bureau reports too goes by the bureau's number, and both tell of one case.
    Cases without a credit code and cases that another took in tell nothing: the model learns from enterprises, and from
    each case once.
    """
    with factory() as session:
        rows = list(_reports(session.execute(_stays(known_at)).all(), as_of))
    if not rows:
        return 0
    staged = con.table("stg_outcomes").schema()
    blank = dict.fromkeys(staged.names) | {"source": SOURCE, "file": SOURCE}
    con.insert("stg_outcomes", ibis.memtable([blank | row for row in rows], schema=staged).to_pyarrow())
    return len(rows)


def _stays(known_at: datetime) -> Any:  # noqa: ANN401 - a Select of these columns
    number = func.coalesce(CaseFile.foreign_number, CaseFile.number).label("case_id")
    return (
        select(
            number,
            CaseFile.id,
            CaseFile.uscc,
            CaseFile.risk_type,
            CaseFile.opened_on,
            CaseSpan.entered_on,
            CaseSpan.phase,
            CaseSpan.outcome,
        )
        .join(CaseSpan, CaseSpan.case_id == CaseFile.id)
        .where(CaseFile.uscc != "", CaseSpan.entered_at < known_at)
        .order_by(CaseFile.id, CaseSpan.position)
    )


def _reports(stays: Iterable[Row[Any]], as_of: date) -> Iterator[dict[str, Any]]:
    for _, group in groupby(stays, key=lambda stay: stay.id):
        case = list(group)
        if case[-1].phase == MERGED:
            continue
        told: dict[date, dict[str, Any]] = {}
        closed_on, outcome = None, None
        for stay in case:
            was = (closed_on, outcome)
            if stay.phase == "closed":
                closed_on, outcome = stay.entered_on, stay.outcome
            elif stay.phase != "archived":
                closed_on, outcome = None, None
            if not told or (closed_on, outcome) != was:
                told[stay.entered_on] = _report(stay, closed_on, outcome)
        yield from (row for day, row in told.items() if day <= as_of)


def _report(stay: Row[Any], closed_on: date | None, outcome: object) -> dict[str, Any]:
    known = outcome if outcome in OUTCOMES else None
    return {
        "case_id": stay.case_id,
        "uscc": stay.uscc,
        "risk_type": stay.risk_type,
        "opened_on": stay.opened_on,
        "closed_on": closed_on if known else None,
        "outcome": known,
        "reported_on": stay.entered_on,
        "line": stay.id,
    }
