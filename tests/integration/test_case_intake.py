"""Cases opened from every source, sources that join later, duplicates, mergers and splits, on both databases."""

from __future__ import annotations

import itertools
import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from dashboard.access.audit import verify_chain
from dashboard.access.scope import Scope
from dashboard.actions.case_joins import MOVING, Merge, Split, merge_case, split_case
from dashboard.actions.case_people import AddPerson, add_person
from dashboard.actions.case_sources import AddSource, add_source
from dashboard.actions.case_tasks import AddTask, add_task
from dashboard.actions.cases import NewFile, OpenCase, open_by_hand, open_case
from dashboard.actions.handling import Seen
from dashboard.actions.warnings import Decide, decide
from dashboard.errors import Invalid, NotAllowed, NotFound, SmokeError, Stale
from dashboard.models.audit import AuditEntry
from dashboard.models.cases import CaseFile, CaseOrder, CaseSeat, CaseSource, CaseSpan
from dashboard.models.casework import CaseTask
from dashboard.models.findings import CaseMeasure, CasePerson
from dashboard.models.warnings import WarningHandling
from dashboard.queries.case_joins import joined_of
from dashboard.queries.cases import pipeline
from dashboard.queries.duplicates import Asked, asked_of, duplicates
from tests.builders import ANALYST, CITY, COUNTY, LEADER, NEIGHBOUR, NOW, PROVINCE, TOWN, make_account
from tests.casefiles import TODAY, WHEN, act_on, make_case, seat
from tests.generations import AS_OF, publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sqlalchemy.orm import Session, sessionmaker

WEEK: date = AS_OF.replace(day=16)
ZONE = "Asia/Shanghai"
NEW = NewFile(
    "new-case-00000001", "tip", "T-2026-0007", "群众反映其承诺高息", "", "禾青养老服务部", "330106", "fundraising"
)


@pytest.fixture
def office(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Return a database with a generation and the accounts of the offices."""
    return _furnished(sessions)


@pytest.fixture
def one_office(sqlite_sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Return the same on SQLite alone."""
    return _furnished(sqlite_sessions)


def _furnished(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    with sessions() as session:
        publish(session, only=["330106"])
        for person in (LEADER, PROVINCE, CITY, COUNTY, TOWN, NEIGHBOUR, ANALYST):
            make_account(session, person)
    return sessions


def case_of(session: Session, number: str) -> CaseFile:
    query = select(CaseFile).where(CaseFile.number == number).execution_options(populate_existing=True)
    return session.scalars(query).one()


def warned(number: int) -> Seen:
    return Seen(f"9133010600000{number:05d}", WEEK, 0)


def entries(session: Session, case: CaseFile) -> list[tuple[str, dict[str, object]]]:
    query = select(AuditEntry).where(AuditEntry.subject == f"case:{case.id}").order_by(AuditEntry.position)
    return [(one.action, json.loads(one.details)) for one in session.scalars(query)]


def test_a_case_opened_by_hand_has_its_source_stay_clock_and_entry(office: sessionmaker[Session]) -> None:
    with office() as session:
        numbers = {open_by_hand(session, COUNTY, NEW, WHEN) for _ in range(2)}
        assert numbers == {"330106-2026-0001"}
        case = case_of(session, numbers.pop())
        assert (case.uscc, case.phase, case.handler_code, case.grade) == ("", "intake", "330106", "")
        assert case.due_on is not None
        source = session.scalars(select(CaseSource)).one()
        assert (source.case_id, source.kind, source.key) == (case.id, "tip", "T-2026-0007")
        assert session.scalars(select(CaseSpan)).one().transition == "open"
        (entry,) = entries(session, case)
        assert entry == ("case:opened", {"number": case.number, "uscc": "", "source": "tip"})
        with pytest.raises(Invalid):
            open_by_hand(session, COUNTY, replace(NEW, told="另一内容"), WHEN)  # the key was used


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"source": "warning"}, Invalid),
        ({"source": "rumour"}, Invalid),
        ({"source_key": " "}, Invalid),
        ({"source_key": "x" * 61}, Invalid),
        ({"told": " "}, Invalid),
        ({"told": "x" * 1001}, Invalid),
        ({"uscc": "91330106"}, Invalid),
        ({"name": ""}, Invalid),
        ({"name": "x" * 201}, Invalid),
        ({"risk_type": "arson"}, Invalid),
        ({"region_code": "0"}, Invalid),
        ({"region_code": "330199"}, Invalid),
        ({"region_code": "x"}, Invalid),
        ({"region_code": "330105"}, NotAllowed),
        ({"region_code": "33"}, NotAllowed),
        ({"key": "short"}, Invalid),
    ],
)
def test_what_cannot_be_opened_leaves_no_trace(
    one_office: sessionmaker[Session], changes: dict[str, str], error: type[SmokeError]
) -> None:
    with one_office() as session:
        with pytest.raises(error):
            open_by_hand(session, COUNTY, replace(NEW, **changes), WHEN)
        for table in (CaseFile, CaseSource, AuditEntry):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_an_analyst_opens_nothing(one_office: sessionmaker[Session]) -> None:
    with one_office() as session, pytest.raises(NotAllowed):
        open_by_hand(session, ANALYST, NEW, WHEN)


def test_a_source_belongs_to_one_open_case(one_office: sessionmaker[Session]) -> None:
    with one_office() as session:
        number = open_by_hand(session, COUNTY, NEW, WHEN)
        with pytest.raises(Invalid, match=number):
            open_by_hand(session, COUNTY, replace(NEW, key="new-case-00000002"), WHEN)
        elsewhere = replace(NEW, key="new-case-00000003", region_code="330105")
        with pytest.raises(Invalid) as refused:
            open_by_hand(session, NEIGHBOUR, elsewhere, WHEN)
        assert number not in str(refused.value)
        own = case_of(session, number)
        with pytest.raises(Invalid, match="already"):
            add_source(session, COUNTY, AddSource(act_on(own), "tip", NEW.source_key, "再报"), WHEN)
        own.phase = "closed"
        session.commit()
        assert open_by_hand(session, NEIGHBOUR, elsewhere, WHEN) == "330105-2026-0001"


def test_sources_of_every_kind_join_and_a_warning_is_handled_from_then_on(office: sessionmaker[Session]) -> None:
    with office() as session:
        case = make_case(session, uscc=warned(1).uscc)
        for kind in ("tip", "inspection", "order", "manual"):
            command = AddSource(act_on(case), kind, f"{kind}-1", "摘要")
            assert add_source(session, COUNTY, command, WHEN) == add_source(session, COUNTY, command, WHEN)
        (choice,) = joined_of(session, COUNTY, case.number).undecided
        command = AddSource(act_on(case), "warning", f"{choice.uscc}:{choice.week_on}", "", choice.version)
        add_source(session, COUNTY, command, WHEN)
        row = session.get_one(WarningHandling, (choice.uscc, choice.week_on), populate_existing=True)
        assert (row.state, row.case_id, row.version) == ("in_case", case.id, 1)
        assert joined_of(session, COUNTY, case.number).undecided == []
        other = make_case(session, uscc=warned(1).uscc)
        with pytest.raises(Invalid, match=case.number):
            add_source(session, COUNTY, replace(command, act=act_on(other)), WHEN)
        assert session.scalar(select(func.count(CaseSource.id)).where(CaseSource.case_id == case.id)) == 6
        verify_chain(session)


def test_a_warning_that_somebody_dismissed_or_moved_on_does_not_join(one_office: sessionmaker[Session]) -> None:
    with one_office() as session:
        case = make_case(session, uscc=warned(2).uscc)
        decide(session, COUNTY, Decide((warned(2),), "dismissed", "已核"), NOW)
        stale = AddSource(act_on(case), "warning", f"{warned(2).uscc}:{WEEK}", "", 0)
        with pytest.raises(Stale):
            add_source(session, COUNTY, stale, WHEN)
        with pytest.raises(Invalid):
            add_source(session, COUNTY, replace(stale, act=act_on(case), version=1), WHEN)
        with pytest.raises(NotFound):
            add_source(session, COUNTY, replace(stale, act=act_on(case), key=f"{'9' * 18}:{WEEK}"), WHEN)
        with pytest.raises(Invalid):
            add_source(session, COUNTY, replace(stale, act=act_on(case), key="nonsense"), WHEN)
        assert session.scalar(select(func.count(CaseSource.id)).where(CaseSource.kind == "warning")) == 0


def at_once(office: sessionmaker[Session], acts: list[Callable[[Session], str]]) -> list[str]:
    """Let people act in the same instant, and return what each was answered."""
    barrier, answers = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int) -> None:
        with office() as session:
            barrier.wait()
            try:
                answers[place] = acts[place](session)
            except SmokeError as error:
                answers[place] = type(error).__name__

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_cases_opened_at_once_are_numbered_without_a_gap(office: sessionmaker[Session]) -> None:
    def by_hand(place: int) -> Callable[[Session], str]:
        command = replace(NEW, key=f"at-once-{place:08d}", source_key=f"T-{place // 2}")  # two and two have one tip
        return lambda session: open_by_hand(session, COUNTY, command, WHEN)

    def warning(number: int) -> Callable[[Session], str]:
        return lambda session: open_case(session, COUNTY, OpenCase((warned(number),), ZONE), NOW)

    answers = at_once(office, [*(by_hand(place) for place in range(8)), *(warning(number) for number in (1, 2, 3))])
    assert answers.count("Invalid") == 4
    with office() as session:
        numbers = sorted(session.scalars(select(CaseFile.number)))
        assert numbers == [f"330106-2026-{place:04d}" for place in range(1, 8)]
        assert sorted(one for one in answers if one != "Invalid") == numbers
        verify_chain(session)


def test_two_mergers_crosswise_leave_one_survivor(office: sessionmaker[Session]) -> None:
    with office() as session:
        one, other = make_case(session), make_case(session)
        commands = [
            Merge(act_on(one), other.id, other.version, "同一主体"),
            Merge(act_on(other), one.id, one.version, "同一主体"),
        ]
    answers = at_once(office, [lambda session, it=it: merge_case(session, COUNTY, it, WHEN) for it in commands])  # type: ignore[misc]
    assert sum(answer in {one.number, other.number} for answer in answers) == 1
    with office() as session:
        assert sorted(session.scalars(select(CaseFile.phase))) == ["intake", "merged"]


def test_a_merger_gives_the_work_to_the_survivor_and_both_files_tell(office: sessionmaker[Session]) -> None:
    with office() as session:
        number = open_case(session, COUNTY, OpenCase((warned(1),), ZONE), NOW)
        old, into = case_of(session, number), make_case(session)
        add_person(session, COUNTY, AddPerson(act_on(old), "试二", "organiser", ""), WHEN)
        add_task(session, COUNTY, AddTask(act_on(old), "走访", "330106", COUNTY.id, TODAY, ()), WHEN)
        seat(session, old, NEIGHBOUR)
        command = Merge(act_on(old), into.id, into.version, "同一主体重复立案")
        assert merge_case(session, COUNTY, command, WHEN) == into.number
        assert merge_case(session, COUNTY, command, WHEN) == into.number
        old, into = case_of(session, old.number), case_of(session, into.number)
        assert (old.stage, old.phase, old.merged_into, old.due_on, old.version) == (
            "merged",
            "merged",
            into.id,
            None,
            2,
        )
        assert (into.phase, into.version) == ("intake", 2)
        stays = session.scalars(select(CaseSpan).where(CaseSpan.case_id == old.id).order_by(CaseSpan.position)).all()
        assert [(one.phase, one.left_on) for one in stays] == [("intake", TODAY), ("merged", None)]
        for table in (CaseTask, CasePerson):
            assert session.scalars(select(table.case_id)).all() == [into.id]
        assert set(session.scalars(select(CaseSource.case_id))) == {into.id}
        row = session.get_one(WarningHandling, (warned(1).uscc, WEEK), populate_existing=True)
        assert (row.case_id, row.state, row.version) == (into.id, "in_case", 1)
        assert open_case(session, COUNTY, OpenCase((warned(1),), ZONE), NOW) == into.number  # a retry of the opening
        assert session.get_one(CaseSeat, (into.id, NEIGHBOUR.home_region)).role == "assistant"
        assert entries(session, old)[-1][1]["into"] == into.number
        assert entries(session, into)[-1][1]["took_in"] == old.number
        assert [one.number for one in joined_of(session, COUNTY, old.number).kin] == [into.number]
        assert [one.number for one in joined_of(session, COUNTY, into.number).kin] == [old.number]
        lasting = pipeline(session, Scope("330106"), "330106", TODAY, 1)
        assert (lasting.weeks[-1].closed, lasting.backlog) == (1, 1)  # the backlog of a week ago is reckoned from these
        with pytest.raises(Invalid, match="merged"):
            add_source(session, COUNTY, AddSource(act_on(old), "tip", "T-1", "x"), WHEN)
        verify_chain(session)


def test_what_cannot_be_merged_stays_as_it_is(one_office: sessionmaker[Session]) -> None:
    with one_office() as session:
        old, into = make_case(session), make_case(session)
        theirs = make_case(session, handler=NEIGHBOUR, place="330105")
        handed, closed = make_case(session, handler=CITY), make_case(session, stage="closed")
        asked, found = make_case(session), make_case(session, stage="disposal")
        session.add(_order(asked))
        session.add(_measure(found))
        session.commit()
        for start, end, reason, error in (
            (old, old, "x", Invalid),
            (old, into, " ", Invalid),
            (old, theirs, "x", NotFound),
            (old, closed, "x", Invalid),
            (closed, into, "x", Invalid),
            (asked, into, "x", Invalid),
            (found, into, "x", Invalid),
            (old, handed, "x", NotAllowed),
        ):
            with pytest.raises(error):
                merge_case(session, COUNTY, Merge(act_on(start), end.id, end.version, reason), WHEN)
        with pytest.raises(Stale):
            merge_case(session, COUNTY, Merge(act_on(old), into.id, into.version + 1, "x"), WHEN)
        assert session.scalar(select(func.count(CaseFile.id)).where(CaseFile.phase == "merged")) == 0
        assert merge_case(session, COUNTY, Merge(act_on(old), found.id, found.version, "x"), WHEN) == found.number


def test_who_was_only_told_that_something_is_late_does_not_see_the_survivor(one_office: sessionmaker[Session]) -> None:
    with one_office() as session:
        old, into = make_case(session), make_case(session)
        climbing = _order(old)
        climbing.kind, climbing.to_code = "escalation", "3201"
        session.add_all([climbing, CaseSeat(case_id=old.id, region_code="3201", role="invited", since_at=NOW)])
        session.commit()
        merge_case(session, COUNTY, Merge(act_on(old), into.id, into.version, "同一主体。"), WHEN)
        session.refresh(climbing)
        assert climbing.state == "withdrawn"
        seats = select(CaseSeat.case_id, CaseSeat.ended_at.is_(None)).where(CaseSeat.region_code == "3201")
        assert session.execute(seats).all() == [(old.id, False)]


def _order(case: CaseFile) -> CaseOrder:
    nobody = {"escalated_on": None, "answered_at": None, "answered_by": None, "answer": "", "answer_due_on": None}
    sent = {"kind": "assist", "from_code": "330106", "to_code": "330105", "text": "请协查", "state": "pending"}
    return CaseOrder(case_id=case.id, made_at=NOW, made_by=COUNTY.id, version=1, **sent, **nobody)


def _measure(case: CaseFile) -> CaseMeasure:
    texts = dict.fromkeys(("subject", "name", "document", "organ", "text", "justification", "withdrawn_reason"), "")
    none = {"withdrawn_at": None, "withdrawn_by": None, "fine": 0.0, "base": 0.0}
    return CaseMeasure(
        case_id=case.id, kind="warning_talk", taken_on=TODAY, made_at=NOW, made_by=COUNTY.id, version=1, **texts, **none
    )


def test_a_split_begins_in_the_same_stage_and_takes_what_was_chosen(office: sessionmaker[Session]) -> None:
    with office() as session:
        case = make_case(session, stage="investigation", opened_on=TODAY.replace(day=2))
        add_source(session, COUNTY, AddSource(act_on(case), "tip", "T-9", "另一家"), WHEN)
        source = session.scalars(select(CaseSource).where(CaseSource.kind == "tip")).one()
        person = int(add_person(session, COUNTY, AddPerson(act_on(case), "试三", "assister", ""), WHEN))
        command = Split(act_on(case), "禾青咨询部", "", "330106", "pyramid", "另一主体", (source.id,), (person,))
        number = split_case(session, COUNTY, command, WHEN)
        assert split_case(session, COUNTY, command, WHEN) == number
        part, case = case_of(session, number), case_of(session, case.number)
        assert (part.stage, part.split_from, part.entered_on) == (case.stage, case.id, TODAY)
        assert part.due_on is not None
        assert case.due_on is not None
        assert part.due_on > case.due_on
        assert session.scalars(select(CaseSource.case_id).where(CaseSource.id == source.id)).one() == part.id
        assert session.scalars(select(CasePerson.case_id)).one() == part.id
        assert entries(session, part)[0][1]["split_from"] == case.number
        assert entries(session, case)[-1][1]["into"] == number
        bare = split_case(session, COUNTY, replace(command, act=act_on(case), source_ids=(), person_ids=()), WHEN)
        own = session.scalars(select(CaseSource).where(CaseSource.case_id == case_of(session, bare).id)).one()
        assert (own.kind, own.told) == ("manual", "另一主体")
        case = case_of(session, case.number)
        left = tuple(session.scalars(select(CaseSource.id).where(CaseSource.case_id == case.id)))
        for wrong in ({"source_ids": (source.id,)}, {"person_ids": (person,)}, {"source_ids": left}, {"reason": ""}):
            with pytest.raises(Invalid):
                split_case(session, COUNTY, replace(command, **{"act": act_on(case), "person_ids": (), **wrong}), WHEN)  # type: ignore[arg-type] # odd ones
        with pytest.raises(NotAllowed):
            split_case(session, COUNTY, replace(command, act=act_on(case), region_code="330105"), WHEN)
        verify_chain(session)


_numbers = itertools.count(1)  # of another year than those of the cases that are split off


def _rows(session: Session) -> dict[str, list[int]]:
    return {table.__tablename__: sorted(session.scalars(select(table.id))) for table in (CaseSource, *MOVING)}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 5), st.integers(0, 3)), max_size=5),
)
def test_no_row_is_lost_or_doubled(one_office: sessionmaker[Session], moves: list[tuple[bool, int, int, int]]) -> None:
    with one_office() as session:
        for _ in range(3):
            case = make_case(session, number=f"330106-2025-{next(_numbers):04d}")
            for kind in ("tip", "inspection"):
                add_source(session, COUNTY, AddSource(act_on(case), kind, f"{kind}-{case.number}", "x"), WHEN)
            add_person(session, COUNTY, AddPerson(act_on(case), f"试{case.id}", "other", ""), WHEN)
        numbers = list(session.scalars(select(CaseFile.number).order_by(CaseFile.id.desc()).limit(3)))
        before = _rows(session)
        for merges, here, there, chosen in moves:
            case, other = (case_of(session, numbers[place % len(numbers)]) for place in (here, there))
            sources = tuple(session.scalars(select(CaseSource.id).where(CaseSource.case_id == case.id)))[:chosen]
            people = tuple(session.scalars(select(CasePerson.id).where(CasePerson.case_id == case.id)))[:chosen]
            split = Split(act_on(case), "禾青", "", "330106", "lending", "x", sources or (0,), people)
            try:
                if merges:
                    merge_case(session, COUNTY, Merge(act_on(case), other.id, other.version, "x"), WHEN)
                else:
                    numbers.append(split_case(session, COUNTY, split, WHEN))
            except Invalid:
                session.rollback()
        assert _rows(session) == before
        merged = set(session.scalars(select(CaseFile.id).where(CaseFile.phase == "merged")))
        for table in (CaseSource, *MOVING):
            assert not merged & set(session.scalars(select(table.case_id)))
        verify_chain(session)


def test_duplicates_are_suggested_with_their_reasons_in_sight_only(office: sessionmaker[Session]) -> None:
    with office() as session:
        case = make_case(session, name="杭州金穗源养老服务有限公司", uscc=warned(1).uscc)
        same = make_case(session, name="另名有限公司", uscc=warned(1).uscc)
        alike = make_case(session, name="杭州金穗源健康养老服务部")
        make_case(session, name="杭州蓝桥建材有限公司")
        far = make_case(session, handler=NEIGHBOUR, place="330105", name="杭州金穗源养老服务有限公司")
        gone = make_case(session, uscc=warned(1).uscc, phase="merged", stage="intake")
        for one in (case, far, alike):
            session.add(CasePerson(case_id=one.id, name="试五", role="organiser", note="", added_at=NOW, added_by=4))
        session.commit()
        found = duplicates(session, Scope("330106"), asked_of(session, case))
        assert [(one.case.id, {reason.kind for reason in one.reasons}) for one in found] == [
            (same.id, {"enterprise"}),
            (alike.id, {"person", "name"}),
        ]
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
        assert gone.id not in {one.case.id for one in found}
        assert far.id in {one.case.id for one in duplicates(session, Scope("3301"), asked_of(session, case))}
        assert [one.case.id for one in duplicates(session, Scope("0"), Asked("", "金穗源养老", "330105"))] == [far.id]
        assert duplicates(session, Scope("0"), Asked("", "", "33")) == []


def test_a_number_of_another_make_does_not_stop_the_count(one_office: sessionmaker[Session]) -> None:
    with one_office() as session:
        make_case(session, number="330106-2026-000007")
        opened = [open_by_hand(session, COUNTY, replace(NEW, key=f"other-make-{n}", source_key=n), WHEN) for n in "ab"]
        assert opened == ["330106-2026-0008", "330106-2026-0009"]
