"""Against the planted truth of a demo: the index, and a naive count of complaints that warns of as many enterprises."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

COMPLAINT_DAYS = 180
SETTLED_WEEKS = 13
"""A scheme's lead is counted if it broke so many weeks into the history: before, its first warning may lie outside."""

_TABLES = """
create table weeks as select uscc, week_on, least(week_on + 6, $as_of) as end_on, smoke_index,
    grade in ('red', 'orange') as warned from read_parquet($weeks);
create table complaints as select uscc, reported_on from read_parquet($complaints);
create table members as select * from read_parquet($members);
create table loads as select end_on, count(*) filter (where warned) as load from weeks group by end_on;
create table ranked as
    select scorer, uscc, end_on, row_number() over (partition by scorer, end_on order by score desc, uscc) as place,
        warned from (
            select 'index' as scorer, uscc, end_on, smoke_index::double as score, warned from weeks
            union all
            select 'complaints', uscc, end_on, count(*)::double, false from complaints join loads
                on reported_on <= end_on and reported_on > end_on - $days::int group by uscc, end_on
        );
update ranked set warned = place <= load from loads
    where loads.end_on = ranked.end_on and scorer = 'complaints';
"""

_FOUND = """
with planted as (select uscc, breaks_on > $as_of as live from members where buildup_on <= $as_of),
listed as (select uscc from ranked
    where scorer = $scorer and end_on = $as_of and place <= (select count(*) from planted))
select count(*), count(listed.uscc), count(*) filter (where live), count(listed.uscc) filter (where live)
    from planted left join listed using (uscc)
"""

_FALSE = """
select count(*) from ranked anti join members using (uscc)
    where scorer = $scorer and end_on = $as_of and warned
"""

_LEADS = """
with broken as (select scheme_id, breaks_on, uscc from members
    where breaks_on <= $as_of and breaks_on >= (select min(end_on) from weeks) + 7 * $settled::int),
first as (select scheme_id, min(end_on) as first_on from ranked join broken using (uscc)
    where scorer = $scorer and warned group by scheme_id)
select any_value(breaks_on) - any_value(first_on) from broken left join first using (scheme_id) group by scheme_id
"""


@dataclass(frozen=True)
class Judged:
    """How one scorer did in one demo."""

    scorer: str
    planted: int  # k: enterprises of schemes whose build-up has begun
    found: int  # of them, among the first k
    live: int  # of the planted, those whose scheme has not broken yet
    live_found: int  # of them, among the same first k
    schemes: int  # broken within the history
    ahead: int  # of them, with a member warned of before the break
    lead_days: float | None  # median over those that were ahead
    false_per_10000: float  # warned of at the as-of date, in no scheme


def judge(weeks: Path, complaints: Path, members: Path, *, as_of: date, enterprises: int) -> list[Judged]:
    """Return how the index and the count of complaints did, from Parquet files.

    `weeks` has the columns of the population's weeks, `complaints` uscc and reported_on of every complaint, `members`
    is the demo's truth. The count warns in each week of as many enterprises as the index graded orange or red in it.
    """
    con = duckdb.connect()
    names = {"as_of": as_of, "weeks": str(weeks), "complaints": str(complaints), "members": str(members)}
    for statement in filter(str.strip, _TABLES.split(";")):
        used = {name: value for name, value in (names | {"days": COMPLAINT_DAYS}).items() if f"${name}" in statement}
        con.execute(statement, used)
    return [_of(con, scorer, as_of, enterprises) for scorer in ("index", "complaints")]


def _of(con: duckdb.DuckDBPyConnection, scorer: str, as_of: date, enterprises: int) -> Judged:
    asked = {"as_of": as_of, "scorer": scorer}
    planted, found, live, live_found = _row(con, _FOUND, asked)
    (false,) = _row(con, _FALSE, asked)
    leads = [lead for (lead,) in con.execute(_LEADS, asked | {"settled": SETTLED_WEEKS}).fetchall()]
    ahead = [lead for lead in leads if lead is not None and lead > 0]
    return Judged(
        scorer=scorer,
        planted=planted,
        found=found,
        live=live,
        live_found=live_found,
        schemes=len(leads),
        ahead=len(ahead),
        lead_days=median(ahead) if ahead else None,
        false_per_10000=false / enterprises * 10_000,
    )


def _row(con: duckdb.DuckDBPyConnection, query: str, asked: dict[str, object]) -> tuple[int, ...]:
    row = con.execute(query, asked).fetchone()
    if row is None:
        raise LookupError("an aggregate always has a row")
    return row
