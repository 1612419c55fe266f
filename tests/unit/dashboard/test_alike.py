"""How alike two names are, and among which places a form chooses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.queries.alike import likenesses
from layouts.case_joins_places import place_options

NAMES = st.text(alphabet="杭州金穗源养老服务有限公司ab ", max_size=12)


def test_a_name_is_like_itself_and_its_variants_but_not_like_others() -> None:
    found = likenesses(
        "杭州金穗源养老服务有限公司", {1: "杭州金穗源养老服务部", 2: "金穗源健康养老", 3: "宁波蓝桥建材有限公司"}
    )
    assert found[1] > 0.8
    assert 0.4 < found[2] < found[1]
    assert found[3] == 0


def test_what_every_name_there_has_tells_nothing() -> None:
    city = {number: f"杭州{chr(0x4E00 + number)}某" for number in range(40)}
    assert max(likenesses("杭州某", city).values()) == 0
    assert likenesses("", city) == dict.fromkeys(city, 0)


@given(one=NAMES, other=NAMES)
def test_likeness_is_a_share_and_mutual(one: str, other: str) -> None:
    (there,), (back,) = likenesses(one, {1: other}).values(), likenesses(other, {1: one}).values()
    assert 0 <= there <= 1
    assert there == back


@pytest.mark.parametrize(
    ("home", "has", "lacks"),
    [
        ("0", "330106", "330106109"),
        ("33", "330106", "330106109"),
        ("3301", "330106109", "320106"),
        ("330106", "330106109", "330105"),
        ("330106109", "330106109", "330106"),
    ],
)
def test_a_form_offers_the_places_of_the_jurisdiction_as_fine_as_its_level_works(
    home: str, has: str, lacks: str
) -> None:
    offered = {one["value"] for one in place_options(home, "zh_CN")}
    assert has in offered
    assert lacks not in offered
    assert all(one.startswith(home) or home == "0" for one in offered)


def test_a_place_without_a_finer_one_is_offered_itself() -> None:
    assert [one["value"] for one in place_options("71", "zh_CN")] == ["71"]
