"""A small published generation with invented figures: Zhejiang down to one county's towns, and a city with zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, update

from dashboard.models.performance import Drift, Learned, Performance, Reliability
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
from dashboard.vocabulary import RISK_TYPES
from geo.codes import level_of
from geo.divisions import children_of, divisions
from tests import measures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

AS_OF = date(2026, 11, 22)
WEEKS, RECENT_WEEKS, TOWN_WEEKS = 30, 5, 2
COUNTY = "330106"
TOWN = "330106109"
NEIGHBOUR = "330105"
ZONED_CITY, ZONE, ZONE_DRAWN_ON = "1301", "130171", "130108"
"""A city with a development zone, which is drawn on one of its districts."""
PUBLISHED_AT = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
WATCHED, NEIGHBOURS, RAISED = 40, 4, 20
"""Listed enterprises of COUNTY and of NEIGHBOUR, and warnings of COUNTY; the neighbour has one warning."""


def regions() -> dict[str, int]:
    """Return the regions that have rows, each with how many weeks: all provinces, two cities' counties, the towns."""
    provinces = divisions().query("level == 'province'")["code"].tolist()
    cities = children_of("33")
    counties = [county for city in (*cities, ZONED_CITY) for county in children_of(city)]
    long = dict.fromkeys(["0", *provinces, *cities, ZONED_CITY, COUNTY], WEEKS)
    return dict.fromkeys(children_of(COUNTY), TOWN_WEEKS) | dict.fromkeys(counties, RECENT_WEEKS) | long


def region_week(generation: int, code: str, back: int) -> dict[str, object]:
    """Return the row of a region `back` weeks ago; figures are made from the code, the same each time.

    Each generation has one more red enterprise than the one before. The newest week ends on AS_OF, a Sunday; two weeks
    before it the nation's warnings exceeded their bound.
    """
    seed = int(code) % 97
    red, orange, yellow = (seed % 5, 3 + seed % 7, 20 + seed) if code != "0" else (37, 212, 1904)
    bounded = level_of(code) in {"nation", "province"} and back < WEEKS - 26
    raised = 40 if code == "0" and back == 2 else (seed + back) % 11
    return {
        "generation": generation,
        "region_code": code,
        "week_on": AS_OF - timedelta(days=6 + 7 * back),
        "level": level_of(code),
        "enterprises": 1000 + seed,
        "mean_index": 4.0 + seed / 20,
        "smoothed_index": 4.0 + seed / 20 - 0.01 * back,
        "red": max(0, red - back) + generation - 1,
        "orange": orange,
        "yellow": yellow,
        "blue": 900,
        "new_red": (seed + back) % 3,
        "new_orange": (seed + back) % 5,
        "new_yellow": raised,
        "signals": 50,
        "expected": 8.0 if bounded else None,
        "upper": 24.0 if bounded else None,
    }


def name_of_enterprise(generation: int, number: int) -> str:
    """Return an invented name that tells which generation it was read from."""
    return f"禾青试验{generation}期{number}号有限公司"


def enterprise(generation: int, number: int, region: str = COUNTY) -> dict[str, object]:
    """Return one listed enterprise; every fifth of COUNTY lies in TOWN, every seventh has no place on the map."""
    grade, index = (("red", 86.4), ("orange", 66.2), ("yellow", 44.0), ("blue", 12.5))[number % 4]
    located = number % 7 != 0
    return {
        "generation": generation,
        "uscc": f"9133010600000{number:05d}",
        "name": name_of_enterprise(generation, number),
        "legal_representative": "试一",
        "region_code": TOWN if region == COUNTY and number % 5 == 0 else region,
        "sector": "wealth_management",
        "lon": 120.05 + number / 1000 if located else None,
        "lat": 30.25 + number / 1000 if located else None,
        "grade": grade,
        "smoke_index": index,
        "previous_index": index - 3.5,
        "risk_type": RISK_TYPES[number % 3],
        **{f"index_{name}": index / (1 + (place - number) % 3) for place, name in enumerate(RISK_TYPES)},
        "probability": index / 250,
        "exempt": "",
        "community": number % 3 or None,
        "warned_week_on": None if grade == "blue" else AS_OF - timedelta(days=6),
        "due_on": None if grade == "blue" else AS_OF + timedelta(days=4),
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
        "owner_code": region,
        "due_on": AS_OF + timedelta(days=4),
    }


def publish(
    session: Session,
    generation: int = 1,
    *,
    published_at: datetime = PUBLISHED_AT,
    data_until: date = AS_OF,
    only: Iterable[str] | None = None,
) -> None:
    """Store the generation and make it the live one; commits. `only` names the regions that have rows; () is none."""
    begin(session, generation, published_at, data_until)
    wanted = regions() if only is None else {code: weeks for code, weeks in regions().items() if code in set(only)}
    rows = [region_week(generation, code, back) for code, weeks in wanted.items() for back in range(weeks)]
    listed = [enterprise(generation, number) for number in range(1, WATCHED + 1)]
    listed += [enterprise(generation, 100 + number, NEIGHBOUR) for number in range(1, NEIGHBOURS + 1)]
    raised = [*(warning(generation, number) for number in range(1, RAISED + 1)), warning(generation, 101, NEIGHBOUR)]
    if wanted:
        connection = session.connection()  # without the ORM's bookkeeping, which takes longer than the rows
        connection.execute(insert(RegionWeek.__table__), rows)  # type: ignore[arg-type] # a Table, typed FromClause
        connection.execute(insert(Watched.__table__), listed)  # type: ignore[arg-type] # as above
        connection.execute(insert(RaisedWarning.__table__), raised)  # type: ignore[arg-type] # as above
        connection.execute(insert(Performance.__table__), measures.performance(generation))  # type: ignore[arg-type] # as above
        connection.execute(insert(Reliability.__table__), measures.reliability(generation))  # type: ignore[arg-type] # as above
        connection.execute(insert(Drift.__table__), measures.drift(generation))  # type: ignore[arg-type] # as above
        connection.execute(insert(Learned.__table__), [measures.learned(generation)])  # type: ignore[arg-type] # as above
    session.execute(
        update(Generation)
        .where(Generation.generation == generation)
        .values(state="published", published_at=published_at)
    )
    session.execute(delete(Pointer))
    session.execute(insert(Pointer).values(id=1, generation=generation))
    session.commit()


def begin(session: Session, generation: int, started_at: datetime = PUBLISHED_AT, data_until: date = AS_OF) -> None:
    """Store a generation that is still being built, with its run; nobody may read it yet. Does not commit."""
    run_id = f"00000000-0000-4000-8000-{generation:012d}"
    run = {"run_id": run_id, "generation": generation, "as_of": AS_OF, "model_version": "2026.1"}
    session.execute(
        insert(Run).values(**run, state="published", started_at=started_at, ended_at=started_at, message="")
    )
    session.execute(
        insert(Generation).values(
            **run,
            state="building",
            published_at=None,
            data_until=data_until,
            sources_expected=2,
            sources_read=2,
            rows_in=1000,
            rows_staged=987,
            rows_quarantined=13,
            enterprises=900,
        )
    )
    _machinery(session, run_id)


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
