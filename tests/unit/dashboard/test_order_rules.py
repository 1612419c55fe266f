"""Where orders may go, and what an escalation says: rules without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.scope import Scope
from dashboard.errors import Sentence
from dashboard.i18n import words_for
from dashboard.queries.offices import SENDABLE, office_name
from dashboard.vocabulary import ORDER_KINDS, SEATS
from dashboard.workflow.load import workflow_for
from dashboard.workflow.orders import HAND_OVERS, MOVES, causes_told, may_go, order_late, stage_late
from layouts.notices import told

CODES = ("0", "33", "3301", "330106", "330105", "330106109", "32", "3201", "320102", "11", "1101", "110101")
codes = st.sampled_from(CODES)


@pytest.mark.parametrize(
    ("kind", "sender", "receiver", "may"),
    [
        ("assign_down", "33", "330106", True),
        ("assign_down", "330106", "330106109", True),
        ("assign_down", "330106", "330105", False),
        ("report_up", "330106", "3301", True),
        ("report_up", "330106109", "0", True),
        ("report_up", "330106", "3302", False),
        ("transfer", "330106", "320102", True),
        ("transfer", "330106", "3301", False),
        ("assist", "330106", "32", True),
        ("assist", "330106", "330106109", True),
        ("assist", "330106", "33", False),
        ("assign_down", "11", "1101", False),  # a bracket of the coding has no department
        ("transfer", "330106", "330199", False),
    ],
)
def test_an_order_goes_where_its_kind_leads(kind: str, sender: str, receiver: str, *, may: bool) -> None:
    assert may_go(kind, sender, receiver) is may


@given(codes, codes)
def test_hand_overs_never_overlap_and_never_go_to_oneself(sender: str, receiver: str) -> None:
    ways = [kind for kind in HAND_OVERS if may_go(kind, sender, receiver)]
    assert len(ways) <= 1
    assert sender != receiver or not any(may_go(kind, sender, receiver) for kind in SENDABLE)
    assert may_go("assign_down", sender, receiver) <= Scope(sender).covers(receiver)


def test_the_kinds_that_people_send_and_the_schedulers_one_are_all_there_are() -> None:
    assert {*SENDABLE, "escalation"} == set(ORDER_KINDS)
    assert set(MOVES) < set(SENDABLE)
    assert "invited" in SEATS


def test_an_escalation_says_what_is_late_in_the_viewers_language() -> None:
    text = f"{stage_late('verification', date(2026, 11, 3))} {order_late('supervise', date(2026, 11, 5))}"
    causes = causes_told(text, workflow_for("330106"))
    assert [told(one, words_for("en"), "Asia/Shanghai") for one in causes] == [
        "The stage Preliminary verification was due on 3 Nov and is not finished",
        "No answer to: Supervision order, wanted by 5 Nov",
    ]
    assert all("11-0" in told(one, words_for("zh_CN"), "Asia/Shanghai") for one in causes)


@pytest.mark.parametrize("text", ["超期", "stage:x", "order:supervise:2026-13", "stage:a:b:c"])
def test_an_escalation_from_elsewhere_is_shown_as_it_is(text: str) -> None:
    assert causes_told(text, workflow_for("330106")) == (Sentence(text),)


def test_a_stage_of_another_definition_is_named_by_its_code() -> None:
    (cause,) = causes_told("stage:gone:2026-11-03", workflow_for("330106"))
    assert cause.values["stage"] == "gone"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("0", "全国"),
        ("33", "浙江省"),
        ("3301", "杭州市"),
        ("330106", "杭州 · 西湖区"),
        ("330106109", "西湖区 · 三墩镇"),
    ],
)
def test_a_department_is_told_with_what_lies_above_it(code: str, name: str) -> None:
    assert office_name(code, "zh_CN") == name
