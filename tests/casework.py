"""A command for every verb that can be done to a case: for tests that try all of them, by anybody, in any order."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from dashboard.actions import (
    case_attachments,
    case_comments,
    case_evidence,
    case_joins,
    case_orders,
    case_people,
    case_sources,
    case_steps,
    case_tasks,
    findings,
    measures,
)
from dashboard.actions.casework import Act
from dashboard.models.cases import CaseFile, CaseOrder, CaseSeat
from dashboard.models.casework import CaseAttachment, CaseEvidence, CaseTask
from dashboard.models.findings import CaseDetermination, CaseMeasure, CasePerson
from dashboard.vocabulary import ATTACHMENT_KINDS, MERGED, PHASES
from dashboard.workflow.load import workflow_of
from dashboard.workflow.standing import VERBS
from geo.codes import parent_of

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.clock import Moment
    from dashboard.db import Base

_keys = itertools.count(1)


@dataclass(frozen=True)
class Attempt:
    """Something that somebody is about to try: what does it, and the command; both as a callback would make them."""

    verb: str
    action: Callable[..., Any]
    command: Any

    def by(self, session: Session, viewer: Viewer, when: Moment) -> object:
        """Try it and return what it returned."""
        return self.action(session, viewer, self.command, when)


def attempt(session: Session, verb: str, case: CaseFile, viewer: Viewer, when: Moment, dice: random.Random) -> Attempt:
    """Return a sensible try of a verb on a case as it stands, by somebody, with details by the dice."""
    act = Act(case.id, case.version, f"tried-{next(_keys):010d}")
    maker = _MAKERS.get(verb) or _MAKERS[verb.partition(":")[0]]
    action, command = maker(_Trial(session, case, act, viewer, when, dice, verb))
    return Attempt(verb, action, command)


@dataclass(frozen=True)
class _Trial:
    session: Session
    case: CaseFile
    act: Act
    viewer: Viewer
    when: Moment
    dice: random.Random
    verb: str

    def row(self, table: type[Base], *where: Any) -> Any:  # noqa: ANN401 - a row of the table
        """Return one of the case's rows, or None."""
        mine = table.case_id == self.case.id  # type: ignore[attr-defined] # all of these belong to a case
        rows = self.session.scalars(select(table).where(mine, *where).execution_options(populate_existing=True)).all()
        return self.dice.choice(rows) if rows else None

    def seen(self, table: type[Base], *where: Any) -> tuple[int, int]:  # noqa: ANN401 - clauses
        """Return id and version of one of the case's rows, or of one that there is not."""
        row = self.row(table, *where)
        return (row.id, getattr(row, "version", 1)) if row else (10**6, 1)


def _step(one: _Trial) -> tuple[Any, Any]:
    workflow = workflow_of(one.case.workflow, one.case.workflow_version)
    steps = workflow.steps_of(one.case.stage) if one.case.stage != MERGED else workflow.steps
    step = one.dice.choice([*steps, *steps, *workflow.steps])
    answers = {"date": one.when.on.isoformat(), "text": "查明。", "number": "3", "money": "3000"}
    given = []
    for code in step.questions:
        question = workflow.question(code)
        given.append((code, question.choices[0].code if question.choices else answers[question.kind]))
    outcome = one.dice.choice(step.outcomes) if step.outcomes else ""
    return case_steps.take_step, case_steps.TakeStep(one.act, step.code, "理由", tuple(given), outcome)


def _suspend(one: _Trial) -> tuple[Any, Any]:
    return case_steps.suspend, case_steps.Suspend(one.act, "等待鉴定", one.when.on + timedelta(days=30))


def _order(one: _Trial) -> tuple[Any, Any]:
    kind, handler = one.verb.partition(":")[2], one.case.handler_code
    above = parent_of(handler) or "0"
    to_code = {
        "assign_down": f"{handler}109" if len(handler) == 6 else "330106",
        "report_up": above,
        "transfer": "330105",
        "assist": "330105",
        "return": "",
        "supervise": handler,
    }[kind]
    return case_orders.send_order, case_orders.SendOrder(one.act, kind, to_code, "请办理")


def _assist_end(one: _Trial) -> tuple[Any, Any]:
    seated = [region for region, role in seats_of(one.session, one.case).items() if role == "assistant"]
    mine = one.viewer.home_region if one.viewer.home_region in seated else one.dice.choice(seated or ["330105"])
    return case_orders.end_assist, case_orders.EndAssist(one.act, mine, "已毕")


def _answer(one: _Trial) -> tuple[Any, Any]:
    mine = CaseOrder.to_code == one.viewer.home_region
    number, version = one.seen(CaseOrder, CaseOrder.state == "pending", mine)
    accept = one.dice.random() < 0.7
    return case_orders.answer_order, case_orders.AnswerOrder(one.act, number, version, accept, "答复")


def _withdraw(one: _Trial) -> tuple[Any, Any]:
    mine = CaseOrder.from_code == one.viewer.home_region
    number, version = one.seen(CaseOrder, CaseOrder.state == "pending", mine)
    return case_orders.withdraw_order, case_orders.WithdrawOrder(one.act, number, version, "撤回")


def _merge(one: _Trial) -> tuple[Any, Any]:
    others = one.session.scalars(
        select(CaseFile).where(CaseFile.id != one.case.id).execution_options(populate_existing=True)
    ).all()
    into = one.dice.choice(others) if others else one.case
    return case_joins.merge_case, case_joins.Merge(one.act, into.id, into.version, "同一平台")


def _split(one: _Trial) -> tuple[Any, Any]:
    split = case_joins.Split(one.act, "禾青分案有限公司", "", one.case.region_code, "pyramid", "另一主体")
    return case_joins.split_case, split


def _source(one: _Trial) -> tuple[Any, Any]:
    return case_sources.add_source, case_sources.AddSource(one.act, "tip", f"TS{next(_keys)}", "来电反映")


def _task(one: _Trial) -> tuple[Any, Any]:
    task = case_tasks.AddTask(one.act, "现场核查", one.viewer.home_region, None, None, ("拍照",))
    return case_tasks.add_task, task


def _task_again(one: _Trial) -> tuple[Any, Any]:
    number, version = one.seen(CaseTask, CaseTask.state == "open")
    return case_tasks.change_task, case_tasks.ChangeTask(one.act, number, version, "再次核查", None, None, ())


def _task_end(one: _Trial) -> tuple[Any, Any]:
    number, version = one.seen(CaseTask, CaseTask.state == "open")
    return case_tasks.drop_task, case_tasks.DropTask(one.act, number, version, "不再需要")


def _attachment(one: _Trial) -> tuple[Any, Any]:
    number = next(_keys)
    kind = one.dice.choice(ATTACHMENT_KINDS)
    file = case_attachments.AddAttachment(
        one.act, kind, f"{number}.pdf", "application/pdf", 10, f"{number:064x}", "unscanned"
    )
    return case_attachments.add_attachment, file


def _attachment_out(one: _Trial) -> tuple[Any, Any]:
    number, _ = one.seen(CaseAttachment, CaseAttachment.removed_at.is_(None))
    return case_attachments.remove_attachment, case_attachments.RemoveAttachment(one.act, number, "传错")


def _evidence(one: _Trial) -> tuple[Any, Any]:
    piece = case_evidence.AddEvidence(one.act, "合同", "document", None, one.when.on, "参与人", "物证室")
    return case_evidence.add_evidence, piece


def _evidence_on(one: _Trial) -> tuple[Any, Any]:
    number, version = one.seen(CaseEvidence)
    holder = f"保管人{next(_keys)}"
    return case_evidence.move_evidence, case_evidence.MoveEvidence(one.act, number, version, holder, "鉴定")


def _person_again(one: _Trial) -> tuple[Any, Any]:
    number, version = one.seen(CasePerson)
    note = f"说明{next(_keys)}"
    return case_people.change_person, case_people.ChangePerson(one.act, number, version, "试一", "assister", note)


def _person_out(one: _Trial) -> tuple[Any, Any]:
    number, version = one.seen(CasePerson)
    return case_people.remove_person, case_people.RemovePerson(one.act, number, version, "无关")


def _determination(one: _Trial) -> tuple[Any, Any]:
    row = one.session.get(CaseDetermination, one.case.id, populate_existing=True)
    kind = one.dice.choice(["fundraising", "fundraising", ""])
    verdict = findings.WriteDetermination(
        one.act, row.version if row else 0, kind, 1e6, 1e4, 30, ("330106",), f"依据{next(_keys)}"
    )
    return findings.write_determination, verdict


def _measure(one: _Trial) -> tuple[Any, Any]:
    kind = one.dice.choice(["warning_talk", "rectification_order", "police_transfer"])
    taken = measures.TakeMeasure(one.act, kind, "禾青", "已送达", one.when.on, "文〔2026〕1号", "公安经侦部门")
    return measures.take_measure, taken


def _measure_out(one: _Trial) -> tuple[Any, Any]:
    number, version = one.seen(CaseMeasure, CaseMeasure.withdrawn_at.is_(None))
    return measures.withdraw_measure, measures.WithdrawMeasure(one.act, number, version, "有误")


def _repayment(one: _Trial) -> tuple[Any, Any]:
    report = findings.ReportRepayment(one.act, one.when.on, 1e6, 1e6, 30, 30, "全部清退")
    return findings.report_repayment, report


_MAKERS: dict[str, Callable[[_Trial], tuple[Any, Any]]] = {
    "case:stepped": _step,
    "case:suspended": _suspend,
    "case:resumed": lambda one: (case_steps.resume, case_steps.Resume(one.act, "")),
    "case:merged": _merge,
    "case:split": _split,
    "case:owner_set": lambda one: (case_steps.set_owner, case_steps.SetOwner(one.act, one.viewer.id)),
    "case:source_added": _source,
    "order:answered": _answer,
    "order:withdrawn": _withdraw,
    "order:assist_ended": _assist_end,
    "order": _order,
    "task:added": _task,
    "task:changed": _task_again,
    "task:ended": _task_end,
    "comment:added": lambda one: (case_comments.add_comment, case_comments.AddComment(one.act, "已阅")),
    "attachment:added": _attachment,
    "attachment:removed": _attachment_out,
    "evidence:added": _evidence,
    "evidence:moved": _evidence_on,
    "person:added": lambda one: (case_people.add_person, case_people.AddPerson(one.act, "试一", "organiser", "")),
    "person:changed": _person_again,
    "person:removed": _person_out,
    "determination:written": _determination,
    "measure:taken": _measure,
    "measure:withdrawn": _measure_out,
    "repayment:reported": _repayment,
}


def may_follow(case: CaseFile) -> None:
    """Raise AssertionError for a case in a state that no definition knows."""
    workflow = workflow_of(case.workflow, case.workflow_version)
    if case.stage == MERGED:
        assert (case.phase, case.due_on) == (MERGED, None)
        assert case.merged_into is not None
        return
    stage = workflow.stage(case.stage)
    assert case.phase == stage.phase
    assert case.phase in PHASES
    assert bool(case.outcome) == (case.phase in {"closed", "archived"})
    assert bool(case.closed_on) == bool(case.outcome)
    assert (case.suspended_on is None) == (case.days_left is None)
    assert case.version >= 1


def seats_of(session: Session, case: CaseFile) -> dict[str, str]:
    """Return the lasting seats at a case."""
    rows = session.scalars(select(CaseSeat).where(CaseSeat.case_id == case.id, CaseSeat.ended_at.is_(None)))
    return {row.region_code: row.role for row in rows}


assert {name for name in VERBS if name not in _MAKERS and name.partition(":")[0] not in _MAKERS} == set()
