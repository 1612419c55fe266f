"""What the watchlist's rows, counts and strip say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dashboard.i18n import words_for
from dashboard.queries.filters import Filters
from dashboard.queries.people import Handler
from dashboard.queries.watched import Counts, Entry, Listed
from layouts import listed
from tests.trees import of_class, said

EN, ZH = words_for("en"), words_for("zh_CN")
TODAY = date(2026, 11, 22)
WHITE = Entry(
    1, 1, "white", "", "false_positive", "现场核查无异常", date(2027, 2, 1), "李娜", datetime(2026, 11, 20, tzinfo=UTC)
)


def row(**changes: Any) -> Listed:  # noqa: ANN401 - any column
    values: dict[str, Any] = {
        "uscc": "91330106000000001X",
        "name": "禾青试验1号有限公司",
        "legal_representative": "试一",
        "region_code": "330106109",
        "sector": "private_fund",
        "grade": "red",
        "smoke_index": 86.44,
        "change": -3.5,
        "risk_type": "lending",
        "reasons": (("promised_yield", 40.2), ("petition", 21.0)),
        "contributions": (10.0, 40.2, 21.0, 10.24, 5.0),
        "probability": 0.64,
        "entered_on": date(2026, 11, 19),
        "week_on": date(2026, 11, 16),
        "owner_code": "330106",
        "due_on": date(2026, 11, 26),
        "is_overdue": False,
        "state": "open",
        "reason": "",
        "version": 0,
        "assignee_id": None,
        "assignee": "",
        "assignee_unit": "",
        "case_number": None,
        "exempt": "",
        "entry": None,
    }
    return Listed(**values | changes)


def test_a_row_is_told_in_words_with_a_minus_and_units() -> None:
    record = listed.record_of(row(assignee="李娜", assignee_unit="金融办"), TODAY, ZH)
    assert record["grade"] == ["red", "红色"]
    assert (record["index"], record["change"], record["probability"]) == ("86.4", "−3.5", "64%")
    assert record["owner"] == {"first": "西湖区牵头部门", "second": "李娜 · 金融办"}
    assert record["due"] == {"first": "11-26"}
    assert record["reasons"] == ["承诺收益", "信访"]


def test_overdue_is_a_word_not_a_colour_alone() -> None:
    record = listed.record_of(row(due_on=date(2026, 11, 19), is_overdue=True), TODAY, ZH)
    assert record["due"] == {"first": "11-19", "second": "超期3天", "tone": "is-overdue"}


def test_a_row_without_warning_has_no_owner_no_date_and_no_type_without_index() -> None:
    blue = row(grade="blue", smoke_index=0.0, week_on=None, owner_code=None, due_on=None, state="none", reasons=())
    record = listed.record_of(blue, TODAY, EN)
    assert (record["owner"], record["due"], record["type"]) == ({"first": "—"}, {"first": "—"}, "—")
    assert record["state"]["first"] == "No warning"
    assert listed.sentence(blue, EN) == "Nothing speaks against it at present."


@pytest.mark.parametrize(
    ("exempt", "entry", "said_so"),
    [
        ("", WHITE, "白名单（下一批次生效）"),
        ("white", WHITE, "白名单"),
        ("white", None, "白名单（下一批次解除）"),
        ("grey", WHITE, "白名单（下一批次生效）"),
        ("", None, ""),
    ],
)
def test_a_list_says_what_the_next_generation_will_change(exempt: str, entry: Entry | None, said_so: str) -> None:
    assert listed.list_words(row(exempt=exempt, entry=entry), ZH) == said_so


def test_the_strip_says_nothing_one_and_many() -> None:
    assert of_class(listed.strip([], TODAY, EN), "state--none")
    one = listed.strip([row(entry=WHITE)], TODAY, EN)
    assert "Red, Illegal lending leads. Most of the index comes from: Promised yield 40.2, Petition 21.0." in " ".join(
        said(one)
    )
    assert [bar.style["width"] for bar in of_class(one, "bar")] == ["10.0%", "40.2%", "21.0%", "10.2%", "5.0%"]
    assert "Confirmed false positive: 现场核查无异常 · until 1 Feb, by 李娜" in said(one)
    many = said(listed.strip([row()] * 11 + [row(week_on=None)], TODAY, EN))
    assert "12 enterprises chosen" in many
    assert "and 4 more" in many
    assert "1 of them without a warning to act on" in many


def test_only_what_every_chosen_warning_allows_is_offered() -> None:
    def offered(*rows: Listed) -> set[str]:
        return {act for act, possible in listed.possible(rows).items() if possible}

    assert offered() == offered(row(week_on=None)) == set()
    assert offered(row()) == {"acknowledge", "dismiss", "assign", "case"}
    assert offered(row(), row(state="acknowledged")) == {"dismiss", "assign"}
    assert offered(row(state="acknowledged")) == {"dismiss", "assign", "reopen", "case"}
    assert offered(row(state="dismissed")) == {"reopen"}
    assert offered(row(state="in_case")) == set()


def test_an_act_is_told_which_warnings_in_which_version() -> None:
    chosen = listed.chosen_of([row(version=3), row(week_on=None)])
    assert chosen["warnings"] == [["91330106000000001X", "2026-11-16", 3]]
    assert chosen["entry"] is None
    assert listed.chosen_of([row(entry=WHITE)])["entry"] == [1, 1]


def test_everybody_offered_covers_all_that_is_chosen() -> None:
    people = [Handler(1, "李娜", "西湖区", "330106"), Handler(2, "王强", "杭州", "3301")]
    both = listed.assignee_options(people, [row(), row(region_code="330105")], ZH)
    assert [one["label"] for one in both] == ["未指派", "王强 · 杭州"]


def test_counts_are_links_that_ask_for_a_grade_or_let_go_of_it() -> None:
    counts = Counts(3, {"red": 3, "orange": 12, "yellow": 40, "blue": 900})
    tree = listed.count_links("33", Filters(grades=("red",)), counts, ZH)
    links = of_class(tree, "counts__grade")
    assert [link.href for link in links][:2] == ["/watchlist?region=33", "/watchlist?region=33&grade=red.orange"]
    assert ["is-asked" in link.className for link in links] == [True, False, False, False]
    assert "共3家" in said(tree)


def test_the_present_ready_made_filter_is_no_link() -> None:
    views = listed.view_links("33", Filters(), ZH)
    assert [type(one).__name__ for one in views] == ["Span", *["Link"] * 5]


def test_a_warning_in_a_case_leads_to_the_case() -> None:
    strip = listed.strip([row(state="in_case", case_number="330106-2026-0007")], TODAY, ZH)
    assert "/case/330106-2026-0007" in repr(strip)
