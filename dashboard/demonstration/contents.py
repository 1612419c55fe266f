"""What fills a case's file: people, evidence, papers, findings, measures, repayment, tasks, comments, orders."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from dashboard.demonstration.orders import Linkage
from dashboard.models.casework import (
    CaseAttachment,
    CaseComment,
    CaseCustody,
    CaseEvidence,
    CaseMention,
    CaseTask,
)
from dashboard.models.findings import CaseDetermination, CaseMeasure, CasePerson, CaseRepayment
from dashboard.vocabulary import PROVEN
from dashboard.workflow.clocks import stopped

if TYPE_CHECKING:
    from datetime import datetime

    from dashboard.demonstration.histories import Life
    from dashboard.workflow.definition import Step

_GIVEN = ("志强", "桂芳", "国庆", "美玲", "俊杰", "淑华", "卫东", "凤英", "浩然", "玉兰")
_FAMILY = "丁田任姜崔谭廖贾薛阎余潘杜戴夏钟汪"
_TASKS = {
    "intake": ("登记线索并核对主体信息",),
    "verification": ("现场核查经营场所", "调取工商与纳税信息", "约谈法定代表人"),
    "investigation": ("调取银行流水", "询问集资参与人", "固定宣传材料"),
    "assessment": ("撰写研判报告",),
    "determination": ("送达认定书",),
    "disposal": ("制定清退方案", "送达处理决定"),
    "aftercare": ("核对清退进度", "回访集资参与人"),
}
_LISTS = (("联系单位", "完成记录", "上传材料"), ("制作笔录", "双方签字"), ())
_COMMENTS = (
    "已与市场监管部门核对登记信息。",
    "参与人情绪稳定，继续做好解释。",
    "请补充近三个月的银行流水。",
    "宣传材料已固定，等待研判。",
    "清退资金已到账第一批。",
)
_EVIDENCE = (
    ("document", "投资协议复印件", "集资参与人"),
    ("electronic", "公众号推文与群聊记录", "网络监测"),
    ("statement", "集资参与人陈述", "询问室"),
    ("audiovisual", "宣讲会录像", "现场"),
    ("record", "经营场所检查笔录", "现场核查"),
)
_SUSPENDED = 0.08  # share of the cases in time whose clock stands still
_ROOM, _POLICE = "案件物证室", "公安经侦部门"


class Contents:
    """Fills one case's file as its history goes on."""

    def __init__(self, life: Life) -> None:
        """Begin with an empty file."""
        self.life, self.ledger, self.dice = life, life.ledger, life.dice
        self.linkage = Linkage(life)
        self.records: set[str] = {"owner"}
        self.attached: set[str] = set()
        self.tasks: list[dict[str, object]] = []

    def begin(self) -> None:
        """Name the people who are known from the start."""
        if self.life.seed.representative:
            self._person(self.life.seed.representative, "responsible", self.life.seed.opened_on)

    def work(self, entered: date, until: date) -> None:
        """Tell the daily work in the present stage: tasks, comments, orders between offices."""
        life, stage = self.life, str(self.life.row["phase"])
        titles = [title for title in _TASKS.get(stage, ()) if self.dice.random() < 0.7]  # noqa: PLR2004 - most of them
        for title in titles:
            self._task(title, entered, until)
        if self.dice.random() < 0.5:  # noqa: PLR2004 - every second stage
            self._comment(min(until, entered + timedelta(days=self.dice.randint(0, 6))))
        self.linkage.happen(entered, until)
        if until < life.today:
            self._end_tasks(until)

    def satisfy(self, step: Step, day: date) -> None:
        """Bring what a step demands that is not there yet."""
        for kinds in (step.attachments,):
            if kinds and not self.attached & set(kinds):
                self._attach(kinds[0], day)
        makers = {
            "people": self._people,
            "evidence": self._evidence,
            "determination": self._determination,
            "measure": self._measures,
            "police_transfer": self._measures,
            "repayment_settled": self._repayments,
        }
        for record in step.records:
            if record not in self.records:
                makers[record](day)
                self.records.add(record)
        if step.outcomes and self.life.outcome in PROVEN and "measure" not in self.records:
            self._measures(day)

    def leave_open(self) -> None:
        """End the history where it stands: a case that waits too long may be pressed from above, or stand still."""
        if self.life.row["outcome"]:
            return
        self.linkage.press()
        if self.life.waits_in_time() and self.dice.random() < _SUSPENDED:
            self._suspend()

    def _suspend(self) -> None:
        """Stop the clock some days ago, for as long as an expert's report takes."""
        life, row = self.life, self.life.row
        day = max(life.last_day, life.today - timedelta(days=self.dice.randint(1, 6)))
        due_on = date.fromisoformat(str(row["due_on"]))
        values = stopped(due_on, day, day + timedelta(days=60))
        row |= {**values, "version": int(str(row["version"])) + 1}
        before, after = {"due_on": due_on.isoformat()}, {"suspended_on": day.isoformat()}
        life.told(life.at(day), "case:suspended", reason="等待司法会计鉴定结果。", before=before, after=after)

    def _by(self) -> dict[str, int]:
        return {"case_id": self.life.case_id, "made_by": self.life.officer}

    def _task(self, title: str, entered: date, until: date) -> None:
        life, at = self.life, self.life.at(entered)
        due_on = entered + timedelta(days=self.dice.randint(5, 25))
        items = [{"text": text, "done": until < life.today} for text in self.dice.choice(_LISTS)]
        owner = self.dice.choice(life.people[life.handler])
        number = self.ledger.reserve(CaseTask)
        task = self.ledger.put(
            CaseTask,
            id=number,
            **self._by(),
            title=title,
            region_code=life.handler,
            owner_id=owner if self.dice.random() < 0.85 else None,  # noqa: PLR2004 - some wait for somebody
            due_on=due_on,
            checklist=items,
            state="open",
            made_at=at,
            ended_at=None,
            ended_by=None,
            reason="",
            version=1,
        )
        self.tasks.append(task)
        life.told(at, "task:added", row=f"task:{number}", row_version=1, title=title)

    def _end_tasks(self, day: date) -> None:
        for task in self.tasks:
            if task["state"] != "open":
                continue
            by = int(str(task["owner_id"] or self.life.officer))
            at = self.life.at(day)
            task |= {"state": "done", "ended_at": at, "ended_by": by, "version": 2}
            after = {"before": {"state": "open"}, "after": {"state": "done"}}
            self.life.told(at, "task:ended", by, row=f"task:{task['id']}", row_version=2, **after)

    def _comment(self, day: date) -> None:
        at, text = self.life.at(day), self.dice.choice(_COMMENTS)
        number = self.ledger.add(CaseComment, **self._by(), text=text, made_at=at)
        team = [one for one in self.life.people[self.life.handler] if one != self.life.officer]
        if team and self.dice.random() < 0.4:  # noqa: PLR2004 - now and then somebody is named
            read = at + timedelta(hours=3) if (self.life.today - day).days > 10 else None  # noqa: PLR2004 - old ones are read
            self.ledger.put(CaseMention, comment_id=number, user_id=team[0], read_at=read)
        self.life.told(at, "comment:added", row=f"comment:{number}", length=len(text))

    def _person(self, name: str, role: str, day: date) -> None:
        at = self.life.at(day)
        shared = {"case_id": self.life.case_id, "added_by": self.life.officer, "added_at": at, "version": 1}
        number = self.ledger.add(CasePerson, name=name, role=role, note="", **shared)
        self.life.told(at, "person:added", row=f"person:{number}", row_version=1, role=role)

    def _people(self, day: date) -> None:
        for role in ("organiser", "employee", "investor")[: self.dice.randint(1, 3)]:
            self._person(self.dice.choice(_FAMILY) + self.dice.choice(_GIVEN), role, day)

    def _attach(self, kind: str, day: date) -> int:
        at, paper = self.life.at(day), self.life.papers[kind]
        number = self.ledger.add(
            CaseAttachment,
            case_id=self.life.case_id,
            kind=kind,
            name=paper.name,
            media_type=paper.media_type,
            bytes=paper.bytes,
            sha256=paper.sha256,
            scan="unscanned",
            added_at=at,
            added_by=self.life.officer,
            removed_at=None,
            removed_by=None,
            reason="",
        )
        self.attached.add(kind)
        self.life.told(at, "attachment:added", row=f"attachment:{number}", kind=kind, sha256=paper.sha256)
        return number

    def _evidence(self, day: date) -> None:
        for kind, label, source in self.dice.sample(_EVIDENCE, self.dice.randint(1, 3)):
            at = self.life.at(day)
            number = self.ledger.add(
                CaseEvidence,
                case_id=self.life.case_id,
                label=label,
                kind=kind,
                attachment_id=None,
                obtained_on=day,
                obtained_from=source,
                holder=_ROOM,
                added_at=at,
                added_by=self.life.officer,
                version=1,
            )
            self._hand(number, 1, source, _ROOM, "取得", at)
            self.life.told(at, "evidence:added", row=f"evidence:{number}", row_version=1, kind=kind)

    def _hand(self, evidence: int, position: int, giver: str, taker: str, purpose: str, at: datetime) -> None:
        hands = {"from_holder": giver, "to_holder": taker, "purpose": purpose, "at": at, "by": self.life.officer}
        self.ledger.put(CaseCustody, evidence_id=evidence, position=position, **hands)

    def _determination(self, day: date) -> None:
        life, at = self.life, self.life.at(day)
        self.ledger.put(
            CaseDetermination,
            **self._by(),
            risk_type=life.seed.risk_type,
            amount=life.seed.amount,
            illegal_income=round(life.seed.amount * 0.08, 2),
            people=life.seed.people,
            places=[str(life.row["region_code"])[:6]],
            basis="未经许可、承诺还本付息、面向社会不特定对象，三项特征齐备。",
            made_at=at,
            version=1,
        )
        life.told(at, "determination:written", row="determination", row_version=1, after={"amount": life.seed.amount})

    def _measures(self, day: date) -> None:
        self._measure("warning_talk", day)
        if self.life.outcome == "rectified":
            self._attach("rectification_order", day)
            self._measure("rectification_order", day)
        elif self.life.outcome == "transferred":
            self._attach("transfer_letter", day)
            self._measure("police_transfer", day, organ=_POLICE)
        elif self.life.outcome in PROVEN:
            share = self.dice.choice((0.2, 0.25, 0.3, 0.5))
            fine = round(self.life.seed.amount * share, 2)
            self._measure("penalty", day, subject="organiser", fine=fine, base=self.life.seed.amount)

    def _measure(self, kind: str, day: date, **more: object) -> None:
        at = self.life.at(day)
        values: dict[str, object] = {"subject": "", "fine": 0.0, "base": 0.0, "organ": "", **more}
        number = self.ledger.add(
            CaseMeasure,
            **self._by(),
            kind=kind,
            name=self.life.seed.name,
            document="" if kind == "warning_talk" else f"演示〔{day.year}〕{self.life.case_id}号",
            text={"warning_talk": "约谈负责人，要求停止宣传并说明资金去向。"}.get(kind, "依规处理，文书已送达。"),
            justification="",
            taken_on=day,
            made_at=at,
            withdrawn_at=None,
            withdrawn_by=None,
            withdrawn_reason="",
            version=1,
            **values,
        )
        self.records |= {"measure", kind}
        self.life.told(at, "measure:taken", row=f"measure:{number}", row_version=1, kind=kind, fine=values["fine"])

    def _repayments(self, day: date) -> None:
        """Report the repayment in parts over the weeks before `day`, the last one in full."""
        seed, entered = self.life.seed, self.life.entered_on
        parts = [*sorted(self.dice.uniform(0.1, 0.9) for _ in range(self.dice.randint(1, 3))), 1.0]
        whole = (day - entered).days
        for at, share in enumerate(parts, 1):
            reported = entered + timedelta(days=round(whole * at / len(parts)))
            self._repayment(reported, share, seed.amount, seed.people)

    def _repayment(self, day: date, share: float, owed: float, people: int) -> None:
        moment = self.life.at(day)
        repaid, got = round(owed * share, 2), people if share == 1 else int(people * share)
        number = self.ledger.add(
            CaseRepayment,
            **self._by(),
            reported_on=day,
            owed=owed,
            repaid=repaid,
            people_owed=people,
            people_repaid=got,
            note="资产处置款分批发放。",
            made_at=moment,
        )
        self.life.told(moment, "repayment:reported", row=f"repayment:{number}", after={"owed": owed, "repaid": repaid})
