"""The cases screen's queries on both databases, against counts by hand over invented histories."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from dashboard.access.scope import Scope
from dashboard.errors import NotAllowed
from dashboard.models.cases import CaseFile, CaseSource, CaseSpan
from dashboard.queries.case_filters import ENDED, OPEN, OUTSIDE, RETURNED, SORTS, CaseFilters, CasesAsked, Stay, Step
from dashboard.queries.case_pages import case_board, case_counts, case_page
from dashboard.queries.cases import age_band, case_glance, pipeline
from dashboard.vocabulary import CLOCKS, OPEN_PHASES
from tests.builders import CITY, COUNTY, LEADER, NEIGHBOUR, make_account
from tests.casefiles import TODAY, make_case, seat
from tests.load import cases as invented

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.queries.cases import Pipeline

NATION = Scope("0")
COUNTIES = ("330106", "330105", "320102", "110105")
SINCE = TODAY - timedelta(days=12 * 7 - 1)
ASKED = CasesAsked("0", CaseFilters(), TODAY, COUNTY.id, COUNTY.home_region)


@dataclass(frozen=True)
class Register:
    """What was written, as plain rows."""

    files: list[dict[str, object]]
    stays: list[dict[str, object]]

    def of(self, region: str) -> Register:
        """Return the part that happened in a region."""
        inside = Scope(region).covers
        return Register(
            [one for one in self.files if inside(str(one["region_code"]))],
            [one for one in self.stays if inside(str(one["region_code"]))],
        )


@pytest.fixture
def register(sessions: sessionmaker[Session]) -> Register:
    """Write two hundred invented cases of four counties and return them."""
    draw = random.Random(11)  # noqa: S311 - invented cases, no secret
    made = [invented._case(number, draw.choice(COUNTIES), draw) for number in range(1, 201)]
    files = [{**file, "owner_id": draw.choice([None, COUNTY.id, CITY.id])} for file, _stays in made]
    files = [{**file, "opened_by": LEADER.id} for file in files]
    stays = [stay for _file, own in made for stay in own]
    with sessions() as session:
        for person in (LEADER, CITY, COUNTY, NEIGHBOUR):
            make_account(session, person)
        session.execute(insert(CaseFile), files)
        session.execute(insert(CaseSpan), stays)
        session.execute(insert(CaseSource), [invented._source(number, draw) for number in range(1, 201)])
        session.commit()
    return Register(files, stays)


def clock_by_hand(file: dict[str, object]) -> str:
    due_on, amber_on = file["due_on"], file["amber_on"]
    if file["phase"] not in OPEN_PHASES:
        return "none"
    if file["suspended_on"]:
        return "stopped"
    assert isinstance(due_on, date)
    assert isinstance(amber_on, date)
    return "overdue" if due_on < TODAY else "near" if amber_on <= TODAY else "running"


def in_period(day: object) -> bool:
    return isinstance(day, date) and SINCE <= day <= TODAY


def test_the_pipeline_counts_what_a_person_would(sessions: sessionmaker[Session], register: Register) -> None:
    with sessions() as session:
        for region in ("0", "33", "330106", "51"):
            check_pipeline(pipeline(session, NATION, region, TODAY, 12), register.of(region))


def check_pipeline(found: Pipeline, here: Register) -> None:
    still = [file for file in here.files if file["phase"] in OPEN_PHASES]
    assert found.backlog == len(still)
    for one in found.open_now:
        own = [file for file in still if file["phase"] == one.phase]
        assert one.by_clock == dict(Counter(clock_by_hand(file) for file in own))
        ages = Counter(age_band((TODAY - file["opened_on"]).days) for file in own)  # type: ignore[operator] # a date
        assert list(one.by_age) == [ages[band] for band in range(5)]
    opened = {file["id"] for file in here.files if in_period(file["opened_on"])}
    assert found.opened == len(opened)
    visits = Counter(
        phase for _case, phase in {(s["case_id"], s["phase"]) for s in here.stays if s["case_id"] in opened}
    )
    assert {phase: cases for phase, cases in found.reached.items() if cases} == dict(visits)
    steps = Counter((str(s["from_phase"]), str(s["phase"])) for s in here.stays if in_period(s["entered_on"]))
    assert {(before, after): cases for before, after, cases in found.flows} == dict(steps)
    assert found.is_empty is (not still and not steps)


def test_times_and_weeks_are_those_of_the_stays(sessions: sessionmaker[Session], register: Register) -> None:
    with sessions() as session:
        for region in ("0", "3301"):
            check_times(pipeline(session, NATION, region, TODAY, 12), register.of(region))


def check_times(found: Pipeline, here: Register) -> None:
    for time in found.times:
        own = [s for s in here.stays if s["phase"] == time.phase and in_period(s["left_on"])]
        taken = sorted(int(str(s["days_taken"])) for s in own)
        late = [s for s in own if int(str(s["days_taken"])) > int(str(s["days_allowed"]))]
        assert time.stays == len(own)
        assert time.late == pytest.approx(len(late) / len(own))
        for value, share in ((time.tenth, 0.1), (time.median, 0.5), (time.ninetieth, 0.9)):
            assert sum(one <= value for one in taken) >= share * len(taken)
            assert sum(one < value for one in taken) < share * len(taken) or value == taken[0]
    for week in found.weeks:
        first = week.ends_on - timedelta(days=6)
        own = [s for s in here.stays if first <= s["entered_on"] <= week.ends_on]  # type: ignore[operator] # dates
        assert week.opened == sum(not s["from_phase"] for s in own)
        assert week.closed == sum(s["phase"] == "closed" for s in own)
        assert week.backlog == sum(
            s["entered_on"] <= week.ends_on  # type: ignore[operator] # a date
            and (s["left_on"] is None or s["left_on"] > week.ends_on)  # type: ignore[operator] # a date
            and s["phase"] in OPEN_PHASES
            for s in here.stays
        )
    assert len(found.weeks) == 12


def test_children_add_up_and_nobody_looks_outside(sessions: sessionmaker[Session], register: Register) -> None:
    still = [file for file in register.of("3301").files if file["phase"] in OPEN_PHASES]
    with sessions() as session:
        found = pipeline(session, Scope("3301"), "3301", TODAY, 12)
        with pytest.raises(NotAllowed):
            pipeline(session, Scope("3301"), "33", TODAY, 12)
        with pytest.raises(NotAllowed):
            case_page(session, Scope("330106"), replace(ASKED, region="330105"), 0, 9)
    assert sum(row.cases for row in found.children) == len(still)
    for row in found.children:
        ages = [(TODAY - file["opened_on"]).days for file in still if file["region_code"] == row.code]  # type: ignore[operator] # a date
        assert row.age == median(ages)


def test_a_case_without_a_finer_place_has_its_own_row_and_list(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        make_account(session, COUNTY)
        for place in ("330106", "330106109", "330106109"):
            make_case(session, place=place)
        for region, placed, unplaced in (("330106", 2, 1), ("3301", 3, 0), ("330106109", 0, 2)):
            children = pipeline(session, NATION, region, TODAY, 12).children
            own = [row.cases for row in children if row.code == region]
            assert own == ([unplaced] if unplaced and (placed or own) else [])
            assert sum(row.cases for row in children if row.code != region) == placed
            asked = replace(ASKED, region=region, filters=CaseFilters(phase=OPEN, reach="unplaced"))
            assert case_counts(session, NATION, asked).total == unplaced


def test_the_glance_agrees_with_the_pipeline(sessions: sessionmaker[Session], register: Register) -> None:
    with sessions() as session:
        glance, found = case_glance(session, NATION, "33", TODAY), pipeline(session, NATION, "33", TODAY, 4)
        assert case_glance(session, NATION, "51", TODAY) is None
    assert glance
    assert glance.open_now == {one.phase: (one.cases, one.by_clock.get("overdue", 0)) for one in found.open_now}
    lately = [f for f in register.of("33").files if f["closed_on"] and f["closed_on"] > TODAY - timedelta(days=28)]  # type: ignore[operator] # dates
    assert glance.closed == len(lately)


def has_clock(clock: str, file: dict[str, object]) -> bool:
    return file["phase"] in OPEN_PHASES and clock_by_hand(file) == clock


FILTERS: dict[str, tuple[CaseFilters, Callable[[dict[str, object]], bool]]] = {
    "open": (CaseFilters(phase=OPEN), lambda f: f["phase"] in OPEN_PHASES),
    "ended": (CaseFilters(phase=ENDED), lambda f: f["phase"] not in OPEN_PHASES),
    "phase": (CaseFilters(phase="disposal"), lambda f: f["phase"] == "disposal"),
    "type": (CaseFilters(risk_type="lending"), lambda f: f["risk_type"] == "lending"),
    "grade": (CaseFilters(grade="red"), lambda f: f["grade"] == "red"),
    "outcome": (CaseFilters(outcome="unfounded"), lambda f: f["outcome"] == "unfounded"),
    "mine": (CaseFilters(who="mine"), lambda f: f["owner_id"] == COUNTY.id),
    "department": (CaseFilters(who="department"), lambda f: f["handler_code"] == "330106"),
    "nobody": (CaseFilters(who="nobody"), lambda f: f["owner_id"] is None),
    "text": (CaseFilters(text="验7"), lambda f: "验7" in str(f["name"])),
    "wild": (CaseFilters(text="%"), lambda _f: False),
    "opened": (CaseFilters(opened_from=SINCE, opened_to=TODAY), lambda f: in_period(f["opened_on"])),
    **{clock: (CaseFilters(phase=OPEN, clock=clock), partial(has_clock, clock)) for clock in CLOCKS},
}


def test_a_filter_leaves_what_it_asks_for(sessions: sessionmaker[Session], register: Register) -> None:
    with sessions() as session:
        for name, (filters, holds) in FILTERS.items():
            found = case_page(session, NATION, replace(ASKED, filters=filters), 0, 500)
            counts = case_counts(session, NATION, replace(ASKED, filters=filters))
            assert {row.id for row in found} == {file["id"] for file in register.files if holds(file)}, name
            assert counts.total == len(found), name


def test_what_happened_to_a_case_is_asked_of_its_stays(sessions: sessionmaker[Session], register: Register) -> None:
    def listed(filters: CaseFilters) -> set[object]:
        with sessions() as session:
            return {row.id for row in case_page(session, NATION, replace(ASKED, filters=filters), 0, 500)}

    def having(holds: Callable[[dict[str, object]], bool]) -> set[object]:
        return {s["case_id"] for s in register.stays if holds(s)}

    order = {phase: at for at, phase in enumerate(OPEN_PHASES)}
    assert listed(CaseFilters(reached="assessment")) == having(lambda s: s["phase"] == "assessment")
    span = (SINCE, TODAY)
    assert listed(CaseFilters(step=Step("intake", "verification", *span))) == having(
        lambda s: s["from_phase"] == "intake" and s["phase"] == "verification" and in_period(s["entered_on"])
    )
    assert listed(CaseFilters(step=Step(RETURNED, OPEN, *span))) == having(
        lambda s: order.get(str(s["from_phase"]), -1) > order.get(str(s["phase"]), 99) and in_period(s["entered_on"])
    )
    assert listed(CaseFilters(step=Step(OUTSIDE, OPEN, *span))) == having(
        lambda s: s["from_phase"] == "" and in_period(s["entered_on"])
    )
    assert listed(CaseFilters(stay=Stay("disposal", late=True, first=SINCE, last=TODAY))) == having(
        lambda s: (
            s["phase"] == "disposal"
            and in_period(s["left_on"])
            and int(str(s["days_taken"])) > int(str(s["days_allowed"]))
        )
    )


def test_pages_neither_repeat_nor_skip(sessions: sessionmaker[Session], register: Register) -> None:
    with sessions() as session:
        for sort in SORTS:
            asked = replace(ASKED, filters=CaseFilters(sort=sort, descending=sort == "opened"))
            pages = [case_page(session, NATION, asked, first, 50) for first in range(0, 210, 50)]
            whole = case_page(session, NATION, asked, 0, 500)
            assert [row.id for page in pages for row in page] == [row.id for row in whole]
            assert len({row.id for row in whole}) == len(register.files)


def test_the_board_shows_the_first_of_each_phase(sessions: sessionmaker[Session], register: Register) -> None:
    with sessions() as session:
        board = case_board(session, NATION, ASKED, 3)
        for phase, rows in board.items():
            assert rows == case_page(session, NATION, replace(ASKED, filters=CaseFilters(phase=phase)), 0, 3)
    assert sum(map(len, board.values())) <= 3 * len(OPEN_PHASES)
    assert register.files


def test_an_invited_office_lists_the_case_and_counts_it_nowhere(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        for person in (COUNTY, NEIGHBOUR):
            make_account(session, person)
        case = make_case(session)
        asked, scope = replace(ASKED, region="330105"), Scope("330105")
        assert case_page(session, scope, asked, 0, 9) == []
        seat(session, case, NEIGHBOUR)
        assert [row.number for row in case_page(session, scope, asked, 0, 9)] == [case.number]
        elsewhere = replace(asked, filters=CaseFilters(reach="elsewhere"))
        assert case_counts(session, scope, elsewhere).total == 1
        assert case_counts(session, scope, replace(asked, filters=CaseFilters(reach="place"))).total == 0
        assert pipeline(session, scope, "330105", TODAY, 12).is_empty
