"""The watchlist page by page: every filter and order on both databases, joined with what people did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.access.permissions import Permission
from dashboard.access.scope import Scope
from dashboard.actions.cases import OpenCase, open_case
from dashboard.actions.exemptions import AddExemption, add_exemption
from dashboard.actions.handling import Seen
from dashboard.actions.warnings import Assign, Decide, assign, decide
from dashboard.errors import NotAllowed
from dashboard.queries.filters import SORTS, Asked, Filters
from dashboard.queries.people import handlers_of
from dashboard.queries.watched import chosen_rows, counts_of, page_of
from tests.builders import ADMINISTRATOR, ANALYST, CITY, COUNTY, LEADER, NOW, PERSONAS, WORKER, make_account
from tests.generations import AS_OF, NEIGHBOUR, NEIGHBOURS, WATCHED, publish

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

WEEK = AS_OF - timedelta(days=6)
HERE = Asked("330106", Filters(), AS_OF, AS_OF, COUNTY.id)
SCOPE = Scope("33")


def code(number: int) -> str:
    return f"9133010600000{number:05d}"


@pytest.fixture
def worked(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Return a generation in which 1 is acknowledged and assigned, 2 dismissed, 4 in a case, 5 on the white list."""
    with sessions() as session:
        publish(session, only=["330106"])
        for person in (LEADER, CITY, COUNTY, WORKER, ANALYST, ADMINISTRATOR):
            make_account(session, person)
        decide(session, COUNTY, Decide((Seen(code(1), WEEK, 0),), "acknowledged"), NOW)
        assign(session, COUNTY, Assign((Seen(code(1), WEEK, 1),), COUNTY.id), NOW)
        decide(session, COUNTY, Decide((Seen(code(2), WEEK, 0),), "dismissed", "已核"), NOW)
        open_case(session, COUNTY, OpenCase((Seen(code(4), WEEK, 0),), "Asia/Shanghai"), NOW)
        end = AS_OF + timedelta(days=30)
        entry = AddExemption(code(5), "330106109", "white", "", "licensed", "持牌", AS_OF, end)
        add_exemption(session, COUNTY, entry, NOW)
    return sessions


def numbers(session: Session, asked: Asked = HERE, **filters: Any) -> list[int]:  # noqa: ANN401 - any field
    given = replace(asked, filters=Filters(**filters))
    rows = page_of(session, SCOPE, 1, given, 0, 500)
    assert counts_of(session, SCOPE, 1, given).total == len(rows)
    return [int(row.uscc[-5:]) for row in rows]


def test_every_filter_leaves_what_it_asks_for(worked: sessionmaker[Session]) -> None:
    everything = set(range(1, WATCHED + 1))
    blue = {number for number in everything if number % 4 == 3}
    with worked() as session:
        assert set(numbers(session)) == everything
        assert set(numbers(session, grades=("red", "blue"))) == {n for n in everything if n % 4 in {0, 3}}
        assert set(numbers(session, risk_type="lending")) == {n for n in everything if n % 3 == 2}
        assert numbers(session, sector="trade") == []
        assert set(numbers(session, factor="promised_yield")) == everything
        assert numbers(session, factor="promised-yield") == []
        assert numbers(session, state="acknowledged") == [1]
        assert numbers(session, state="dismissed") == [2]
        assert numbers(session, who="mine") == numbers(session, who=str(COUNTY.id)) == [1]
        assert numbers(session, who=str(CITY.id)) == []
        assert set(numbers(session, state="none")) == blue
        assert set(numbers(session, who="nobody")) == everything - blue - {1}
        assert numbers(session, exempt="white") == [5]
        assert numbers(session, exempt="grey") == []
        assert set(numbers(session, exempt="none")) == everything - {5}
        assert set(numbers(session, low=44.0, high=66.2)) == {n for n in everything if n % 4 in {1, 2}}
        assert set(numbers(session, new=True)) == everything - blue


@pytest.mark.parametrize(("text", "found"), [("期7号", [7]), ("00012", [12]), ("%", []), ("_", []), ("试一", None)])
def test_text_is_looked_for_as_it_stands(worked: sessionmaker[Session], text: str, found: list[int] | None) -> None:
    with worked() as session:
        given = numbers(session, text=text)
    assert given == found if found is not None else len(given) == WATCHED


def test_overdue_is_what_still_waits(worked: sessionmaker[Session]) -> None:
    late = replace(HERE, today=AS_OF + timedelta(days=5))
    with worked() as session:
        assert numbers(session, overdue=True) == []
        given = numbers(session, late, overdue=True)
        assert 1 in given
        assert not {2, 4} & set(given)
        rows = page_of(session, SCOPE, 1, late, 0, 500)
        assert [row.is_overdue for row in rows if row.uscc == code(1)] == [True]


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_in_any_order_neither_repeat_nor_skip(
    worked: sessionmaker[Session],
    sort: str,
    descending: bool,  # noqa: FBT001 - pytest passes parameters by name
) -> None:
    given = replace(HERE, filters=Filters(sort=sort, descending=descending))
    with worked() as session:
        pages = [page_of(session, SCOPE, 1, given, first, 7) for first in range(0, WATCHED, 7)]
        whole = page_of(session, SCOPE, 1, given, 0, 500)
    assert [row.uscc for page in pages for row in page] == [row.uscc for row in whole]
    assert len({row.uscc for row in whole}) == WATCHED
    values = {"index": "smoke_index", "due": "due_on", "entered": "entered_on"}.get(sort, sort)
    known = [value for row in whole if (value := getattr(row, values)) is not None]
    assert known == sorted(known, reverse=descending)
    assert [getattr(row, values) for row in whole][: len(known)] == known  # what is unknown comes last


def test_a_row_says_what_people_did(worked: sessionmaker[Session]) -> None:
    with worked() as session:
        one, two, four, five = (chosen_rows(session, SCOPE, 1, [code(number)], AS_OF)[0] for number in (1, 2, 4, 5))
    assert (one.state, one.version, one.assignee, one.assignee_id) == ("acknowledged", 2, "county", COUNTY.id)
    assert (one.owner_code, one.week_on, one.due_on) == ("330106", WEEK, AS_OF + timedelta(days=4))
    assert (two.state, two.reason) == ("dismissed", "已核")
    assert (four.state, four.case_number) == ("in_case", "330106-2026-0001")
    assert five.entry is not None
    assert (five.exempt, five.entry.kind, five.entry.reason, five.entry.text) == ("", "white", "licensed", "持牌")
    assert one.reasons == (("promised_yield", 66.2),)
    assert sum(one.contributions) == pytest.approx(one.smoke_index)


def test_counts_are_of_all_grades_and_the_total_of_those_asked_for(worked: sessionmaker[Session]) -> None:
    with worked() as session:
        found = counts_of(session, SCOPE, 1, replace(HERE, filters=Filters(grades=("red",))))
    assert found.by_grade == {"red": 10, "orange": 10, "yellow": 10, "blue": 10}
    assert found.total == 10


def test_nobody_reads_beyond_the_jurisdiction(worked: sessionmaker[Session]) -> None:
    mine = COUNTY.scope(Permission.ENTERPRISE_READ)
    beyond = replace(HERE, region=NEIGHBOUR)
    with worked() as session:
        for attempt in (
            lambda: page_of(session, mine, 1, beyond, 0, 9),
            lambda: counts_of(session, mine, 1, beyond),
            lambda: handlers_of(session, mine, NEIGHBOUR),
        ):
            with pytest.raises(NotAllowed):
                attempt()
        assert chosen_rows(session, mine, 1, [code(101)], AS_OF) == []
        assert len(page_of(session, SCOPE, 1, beyond, 0, 9)) == NEIGHBOURS


def test_warnings_are_handled_by_who_may_nearest_first(worked: sessionmaker[Session]) -> None:
    assert WORKER in PERSONAS
    with worked() as session:
        found = handlers_of(session, SCOPE, "3301")
        assert [one.name for one in handlers_of(session, SCOPE, NEIGHBOUR)] == ["city", "leader"]
    assert [one.name for one in found] == ["county", "city", "leader"]
    assert [one.covers("330106109") for one in found] == [True, True, True]
    assert [one.covers(NEIGHBOUR) for one in found] == [False, True, True]
