"""What makes a definition unsound: codes that lead nowhere, stages that nothing reaches or that lead to no end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.access.scope import is_region_code
from dashboard.vocabulary import ATTACHMENT_KINDS, MERGED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dashboard.workflow.definition import Step, Workflow

ENDS = frozenset({"closed", "archived"})


def faults(workflow: Workflow) -> list[str]:
    """Return what is wrong with a definition, one sentence a fault; [] for a sound one."""
    return [*_doubles(workflow), *_strays(workflow), *_ways(workflow)]


def _doubles(workflow: Workflow) -> Iterator[str]:
    for name, parts in (("stage", workflow.stages), ("step", workflow.steps), ("question", workflow.questions)):
        codes = [part.code for part in parts]
        yield from (f"{name} {code} is defined twice" for code in sorted({c for c in codes if codes.count(c) > 1}))
    yield from (f"{code!r} is no region code" for code in workflow.jurisdictions if not is_region_code(code))
    if MERGED in {stage.code for stage in workflow.stages}:
        yield f"{MERGED} is the program's own stage"
    if not workflow.stages or workflow.stages[0].phase != "intake":
        yield "the first stage must count as intake"


def _strays(workflow: Workflow) -> Iterator[str]:
    stages, questions = {stage.code for stage in workflow.stages}, {one.code for one in workflow.questions}
    attachments = set(ATTACHMENT_KINDS)
    for step in workflow.steps:
        yield from (f"{step.code}: there is no stage {code}" for code in {*step.of, step.to} - stages)
        yield from (f"{step.code}: there is no question {code}" for code in set(step.questions) - questions)
        yield from (f"{step.code}: there is no attachment {code}" for code in set(step.attachments) - attachments)
    for name, who in _groups(workflow):
        yield from (f"{name}: there is no group {code}" for code in set(who) - set(workflow.groups))
    for question in workflow.questions:
        if (question.kind == "choice") != bool(question.choices):
            yield f"question {question.code}: choices belong to a choice, and to nothing else"


def _groups(workflow: Workflow) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from ((step.code, step.who) for step in workflow.steps)
    yield from ((rule.kind, rule.who) for rule in workflow.orders)
    yield "suspension", workflow.suspension.who


def _ways(workflow: Workflow) -> Iterator[str]:
    codes = {stage.code for stage in workflow.stages}
    if any({*step.of, step.to} - codes for step in workflow.steps) or not codes:
        return  # told already
    phase = {stage.code: stage.phase for stage in workflow.stages}
    onward = {code: {step.to for step in workflow.steps if code in step.of} for code in codes}
    reached = _from(workflow.first.code, onward)
    yield from (f"nothing leads to stage {code}" for code in sorted(codes - reached))
    ending = {code for code in codes if any(phase[end] in ENDS for end in _from(code, onward))}
    yield from (f"nothing leads from stage {code} to an end" for code in sorted(codes - ending))
    for step in workflow.steps:
        yield from _ends(step, phase)


def _ends(step: Step, phase: Mapping[str, str]) -> Iterator[str]:
    closes = phase[step.to] == "closed"
    if closes != bool(step.outcomes):
        yield f"{step.code}: a step to a closed stage, and no other, chooses an outcome"
    if closes and not (step.tasks_done and step.orders_done):
        yield f"{step.code}: a case is not closed with tasks open or orders unanswered"
    if step.back and not step.reason:
        yield f"{step.code}: a return needs a reason"


def _from(start: str, onward: dict[str, set[str]]) -> set[str]:
    found, left = {start}, [start]
    while left:
        new = onward[left.pop()] - found
        found |= new
        left.extend(new)
    return found
