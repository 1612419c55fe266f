"""Against the planted truth of a demo: the index, and a naive count of complaints that warns of as many enterprises.

The count is the plainest thing an office could do without an index: who was complained about most in 180 days, of
equals who was complained about last. In every week it warns of as many as the index graded orange or red.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from etl.learn.intervals import median_interval

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

SCORERS = ("index", "complaints")
COMPLAINT_DAYS = 180
SETTLED_WEEKS = 13
"""A scheme's lead is counted if it broke so many weeks into the history: before, its first warning may lie outside."""
LOOKED_AT = (50, 100, 200, 500)

_TABLES = """
create table operating as select uscc from read_parquet($register) where status in ('active', 'abnormal');
create table weeks as select uscc, least(week_on + 6, $as_of) as end_on, smoke_index, grade,
    grade in ('red', 'orange') as warned from read_parquet($weeks);
create table complaints as select uscc, reported_on from read_parquet($complaints);
create table members as select * from read_parquet($members);
create table loads as select end_on, count(*) filter (where warned) as load from weeks group by end_on;
create table counted as select uscc, end_on, count(*) as told, max(reported_on) as last_on from complaints join loads
    on reported_on <= end_on and reported_on > end_on - $days::int group by uscc, end_on;
create table alarms as select 'index' as scorer, uscc, end_on from weeks where warned
    union all select 'complaints', uscc, end_on from (
        select *, row_number() over (partition by end_on order by told desc, last_on desc, uscc) as place from counted
    ) join loads using (end_on) where place <= load;
create table ranked as select scorer, uscc,
    row_number() over (partition by scorer order by score desc, last_on desc, uscc) as place
    from (
        select 'index' as scorer, uscc, smoke_index::double as score, $as_of as last_on from weeks where end_on = $as_of
        union all select 'complaints', uscc, told, last_on from counted where end_on = $as_of
    ) semi join operating using (uscc);
create table planted as select uscc, scheme_id, breaks_on > $as_of as live
    from members semi join operating using (uscc) where buildup_on <= $as_of
"""

_FOUND = """
with listed as (select uscc from ranked where scorer = $scorer and place <= $k)
select count(*) as planted, count(listed.uscc) as found, count(*) filter (where live) as live,
    count(listed.uscc) filter (where live) as live_found, count(distinct scheme_id) as begun,
    count(distinct scheme_id) filter (where listed.uscc is not null) as begun_found
    from planted left join listed using (uscc)
"""

_ALARMS = """
with told as (select uscc from ranked where scorer = $scorer and place <=
    (select count(*) from weeks semi join operating using (uscc) where warned and end_on = $as_of))
select count(*), count(*) filter (where members.uscc is null)
    from told left join (select distinct uscc from members) as members using (uscc)
"""

_GRADES = """
select grade, count(*), count(planted.uscc) from weeks semi join operating using (uscc) left join planted using (uscc)
    where end_on = $as_of group by grade
"""

_LEADS = """
with broken as (select * from members
    where breaks_on <= $as_of and breaks_on >= (select min(end_on) from weeks) + 7 * $settled::int),
warned as (select scorer, scheme_id, any_value(breaks_on) - min(end_on) as lead,
        any_value(breaks_on) - min(end_on) filter (where role = 'core') as core_lead
    from alarms join broken using (uscc) where end_on >= buildup_on and end_on < breaks_on group by scorer, scheme_id)
select scheme_id, max(lead) filter (where scorer = 'index'), max(core_lead) filter (where scorer = 'index'),
        max(lead) filter (where scorer = 'complaints'), max(core_lead) filter (where scorer = 'complaints')
    from (select distinct scheme_id from broken) left join warned using (scheme_id) group by scheme_id order by 1
"""


class Files(NamedTuple):
    """Parquet files that are judged by: of the generation, of what was staged, and of the demo's truth."""

    weeks: Path
    register: Path
    complaints: Path  # uscc and reported_on of every complaint
    members: Path


@dataclass(frozen=True)
class Judged:
    """How one scorer did in one demo."""

    scorer: str
    planted: int  # k: in operation, of schemes whose build-up has begun
    found: int  # of them, among the first k
    live: int  # of the planted, those whose scheme has not broken yet
    live_found: int  # of them, among the same first k
    begun: int  # schemes that the planted belong to
    begun_found: int  # of them, with a member among the first k
    hits: dict[int, int]  # k of LOOKED_AT → planted ones among the first k
    alarms: int  # enterprises warned of at the as-of date
    in_vain: int  # of them, in no scheme
    per_10000: float  # the same, to 10 000 enterprises in operation
    schemes: int  # broken within the history
    ahead: int  # of them, with a member warned of between the first day of the build-up and the break
    core_ahead: int  # the same, with a core member
    lead: tuple[float, float, float]  # days from first warning to break: median, low, high; 0 for who was not warned of
    both: int  # schemes that both scorers warned of before
    both_lead: float | None  # median over those


def judge(files: Files, as_of: date) -> tuple[list[Judged], dict[str, tuple[int, int]]]:
    """Return how the scorers did, and for each grade how many enterprises have it and how many of them are planted."""
    con = duckdb.connect()
    given = {"as_of": as_of, "days": COMPLAINT_DAYS, **{name: str(path) for name, path in files._asdict().items()}}
    for statement in filter(str.strip, _TABLES.split(";")):
        con.execute(statement, {name: value for name, value in given.items() if f"${name}" in statement})
    leads = con.execute(_LEADS, {"as_of": as_of, "settled": SETTLED_WEEKS}).fetchall()
    grades = {grade: (n, planted) for grade, n, planted in con.execute(_GRADES, {"as_of": as_of}).fetchall()}
    own = {"index": [row[1:] for row in leads], "complaints": [(*row[3:], *row[1:3]) for row in leads]}
    return [_of(con, scorer, as_of, own[scorer]) for scorer in SCORERS], grades


def _of(
    con: duckdb.DuckDBPyConnection,
    scorer: str,
    as_of: date,
    leads: list[tuple[int | None, int | None, int | None, int | None]],
) -> Judged:
    (k,) = _row(con, "select count(*) from planted", {})
    planted, found, live, live_found, begun, begun_found = _row(con, _FOUND, {"scorer": scorer, "k": k})
    alarms, in_vain = _row(con, _ALARMS, {"scorer": scorer, "as_of": as_of})
    (operating,) = _row(con, "select count(*) from operating", {})
    both = [lead for lead, _, other, _ in leads if lead is not None and other is not None]
    return Judged(
        scorer=scorer,
        planted=planted,
        found=found,
        live=live,
        live_found=live_found,
        begun=begun,
        begun_found=begun_found,
        hits={at: _row(con, _FOUND, {"scorer": scorer, "k": at})[1] for at in LOOKED_AT},
        alarms=alarms,
        in_vain=in_vain,
        per_10000=in_vain / operating * 10_000,
        schemes=len(leads),
        ahead=sum(lead is not None for lead, *_ in leads),
        core_ahead=sum(core is not None for _, core, *_ in leads),
        lead=median_interval([lead or 0 for lead, *_ in leads]) if leads else (0, 0, 0),
        both=len(both),
        both_lead=median(both) if both else None,
    )


def _row(con: duckdb.DuckDBPyConnection, query: str, asked: dict[str, object]) -> tuple[int, ...]:
    row = con.execute(query, asked).fetchone()
    if row is None:
        raise LookupError("an aggregate always has a row")
    return row
