"""The shipped definitions: sound, unchanged once released, and walked by anybody they end where they say."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.errors import Invalid
from dashboard.vocabulary import OPEN_PHASES, PHASES
from dashboard.workflow.load import FOLDER, parse_workflow, workflow_for, workflows
from dashboard.workflow.soundness import clashes, faults

if TYPE_CHECKING:
    from dashboard.workflow.definition import Workflow

RELEASED = {
    "default-2026.1.toml": "85d57c5423e465d14a5b8ac30d53c41e8bd032379bff9cfba2ba1864e19a5323",
    "hainan-2026.1.toml": "be24b122ffa2e16547c813cae6e9c3272f7e7693fd2cd8932683e681dfd67aa0",
}
"""What a case follows it follows for good: a change makes a new version."""
SHIPPED = {file.stem: parse_workflow(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.toml"))}
DEFAULT = SHIPPED["default-2026.1"]
either = pytest.mark.parametrize("workflow", SHIPPED.values(), ids=lambda one: one.code)
some = st.sampled_from(list(SHIPPED.values()))


@pytest.mark.parametrize("file", RELEASED)
def test_a_released_definition_is_never_edited(file: str) -> None:
    assert hashlib.sha256((FOLDER / file).read_bytes()).hexdigest() == RELEASED[file]


def test_every_shipped_definition_is_released_under_its_code_and_version() -> None:
    assert {f"{one.code}-{one.version}.toml" for one in SHIPPED.values()} == set(RELEASED)
    assert {file.name for file in FOLDER.iterdir()} == set(RELEASED)


@pytest.mark.parametrize(
    ("place", "code"),
    [("330106", "default"), ("0", "default"), ("46", "hainan"), ("460105", "hainan"), ("45", "default")],
)
def test_the_nearest_jurisdiction_decides(place: str, code: str) -> None:
    assert workflow_for(place).code == code


def test_a_definition_that_is_no_table_is_refused_with_its_place() -> None:
    with pytest.raises(Invalid, match="not a case workflow"):
        parse_workflow("code = ")
    with pytest.raises(Invalid, match="amber_share"):
        parse_workflow((FOLDER / "default-2026.1.toml").read_text(encoding="utf-8").replace("amber_share", "amber"))


@either
def test_every_phase_that_cases_are_counted_in_has_one_end_and_the_variant_differs(workflow: Workflow) -> None:
    assert {stage.phase for stage in workflow.stages} <= set(PHASES)
    assert [stage.phase for stage in workflow.stages][-2:] == ["closed", "archived"]
    assert all(stage.days for stage in workflow.stages if stage.phase in OPEN_PHASES)
    variant = SHIPPED["hainan-2026.1"]
    assert variant.step("close").who == variant.step("approve").who == ("leaders",)
    assert {stage.days for stage in variant.stages} != {stage.days for stage in DEFAULT.stages}


# -- walks -------------------------------------------------------------------------------------------------------------


@given(some, st.lists(st.integers(0, 50), max_size=40))
def test_every_walk_stays_within_the_stages_and_closes_only_through_the_gates(
    workflow: Workflow, turns: list[int]
) -> None:
    stage = workflow.first
    for turn in turns:
        ways = workflow.steps_of(stage.code)
        assert ways, f"nothing leads on from {stage.code}"
        step = ways[turn % len(ways)]
        after = workflow.stage(step.to)
        closes = after.phase == "closed"
        assert closes == bool(step.outcomes)
        assert not closes or (step.tasks_done and step.orders_done and stage.phase in OPEN_PHASES)
        assert after.phase != "archived" or stage.phase == "closed"
        assert step.reason or PHASES.index(after.phase) >= PHASES.index(stage.phase)
        stage = after


@settings(max_examples=60)
@given(some, st.data())
def test_what_is_left_of_a_definition_is_sound_or_its_faults_are_told(workflow: Workflow, data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from([step.code for step in workflow.steps])))
    asked = {code for step in workflow.steps if step.code in kept for code in step.questions}
    users = [step.who for step in workflow.steps if step.code in kept] + [rule.who for rule in workflow.orders]
    named = {name for who in (*users, workflow.suspension.who) for name in who}
    left = workflow.model_copy(
        update={
            "steps": tuple(step for step in workflow.steps if step.code in kept),
            "questions": tuple(one for one in workflow.questions if one.code in asked),
            "groups": {name: group for name, group in workflow.groups.items() if name in named},
            "afterwards": (),
        }
    )
    told = faults(left)
    dead = {stage.code for stage in left.stages if stage.phase in OPEN_PHASES and not _closes(left, stage.code)}
    cut = {stage.code for stage in left.stages} - _ahead(left, left.first.code)
    assert {one.split()[4] for one in told if "to an end" in one} == dead
    assert {one.split()[-1] for one in told if "leads to stage" in one} == cut
    assert bool(told) == bool(dead | cut)


def _ahead(workflow: Workflow, stage: str, seen: frozenset[str] = frozenset()) -> set[str]:
    found = {stage}
    for step in workflow.steps_of(stage):
        if step.to not in seen | found:
            found |= _ahead(workflow, step.to, seen | found)
    return found


def _closes(workflow: Workflow, stage: str) -> bool:
    return any(workflow.stage(code).phase == "closed" for code in _ahead(workflow, stage))


# -- what is unsound ---------------------------------------------------------------------------------------------------

TEXT = (FOLDER / "default-2026.1.toml").read_text(encoding="utf-8")


def step(code: str) -> str:
    """Return the text of one step of the default definition."""
    return next(part for part in TEXT.split("\n\n") if f'[[steps]]\ncode = "{code}"\n' in part)


def spoilt(code: str, old: str, new: str) -> str:
    """Return the default definition with something else in one of its steps."""
    part = step(code)
    assert old in part
    return TEXT.replace(part, part.replace(old, new))


def test_what_the_faults_are_told_of_is_else_sound() -> None:
    assert faults(parse_workflow(TEXT)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (TEXT.replace('code = "archived"', 'code = "closed"', 1), "stage closed is defined twice"),
        (TEXT.replace('code = "assess"\n', 'code = "determine"\n'), "step determine is defined twice"),
        (TEXT.replace('code = "plan"', 'code = "opinion"', 1), "question opinion is defined twice"),
        (TEXT.replace('kind = "report_up"', 'kind = "assist"'), "order assist is defined twice"),
        (TEXT.replace('subject = "assister"', 'subject = "organiser"'), "penalty of organiser is defined twice"),
        (TEXT.replace('\noutcome = "rectified"', '\noutcome = "false_positive"'), "what follows false_positive is"),
        (TEXT.replace('["0"]', '["0", "0"]'), "jurisdiction 0 is defined twice"),
        (TEXT.replace('["0"]', "[]"), "for no jurisdiction"),
        (TEXT.replace('["0"]', '["330"]'), "'330' is no region code"),
        (TEXT.replace('code = "partly"', 'code = "unclear"'), "question verified offers unclear twice"),
        (spoilt("assess", '"people", "evidence"', '"people", "people"'), "assess names people twice"),
        (spoilt("accept", '"verification"', '"inspection"'), "accept: there is no stage inspection"),
        (spoilt("assess", '["facts"]', '["fact"]'), "assess: there is no question fact"),
        (spoilt("assess", '["facts"]', "[]"), "no step asks question facts"),
        (spoilt("investigate", '"photo"', '"picture"'), "investigate: there is no attachment picture"),
        (spoilt("investigate", '["county_officers"]', '["sheriffs"]'), "investigate: there is no group sheriffs"),
        (TEXT.replace('who = ["leaders", "city_officers"]', 'who = ["leaders"]'), "nothing is for group city_officers"),
        (TEXT.replace('leaders = { roles = ["leader"]', 'leaders = { roles = ["analyst"]'), "analyst may not work"),
        (TEXT.replace('kind = "choice"', 'kind = "text"', 1), "choices belong to a choice"),
        (TEXT.replace('kind = "date"', 'kind = "text"', 1), "only a date lies in the past"),
        (TEXT.replace('code = "closed"\nphase', 'code = "merged"\nphase'), "the program's own stage"),
        (TEXT.replace('phase = "intake"', 'phase = "verification"'), "first stage must count as intake"),
        (TEXT.replace('phase = "verification"', 'phase = "aftercare"'), "another order than their phases"),
        (TEXT.replace('en = "Closed" }', 'en = "Closed" }\ndays = 5'), "nothing is due once a case has ended"),
        (TEXT.replace("low = 1\n", "low = 4\n"), "penalty of assister: the least is more than the most"),
        (TEXT.replace('outcomes = ["unfounded", "false_positive"]', 'outcomes = ["unfounded"]'), "no case ends so"),
        (TEXT.replace(step("care"), "").replace(step("redispose"), ""), "nothing leads to stage aftercare"),
        (
            TEXT.replace(step("close"), "").replace(step("redispose"), ""),
            "nothing leads from stage aftercare to an end",
        ),
        (spoilt("assess", "questions", "back = true\nreason = true\nquestions"), "is no return"),
        (spoilt("reverify", "back = true\n", ""), "is a return"),
        (spoilt("reverify", "reason = true", ""), "a return needs a reason"),
        (spoilt("accept", '["intake"]', '["intake", "verification"]'), "leads from verification to itself"),
        (spoilt("close", 'outcomes = ["confirmed", "rectified", "transferred"]', ""), "chooses an outcome"),
        (spoilt("care", "records", 'outcomes = ["confirmed"]\nrecords'), "chooses an outcome"),
        (spoilt("close", "tasks_done = true\n", ""), "not closed with tasks open"),
        (spoilt("close", "orders_done = true\n", ""), "not closed with tasks open"),
        (spoilt("archive", '["closed"]', '["closed", "aftercare"]'), "only what is closed is archived"),
        (spoilt("reopen", '"closed", "archived"', '"closed", "assessment"'), "a step of its own"),
    ],
)
def test_each_unsoundness_is_caught_and_told(text: str, fault: str) -> None:
    assert text != TEXT
    with pytest.raises(Invalid) as refused:
        parse_workflow(text)
    assert fault in str(refused.value)


def test_a_closed_case_is_not_closed_again() -> None:
    again = spoilt("close", '["aftercare"]', '["aftercare", "archived"]').replace(
        '[[steps]]\ncode = "close"', '[[steps]]\nback = true\nreason = true\ncode = "close"'
    )
    with pytest.raises(Invalid, match="only what is open is closed"):
        parse_workflow(again)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"version": "2026.1"}, "default 2026.1 is shipped twice"),
        ({"code": "other"}, "0 follows default and other"),
        (
            {"questions": (*DEFAULT.questions[1:], DEFAULT.questions[0].model_copy(update={"past": False}))},
            "visited_on",
        ),
    ],
)
def test_definitions_that_clash_are_told(change: dict[str, object], fault: str) -> None:
    newer = DEFAULT.model_copy(update={"version": "2027.1"} | change)
    assert [one for one in clashes([DEFAULT, newer]) if fault in one]
    assert clashes([DEFAULT, DEFAULT.model_copy(update={"version": "2027.1"})]) == []


def test_some_definition_is_for_everywhere_else() -> None:
    assert clashes([SHIPPED["hainan-2026.1"]]) == ["no definition is for places that have none of their own"]


def test_the_shipped_definitions_go_together_newest_first() -> None:
    assert clashes(list(SHIPPED.values())) == []
    assert [one.code for one in workflows()] == sorted(one.code for one in SHIPPED.values())
