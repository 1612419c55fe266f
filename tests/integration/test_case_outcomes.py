"""The chain's last link: how the system's own cases end is read by the next run, as it was known on the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import ibis
import pytest

from dashboard.models.cases import CaseSpan
from dashboard.vocabulary import MERGED
from etl.case_outcomes import add_case_outcomes
from etl.engine import open_engine
from etl.learn.cases import known_cases
from tests.builders import COUNTY, make_account
from tests.casefiles import make_case

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.models.cases import CaseFile

OPENED = date(2026, 3, 2)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
MUCH_LATER = date(2027, 1, 1)
COLUMNS = {
    "case_id": "string",
    "uscc": "string",
    "risk_type": "string",
    "opened_on": "date",
    "closed_on": "date",
    "outcome": "string",
    "amount": "float64",
    "people": "float64",
    "reported_on": "date",
    "source": "string",
    "file": "string",
    "line": "int64",
}


@pytest.fixture
def con() -> Backend:
    """Return an engine into which no bureau has reported a case."""
    con = open_engine(None, threads=1, memory_gb=1)
    con.create_table("stg_outcomes", schema=ibis.schema(COLUMNS))
    return con


def stay(session: Session, case: CaseFile, position: int, phase: str, day: date, outcome: str = "") -> None:
    """Write that a case entered a phase on a day, as its steps do."""
    at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    where = {"region_code": case.region_code, "handler_code": case.handler_code, "from_phase": ""}
    entered = {"entered_at": at, "entered_on": day, "entered_by": COUNTY.id}
    session.add(
        CaseSpan(
            case_id=case.id,
            position=position,
            transition="x",
            stage=phase,
            phase=phase,
            reason="",
            outcome=outcome,
            given={},
            **where,
            **entered,
        )
    )
    session.commit()


def opened(session: Session, **columns: Any) -> CaseFile:  # noqa: ANN401 - columns of any kind
    """Store a case that was opened on OPENED, with the stay that says so."""
    case = make_case(session, opened_on=OPENED, **columns)
    first = session.get_one(CaseSpan, (case.id, 1))
    first.entered_at = datetime(2026, 3, 2, 2, tzinfo=UTC)
    session.commit()
    return case


def told(
    con: Backend, sessions: sessionmaker[Session], known_at: datetime = LATER, as_of: date = MUCH_LATER
) -> list[tuple[object, ...]]:
    """Return what the run has staged: number, outcome and closing day as of the last report, by number."""
    add_case_outcomes(con, sessions, known_at, as_of)
    known = known_cases(con.table("stg_outcomes"), as_of).order_by("case_id")
    return [(row["case_id"], row["outcome"], row["closed_on"]) for row in known.to_pyarrow().to_pylist()]


def test_a_case_is_told_when_it_opens_closes_and_opens_again(con: Backend, sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
        case = opened(session)
        closed, again = OPENED + timedelta(days=60), OPENED + timedelta(days=90)
        stay(session, case, 2, "closed", closed, outcome="confirmed")
        stay(session, case, 3, "investigation", again)
    for day, expected in (
        (OPENED, (None, None)),
        (closed - timedelta(days=1), (None, None)),
        (closed, ("confirmed", closed)),
        (again, (None, None)),
    ):
        con.truncate_table("stg_outcomes")
        assert told(con, sessions, as_of=day) == [(case.number, *expected)]


def test_only_what_was_known_by_then_is_told(con: Backend, sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
        case = opened(session)
        stay(session, case, 2, "closed", OPENED + timedelta(days=60), outcome="false_positive")
    assert told(con, sessions, known_at=datetime(2026, 4, 1, tzinfo=UTC)) == [(case.number, None, None)]
    con.truncate_table("stg_outcomes")
    assert told(con, sessions, known_at=datetime(2026, 3, 1, tzinfo=UTC)) == []


def test_a_bureaus_number_names_the_same_case(con: Backend, sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
        case = opened(session, foreign_number="AJ00000044")
        stay(session, case, 2, "closed", OPENED + timedelta(days=60), outcome="transferred")
        stay(session, case, 3, "archived", OPENED + timedelta(days=99))
    report = dict.fromkeys(COLUMNS) | {
        "case_id": "AJ00000044",
        "uscc": case.uscc,
        "opened_on": OPENED,
        "reported_on": OPENED + timedelta(days=2),
        "source": "office",
        "file": "cases.csv",
        "line": 1,
    }
    con.insert("stg_outcomes", ibis.memtable([report], schema=COLUMNS).to_pyarrow())
    assert told(con, sessions) == [("AJ00000044", "transferred", OPENED + timedelta(days=60))]


def test_what_has_no_code_tells_nothing(con: Backend, sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
        opened(session, uscc="")
    assert add_case_outcomes(con, sessions, LATER, MUCH_LATER) == 0


def test_a_merged_case_tells_nothing_once_it_was_merged(con: Backend, sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
        survivor = opened(session, uscc="")
        case = opened(session, stage="investigation")
        case.stage = case.phase = MERGED
        case.merged_into = survivor.id
        first = session.get_one(CaseSpan, (case.id, 1))
        first.left_on = OPENED + timedelta(days=5)
        here = {"case_id": case.id, "position": 2, "region_code": "330106", "handler_code": "330106", "given": {}}
        now = {"stage": MERGED, "phase": MERGED, "from_phase": first.phase, "transition": "merge", "reason": "x"}
        day = {"entered_on": first.left_on, "entered_at": first.entered_at + timedelta(days=5)}
        session.add(CaseSpan(**here, **now, **day, entered_by=COUNTY.id))
        session.commit()
    assert told(con, sessions, known_at=datetime(2026, 3, 4, tzinfo=UTC)) == [(case.number, None, None)]
    con.truncate_table("stg_outcomes")
    assert told(con, sessions) == []
