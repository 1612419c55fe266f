"""Warnings and listed enterprises, for every persona."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, insert, select

from dashboard.access.permissions import Permission
from dashboard.access.scope import Scope
from dashboard.errors import NotAllowed
from dashboard.models.reporting import RaisedWarning, Watched
from dashboard.queries.warnings import newest_warnings
from dashboard.queries.watchlist import enterprises_in, graded_by_type
from dashboard.vocabulary import RISK_TYPES
from tests.builders import ADMINISTRATOR, ANALYST, CITY, COUNTY, LEADER, PERSONAS, PROVINCE, STRANGER, WORKER
from tests.generations import AS_OF, NEIGHBOUR, NEIGHBOURS, TOWN, WATCHED, begin, publish, warning
from tests.generations import COUNTY as THE_COUNTY

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.access.viewer import Viewer

NATION = Scope("0")
QUERIES: list[Callable[..., Any]] = [
    lambda session, scope, region: newest_warnings(session, scope, 1, region, 9),
    lambda session, scope, region: enterprises_in(session, scope, 1, region, 9),
    lambda session, scope, region: graded_by_type(session, scope, 1, region),
]


@pytest.mark.parametrize("person", [LEADER, PROVINCE, CITY, COUNTY, ANALYST], ids=lambda person: person.name)
@pytest.mark.parametrize("region", ["0", "33", "32", "3301", "330106", "330105", "330106109"])
@pytest.mark.parametrize("query", QUERIES, ids=["warnings", "watchlist", "types"])
def test_nobody_reads_names_outside_the_jurisdiction(
    published: Session, person: Viewer, region: str, query: Callable[..., Any]
) -> None:
    scope = person.scope(Permission.ENTERPRISE_READ)
    if not Scope(person.home_region).covers(region):
        with pytest.raises(NotAllowed):
            query(published, scope, region)
        return
    found = query(published, scope, region)
    assert all(Scope(region).covers(row.region_code) for row in getattr(found, "rows", []))


@pytest.mark.parametrize("person", [WORKER, STRANGER, ADMINISTRATOR], ids=lambda person: person.name)
def test_who_may_not_read_names_has_no_scope_to_read_them_with(person: Viewer) -> None:
    with pytest.raises(NotAllowed):
        person.scope(Permission.ENTERPRISE_READ)


def test_all_personas_are_told_apart() -> None:
    assert {person.name for person in PERSONAS if person.may(Permission.ENTERPRISE_READ)} == {
        *("leader", "province", "city", "county", "analyst")
    }


def test_a_county_lists_its_own_enterprises_highest_first(published: Session) -> None:
    found = enterprises_in(published, Scope(THE_COUNTY), 1, THE_COUNTY, 10)
    assert found.total == WATCHED
    assert len(found.rows) == 10
    indexes = [row.smoke_index for row in found.rows]
    assert indexes == sorted(indexes, reverse=True)
    assert {row.region_code for row in found.rows} <= {THE_COUNTY, TOWN}


def test_a_town_lists_its_own_enterprises(published: Session) -> None:
    found = enterprises_in(published, Scope(THE_COUNTY), 1, TOWN, 100)
    assert found.total == len(found.rows) == WATCHED // 5
    assert {row.region_code for row in found.rows} == {TOWN}


def test_an_enterprise_carries_its_reasons_and_how_it_moved(published: Session) -> None:
    row = enterprises_in(published, NATION, 1, THE_COUNTY, 1).rows[0]
    assert (row.grade, row.change, row.reasons) == ("red", 3.5, ("promised_yield",))


def test_types_count_what_is_graded_yellow_or_above(published: Session) -> None:
    counts = graded_by_type(published, NATION, 1, "33")
    assert tuple(row.risk_type for row in counts) == RISK_TYPES
    graded = published.scalar(select(func.count()).select_from(Watched).where(Watched.grade != "blue"))
    assert sum(row.red + row.orange + row.yellow for row in counts) == graded
    assert all(row.red and row.orange and row.yellow for row in counts)


def test_types_of_a_place_without_enterprises_are_zero(published: Session) -> None:
    counts = graded_by_type(published, NATION, 1, "44")
    assert [(row.red, row.orange, row.yellow) for row in counts] == [(0, 0, 0)] * 3


def test_the_newest_warnings_are_worst_first_within_a_week_then_newest(published: Session) -> None:
    found = newest_warnings(published, NATION, 1, THE_COUNTY, 50)
    recent = [row for row in found.rows if (AS_OF - row.raised_on).days < 7]
    older = found.rows[len(recent) :]
    assert found.recent == len(recent)
    grades = [row.grade for row in recent]
    assert grades == sorted(grades, reverse=True)  # red before orange
    assert {row.grade for row in found.rows} == {"red", "orange"}
    assert [row.raised_on for row in older] == sorted((row.raised_on for row in older), reverse=True)
    assert all((AS_OF - row.raised_on).days >= 7 for row in older)


def test_a_county_does_not_see_its_neighbours_warning(published: Session) -> None:
    names = {row.uscc for row in newest_warnings(published, Scope(THE_COUNTY), 1, THE_COUNTY, 99).rows}
    above = {row.uscc for row in newest_warnings(published, Scope("33"), 1, "33", 99).rows}
    neighbour = {row.uscc for row in newest_warnings(published, Scope("33"), 1, NEIGHBOUR, 99).rows}
    assert not names & neighbour
    assert above == names | neighbour
    assert len(neighbour) in {0, 1}
    assert enterprises_in(published, Scope("33"), 1, NEIGHBOUR, 99).total == NEIGHBOURS


def test_an_enterprise_that_rose_twice_is_listed_once_as_it_stands_now(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        begin(session, 1)
        now = warning(1, 4)
        before = {**now, "week_on": AS_OF.replace(day=9), "raised_on": AS_OF.replace(day=10), "smoke_index": 61.0}
        session.execute(insert(RaisedWarning), [now, before])
        session.commit()
        (row,) = newest_warnings(session, NATION, 1, "0", 9).rows
    assert row.smoke_index == now["smoke_index"]


def test_no_generation_has_no_enterprises(published: Session) -> None:
    assert newest_warnings(published, NATION, 99, "0", 9).rows == []
    assert enterprises_in(published, NATION, 99, "0", 9).total == 0


def test_generations_are_never_mixed(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        publish(session, 1, only=["0"])
        publish(session, 2, only=["0"])
        for generation in (1, 2):
            names = [row.name for row in enterprises_in(session, NATION, generation, "0", 99).rows]
            names += [row.name for row in newest_warnings(session, NATION, generation, "0", 99).rows]
            assert len(names) > WATCHED
            assert all(f"试验{generation}期" in name for name in names)
