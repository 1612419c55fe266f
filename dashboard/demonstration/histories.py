"""One case's life, told as its definition allows: every step has what it demands, at the time when it demands it."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dashboard.actions.case_files import COUNTY, clock_of
from dashboard.demonstration.answers import answers
from dashboard.demonstration.contents import Contents
from dashboard.models.cases import CaseFile, CaseSource, CaseSpan
from dashboard.vocabulary import PROVEN
from dashboard.workdays import after, between, is_workday
from dashboard.workflow.load import workflow_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.demonstration.ledger import Ledger
    from dashboard.demonstration.papers import Paper
    from dashboard.demonstration.seeds import Seed
    from dashboard.workflow.definition import Step, Workflow

_SHARE, _SPREAD = 0.68, 0.65  # of a deadline that a stage takes in the middle, and the logarithm's spread
_BACK, _ARCHIVED_DAYS = 0.06, 45  # share of cases that go back a stage; working days until one is archived
_MORNING, _MINUTES = time(8, 40), 500  # of the office's day
_ENDS = {
    True: (("confirmed", 0.45), ("rectified", 0.2), ("transferred", 0.35)),
    False: (("unfounded", 0.6), ("false_positive", 0.4)),
}


@dataclass
class Life:
    """A case while its history is told: where it is, who has it, and what has happened to it so far."""

    seed: Seed
    case_id: int
    number: str
    workflow: Workflow
    ledger: Ledger
    people: Mapping[str, list[int]]
    papers: Mapping[str, Paper]
    today: date
    zone: ZoneInfo
    row: dict[str, object]
    dice: random.Random
    outcome: str
    spans: list[dict[str, object]] = field(default_factory=list)
    last_at: datetime | None = None

    @property
    def handler(self) -> str:
        """The region whose department has it."""
        return str(self.row["handler_code"])

    @property
    def entered_on(self) -> date:
        """Since when it is in its stage."""
        return date.fromisoformat(str(self.row["entered_on"]))

    @property
    def officer(self) -> int:
        """Who is in charge."""
        return int(str(self.row["owner_id"]))

    @property
    def last_day(self) -> date:
        """The day of what was told last."""
        return self.last_at.date() if self.last_at else self.seed.opened_on

    def waits_in_time(self) -> bool:
        """Tell whether it is in an open stage whose deadline is still to come."""
        due_on = self.row["due_on"]
        return due_on is not None and date.fromisoformat(str(due_on)) > self.today

    def at(self, day: date) -> datetime:
        """Return a moment of office hours on that day, later than everything told before."""
        moment = datetime.combine(day, _MORNING, self.zone) + timedelta(minutes=self.dice.random() * _MINUTES)
        if self.last_at is not None:
            moment = max(moment, self.last_at + timedelta(minutes=self.dice.randint(2, 40)))
        self.last_at = moment
        return moment

    def told(self, at: datetime, verb: str, by: int | None = None, **details: object) -> None:
        """Write the audit entry of something done, as an action would have."""
        entry = {"number": self.number, "version": self.row["version"], **details}
        self.ledger.told(at, by or self.officer, verb, self.case_id, **entry)  # type: ignore[arg-type] # JSON can hold them


def tell(
    seed: Seed,
    number: str,
    ledger: Ledger,
    people: Mapping[str, list[int]],
    papers: Mapping[str, Paper],
    today: date,
    timezone: str,
) -> Life:
    """Write one case from its opening up to `today` into the ledger, and return how it stands."""
    life = _opened(seed, number, ledger, people, papers, today, ZoneInfo(timezone))
    contents = Contents(life)
    contents.begin()
    day = seed.opened_on
    for step in _path(life):
        days = _days_in(life, str(life.row["stage"]))
        leaves = _leaves_on(life, day, days, step)
        contents.work(day, min(leaves, today))
        if leaves > today:
            break
        contents.satisfy(step, leaves)
        _take(life, step, leaves)
        day = leaves
    contents.leave_open()
    ledger.put(CaseFile, **life.row)
    return life


def _opened(
    seed: Seed,
    number: str,
    ledger: Ledger,
    people: Mapping[str, list[int]],
    papers: Mapping[str, Paper],
    today: date,
    zone: ZoneInfo,
) -> Life:
    workflow, dice = workflow_for(seed.region_code), random.Random(f"life {seed.uscc}")  # noqa: S311 - a demo's dice
    officer = dice.choice(people[seed.region_code[:COUNTY]])
    names, weights = zip(*_ENDS[seed.planted], strict=True)
    row = {"id": ledger.reserve(CaseFile), "number": number, **_first_row(seed, workflow, officer)}
    outcome = seed.outcome or str(dice.choices(names, weights)[0])
    life = Life(seed, int(str(row["id"])), number, workflow, ledger, people, papers, today, zone, row, dice, outcome)
    row["opened_at"] = at = life.at(seed.opened_on)
    _enter(life, "open", "", at, seed.opened_on, {}, "")
    _source(life, at)
    life.told(at, "case:opened", uscc=seed.uscc)
    return life


def _first_row(seed: Seed, workflow: Workflow, officer: int) -> dict[str, object]:
    return {
        "foreign_number": seed.foreign_number,
        "uscc": seed.uscc,
        "name": seed.name,
        "region_code": seed.region_code,
        "handler_code": seed.region_code[:COUNTY],
        "owner_id": officer,
        "risk_type": seed.risk_type,
        "grade": seed.grade,
        "workflow": workflow.code,
        "workflow_version": workflow.version,
        "stage": workflow.first.code,
        "phase": workflow.first.phase,
        "opened_on": seed.opened_on,
        "opened_by": officer,
        "entered_on": seed.opened_on,
        "outcome": "",
        "suspended_until": None,
        "closed_on": None,
        "merged_into": None,
        "split_from": None,
        "version": 1,
        **clock_of(workflow, workflow.first, seed.opened_on),
    }


def _source(life: Life, at: datetime) -> None:
    seed = life.seed
    kind, key, told = "warning", f"{seed.uscc}:{seed.warned_week_on}", seed.name
    if seed.warned_week_on is None:
        kind = life.dice.choices(("tip", "inspection", "manual"), (0.6, 0.25, 0.15))[0]
        key = "" if kind == "manual" else f"{kind[:2].upper()}{life.case_id:06d}"
        told = {
            "tip": "群众来电反映该公司承诺高额回报、吸收资金。",
            "inspection": "楼宇排查发现该公司经营内容与登记不符。",
            "manual": "其他部门移送的情况，人工登记。",
        }[kind]
    source = {"case_id": life.case_id, "kind": kind, "key": key, "told": told}
    life.ledger.add(CaseSource, **source, added_at=at, added_by=life.officer)


def _path(life: Life) -> list[Step]:
    """Return the steps that the case takes to its outcome, with a return now and then, and to the archive."""
    workflow, dice = life.workflow, life.dice
    onward = [step for step in workflow.steps if not step.back]
    ways: list[list[Step]] = []

    def follow(stage: str, way: list[Step]) -> None:
        for step in onward:
            if stage in step.of and workflow.stage(step.to).phase != "archived":
                if life.outcome in step.outcomes:
                    ways.append([*way, step])
                elif not step.outcomes:
                    follow(step.to, [*way, step])

    follow(workflow.first.code, [])
    ways.sort(key=len)
    chosen = ways[-1] if life.outcome in PROVEN and life.outcome != "rectified" else dice.choice(ways[1:] or ways)
    path = list(chosen)
    if dice.random() < _BACK:
        for at, step in enumerate(path):
            back = [one for one in workflow.steps if one.back and step.to in one.of and one.to in step.of]
            if back and not step.outcomes:
                path[at + 1 : at + 1] = [back[0], step]
                break
    return path + [step for step in onward if workflow.stage(step.to).phase == "archived" and path[-1].to in step.of]


def _days_in(life: Life, stage: str) -> int:
    """Return for how many working days the case stays in a stage."""
    allowed = life.workflow.stage(stage).days or _ARCHIVED_DAYS
    return max(1, round(allowed * _SHARE * math.exp(life.dice.gauss(0, _SPREAD))))


def _leaves_on(life: Life, day: date, days: int, step: Step) -> date:
    """Return when it leaves; a case that the finance office closed leaves its stages in time for that day."""
    closed = life.seed.closed_on
    if closed is None:
        return after(day, days)
    if life.workflow.stage(step.to).phase == "archived":
        return after(day, days)
    if step.outcomes:
        return max(day, closed)
    share = 1 / (len(_path_left(life, step)) + 1)
    leaves = day + timedelta(days=max(0, math.floor((closed - day).days * share)))
    while not is_workday(leaves) and leaves < closed:
        leaves += timedelta(days=1)
    return leaves


def _path_left(life: Life, step: Step) -> list[str]:
    """Return the stages that still lie before the closed one, seen from a step."""
    order = [stage.code for stage in life.workflow.stages if stage.phase not in {"closed", "archived"}]
    return order[order.index(step.to) :]


def _take(life: Life, step: Step, day: date) -> None:
    """Write a step: the stay that it ends, the one that it begins, the clock, and the audit entry."""
    row, workflow, by = life.row, life.workflow, life.officer
    at = life.at(day)
    before, from_phase = str(row["stage"]), str(row["phase"])
    target = workflow.stage(step.to)
    span = life.spans[-1]
    span |= {"left_on": day, "days_taken": between(life.entered_on, day)}
    given: dict[str, object] = dict(answers(life, step, day))
    reason = "材料不足，退回补充。" if step.back else "经核查，未发现涉嫌非法金融活动的事实。" if step.reason else ""
    row |= {"stage": target.code, "phase": target.phase, "entered_on": day, **clock_of(workflow, target, day)}
    row["version"] = int(str(row["version"])) + 1
    told: dict[str, object] = {"step": step.code}
    if step.outcomes:
        row |= {"outcome": life.outcome, "closed_on": day}
        told["outcome"] = life.outcome
    _enter(life, step.code, from_phase, at, day, given, reason)
    changed = {"before": {"stage": before}, "after": {"stage": target.code}}
    life.told(at, "case:stepped", by, **told, **changed, **({"reason": reason} if reason else {}))


def _enter(
    life: Life, transition: str, from_phase: str, at: datetime, day: date, given: dict[str, object], reason: str
) -> None:
    row, stage = life.row, life.workflow.stage(str(life.row["stage"]))
    span = life.ledger.put(
        CaseSpan,
        case_id=life.case_id,
        position=len(life.spans) + 1,
        region_code=row["region_code"],
        handler_code=row["handler_code"],
        transition=transition,
        from_phase=from_phase,
        stage=stage.code,
        phase=stage.phase,
        entered_at=at,
        entered_on=day,
        entered_by=row["owner_id"],
        reason=reason,
        outcome=row["outcome"] if stage.phase == "closed" else "",
        given=given,
        days_allowed=stage.days,
        due_on=row["due_on"],
        left_on=None,
        days_taken=None,
    )
    life.spans.append(span)
