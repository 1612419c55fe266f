"""Judging against the truth: ranks, loads and leads counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.load.judging import LOOKED_AT, Files, Judged, judge

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = date(2026, 3, 2)
WEEKS = 20
AS_OF = MONDAY + timedelta(weeks=WEEKS, days=-4)  # a Wednesday
BREAKS = MONDAY + timedelta(weeks=18)


def week(uscc: str, number: int, index: float, grade: str) -> dict[str, Any]:
    return {"uscc": uscc, "week_on": MONDAY + timedelta(weeks=number), "smoke_index": index, "grade": grade}


def member(uscc: str, scheme: str, buildup_on: date, breaks_on: date, role: str = "core") -> dict[str, Any]:
    return {"uscc": uscc, "scheme_id": scheme, "buildup_on": buildup_on, "breaks_on": breaks_on, "role": role}


def judged(
    folder: Path, closed: tuple[str, ...] = (), **tables: list[dict[str, Any]]
) -> tuple[dict[str, Judged], dict[str, tuple[int, int]]]:
    """Judge these tables, with a register of everybody in them and of others, a thousand in operation in all."""
    known = sorted({row["uscc"] for rows in tables.values() for row in rows})
    names = known + [f"other{number}" for number in range(1000 + len(closed) - len(known))]
    register = [{"uscc": name, "status": "revoked" if name in closed else "active"} for name in names]
    for name, rows in {**tables, "register": register}.items():
        pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    told, grades = judge(Files(**{name: folder / f"{name}.parquet" for name in Files._fields}), AS_OF)
    return {one.scorer: one for one in told}, grades


def test_planted_found_leads_and_false_warnings_are_counted(tmp_path: Path) -> None:
    weeks = [week("broken", n, 85 if n >= 10 else 5, "red" if n >= 10 else "blue") for n in range(WEEKS)]
    weeks += [
        week("live", n, 65 if n == WEEKS - 1 else 10, "orange" if n == WEEKS - 1 else "blue") for n in range(WEEKS)
    ]
    weeks += [week("innocent", n, 70, "orange") for n in range(WEEKS)]
    weeks += [week("unseen", n, 1, "blue") for n in range(WEEKS)]
    weeks += [week("closed", n, 99, "red") for n in range(WEEKS)]
    complaints = [{"uscc": "innocent", "reported_on": MONDAY + timedelta(days=n)} for n in range(5)]
    complaints += [{"uscc": "broken", "reported_on": BREAKS - timedelta(days=10 - n)} for n in range(9)]
    complaints += [{"uscc": "live", "reported_on": AS_OF}]
    members = [
        member("broken", "S1", MONDAY, BREAKS),
        member("closed", "S1", BREAKS - timedelta(days=20), BREAKS, "shell"),
        member("live", "S2", MONDAY, AS_OF + timedelta(days=30)),
        member("unseen", "S3", MONDAY, AS_OF + timedelta(days=30)),
        member("planned", "S4", AS_OF + timedelta(days=1), AS_OF + timedelta(days=90)),
    ]
    told, grades = judged(tmp_path, ("closed",), weeks=weeks, complaints=complaints, members=members)
    first = (BREAKS - MONDAY).days - 10 * 7 - 6
    hits = dict.fromkeys(LOOKED_AT, 3)
    # Of as many as the index: three and more are warned of in the weeks before the break.
    assert told["index"] == Judged(
        "index", 3, 2, 2, 1, 3, 2, hits, 3, 1, 10.0, 1, 1, 1, (first, first, first), 1, first
    )
    hits = dict.fromkeys(LOOKED_AT, 2)
    assert told["complaints"] == Judged("complaints", 3, 2, 2, 1, 3, 2, hits, 3, 1, 10.0, 1, 1, 1, (8, 8, 8), 1, 8)
    assert grades == {"red": (1, 1), "orange": (2, 1), "blue": (1, 1)}


def test_a_scheme_that_is_not_warned_of_counts_as_no_lead(tmp_path: Path) -> None:
    weeks = [week("broken", n, 5, "blue") for n in range(WEEKS)]
    complaints = [{"uscc": "broken", "reported_on": MONDAY}]
    told, _ = judged(tmp_path, weeks=weeks, complaints=complaints, members=[member("broken", "S1", MONDAY, BREAKS)])
    for one in told.values():
        assert (one.schemes, one.ahead, one.lead, one.both, one.both_lead) == (1, 0, (0, 0, 0), 0, None)
        assert one.in_vain == 0


def test_a_warning_before_there_was_anything_to_warn_of_is_chance_and_no_lead(tmp_path: Path) -> None:
    begins = MONDAY + timedelta(weeks=10)
    weeks = [week("broken", n, 70, "orange" if n < 8 else "blue") for n in range(WEEKS)]
    complaints = [{"uscc": "else", "reported_on": MONDAY}]
    told, _ = judged(tmp_path, weeks=weeks, complaints=complaints, members=[member("broken", "S1", begins, BREAKS)])
    assert told["index"].ahead == 0


def test_of_equals_the_one_complained_about_last_comes_first(tmp_path: Path) -> None:
    weeks = [week("index", n, 70, "orange") for n in range(WEEKS)]
    complaints = [
        {"uscc": uscc, "reported_on": AS_OF - timedelta(days=days)} for uscc, days in (("a", 9), ("b", 3), ("c", 20))
    ]
    members = [member("b", "S1", MONDAY, BREAKS)]
    told, _ = judged(tmp_path, weeks=weeks, complaints=complaints, members=members)
    assert (told["complaints"].alarms, told["complaints"].in_vain, told["complaints"].found) == (1, 0, 1)
