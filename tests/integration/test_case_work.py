"""The daily work on a case: who may, on which case, twice, too late, and what the audit log learns of it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from dashboard.access.audit import verify_chain
from dashboard.actions import housekeeping
from dashboard.actions.accounts import disable_user
from dashboard.actions.case_attachments import AddAttachment, RemoveAttachment, add_attachment, remove_attachment
from dashboard.actions.case_comments import AddComment, add_comment, mark_read
from dashboard.actions.case_evidence import AddEvidence, MoveEvidence, add_evidence, move_evidence
from dashboard.actions.case_tasks import (
    AddTask,
    ChangeTask,
    DropTask,
    EndTask,
    TickTask,
    add_task,
    change_task,
    drop_task,
    end_task,
    tick_task,
)
from dashboard.actions.drafts import LARGEST, MOST_KEPT, drop_draft, keep_draft
from dashboard.errors import Invalid, NotAllowed, NotFound, Stale
from dashboard.files.store import keep, receive
from dashboard.models.audit import AuditEntry
from dashboard.models.casework import CaseAttachment, CaseComment, CaseCustody, CaseEvidence, CaseMention, CaseTask
from dashboard.models.desks import CommandReceipt, FormDraft
from dashboard.queries.drafts import drafts_of
from dashboard.workflow.people import mentioned, people_who_see
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    CHIEF,
    CITY,
    COUNTY,
    NEIGHBOUR,
    NOW,
    SIGNING_IN,
    TOWN,
    make_account,
)
from tests.casefiles import TODAY, WHEN, act_on, make_case, seat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.models.cases import CaseFile

CHECKLIST = ("查门店", "查账户")


def _furnished(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        for person in SIGNING_IN:
            make_account(session, person)
        yield session


@pytest.fixture
def desk(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Yield a session at a desk, with everybody's accounts, on either kind of database."""
    yield from _furnished(sessions)


@pytest.fixture
def one_desk(sqlite_sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Yield the same on SQLite alone, for what is refused before any row is written."""
    yield from _furnished(sqlite_sessions)


def task_on(case: CaseFile, **changes: Any) -> AddTask:  # noqa: ANN401 - whatever a form may hold
    values = {"title": "现场核查", "region_code": "330106", "owner_id": COUNTY.id, "due_on": TODAY}
    return AddTask(act_on(case), **{**values, "checklist": CHECKLIST, **changes})


def piece_on(case: CaseFile, **changes: Any) -> AddEvidence:  # noqa: ANN401 - as above
    values = {"label": "账簿", "kind": "physical", "attachment_id": None, "obtained_on": TODAY}
    return AddEvidence(act_on(case), **{**values, "obtained_from": "门店", "holder": "county", **changes})


def file_on(case: CaseFile, **changes: Any) -> AddAttachment:  # noqa: ANN401 - as above
    values = {"kind": "contract", "name": "合同.pdf", "media_type": "application/pdf", "bytes": 9}
    return AddAttachment(act_on(case), **{**values, "sha256": "a" * 64, "scan": "unscanned", **changes})


def told(session: Session, verb: str) -> list[dict[str, Any]]:
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == verb).order_by(AuditEntry.position))
    return [json.loads(one.details) for one in entries]


# -- tasks -------------------------------------------------------------------------------------------------------------


def test_a_task_is_set_ticked_off_and_done_and_the_audit_log_says_so(desk: Session) -> None:
    case = make_case(desk)
    task = add_task(desk, COUNTY, task_on(case), WHEN)
    with pytest.raises(Invalid, match="2 items"):
        end_task(desk, COUNTY, EndTask(act_on(case), task, 1), WHEN)
    for item in ("查门店", "查账户"):
        tick_task(desk, CHIEF, TickTask(act_on(case), task, item, done=True), WHEN)
    end_task(desk, COUNTY, EndTask(act_on(case), task, 3), WHEN)
    row = desk.get_one(CaseTask, task)
    assert (row.state, row.ended_by, row.version) == ("done", COUNTY.id, 4)
    assert told(desk, "task:changed")[0]["after"] == {"checklist": ["✓ 查门店", "查账户"]}
    assert told(desk, "task:ended")[0] | {"number": ""} == {
        "number": "",
        "version": 1,
        "row": f"task:{task}",
        "row_version": 4,
        "before": {"state": "open"},
        "after": {"state": "done"},
    }
    with pytest.raises(Invalid, match="has ended"):
        tick_task(desk, COUNTY, TickTask(act_on(case), task, "查门店", done=False), WHEN)
    assert verify_chain(desk)


def test_a_slip_of_the_finger_is_no_due_date(desk: Session) -> None:
    case = make_case(desk)
    for slip in (date(202, 11, 30), date(9999, 1, 1)):
        with pytest.raises(Invalid, match="ten years"):
            add_task(desk, COUNTY, task_on(case, due_on=slip), WHEN)


def test_a_late_form_is_told_what_changed_and_changes_nothing(desk: Session) -> None:
    case = make_case(desk)
    task = add_task(desk, COUNTY, task_on(case), WHEN)
    anew = ChangeTask(act_on(case), task, 1, "查账", CHIEF.id, TODAY + timedelta(days=3), ("查账户", "查合同"))
    change_task(desk, CHIEF, anew, WHEN)
    with pytest.raises(Stale, match="changed by chief"):
        change_task(desk, COUNTY, replace(anew, act=act_on(case), title="别的"), WHEN)
    with pytest.raises(Stale):
        drop_task(desk, COUNTY, DropTask(act_on(case), task, 1, "不需要"), WHEN)
    row = desk.get_one(CaseTask, task)
    assert (row.title, row.version) == ("查账", 2)


def test_items_that_stay_keep_their_tick(desk: Session) -> None:
    case = make_case(desk)
    task = add_task(desk, COUNTY, task_on(case), WHEN)
    tick_task(desk, COUNTY, TickTask(act_on(case), task, "查账户", done=True), WHEN)
    change_task(desk, COUNTY, ChangeTask(act_on(case), task, 2, "查账", None, None, ("查合同", "查账户")), WHEN)
    kept = desk.get_one(CaseTask, task).checklist
    assert kept == [{"text": "查合同", "done": False}, {"text": "查账户", "done": True}]


def test_a_double_click_sets_one_task(desk: Session) -> None:
    command = task_on(make_case(desk))
    assert len({add_task(desk, COUNTY, command, WHEN) for _ in range(2)}) == 1
    assert len(desk.scalars(select(CaseTask)).all()) == 1
    assert len(told(desk, "task:added")) == 1


def test_an_assistant_has_its_own_tasks_and_no_others(desk: Session) -> None:
    case = make_case(desk)
    seat(desk, case, NEIGHBOUR)
    ours = add_task(desk, COUNTY, task_on(case), WHEN)
    theirs = add_task(desk, COUNTY, task_on(case, region_code="330105", owner_id=NEIGHBOUR.id, checklist=()), WHEN)
    own = add_task(desk, NEIGHBOUR, task_on(case, region_code="330105", owner_id=None), WHEN)
    with pytest.raises(NotAllowed):
        add_task(desk, NEIGHBOUR, task_on(case), WHEN)
    with pytest.raises(NotAllowed):
        drop_task(desk, NEIGHBOUR, DropTask(act_on(case), ours, 1, "不归我"), WHEN)
    end_task(desk, NEIGHBOUR, EndTask(act_on(case), theirs, 1), WHEN)
    drop_task(desk, NEIGHBOUR, DropTask(act_on(case), own, 1, "重复"), WHEN)
    assert desk.get_one(CaseTask, own).reason == "重复"


def test_who_does_not_work_on_the_case_sets_no_task(one_desk: Session) -> None:
    for person, error in [
        (CITY, NotAllowed),
        (TOWN, NotFound),
        (NEIGHBOUR, NotFound),
        (ANALYST, NotAllowed),
        (ADMINISTRATOR, NotAllowed),
    ]:
        with pytest.raises(error):
            add_task(one_desk, person, task_on(make_case(one_desk)), WHEN)
        assert not one_desk.scalars(select(CaseTask)).all()


def test_a_task_that_cannot_be_meant_is_refused(one_desk: Session) -> None:
    wrong: list[dict[str, Any]] = [
        {"title": "  "},
        {"title": "长" * 201},
        {"owner_id": NEIGHBOUR.id},
        {"owner_id": 6},  # of that county, and may do nothing
        {"owner_id": 999},
        {"region_code": "330105", "owner_id": None},
        {"checklist": ("一",) * 2},
        {"checklist": ("",)},
        {"checklist": tuple(str(n) for n in range(31))},
    ]
    for changes in wrong:
        with pytest.raises(Invalid):
            add_task(one_desk, COUNTY, task_on(make_case(one_desk), **changes), WHEN)


def test_a_disabled_account_owns_no_new_task(one_desk: Session) -> None:
    case = make_case(one_desk)
    disable_user(one_desk, ADMINISTRATOR, CHIEF.id, 1, NOW)
    with pytest.raises(Invalid):
        add_task(one_desk, COUNTY, task_on(case, owner_id=CHIEF.id), WHEN)


def test_nothing_is_added_to_a_closed_case(one_desk: Session) -> None:
    tries: list[Callable[[CaseFile], object]] = [
        lambda case: add_task(one_desk, COUNTY, task_on(case), WHEN),
        lambda case: add_evidence(one_desk, COUNTY, piece_on(case), WHEN),
        lambda case: add_attachment(one_desk, COUNTY, file_on(case), WHEN),
    ]
    for stage in ("closed", "archived"):
        case = make_case(one_desk, stage=stage)
        for attempt in tries:
            with pytest.raises(Invalid, match="closed"):
                attempt(case)
        add_comment(one_desk, COUNTY, AddComment(act_on(case), "归档后补充说明"), WHEN)


def test_another_cases_task_is_not_found(one_desk: Session) -> None:
    case, other = make_case(one_desk), make_case(one_desk)
    task = add_task(one_desk, COUNTY, task_on(case), WHEN)
    with pytest.raises(NotFound):
        end_task(one_desk, COUNTY, EndTask(act_on(other), task, 1), WHEN)
    with pytest.raises(Invalid, match="no longer on the checklist"):
        tick_task(one_desk, COUNTY, TickTask(act_on(case), task, "查别的", done=True), WHEN)


# -- comments ----------------------------------------------------------------------------------------------------------


def test_a_comment_names_those_who_see_the_case_and_the_log_keeps_it_to_itself(desk: Session) -> None:
    case = make_case(desk)
    people = people_who_see(desk, case, {})
    assert {one.name for one in people} == {"leader", "analyst", "province", "city", "chief", "county"}
    text = "@city 请协调银行；@countyx 与 @neighbour 不在此案"
    names = mentioned(text, people)
    assert names == (CITY.id, COUNTY.id)
    number = add_comment(desk, CHIEF, AddComment(act_on(case), text, names), WHEN)
    entry = told(desk, "comment:added")[0]
    assert (entry["comment"], entry["length"], entry["mentions"]) == (number, len(text), [str(one) for one in names])
    assert text[:5] not in str(entry)
    assert mark_read(desk, CITY, case.id, WHEN) == 1
    assert mark_read(desk, CITY, case.id, WHEN) == 0
    read = {one.user_id: one.read_at for one in desk.scalars(select(CaseMention))}
    assert read == {CITY.id: NOW, COUNTY.id: None}


def test_a_seat_lets_its_officers_be_named_and_a_strangers_name_is_refused(desk: Session) -> None:
    case = make_case(desk)
    with pytest.raises(Invalid):
        add_comment(desk, COUNTY, AddComment(act_on(case), "@neighbour", (NEIGHBOUR.id,)), WHEN)
    seat(desk, case, NEIGHBOUR, "origin")
    add_comment(desk, COUNTY, AddComment(act_on(case), "@neighbour", (NEIGHBOUR.id, COUNTY.id)), WHEN)
    assert [one.user_id for one in desk.scalars(select(CaseMention))] == [NEIGHBOUR.id]  # nobody calls oneself
    add_comment(desk, NEIGHBOUR, AddComment(act_on(case), "收到"), WHEN)


def test_a_comment_says_something_and_not_too_much(one_desk: Session) -> None:
    for text in ["", " \n ", "长" * 4001]:
        with pytest.raises(Invalid):
            add_comment(one_desk, COUNTY, AddComment(act_on(make_case(one_desk)), text), WHEN)
        assert not one_desk.scalars(select(CaseComment)).all()


def test_who_does_not_see_a_case_says_nothing_about_it_and_reads_nothing(one_desk: Session) -> None:
    case = make_case(one_desk)
    with pytest.raises(NotFound):
        add_comment(one_desk, NEIGHBOUR, AddComment(act_on(case), "?"), WHEN)
    with pytest.raises(NotFound):
        mark_read(one_desk, NEIGHBOUR, case.id, WHEN)
    with pytest.raises(NotAllowed):
        mark_read(one_desk, ADMINISTRATOR, case.id, WHEN)


# -- evidence ----------------------------------------------------------------------------------------------------------


def test_evidence_has_a_chain_from_how_it_was_obtained_to_who_keeps_it(desk: Session) -> None:
    case = make_case(desk)
    piece = add_evidence(desk, COUNTY, piece_on(case), WHEN)
    move_evidence(desk, COUNTY, MoveEvidence(act_on(case), piece, 1, "鉴定中心", "司法鉴定"), WHEN)
    with pytest.raises(Stale):
        move_evidence(desk, CHIEF, MoveEvidence(act_on(case), piece, 1, "档案室", "归档"), WHEN)
    with pytest.raises(Invalid):
        move_evidence(desk, CHIEF, MoveEvidence(act_on(case), piece, 2, " 鉴定中心", "归档"), WHEN)
    chain = desk.scalars(select(CaseCustody).order_by(CaseCustody.position)).all()
    assert [(one.position, one.from_holder, one.to_holder) for one in chain] == [
        (1, "门店", "county"),
        (2, "county", "鉴定中心"),
    ]
    assert desk.get_one(CaseEvidence, piece).holder == "鉴定中心"
    assert "鉴定中心" not in str(told(desk, "evidence:moved"))


def test_evidence_that_cannot_be_meant_is_refused(one_desk: Session) -> None:
    wrong: list[dict[str, Any]] = [
        {"kind": "rumour"},
        {"label": ""},
        {"holder": ""},
        {"obtained_from": ""},
        {"obtained_on": TODAY + timedelta(days=1)},
        {"obtained_on": date(202, 11, 20)},
        {"attachment_id": 99},
    ]
    for changes in wrong:
        with pytest.raises(Invalid):
            add_evidence(one_desk, COUNTY, piece_on(make_case(one_desk), **changes), WHEN)


def test_evidence_may_be_a_file_of_the_same_case_only(one_desk: Session) -> None:
    case, other = make_case(one_desk), make_case(one_desk)
    file = add_attachment(one_desk, COUNTY, file_on(case), WHEN)
    piece = add_evidence(one_desk, COUNTY, piece_on(case, attachment_id=file), WHEN)
    assert one_desk.get_one(CaseEvidence, piece).attachment_id == file
    with pytest.raises(Invalid):
        add_evidence(one_desk, COUNTY, piece_on(other, attachment_id=file), WHEN)


# -- attachments -------------------------------------------------------------------------------------------------------


def test_a_file_is_attached_once_and_taken_out_with_a_reason(desk: Session) -> None:
    case = make_case(desk)
    command = file_on(case)
    file = add_attachment(desk, COUNTY, command, WHEN)
    assert add_attachment(desk, COUNTY, command, WHEN) == file  # a second click
    with pytest.raises(Invalid, match="attached already"):
        add_attachment(desk, COUNTY, file_on(case, name="副本.pdf"), WHEN)
    with pytest.raises(Invalid):
        remove_attachment(desk, COUNTY, RemoveAttachment(act_on(case), file, " "), WHEN)
    with pytest.raises(NotFound):
        remove_attachment(desk, COUNTY, RemoveAttachment(act_on(make_case(desk)), file, "误传"), WHEN)
    remove_attachment(desk, COUNTY, RemoveAttachment(act_on(case), file, "误传"), WHEN)
    row = desk.get_one(CaseAttachment, file)
    assert (row.removed_by, row.reason, row.removed_at) == (COUNTY.id, "误传", NOW)
    with pytest.raises(Invalid, match="already"):
        remove_attachment(desk, COUNTY, RemoveAttachment(act_on(case), file, "误传"), WHEN)
    assert add_attachment(desk, COUNTY, file_on(case), WHEN) != file
    assert told(desk, "attachment:added")[0]["sha256"] == "a" * 64


def test_an_assistant_attaches_and_only_the_handler_takes_out(one_desk: Session) -> None:
    case = make_case(one_desk)
    seat(one_desk, case, NEIGHBOUR)
    file = add_attachment(one_desk, NEIGHBOUR, file_on(case), WHEN)
    with pytest.raises(NotAllowed):
        remove_attachment(one_desk, NEIGHBOUR, RemoveAttachment(act_on(case), file, "误传"), WHEN)


def test_a_file_that_cannot_be_meant_is_refused(one_desk: Session) -> None:
    for changes in [{"kind": "novel"}, {"name": " "}]:
        with pytest.raises(Invalid):
            add_attachment(one_desk, COUNTY, file_on(make_case(one_desk), **changes), WHEN)


# -- drafts and what is left behind ------------------------------------------------------------------------------------


def test_a_draft_is_its_writers_own_and_the_last_one_counts(desk: Session) -> None:
    for text in ("一", "二"):
        keep_draft(desk, COUNTY, "case:7:comment", {"text": text}, NOW)
    keep_draft(desk, COUNTY, "case:71:comment", {"text": "别案"}, NOW)
    assert {name: one.held for name, one in drafts_of(desk, COUNTY, "case:7:").items()} == {"comment": {"text": "二"}}
    assert drafts_of(desk, CHIEF, "case:7:") == {}
    keep_draft(desk, COUNTY, "case:7:comment", {"text": "", "mentions": []}, NOW)
    drop_draft(desk, COUNTY, "case:71:comment")
    assert not desk.scalars(select(FormDraft)).all()


def test_a_draft_has_a_forms_name(one_desk: Session) -> None:
    for form in ["", "case", "case:7:../x", "case:7:" + "a" * 80, "case:7:a:b:c"]:
        with pytest.raises(Invalid):
            keep_draft(one_desk, COUNTY, form, {"text": "x"}, NOW)


def test_drafts_are_bounded(desk: Session) -> None:
    with pytest.raises(Invalid):
        keep_draft(desk, COUNTY, "case:7:comment", {"text": "长" * LARGEST}, NOW)
    with pytest.raises(NotAllowed):
        keep_draft(desk, ADMINISTRATOR, "case:7:comment", {"text": "x"}, NOW)
    for number in range(MOST_KEPT + 2):
        keep_draft(desk, COUNTY, f"case:{number}:comment", {"text": "x"}, NOW + timedelta(seconds=number))
    kept = drafts_of(desk, COUNTY, "case:")
    assert len(kept) == MOST_KEPT
    assert "1:comment" not in kept


def test_housekeeping_forgets_old_drafts_receipts_and_orphans(desk: Session, tmp_path: Path) -> None:
    case = make_case(desk)
    named, orphan = (receive(tmp_path, io.BytesIO(text), 9) for text in (b"named", b"orphan"))
    places = [keep(tmp_path, one) for one in (named, orphan)]
    add_attachment(desk, COUNTY, file_on(case, sha256=named.sha256), WHEN)
    keep_draft(desk, COUNTY, "case:7:comment", {"text": "x"}, NOW)
    assert housekeeping.tidy_desks(desk, NOW + timedelta(days=29)) == 0
    assert housekeeping.tidy_desks(desk, NOW + timedelta(days=31)) == 2
    assert not desk.scalars(select(CommandReceipt)).all()
    later = WHEN.at + timedelta(days=4000)
    assert housekeeping.tidy_files(desk, tmp_path, later) == 1
    assert [one.exists() for one in places] == [True, False]
