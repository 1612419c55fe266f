"""The watchlist's filters in the address, and what they say in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.errors import Invalid
from dashboard.i18n import FACTOR_WORDS, words_for
from dashboard.queries.filters import EXEMPTS, SORTS, STATES, Filters
from dashboard.vocabulary import GRADES, RISK_TYPES, SECTORS
from layouts.filters import TEXT_LONGEST, filters_in, filters_of, form_of, in_words, search_of, with_grade

EN, ZH = words_for("en"), words_for("zh_CN")
indexes = st.none() | st.integers(0, 1000).map(lambda tenths: tenths / 10)
asked = st.builds(
    Filters,
    grades=st.sets(st.sampled_from(GRADES)).map(lambda some: tuple(one for one in GRADES if one in some)),
    risk_type=st.sampled_from(("", *RISK_TYPES)),
    sector=st.sampled_from(("", *SECTORS)),
    factor=st.sampled_from(("", *FACTOR_WORDS)),
    state=st.sampled_from(("", *STATES)),
    who=st.sampled_from(("", "mine", "nobody", "12")),
    exempt=st.sampled_from(("", *EXEMPTS)),
    text=st.text(st.characters(categories=["L", "N", "P"]), max_size=TEXT_LONGEST).map(str.strip),
    low=indexes,
    high=indexes,
    overdue=st.booleans(),
    new=st.booleans(),
    sort=st.sampled_from(SORTS),
    descending=st.booleans(),
)


@given(asked)
def test_an_address_says_what_is_asked_for(filters: Filters) -> None:
    search = search_of("330106", filters)
    assert search.startswith("?region=330106")
    assert filters_in(search) == filters


@given(asked)
def test_the_form_says_the_same_but_for_what_only_links_ask_for(filters: Filters) -> None:
    back = filters_of(form_of(filters))
    assert form_of(back) == form_of(filters)
    assert (back.grades, back.overdue, back.new) == ((), False, False)


def test_nothing_asked_for_is_the_region_alone() -> None:
    assert search_of("33", Filters()) == "?region=33"
    assert filters_in(None) == filters_in("?region=33&measure=rate") == Filters()
    assert filters_in("?sort=due") == Filters(sort="due", descending=False)


@given(st.text(max_size=200))
def test_any_text_at_all_is_filters_or_an_error_of_ours(search: str) -> None:
    try:
        found = filters_in("?" + search)
    except Invalid:
        return
    assert len(found.text) <= TEXT_LONGEST


@pytest.mark.parametrize(
    "search",
    [
        *("grade=purple", "grade=red,orange", "type=arson", "sector=x", "factor=x", "state=burnt", "exempt=black"),
        *("who=9999999999", "who=me", "who=-1", "who=٣", "low=101", "low=-1", "low=x", "high=inf", "high=nan"),
        *("overdue=yes", "new=2", "sort=luck", "sort=index.sideways", "text=" + "x" * (TEXT_LONGEST + 1), "text=a%00b"),
    ],
)
def test_what_cannot_be_meant_is_refused(search: str) -> None:
    with pytest.raises(Invalid):
        filters_in(f"?{search}")


def test_a_grade_is_asked_for_and_let_go_of() -> None:
    both = with_grade(with_grade(Filters(), "orange"), "red")
    assert both.grades == ("red", "orange")
    assert with_grade(both, "orange").grades == ("red",)


def test_filters_are_said_in_words() -> None:
    given = Filters(grades=("red", "orange"), state="none", exempt="none", low=60.0, who="mine", overdue=True)
    assert in_words(given, ZH, "我的") == "红色 / 橙色 · 无预警 · 不在名单 · 指数不低于60.0 · 承办人：我的 · 超期"
    assert in_words(Filters(), EN, "") == "All listed enterprises"
    assert in_words(Filters(text="禾青", factor="gift", high=5.0, new=True), EN, "") == (
        "Gifts for investors · Text: 禾青 · Index to 5.0 · New this week"
    )
