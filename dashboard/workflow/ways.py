"""Where the steps of a definition lead: every stage is reached, every stage leads to an end, and no gate is skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.vocabulary import OPEN_PHASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dashboard.workflow.definition import Stage, Step, Workflow


def faults_of_ways(workflow: Workflow) -> list[str]:
    """Return what is wrong with the steps of a definition whose codes are all known; [] where all ways are sound."""
    order = {stage.code: place for place, stage in enumerate(workflow.stages)}
    found = [*_reach(workflow)]
    for step in workflow.steps:
        found += [*_direction(step, order), *_ends(step, {stage.code: stage for stage in workflow.stages})]
    return found


def _reach(workflow: Workflow) -> Iterator[str]:
    phase = {stage.code: stage.phase for stage in workflow.stages}
    onward = {code: {step.to for step in workflow.steps_of(code)} for code in phase}
    reached = _from(workflow.first.code, onward)
    yield from (f"nothing leads to stage {code}" for code in sorted(phase.keys() - reached))
    ending = {code for code in phase if any(phase[end] == "closed" for end in _from(code, onward))}
    # An archived case has ended already, whether or not it can be taken up again.
    lost = {code for code in phase.keys() - ending if phase[code] in OPEN_PHASES}
    yield from (f"nothing leads from stage {code} to an end" for code in sorted(lost))


def _direction(step: Step, order: Mapping[str, int]) -> Iterator[str]:
    for code in step.of:
        if order[code] == order[step.to]:
            yield f"{step.code}: leads from {code} to itself"
        elif (order[code] > order[step.to]) != step.back:
            yield f"{step.code}: a step from {code} to {step.to} {'is no' if step.back else 'is a'} return"
    if step.back and not step.reason:
        yield f"{step.code}: a return needs a reason"


def _ends(step: Step, stages: Mapping[str, Stage]) -> Iterator[str]:
    to, of = stages[step.to].phase, {stages[code].phase for code in step.of}
    if (to == "closed") != bool(step.outcomes):
        yield f"{step.code}: a step to a closed stage, and no other, chooses an outcome"
    if to == "closed" and not (step.tasks_done and step.orders_done):
        yield f"{step.code}: a case is not closed with tasks open or orders unanswered"
    if to == "archived" and of & set(OPEN_PHASES):
        yield f"{step.code}: only what is closed is archived"
    if to == "closed" and of - set(OPEN_PHASES):
        yield f"{step.code}: only what is open is closed"
    if to in OPEN_PHASES and of & set(OPEN_PHASES) and of - set(OPEN_PHASES):
        yield f"{step.code}: taking up an ended case is a step of its own"


def _from(start: str, onward: Mapping[str, set[str]]) -> set[str]:
    found, left = {start}, [start]
    while left:
        new = onward[left.pop()] - found
        found |= new
        left.extend(new)
    return found
