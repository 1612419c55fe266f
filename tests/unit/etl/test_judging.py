"""Judging against the truth: ranks, loads and leads counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.load.judging import Judged, judge

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = date(2026, 3, 2)
WEEKS = 20
AS_OF = MONDAY + timedelta(weeks=WEEKS, days=-4)  # a Wednesday
BREAKS = MONDAY + timedelta(weeks=18)


def week(uscc: str, number: int, index: float, grade: str) -> dict[str, Any]:
    return {"uscc": uscc, "week_on": MONDAY + timedelta(weeks=number), "smoke_index": index, "grade": grade}


def member(uscc: str, scheme: str, buildup_on: date, breaks_on: date) -> dict[str, Any]:
    return {"uscc": uscc, "scheme_id": scheme, "buildup_on": buildup_on, "breaks_on": breaks_on}


def judged(folder: Path, **tables: list[dict[str, Any]]) -> dict[str, Judged]:
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    weeks, complaints, members = (folder / f"{name}.parquet" for name in ("weeks", "complaints", "members"))
    return {told.scorer: told for told in judge(weeks, complaints, members, as_of=AS_OF, enterprises=1000)}


def test_planted_found_leads_and_false_warnings_are_counted(tmp_path: Path) -> None:
    weeks = [week("broken", n, 85 if n >= 10 else 5, "red" if n >= 10 else "blue") for n in range(WEEKS)]
    weeks += [
        week("live", n, 65 if n == WEEKS - 1 else 10, "orange" if n == WEEKS - 1 else "blue") for n in range(WEEKS)
    ]
    weeks += [week("innocent", n, 70, "orange") for n in range(WEEKS)]
    weeks += [week("unseen", n, 1, "blue") for n in range(WEEKS)]
    complaints = [{"uscc": "innocent", "reported_on": MONDAY + timedelta(days=n)} for n in range(5)]
    complaints += [{"uscc": "broken", "reported_on": BREAKS - timedelta(days=10 - n)} for n in range(9)]
    complaints += [{"uscc": "live", "reported_on": AS_OF}]
    members = [
        member("broken", "S1", MONDAY, BREAKS),
        member("live", "S2", MONDAY, AS_OF + timedelta(days=30)),
        member("unseen", "S3", MONDAY, AS_OF + timedelta(days=30)),
        member("planned", "S4", AS_OF + timedelta(days=1), AS_OF + timedelta(days=90)),
    ]
    told = judged(tmp_path, weeks=weeks, complaints=complaints, members=members)
    first = MONDAY + timedelta(weeks=10, days=6)
    assert told["index"] == Judged("index", 3, 2, 2, 1, 1, 1, (BREAKS - first).days, 10.0)
    # Of as many as the index: two in the weeks before the break, three at the end.
    assert told["complaints"] == Judged("complaints", 3, 2, 2, 1, 1, 1, 8, 10.0)


def test_who_is_never_warned_of_has_no_lead(tmp_path: Path) -> None:
    weeks = [week("broken", n, 5, "blue") for n in range(WEEKS)]
    complaints = [{"uscc": "broken", "reported_on": MONDAY}]
    told = judged(tmp_path, weeks=weeks, complaints=complaints, members=[member("broken", "S1", MONDAY, BREAKS)])
    for scorer in ("index", "complaints"):
        assert (told[scorer].schemes, told[scorer].ahead, told[scorer].lead_days) == (1, 0, None)
        assert told[scorer].false_per_10000 == 0
