"""What a case found and what was done about it: written once, by whoever has the case, as far as it can be meant."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from dashboard.access.audit import verify_chain
from dashboard.actions.case_people import (
    AddPerson,
    ChangePerson,
    RemovePerson,
    add_person,
    change_person,
    remove_person,
)
from dashboard.actions.findings import ReportRepayment, WriteDetermination, report_repayment, write_determination
from dashboard.actions.measures import TakeMeasure, WithdrawMeasure, take_measure, withdraw_measure
from dashboard.errors import Invalid, NotAllowed, NotFound, Stale
from dashboard.models.audit import AuditEntry
from dashboard.models.findings import CaseDetermination, CaseMeasure, CasePerson, CaseRepayment
from dashboard.queries.findings import findings_of
from tests.builders import ANALYST, CHIEF, CITY, COUNTY, NEIGHBOUR, TOWN, make_account
from tests.casefiles import TODAY, WHEN, act_on, make_case, seat

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.models.cases import CaseFile

OPENED = TODAY - timedelta(days=200)
FOUND = {
    "risk_type": "fundraising",
    "amount": 12_000_000.0,
    "illegal_income": 400_000.0,
    "people": 120,
    "places": ("330106", "330105"),
    "basis": "未经许可,承诺回报,向不特定对象吸收资金。",
}
TAKEN = {"name": "禾青财富", "text": "约谈负责人", "taken_on": TODAY}
PENALTY = {**TAKEN, "kind": "penalty", "subject": "organiser", "fine": 3_000_000.0, "document": "罚〔2026〕1号"}


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Any:  # noqa: ANN401 - pytest's generator
    with sessions() as one:
        for person in (COUNTY, CHIEF, CITY, NEIGHBOUR, TOWN, ANALYST):
            make_account(one, person)
        yield one


def determined(session: Session, case: CaseFile, **other: Any) -> str:  # noqa: ANN401 - any of the command's fields
    command = WriteDetermination(act_on(case), other.pop("version", 0), **(FOUND | other))
    return write_determination(session, COUNTY, command, WHEN)


def taken(session: Session, case: CaseFile, **other: Any) -> int:  # noqa: ANN401 - as above
    return int(take_measure(session, COUNTY, TakeMeasure(act_on(case), **(PENALTY | other)), WHEN))


def reported(session: Session, case: CaseFile, **other: Any) -> str:  # noqa: ANN401 - as above
    given = {"reported_on": TODAY, "owed": 100.0, "repaid": 40.0, "people_owed": 10, "people_repaid": 4, "note": ""}
    return report_repayment(session, COUNTY, ReportRepayment(act_on(case), **(given | other)), WHEN)


def last_entry(session: Session) -> tuple[str, dict[str, Any]]:
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.position.desc()).limit(1)).one()
    return entry.action, json.loads(entry.details)


def test_people_are_added_mended_and_taken_out_and_the_log_knows_no_name(session: Session) -> None:
    case = make_case(session, stage="investigation")
    command = AddPerson(act_on(case), " 张三 ", "organiser", "实际控制人")
    number = int(add_person(session, COUNTY, command, WHEN))
    assert add_person(session, COUNTY, command, WHEN) == str(number)  # the second click
    assert session.scalar(select(func.count(CasePerson.id))) == 1
    change_person(session, COUNTY, ChangePerson(act_on(case), number, 1, "张三", "assister", ""), WHEN)
    assert last_entry(session) == (
        "person:changed",
        {
            "number": case.number, "version": 1, "row": f"person:{number}", "row_version": 2,
            "before": {"role": "organiser"}, "after": {"role": "assister"}, "fields": ["role", "note"],
        },
    )  # fmt: skip
    with pytest.raises(Stale, match="Assister"):
        change_person(session, CHIEF, ChangePerson(act_on(case), number, 1, "李四", "investor", ""), WHEN)
    with pytest.raises(Invalid):
        remove_person(session, COUNTY, RemovePerson(act_on(case), number, 2, "  "), WHEN)
    remove_person(session, COUNTY, RemovePerson(act_on(case), number, 2, "与本案无关"), WHEN)
    with pytest.raises(Stale):
        change_person(session, CHIEF, ChangePerson(act_on(case), number, 2, "李四", "investor", ""), WHEN)
    assert session.scalars(select(CasePerson)).all() == []
    assert not [one for one in session.scalars(select(AuditEntry.details)) if "张三" in one]
    assert verify_chain(session)


@pytest.mark.parametrize(
    ("name", "role", "note"),
    [("", "organiser", ""), ("x" * 81, "other", ""), ("张", "boss", ""), ("张", "other", "x" * 301)],
)
def test_a_person_that_cannot_be_meant_is_refused(session: Session, name: str, role: str, note: str) -> None:
    with pytest.raises(Invalid):
        add_person(session, COUNTY, AddPerson(act_on(make_case(session)), name, role, note), WHEN)


def test_another_cases_rows_are_not_reached(session: Session) -> None:
    one, other = make_case(session, stage="disposal", opened_on=OPENED), make_case(session, stage="disposal")
    person = int(add_person(session, COUNTY, AddPerson(act_on(one), "张三", "other", ""), WHEN))
    measure = taken(session, one, kind="warning_talk", subject="", fine=0.0)
    with pytest.raises(NotFound):
        remove_person(session, COUNTY, RemovePerson(act_on(other), person, 1, "误"), WHEN)
    with pytest.raises(NotFound):
        withdraw_measure(session, COUNTY, WithdrawMeasure(act_on(other), measure, 1, "误"), WHEN)


def test_only_the_handlers_department_writes_findings(session: Session) -> None:
    case = make_case(session, stage="investigation")
    seat(session, case, TOWN)
    command = AddPerson(act_on(case), "张三", "other", "")
    for person, error in ((CITY, NotAllowed), (TOWN, NotAllowed), (ANALYST, NotAllowed), (NEIGHBOUR, NotFound)):
        with pytest.raises(error):
            add_person(session, person, replace(command, act=act_on(case)), WHEN)
    assert add_person(session, CHIEF, command, WHEN)


def test_a_determination_is_written_and_a_late_second_one_is_told_the_difference(session: Session) -> None:
    case = make_case(session, stage="investigation")
    command = WriteDetermination(act_on(case), 0, **FOUND)
    assert write_determination(session, COUNTY, command, WHEN) == "1"
    assert write_determination(session, COUNTY, command, WHEN) == "1"  # the second click
    assert determined(session, case, version=1, amount=15_000_000, places=("330106",)) == "2"
    with pytest.raises(Stale) as caught:
        write_determination(session, CHIEF, WriteDetermination(act_on(case), 1, **FOUND), WHEN)
    assert caught.value.sentence
    changes = {str(one.values["field"].message): one.values for one in caught.value.sentence.values["changes"]}  # type: ignore[attr-defined]
    assert (changes["Sum involved"]["before"], changes["Sum involved"]["after"]) == ("12,000,000", "15,000,000")
    assert [name.en for name in changes["Places involved"]["before"]] == ["Xihu District", "Gongshu District"]
    with pytest.raises(Stale):
        write_determination(session, CHIEF, WriteDetermination(act_on(case), 0, **FOUND), WHEN)
    row = session.get_one(CaseDetermination, case.id, populate_existing=True)
    assert (row.amount, row.places, row.version) == (15_000_000, ["330106"], 2)


@pytest.mark.parametrize(
    "other",
    [
        {"risk_type": "theft"},
        {"amount": -1.0},
        {"amount": float("nan")},
        {"amount": float("inf")},
        {"amount": 1.1e13},
        {"illegal_income": True},
        {"people": -1},
        {"people": 1.5},
        {"people": 10**12},
        {"places": ("339999",)},
        {"places": ("330106", "330106")},
        {"basis": " "},
        {"basis": "x" * 4001},
        {"basis": "\x00"},
    ],
)
def test_a_determination_that_cannot_be_meant_is_refused(session: Session, other: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        determined(session, make_case(session, stage="determination"), **other)
    assert session.scalars(select(CaseDetermination)).all() == []


@pytest.mark.parametrize(
    ("stage", "first", "again"),
    [
        ("verification", False, False),
        ("investigation", True, True),
        ("assessment", True, True),
        ("determination", True, True),
        ("disposal", False, True),
        ("aftercare", False, False),
        ("closed", False, False),
        ("archived", False, False),
    ],
)
def test_a_determination_has_its_stages(session: Session, stage: str, first: bool, again: bool) -> None:  # noqa: FBT001 - a table
    case = make_case(session, stage=stage)
    if first:
        assert determined(session, case) == "1"
    else:
        with pytest.raises(Invalid, match="present stage"):
            determined(session, case)
        stamp = {"made_at": WHEN.at, "made_by": COUNTY.id}
        session.add(CaseDetermination(case_id=case.id, **(FOUND | {"places": []}), **stamp, version=1))
        session.commit()
    if again:
        assert determined(session, case, version=1) == "2"
    else:
        with pytest.raises(Invalid, match="present stage"):
            determined(session, case, version=1)


def test_nothing_is_written_while_a_case_is_suspended(session: Session) -> None:
    case = make_case(session, stage="disposal", opened_on=OPENED, suspended_on=TODAY)
    for write in (
        lambda: determined(session, case),
        lambda: taken(session, case),
        lambda: reported(session, case),
        lambda: add_person(session, COUNTY, AddPerson(act_on(case), "张三", "other", ""), WHEN),
        lambda: withdraw_measure(session, COUNTY, WithdrawMeasure(act_on(case), 1, 1, "误"), WHEN),
    ):
        with pytest.raises(Invalid, match="suspended"):
            write()


@pytest.mark.parametrize(
    ("kind", "stages"),
    [
        ("warning_talk", {"verification", "investigation", "assessment", "determination", "disposal", "aftercare"}),
        ("police_transfer", {"disposal", "aftercare"}),
        ("penalty", {"disposal", "aftercare"}),
    ],
)
def test_measures_have_their_stages(session: Session, kind: str, stages: set[str]) -> None:
    fined = {} if kind == "penalty" else {"subject": "", "fine": 0.0}
    given = {"kind": kind, "organ": "西湖区公安分局", "justification": "从轻" if kind == "penalty" else "", **fined}
    for stage in ("intake", "verification", "investigation", "assessment", "disposal", "aftercare", "closed"):
        case = make_case(session, stage=stage, opened_on=OPENED)
        if stage in stages:
            assert taken(session, case, **given)
        else:
            with pytest.raises(Invalid, match="present stage"):
                taken(session, case, **given)


def disposed(session: Session) -> CaseFile:
    case = make_case(session, stage="determination", opened_on=OPENED)
    determined(session, case)
    case.stage = case.phase = "disposal"
    session.commit()
    return case


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ({"fine": 2_400_000.0}, "within"),
        ({"fine": 12_000_000.0}, "within"),
        ({"fine": 2_399_999.99}, "below"),
        ({"fine": 12_000_000.01}, "above"),
        ({"subject": "assister", "fine": 1_200_000.0}, "within"),
        ({"subject": "assister", "fine": 300_000.0, "base": 100_000.0}, "within"),
        ({"subject": "assister", "fine": 300_000.01, "base": 100_000.0}, "above"),
        ({"subject": "responsible", "fine": 500_000.0}, "within"),
        ({"subject": "institution_person", "fine": 500_000.01}, "above"),
    ],
)
def test_a_fine_outside_its_range_wants_a_reason(session: Session, other: dict[str, Any], kind: str) -> None:
    case = disposed(session)
    if kind != "within":
        with pytest.raises(Invalid, match="justifies"):
            taken(session, case, **other)
        assert session.scalars(select(CaseMeasure)).all() == []
    number = taken(session, case, justification="" if kind == "within" else "情节", **other)
    _, told = last_entry(session)
    assert (told["range"], told["before_repayment"]) == (kind, True)
    measure = session.get_one(CaseMeasure, number)
    found = findings_of(session, COUNTY, case.number)
    assert found.verdict(measure.subject, measure.fine, measure.base).kind == kind


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "reward"},
        {"subject": ""},
        {"subject": "passer_by"},
        {"subject": "assister", "fine": 500_000.0, "base": 400_000.01},
        {"kind": "warning_talk"},
        {"kind": "police_transfer", "subject": "", "fine": 0.0},
        {"name": ""},
        {"text": ""},
        {"fine": -1.0},
        {"taken_on": TODAY + timedelta(days=1)},
        {"taken_on": OPENED - timedelta(days=1)},
    ],
)
def test_a_measure_that_cannot_be_meant_is_refused(session: Session, other: dict[str, Any]) -> None:
    case = disposed(session)
    with pytest.raises(Invalid):
        taken(session, case, **other)


def test_without_a_determined_sum_no_range_can_be_told(session: Session) -> None:
    case = make_case(session, stage="disposal", opened_on=OPENED)
    with pytest.raises(Invalid, match="justifies"):
        taken(session, case)
    taken(session, case, justification="金额尚未查清")
    assert last_entry(session)[1]["range"] == "no_base"


def test_a_measure_is_withdrawn_once_and_stays_in_the_file(session: Session) -> None:
    case = disposed(session)
    number = taken(session, case)
    command = WithdrawMeasure(act_on(case), number, 1, "复议撤销")
    assert withdraw_measure(session, COUNTY, command, WHEN) == str(number)
    assert withdraw_measure(session, COUNTY, command, WHEN) == str(number)
    for version in (1, 2):
        with pytest.raises(Stale):
            withdraw_measure(session, CHIEF, WithdrawMeasure(act_on(case), number, version, "再撤"), WHEN)
    found = findings_of(session, COUNTY, case.number)
    assert [one.withdrawn_reason for one in found.measures] == ["复议撤销"]
    assert found.fines == 0


def test_repayment_goes_onward_and_the_newest_report_counts(session: Session) -> None:
    case = disposed(session)
    assert not findings_of(session, COUNTY, case.number).is_settled
    reported(session, case, reported_on=TODAY - timedelta(days=9))
    with pytest.raises(Invalid, match="newer one comes after"):
        reported(session, case, reported_on=TODAY - timedelta(days=10))
    with pytest.raises(Invalid, match="say why"):
        reported(session, case, repaid=39.0)
    with pytest.raises(Invalid, match="say why"):
        reported(session, case, people_repaid=3, note=" ")
    reported(session, case, repaid=39.0, note="一笔退款被退回")
    assert last_entry(session)[1]["before"] == {"owed": 100.0, "repaid": 40.0, "people_owed": 10, "people_repaid": 4}
    reported(session, case, repaid=100.0, people_repaid=10)
    found = findings_of(session, COUNTY, case.number)
    assert [one.repaid for one in found.repayments] == [100.0, 39.0, 40.0]
    assert found.is_settled


@pytest.mark.parametrize(
    "other",
    [
        {"repaid": 100.01},
        {"people_repaid": 11},
        {"owed": -1.0, "repaid": -2.0},
        {"reported_on": TODAY + timedelta(days=1)},
        {"reported_on": OPENED - timedelta(days=1)},
        {"note": "x" * 501},
    ],
)
def test_a_report_that_cannot_be_meant_is_refused(session: Session, other: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        reported(session, make_case(session, stage="aftercare", opened_on=OPENED), **other)
    assert session.scalars(select(CaseRepayment)).all() == []


def test_repayment_begins_with_the_determination(session: Session) -> None:
    with pytest.raises(Invalid, match="present stage"):
        reported(session, make_case(session, stage="assessment", opened_on=OPENED))
