"""What makes a definition unsound: codes that lead nowhere, stages that nothing reaches, ends without their gates."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dashboard.access.permissions import ROLE_PERMISSIONS, Permission
from dashboard.access.scope import NATION, is_region_code
from dashboard.vocabulary import ATTACHMENT_KINDS, MERGED, OPEN_PHASES, PHASES
from dashboard.workflow.ways import faults_of_ways

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dashboard.workflow.definition import Question, Workflow


def faults(workflow: Workflow) -> list[str]:
    """Return what is wrong with a definition, one sentence a fault; [] for a sound one."""
    found = [*_doubles(workflow), *_strays(workflow), *_groups(workflow), *_stages(workflow), *_rules(workflow)]
    # Ways are looked for only where every step leads somewhere.
    return found or faults_of_ways(workflow)


def clashes(workflows: Sequence[Workflow]) -> list[str]:
    """Return what is wrong between several definitions, one sentence a fault; [] where they go together."""
    versions = [f"{one.code} {one.version}" for one in workflows]
    found = [f"{name} is shipped twice" for name in _twice(versions)]
    owners: dict[str, set[str]] = {}
    for one in workflows:
        for code in one.jurisdictions:
            owners.setdefault(code, set()).add(one.code)
    found += [f"{code} follows {' and '.join(sorted(names))}" for code, names in owners.items() if len(names) > 1]
    if NATION not in owners:
        found.append("no definition is for places that have none of their own")
    return [*found, *_meanings(workflows)]


def _meanings(workflows: Sequence[Workflow]) -> Iterator[str]:
    """Yield questions that mean two things: the case page has one field for all that share a code."""
    known: dict[str, Question] = {}
    for one in workflows:
        for question in one.questions:
            if known.setdefault(question.code, question) != question:
                yield f"question {question.code} of {one.code} {one.version} is another one elsewhere"


def _twice(codes: Iterable[str]) -> list[str]:
    return sorted(code for code, times in Counter(codes).items() if times > 1)


def _doubles(workflow: Workflow) -> Iterator[str]:
    named = {
        "stage": [stage.code for stage in workflow.stages],
        "step": [step.code for step in workflow.steps],
        "question": [question.code for question in workflow.questions],
        "order": [rule.kind for rule in workflow.orders],
        "penalty of": [penalty.subject for penalty in workflow.penalties],
        "what follows": [rule.outcome for rule in workflow.afterwards],
        "jurisdiction": list(workflow.jurisdictions),
    }
    for name, codes in named.items():
        yield from (f"{name} {code} is defined twice" for code in _twice(codes))
    for step in workflow.steps:
        lists = (step.of, step.who, step.questions, step.attachments, step.records, step.outcomes)
        yield from (f"{step.code} names {code} twice" for codes in lists for code in _twice(codes))
    for question in workflow.questions:
        choices = (choice.code for choice in question.choices)
        yield from (f"question {question.code} offers {code} twice" for code in _twice(choices))


def _strays(workflow: Workflow) -> Iterator[str]:
    stages, questions = {stage.code for stage in workflow.stages}, {one.code for one in workflow.questions}
    for step in workflow.steps:
        yield from (f"{step.code}: there is no stage {code}" for code in sorted({*step.of, step.to} - stages))
        yield from (f"{step.code}: there is no question {code}" for code in sorted(set(step.questions) - questions))
        unknown = sorted(set(step.attachments) - set(ATTACHMENT_KINDS))
        yield from (f"{step.code}: there is no attachment {code}" for code in unknown)
    asked = {code for step in workflow.steps for code in step.questions}
    yield from (f"no step asks question {code}" for code in sorted(questions - asked))
    for question in workflow.questions:
        if (question.kind == "choice") != bool(question.choices):
            yield f"question {question.code}: choices belong to a choice, and to nothing else"
        if question.past and question.kind != "date":
            yield f"question {question.code}: only a date lies in the past"
    yield from (f"{code!r} is no region code" for code in workflow.jurisdictions if not is_region_code(code))
    if not workflow.jurisdictions:
        yield "it is for no jurisdiction"


def _groups(workflow: Workflow) -> Iterator[str]:
    users = {step.code: step.who for step in workflow.steps} | {rule.kind: rule.who for rule in workflow.orders}
    users["suspension"] = workflow.suspension.who
    for name, who in users.items():
        yield from (f"{name}: there is no group {code}" for code in sorted(set(who) - set(workflow.groups)))
    named = {code for who in users.values() for code in who}
    yield from (f"nothing is for group {code}" for code in sorted(set(workflow.groups) - named))
    for code, group in workflow.groups.items():
        idle = [role for role in group.roles if Permission.CASE_WRITE not in ROLE_PERMISSIONS[role]]
        yield from (f"group {code}: a {role} may not work on cases" for role in idle)


def _stages(workflow: Workflow) -> Iterator[str]:
    if MERGED in {stage.code for stage in workflow.stages}:
        yield f"{MERGED} is the program's own stage"
    phases = [stage.phase for stage in workflow.stages]
    if not phases or phases[0] != "intake":
        yield "the first stage must count as intake"
    if phases != sorted(phases, key=PHASES.index):
        yield "the stages stand in another order than their phases"
    for stage in workflow.stages:
        if stage.days is not None and stage.phase not in OPEN_PHASES:
            yield f"stage {stage.code}: nothing is due once a case has ended"


def _rules(workflow: Workflow) -> Iterator[str]:
    for penalty in workflow.penalties:
        if penalty.low > penalty.high:
            yield f"penalty of {penalty.subject}: the least is more than the most"
    chosen = {outcome for step in workflow.steps for outcome in step.outcomes}
    for rule in workflow.afterwards:
        if rule.outcome not in chosen:
            yield f"what follows {rule.outcome}: no case ends so"
