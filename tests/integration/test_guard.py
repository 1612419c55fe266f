"""What a run refuses to publish: a register that is not there, or that has lost more than half of its enterprises."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from dashboard.errors import Invalid
from dashboard.models.reporting import Generation, Pointer, Run, SourceFile
from etl.publish.guard import refuse_loss
from tests.staged import enterprise, fill, staged

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend
    from sqlalchemy.orm import Session, sessionmaker

FILES = {
    "position": "int64",
    "source": "string",
    "contract": "string",
    "file": "string",
    "state": "string",
    "problem": "string",
    "rows_staged": "int64",
}


def landed(operating: int, *register: tuple[str, str, int], closed: int = 0) -> Backend:
    """Return staged enterprises and the register's files, each (source, state, rows staged), among others."""
    statuses = ["active"] * operating + ["cancelled"] * closed
    con = staged(enterprise(f"E{number}", status=status) for number, status in enumerate(statuses))
    given = [*((*file, "enterprises") for file in register), ("court", "missing", 0, "signals")]
    files = [
        {"position": at, "source": source, "contract": contract, "file": f"{source}.csv", "state": state,
         "problem": "told why", "rows_staged": rows}
        for at, (source, state, rows, contract) in enumerate(given)
    ]  # fmt: skip
    fill(con, "source_files", files, FILES)
    return con


def live(sessions: sessionmaker[Session], enterprises: int, **rows_staged: int) -> None:
    """Publish a generation of so many enterprises, to which the named sources gave so many rows."""
    with sessions.begin() as session:
        then = datetime(2026, 6, 23, tzinfo=UTC)
        of_it = {"run_id": "before", "as_of": then.date(), "model_version": "2026.1", "state": "published"}
        session.add(Run(**of_it, started_at=then, message=""))
        counts = dict.fromkeys(("sources_expected", "sources_read", "rows_in", "rows_staged", "rows_quarantined"), 1)
        session.add(Generation(**of_it, generation=7, published_at=then, enterprises=enterprises, **counts))
        session.flush()
        session.add(Pointer(id=1, generation=7))
        for at, (source, rows) in enumerate(rows_staged.items()):
            session.add(
                SourceFile(
                    run_id="before", position=at, source=source, contract="enterprises", file=f"{source}.csv",
                    state="read", problem="", bytes=1, sha256="", rows_in=rows, rows_staged=rows, rows_quarantined=0,
                )
            )  # fmt: skip


@pytest.mark.parametrize("state", ["missing", "unreadable"])
def test_a_part_of_the_register_that_cannot_be_read_is_named(
    sqlite_sessions: sessionmaker[Session], state: str
) -> None:
    con = landed(3, ("north", "read", 3), ("south", state, 0))
    told = re.escape(f"source 'south', the register: south.csv is {state} (told why); nothing is published")
    with pytest.raises(Invalid, match=told):
        refuse_loss(con, sqlite_sessions)


def test_a_register_without_a_sound_row_is_refused(sqlite_sessions: sessionmaker[Session]) -> None:
    with pytest.raises(Invalid, match="source 'north', 'south'\\) holds no sound row"):
        refuse_loss(landed(0, ("north", "empty", 0), ("south", "read", 0)), sqlite_sessions)


def test_sources_without_a_register_are_refused(sqlite_sessions: sessionmaker[Session]) -> None:
    with pytest.raises(Invalid, match="none of the sources file"):
        refuse_loss(landed(0), sqlite_sessions)


def test_less_than_half_is_refused_and_the_source_that_lost_most_is_named(
    sqlite_sessions: sessionmaker[Session],
) -> None:
    live(sqlite_sessions, 9, north=4, south=6)
    told = (
        "source 'south', the register: only 4 enterprises in operation where generation 7 has 9; nothing is published"
    )
    with pytest.raises(Invalid, match=told):
        refuse_loss(landed(4, ("north", "read", 3), ("south", "read", 1), closed=8), sqlite_sessions)


def test_half_is_published_and_so_is_the_first_generation(sqlite_sessions: sessionmaker[Session]) -> None:
    con = landed(5, ("north", "read", 5), ("south", "empty", 0))
    refuse_loss(con, sqlite_sessions)
    live(sqlite_sessions, 10, north=5, south=5)
    refuse_loss(con, sqlite_sessions)
    live_no_more = landed(4, ("north", "read", 4), ("south", "empty", 0))
    with pytest.raises(Invalid, match="source 'south'"):
        refuse_loss(live_no_more, sqlite_sessions)
