"""A supervisor's load, and the departments that a form offers: counted and found on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from dash import dcc

from dashboard.access.scope import Scope
from dashboard.actions.case_orders import SendOrder, send_order
from dashboard.clock import Moment
from dashboard.errors import NotAllowed
from dashboard.i18n import words_for
from dashboard.models.casework import CaseTask
from dashboard.queries.case_filters import CasesAsked
from dashboard.queries.case_load import Load, load_by_county, load_by_person
from dashboard.queries.case_pages import case_counts
from dashboard.queries.case_seen import case_seen
from dashboard.queries.offices import MOST, kinds_allowed, offices
from layouts.case_load import load_table
from layouts.cases_filters import cases_in
from tests.builders import ANALYST, CHIEF, CITY, COUNTY, LEADER, NEIGHBOUR, NOW, PROVINCE, TOWN, make_account
from tests.casefiles import TODAY, WHEN, act_on, make_case, seat
from tests.trees import parts, prop, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session, sessionmaker

PEOPLE = (LEADER, PROVINCE, CITY, COUNTY, CHIEF, TOWN, NEIGHBOUR, ANALYST)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as opened:
        for person in PEOPLE:
            make_account(opened, person)
        yield opened


def task(case_id: int, region: str, owner: int | None, days: int) -> CaseTask:
    given = {"region_code": region, "owner_id": owner, "due_on": TODAY + timedelta(days=days)}
    made = {"made_at": NOW, "made_by": COUNTY.id, "ended_at": None, "ended_by": None, "reason": ""}
    return CaseTask(case_id=case_id, title="走访", checklist=[], state="open", **given, **made)


def fill(session: Session) -> None:
    far, near = TODAY + timedelta(days=90), TODAY + timedelta(days=1)
    first = make_case(session, due_on=TODAY - timedelta(days=4), amber_on=TODAY - timedelta(days=9))
    make_case(session, due_on=TODAY - timedelta(days=1), amber_on=TODAY - timedelta(days=9))
    make_case(session, due_on=near, amber_on=TODAY)
    make_case(session, due_on=far, amber_on=far)
    make_case(session, due_on=TODAY - timedelta(days=9), suspended_on=TODAY)
    make_case(session, stage="closed", due_on=TODAY - timedelta(days=9))
    make_case(session, handler=TOWN, due_on=far, amber_on=far)
    other = make_case(session, handler=NEIGHBOUR, place="330105", owner_id=None, due_on=far, amber_on=far)
    session.add_all([task(first.id, "330106", COUNTY.id, -1), task(first.id, "330106109", TOWN.id, 3)])
    session.commit()
    send_order(session, CITY, SendOrder(act_on(first), "supervise", "", "请加快。"), WHEN)
    weeks_ago = Moment(NOW - timedelta(days=20), TODAY - timedelta(days=20))
    send_order(session, CITY, SendOrder(act_on(other), "supervise", "", "请加快。"), weeks_ago)


def test_load_is_counted_by_county_the_latest_first(session: Session) -> None:
    fill(session)
    assert load_by_county(session, Scope("33"), "3301", TODAY) == [
        Load("330106", 6, 1, 2, 1, 2.5, tasks=2, tasks_late=1, orders=1),
        Load("330105", 1, orders=1, orders_late=1),
    ]
    with pytest.raises(NotAllowed):
        load_by_county(session, Scope("3301"), "33", TODAY)


def test_load_is_counted_by_person_and_what_nobody_has_is_told(session: Session) -> None:
    fill(session)
    found = load_by_person(session, Scope("0"), "33", TODAY)
    assert [(one.name, one.region) for one in found] == [("county", "330106"), ("town", "330106109"), ("", "")]
    assert [one.load.key for one in found] == [COUNTY.id, TOWN.id, None]
    assert found[0].load == Load(COUNTY.id, 5, 1, 2, 1, 2.5, tasks=1, tasks_late=1)
    with pytest.raises(NotAllowed):
        load_by_person(session, Scope("330105"), "330106", TODAY)


def test_load_is_shown_as_a_table_of_departments_or_of_people(session: Session) -> None:
    words = words_for("en")
    assert "Nothing" not in said(load_table([], "0", words))
    fill(session)
    county = said(load_table(load_by_county(session, Scope("0"), "0", TODAY), "0", words))
    assert county[:2] == ["Department", "Open cases"]
    assert "2.5" in county
    people = said(load_table(load_by_person(session, Scope("0"), "0", TODAY), "0", words))
    assert "Nobody yet" in people
    assert "Orders waiting" not in people


def test_a_number_of_the_load_leads_to_just_that_many_cases(session: Session) -> None:
    fill(session)
    make_case(session, handler=CITY, owner_id=None)  # the city's own office, and nobody's yet
    loads = (load_by_county(session, Scope("0"), "33", TODAY), load_by_person(session, Scope("0"), "33", TODAY))
    for rows in loads:
        links = [part for part in parts(load_table(rows, "33", words_for("en"))) if isinstance(part, dcc.Link)]
        assert len(links) >= 6
        for link in links:
            search = prop(link, "href").removeprefix("/cases")
            region = parse_qs(search[1:])["region"][0]
            asked = CasesAsked(region, cases_in(search).filters, TODAY, LEADER.id, LEADER.home_region)
            assert str(case_counts(session, Scope("0"), asked).total) == said(link)[0], search


def test_a_form_offers_only_the_kinds_that_role_level_and_stage_allow(session: Session) -> None:
    case = make_case(session)
    seat(session, case, NEIGHBOUR)

    def kinds(person: object) -> list[str]:
        return kinds_allowed(session, case_seen(session, person, case.number))  # type: ignore[arg-type] # a persona

    assert kinds(COUNTY) == ["assign_down", "report_up", "transfer", "assist"]
    assert kinds(CITY) == ["supervise"]
    assert kinds(NEIGHBOUR) == []
    assert kinds(ANALYST) == []
    closed = make_case(session, stage="closed")
    assert kinds_allowed(session, case_seen(session, COUNTY, closed.number)) == []
    assert kinds_allowed(session, case_seen(session, PROVINCE, closed.number)) == ["supervise"]


def test_departments_are_those_around_or_those_of_a_name_and_who_is_there_is_told(session: Session) -> None:
    case = make_case(session, place="330106109")
    seen = case_seen(session, COUNTY, case.number)

    def found(kind: str, typed: str = "") -> dict[str, bool]:
        return {one.code: one.staffed for one in offices(session, seen, kind, typed, "zh_CN")}

    down = found("assign_down")
    assert next(iter(down)) == "330106109"  # where it is comes first
    assert down["330106109"]
    assert sum(down.values()) == 1  # nobody has an account in the other towns
    assert all(code.startswith("330106") for code in down)
    assert found("report_up") == {"3301": True, "33": True, "0": True}
    assert found("transfer", "玄武") == {"320102": False}
    assert found("assist", "xuanwu") == {"320102": False}
    assert len(found("assist", "镇")) == MOST
    assert found("supervise") == {}
    assert found("transfer", "没有这个地方") == {}


def test_a_town_may_hand_down_to_its_villages_where_a_definition_lets_it(session: Session) -> None:
    case = make_case(session, handler=TOWN, place="330106109")
    seen = case_seen(session, TOWN, case.number)
    assert [one.code for one in offices(session, seen, "report_up", "", "zh_CN")] == ["330106", "3301", "33", "0"]
    helped = [one.code for one in offices(session, seen, "assist", "", "zh_CN")]
    assert helped
    assert all(code.startswith("330106") for code in helped)
    assert any(len(code) == 12 for code in helped)
