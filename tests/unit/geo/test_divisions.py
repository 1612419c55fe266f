"""Divisions: all there, and nested as the codes say."""

import pytest

from geo import codes
from geo import divisions as d


def test_every_division_of_the_source_is_there() -> None:
    assert d.divisions()["level"].value_counts().to_dict() == {
        "nation": 1,
        "province": 34,
        "city": 342,
        "county": 2978,
        "town": 41352,
    }
    assert len(d.villages()) == 620_573


def test_codes_are_unique_and_every_parent_exists() -> None:
    frame = d.divisions()
    assert frame["code"].is_unique
    assert set(frame["parent"]) - {""} <= set(frame["code"])
    assert d.villages()["code"].is_unique
    assert set(d.villages()["parent"]) <= set(frame["code"])


def test_children_and_parents_agree() -> None:
    assert d.children_of("0") == sorted(d.divisions().query("level == 'province'")["code"])
    assert all(codes.parent_of(child) == "3301" for child in d.children_of("3301"))
    assert d.children_of("71") == []


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("0", ("全国",)),
        ("110105", ("北京市", "朝阳区")),
        ("419001", ("河南省", "济源市")),
        ("330106", ("浙江省", "杭州市", "西湖区")),
        ("110101001001", ("北京市", "东城区", "东华门街道", "多福巷社区居委会")),
    ],
)
def test_paths_skip_the_codings_brackets(code: str, path: tuple[str, ...]) -> None:
    assert d.path_of(code) == path


def test_what_people_see_below_and_above_skips_the_brackets() -> None:
    assert d.is_artificial("1101")
    assert d.is_artificial("5002")
    assert d.is_artificial("4190")
    assert not d.is_artificial("3301")
    assert not d.is_artificial("11")
    assert "110105" in d.visible_children_of("11")
    assert "419001" in d.visible_children_of("41")
    assert "4190" not in d.visible_children_of("41")
    assert d.visible_parent_of("110105") == "11"
    assert d.visible_parent_of("330106") == "3301"
    assert d.visible_parent_of("0") is None


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("15", "内蒙古"),
        ("45", "广西"),
        ("81", "香港"),
        ("2224", "延边"),
        ("5133", "甘孜"),
        ("6540", "伊犁"),
        ("1525", "锡林郭勒"),
        ("110105", "朝阳"),
        ("120116", "滨海"),
        ("150784", "额尔古纳"),
        ("320576", "苏州工业园区"),
        ("370403", "薛城"),
    ],
)
def test_short_names(code: str, short: str) -> None:
    assert d.short_name_of(code) == short


def test_unknown_codes() -> None:
    assert not d.exists("99")
    assert not d.exists("110101001999")
    assert d.exists("110101001001")
    with pytest.raises(KeyError):
        d.name_of("99")


@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("0", "China"),
        ("14", "Shanxi"),
        ("61", "Shaanxi"),
        ("6101", "Xi'an"),
        ("1501", "Hohhot"),
        ("330106", "Xihu District"),
        ("330382", "Yueqing"),
        ("510117", "Pidu District"),
        ("320576", "Suzhou Industrial Park"),
        ("110101001", "东华门街道"),
    ],
)
def test_english_names(code: str, english: str) -> None:
    assert d.english_name_of(code) == english


def test_every_place_down_to_the_counties_has_an_english_name() -> None:
    upper = d.divisions().query("level != 'town'")["code"]
    assert all(d.english_name_of(code).replace("ü", "u").isascii() for code in upper)
