"""What is typed into the forms on findings: places by name or code, sums and numbers; and the bars of repayment."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.errors import Invalid
from dashboard.i18n import words_for
from layouts import case_findings
from layouts.case_findings_asked import count_of, day_of, money_of, money_or_none, number_of, text_of
from layouts.case_findings_money import told as money_told
from layouts.case_findings_places import places_in, told, typed
from tests.trees import ids

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@given(value=JSON)
@example(value=float("nan"))
@example(value=10**30)
def test_whatever_is_sent_is_parsed_or_refused(value: object) -> None:
    for parse in (text_of, money_of, money_or_none, count_of, number_of, day_of):
        try:
            parse(value)
        except Invalid:
            continue


def test_what_is_meant_is_understood() -> None:
    assert (text_of(None), money_of(12), count_of(3.0), number_of("17")) == ("", 12.0, 3, 17)
    assert day_of("2026-11-22") == date(2026, 11, 22)
    assert money_or_none("") is None
    with pytest.raises(Invalid, match="whole number"):
        count_of(1.5)
    with pytest.raises(Invalid, match="filled in"):
        money_of(None)


def test_a_places_name_means_the_nearest_one() -> None:
    assert places_in("西湖区、330105, 余杭 330106", "330106") == ("330106", "330105", "330110")
    assert places_in("西湖区", "360111") == ("360103",)  # Nanchang has one as well
    assert places_in("朝阳区", "11") == ("110105",)
    assert places_in(typed(("330106", "3301")), "0") == ("330106", "3301")
    with pytest.raises(Invalid, match="Several"):
        places_in("朝阳区", "330106")
    with pytest.raises(Invalid, match="no region with the name"):
        places_in("乌有县", "330106")
    with pytest.raises(Invalid, match="no region with the code"):
        places_in("999999", "330106")


def test_places_are_told_while_they_are_typed() -> None:
    zh = words_for("zh_CN")
    assert told("西湖区", "330106", zh) == "杭州 · 西湖区 330106"
    assert told("乌有县", "330106", zh) == "没有名为乌有县的地区"
    assert told("", "330106", zh) == "地区名称或代码，以顿号或逗号分隔"
    assert money_told(128_600_000, zh) == "1.3亿元"
    assert money_told(None, zh) == "单位：元"


def test_drafts_know_only_fields_that_are_rendered() -> None:
    rendered = {name for part in case_findings.parts(words_for("en")) for name in ids(part)}
    assert {one for form in case_findings.FORMS.values() for one in form.values()} <= rendered
