"""The inbox's address and forms, its parts and rows, and the badge."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.actions.delegations import Delegate, WithdrawDelegation
from dashboard.errors import Invalid, NotFound
from dashboard.i18n import words_for
from dashboard.queries.inbox import Asked, Counts, Item
from dashboard.queries.inbox_sources import GROUPS, KINDS
from layouts import inbox_view, shell
from layouts.inbox_asked import absence_in, asked_in, day_in, href_of, key_in, withdrawn_in
from tests.builders import ANALYST, COUNTY, WORKER
from tests.trees import parts

TODAY = date(2026, 11, 22)
CHINESE = words_for("zh_CN")
ORDER = Item(
    key="order:3",
    kind="order",
    whose="department",
    absent="",
    number="330106-2026-0007",
    uscc="",
    name="禾青试验",
    place="330106",
    sort="supervise",
    text="请加快办理",
    office="3301",
    author="",
    grade="",
    workflow="default",
    workflow_version="2026.1",
    due_on=TODAY - timedelta(days=3),
    clock="overdue",
    since_on=None,
    since_at=None,
    until_on=None,
)


def counted(**late: int) -> Counts:
    return Counts(Counter({(whose, "task", "overdue"): number for whose, number in late.items()}), 0)


def said(component: object) -> str:
    """Return everything in a tree as text, with what attributes say."""
    return " ".join(str(one) for one in parts(component))


@given(st.sampled_from(["", *GROUPS]), st.sampled_from(["", *KINDS]), st.booleans())
def test_an_address_says_what_was_asked(group: str, kind: str, snoozed: bool) -> None:  # noqa: FBT001 - drawn
    asked = Asked("" if snoozed else group, kind, snoozed=snoozed)
    assert asked_in(href_of(asked).removeprefix("/inbox")) == asked


@pytest.mark.parametrize("search", ["?group=all", "?kind=tasks", 7, {"group": "me"}])
def test_what_no_address_says_is_refused(search: str) -> None:
    with pytest.raises(Invalid):
        asked_in(search)


def test_what_others_put_into_an_address_is_no_condition() -> None:
    assert asked_in("?region=33&item=task:7") == asked_in(None) == Asked()


@pytest.mark.parametrize("chosen", [7, ["task:7"], {"key": 7}, "x" * 61, "\x00", "任务"])
def test_what_no_list_holds_is_not_chosen(chosen: object) -> None:
    with pytest.raises(Invalid):
        key_in(chosen)


def test_a_choice_is_read() -> None:
    assert (key_in({"key": "task:7"}), key_in({}), key_in(None)) == ("task:7", "", "")


def test_forms_are_read_or_refused() -> None:
    assert absence_in("7", "2028-02-29", "2028-03-01", "休假") == Delegate(
        7, date(2028, 2, 29), date(2028, 3, 1), "休假"
    )
    assert withdrawn_in("3.1") == WithdrawDelegation(3, 1)
    for person, day, reason in (
        (None, "2028-02-29", "x"),
        ("7", "2027-02-29", "x"),
        ("7", None, "x"),
        ("7", "2028-02-29", 7),
    ):
        with pytest.raises(Invalid):
            absence_in(person, day, day, reason)
    for wrong in (None, "3", "3.1.2", "x.1", "0.1", "9999999999.1", 3):
        with pytest.raises(NotFound):
            withdrawn_in(wrong)
    with pytest.raises(Invalid):
        day_in(20261122)


def test_a_row_says_whose_it_is_what_is_asked_and_how_late_it_is() -> None:
    shown = inbox_view.rows([ORDER], Asked(), counted(department=1), TODAY, CHINESE, "Asia/Shanghai")
    assert all(
        text in said(shown) for text in ("本部门", "超期 1", "超期3天", "待答复", "杭州市的督办", "330106-2026-0007")
    )
    away = replace(ORDER, whose="delegated", absent="王芳")
    assert "代 王芳" in said(inbox_view.rows([away], Asked(), counted(delegated=1), TODAY, CHINESE, "Asia/Shanghai"))


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ({"kind": "refused", "sort": "report_up"}, "杭州市不同意上报"),
        ({"kind": "refused", "sort": "return"}, "杭州市的退回"),
        ({"kind": "task", "text": "走访"}, "走访"),
        ({"kind": "mention", "author": "王芳"}, "王芳提到了您"),
        ({"kind": "warning", "grade": "red"}, "红色预警"),
        ({"kind": "case", "sort": "intake"}, "受理"),
        ({"kind": "case", "sort": "gone", "workflow_version": "1999.1"}, "gone"),
    ],
)
def test_a_title_says_what_is_asked_for(change: dict[str, str], title: str) -> None:
    assert inbox_view.title_of(replace(ORDER, **change), CHINESE) == title  # type: ignore[arg-type] # texts only


def test_one_item_leads_to_where_it_is_acted_on_and_tells_no_code() -> None:
    shown = inbox_view.detail(ORDER, TODAY, CHINESE, "Asia/Shanghai")
    assert [one.href for one in parts(shown) if hasattr(one, "href")] == ["/case/330106-2026-0007#case--order-answer"]
    assert "请加快办理" in said(shown)
    told = inbox_view.detail(
        replace(ORDER, sort="escalation", text="stage:intake:2026-11-20"), TODAY, CHINESE, "Asia/Shanghai"
    )
    assert "受理" in said(told)
    assert "stage:intake" not in said(told)
    warning = replace(ORDER, kind="warning", number="", uscc="913301060000000001")
    assert inbox_view.place_of(warning) == "/enterprise/913301060000000001"


def test_the_badge_is_red_and_says_so_only_when_something_is_overdue() -> None:
    late = Counts(
        Counter({("me", "task", "overdue"): 2, ("delegated", "case", "near"): 1, ("department", "case", "none"): 4}), 0
    )
    links = shell.nav(CHINESE, COUNTY, None, "", "0", late)
    (link,) = [one for one in links if getattr(one, "href", "") == "/inbox"]
    assert "is-red" in said(link)
    assert "我的待办3项，其中超期2项；本部门待办4项" in said(link)
    assert " · 本部门4" in said(link)
    quiet = Counts(Counter({("me", "task", "running"): 2}), 0)
    assert "is-red" not in said(shell.nav(CHINESE, COUNTY, None, "", "0", quiet))
    assert " · 本部门" not in said(shell.nav(CHINESE, COUNTY, None, "", "0", quiet))
    reported = Counts(Counter({("department", "order", "running"): 1}), 0)
    assert " · 本部门1" in said(shell.nav(CHINESE, COUNTY, None, "", "0", reported))
    for nothing in (None, Counts(Counter(), 0)):
        assert "nav__badge" not in said(shell.nav(CHINESE, ANALYST, None, "", "0", nothing))
    assert "/inbox" not in said(shell.nav(CHINESE, WORKER, None, "", "0", None))
