"""What a step lacks, demand by demand; and what its form was given, kind by kind."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.errors import Invalid
from dashboard.i18n import words_for
from dashboard.workflow.answers import answers_in
from dashboard.workflow.definition import Question, Step
from dashboard.workflow.facts import Facts
from dashboard.workflow.gates import demands, lacks
from dashboard.workflow.load import workflow_for
from layouts.notices import told

DEFAULT = workflow_for("33")
HAINAN = workflow_for("46")
TODAY = date(2026, 11, 24)
FULL = Facts(
    owner=True,
    people=1,
    evidence=1,
    determined="fundraising",
    measures=frozenset({"rectification_order", "police_transfer"}),
    attachments=frozenset({"photo", "assessment_report", "determination_letter"}),
)

TALK = frozenset({"warning_talk"})


def needs(step: str, facts: Facts, outcome: str = "") -> list[str]:
    return [one.need for one in lacks(DEFAULT.step(step), facts, outcome)]


@pytest.mark.parametrize(
    ("step", "outcome", "lacking"),
    [
        ("accept", "", ["owner"]),
        ("investigate", "", ["owner", "attachment"]),
        ("assess", "", ["people", "evidence"]),
        ("determine", "", ["attachment"]),
        ("dispose", "", ["determination", "attachment"]),
        ("care", "", ["measure"]),
        ("close", "", ["determination", "measure"]),
        ("close", "confirmed", ["determination", "measure", "finding"]),
        ("close", "transferred", ["determination", "measure", "finding", "police_transfer"]),
        ("close", "rectified", ["determination", "measure", "rectification"]),
        ("close_rectified", "rectified", ["measure", "attachment", "rectification"]),
        ("dismiss", "unfounded", []),
        ("archive", "", []),
        ("reopen", "", []),
    ],
)
def test_an_empty_file_lacks_all_that_a_step_wants(step: str, outcome: str, lacking: list[str]) -> None:
    assert needs(step, Facts(), outcome) == lacking


@pytest.mark.parametrize("step", DEFAULT.steps, ids=lambda step: step.code)
def test_a_full_file_lacks_nothing_but_reasons_to_dismiss(step: Step) -> None:
    for outcome in step.outcomes or ("",):
        found = [one.need for one in lacks(step, FULL, outcome)]
        dismissed = outcome in {"unfounded", "false_positive"}
        unattached = ["attachment"] if step.code == "close_rectified" else []
        assert found == (["no_finding", "no_sanction"] if dismissed else unattached)


@pytest.mark.parametrize(
    ("changes", "step", "outcome", "lacking"),
    [
        ({"tasks_open": 2}, "close", "confirmed", ["tasks"]),
        ({"orders_pending": 1}, "close", "confirmed", ["orders"]),
        ({"tasks_open": 2, "orders_pending": 1}, "care", "", []),
        ({"repayment_settled": False}, "close", "confirmed", ["repayment_settled"]),
        ({"suspended": True}, "care", "", ["clock"]),
        ({"hand_over": "transfer"}, "archive", "", ["hand_over"]),
        ({"determined": ""}, "close", "confirmed", ["finding"]),
        ({"determined": "", "measures": frozenset()}, "dismiss", "false_positive", []),
        ({"determined": "", "measures": TALK}, "dismiss", "unfounded", []),
        ({"determined": "", "measures": frozenset({"penalty"})}, "dismiss", "unfounded", ["no_sanction"]),
        ({"measures": frozenset({"penalty"})}, "close", "rectified", ["rectification"]),
        ({"measures": TALK, "attachments": frozenset({"rectification_order"})}, "close", "rectified", []),
    ],
)
def test_each_thing_that_is_amiss_is_told(
    changes: dict[str, object], step: str, outcome: str, lacking: list[str]
) -> None:
    assert needs(step, Facts(**(vars(FULL) | changes)), outcome) == lacking


def test_every_demand_is_told_in_both_languages_with_where_to_mend_it() -> None:
    facts = Facts(suspended=True, hand_over="transfer", tasks_open=3)
    chinese, english = set(), set()
    for workflow in (DEFAULT, HAINAN):
        for step in workflow.steps:
            for outcome in step.outcomes or ("",):
                for one in demands(step, facts, outcome):
                    assert one.where in {"steps", "orders", "findings", "work"}
                    chinese.add(told(one.told, words_for("zh_CN"), "Asia/Shanghai"))
                    english.add(told(one.told, words_for("en"), "Asia/Shanghai"))
    assert "All tasks done or dropped; open: 3" in english
    assert len(chinese) == len(english)
    assert not chinese & english


# -- forms -------------------------------------------------------------------------------------------------------------


def test_answers_are_kept_as_what_they_are() -> None:
    typed = (
        ("visited_on", "2026-11-20"),
        ("facts", " 查明 "),
        ("sum_estimated", "1200.50"),
        ("people_estimated", "30"),
    )
    given = answers_in(HAINAN, HAINAN.step("file"), typed, TODAY)
    assert given == {"visited_on": "2026-11-20", "facts": "查明", "sum_estimated": 1200.5, "people_estimated": 30}


@pytest.mark.parametrize(
    ("field", "typed", "complaint"),
    [
        ("visited_on", "", "is still empty"),
        ("visited_on", "   ", "is still empty"),
        ("visited_on", "yesterday", "that is no date"),
        ("visited_on", "2027-02-29", "that is no date"),
        ("visited_on", "1026-11-20", "cannot be meant"),
        ("visited_on", "2026-11-25", "cannot be meant"),
        ("facts", "x" * 2001, "longer than 2000"),
        ("facts", "a\x00b", "longer than"),
        ("sum_estimated", "much", "no such number"),
        ("sum_estimated", "-1", "no such number"),
        ("sum_estimated", "0.001", "no such number"),
        ("sum_estimated", "1e14", "no such number"),
        ("sum_estimated", "nan", "no such number"),
        ("sum_estimated", "Infinity", "no such number"),
        ("people_estimated", "2.5", "no such number"),
        ("people_estimated", "1e99999999", "no such number"),
        ("people_estimated", "３", "no such number"),
    ],
)
def test_an_answer_that_cannot_be_meant_is_refused_by_name(field: str, typed: str, complaint: str) -> None:
    good = {"visited_on": "2024-02-29", "facts": "x", "sum_estimated": "0", "people_estimated": "0"}
    answers_in(HAINAN, HAINAN.step("file"), tuple(good.items()), TODAY)
    with pytest.raises(Invalid) as refused:
        answers_in(HAINAN, HAINAN.step("file"), tuple((good | {field: typed}).items()), TODAY)
    assert refused.value.sentence is not None
    text = told(refused.value.sentence, words_for("en"), "Asia/Shanghai")
    assert HAINAN.question(field).name.en in text
    assert complaint in text


def test_a_choice_is_one_of_those_offered() -> None:
    step, good = DEFAULT.step("investigate"), ("visited_on", "2026-11-24")
    assert answers_in(DEFAULT, step, (good, ("verified", "partly")), TODAY)["verified"] == "partly"
    with pytest.raises(Invalid, match="choose one"):
        answers_in(DEFAULT, step, (good, ("verified", "maybe")), TODAY)


@pytest.mark.parametrize("typed", [(("opinion", "x"),), (("facts", "x"), ("facts", "y")), (("", "x"),)])
def test_a_form_holds_the_steps_own_questions_once(typed: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(Invalid, match="something else"):
        answers_in(DEFAULT, DEFAULT.step("assess"), typed, TODAY)


def test_a_date_that_need_not_have_come_may_lie_ahead() -> None:
    ahead = Question(code="due", kind="date", name=DEFAULT.name)
    workflow = DEFAULT.model_copy(update={"questions": (ahead,)})
    step = DEFAULT.step("accept").model_copy(update={"questions": ("due",)})
    assert answers_in(workflow, step, (("due", "2027-01-01"),), TODAY) == {"due": "2027-01-01"}
