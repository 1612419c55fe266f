"""A small published generation with invented figures, for tests of what reads it: Zhejiang down to one county's towns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert

from dashboard.models.reporting import (
    Generation,
    Pointer,
    QuarantinedRow,
    RaisedWarning,
    RegionWeek,
    Run,
    RunStep,
    SourceFile,
    Watched,
)
from geo.codes import level_of
from geo.divisions import children_of, divisions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

AS_OF = date(2026, 11, 22)
WEEKS = 30
COUNTY = "330106"
PUBLISHED_AT = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


def regions() -> list[str]:
    """Return the regions that have rows: the nation, the provinces, Zhejiang's cities and counties, one county's towns."""
    known = divisions()
    provinces = known.query("level == 'province'")["code"].tolist()
    cities = [code for code in children_of("33")]
    counties = [county for city in cities for county in children_of(city)]
    return ["0", *provinces, *cities, *counties, *children_of(COUNTY)]


def region_week(generation: int, code: str, back: int) -> dict[str, object]:
    """Return the row of a region `back` weeks ago; figures are made from the code, the same each time."""
    seed = int(code) % 97
    red, orange, yellow = (seed % 5, 3 + seed % 7, 20 + seed) if code != "0" else (37, 212, 1904)
    bounded = level_of(code) in {"nation", "province"} and back < WEEKS - 26
    return {
        "generation": generation,
        "region_code": code,
        "week_on": AS_OF - timedelta(days=6 + 7 * back),
        "level": level_of(code),
        "enterprises": 1000 + seed,
        "mean_index": 4.0 + seed / 20,
        "smoothed_index": 4.0 + seed / 20 - 0.01 * back,
        "red": max(0, red - back),
        "orange": orange,
        "yellow": yellow,
        "blue": 1000 + seed - red - orange - yellow if code != "0" else 900,
        "new_red": (seed + back) % 3,
        "new_orange": (seed + back) % 5,
        "new_yellow": (seed + back) % 11,
        "signals": 50,
        "expected": 8.0 if bounded else None,
        "upper": 14.0 if bounded else None,
    }


def enterprise(generation: int, number: int, region: str = COUNTY) -> dict[str, object]:
    """Return one listed enterprise; the name is invented and carries its number."""
    grade, index = (("red", 86.4), ("orange", 66.2), ("yellow", 44.0), ("blue", 12.5))[number % 4]
    return {
        "generation": generation,
        "uscc": f"9133010600000{number:05d}"[:18],
        "name": f"杭州禾青试验{number}号有限公司",
        "region_code": region,
        "sector": "wealth_management",
        "lon": 120.1 + number / 1000,
        "lat": 30.25 + number / 1000,
        "grade": grade,
        "smoke_index": index,
        "previous_index": index - 3.5,
        "risk_type": "fundraising",
        "entered_on": None if grade == "blue" else AS_OF - timedelta(days=3),
        "contribution_compliance": index,
        "contribution_yield_lure": 0.0,
        "contribution_complaints": 0.0,
        "contribution_spread": 0.0,
        "contribution_keywords": 0.0,
        "reasons": [{"factor": "promised_yield", "contribution": index}],
    }


def warning(generation: int, number: int, region: str = COUNTY) -> dict[str, object]:
    """Return one warning, raised as many days ago as its number."""
    row = enterprise(generation, number, region)
    names = ("generation", "uscc", "name", "region_code", "grade", "smoke_index", "previous_index", "risk_type")
    return {
        **{name: row[name] for name in names},
        "week_on": AS_OF - timedelta(days=6),
        "raised_on": AS_OF - timedelta(days=number),
        "previous_grade": "blue",
        "reason": "promised_yield",
    }


def publish(session: Session, generation: int = 1, *, published_at: datetime = PUBLISHED_AT) -> None:
    """Store the generation and make it the live one; commits."""
    run_id = f"00000000-0000-4000-8000-{generation:012d}"
    session.execute(
        insert(Run).values(
            run_id=run_id,
            generation=generation,
            as_of=AS_OF,
            model_version="2026.1",
            state="published",
            started_at=published_at,
            ended_at=published_at,
            message="",
        )
    )
    session.execute(
        insert(Generation).values(
            generation=generation,
            run_id=run_id,
            as_of=AS_OF,
            model_version="2026.1",
            state="published",
            published_at=published_at,
            data_until=AS_OF,
            sources_expected=2,
            sources_read=2,
            rows_in=1000,
            rows_staged=987,
            rows_quarantined=13,
            enterprises=900,
        )
    )
    _machinery(session, run_id)
    session.execute(
        insert(RegionWeek), [region_week(generation, code, back) for code in regions() for back in range(WEEKS)]
    )
    session.execute(insert(Watched), [enterprise(generation, number) for number in range(1, 41)])
    session.execute(insert(RaisedWarning), [warning(generation, number) for number in range(1, 21)])
    session.execute(delete(Pointer))
    session.execute(insert(Pointer).values(id=1, generation=generation))
    session.commit()


def _machinery(session: Session, run_id: str) -> None:
    session.execute(insert(RunStep).values(run_id=run_id, position=1, step="extract", seconds=1.5, rows=1000))
    session.execute(
        insert(SourceFile).values(
            run_id=run_id,
            position=1,
            source="hotline",
            contract="signals",
            file="hotline.csv",
            state="read",
            problem="",
            bytes=10,
            sha256="0" * 64,
            rows_in=1000,
            rows_staged=987,
            rows_quarantined=13,
        )
    )
    session.execute(
        insert(QuarantinedRow).values(
            run_id=run_id,
            position=1,
            source="hotline",
            file="hotline.csv",
            line=7,
            column="uscc",
            value="91330106",
            reason="bad_code",
        )
    )
