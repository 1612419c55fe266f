"""Locating: cases as people write them; every address here is invented."""

import pandas as pd
import pytest

from geo import divisions
from geo.divisions import DATA
from geo.locate import locate

CASES = [
    # province and city columns
    ("吉林", "", "", "22", "province-column"),
    ("吉林", "吉林", "", "2202", "city-column"),
    ("", "吉林", "", "22", "city-column"),
    ("海南", "", "", "46", "province-column"),
    ("青海", "海南", "", "6325", "city-column"),
    ("", "朝阳", "", "2113", "city-column"),
    ("北京", "朝阳", "", "110105", "city-column"),
    ("北京", "", "", "1101", "province-column"),
    ("重庆", "", "某某大厦", "50", "province-column"),
    ("广东省广州市", "", "天河区测试路1号", "440106", "county-in-address"),
    ("甘肃", "嘉峪关", "某某路", "620201", "city-column+only-county"),
    ("河南", "济源", "某某路", "419001", "city-column"),
    ("香港", "", "", "81", "province-column"),
    ("", "N/A", "N/A", "0", ""),
    # the address reads from its start
    ("", "", "浙江省杭州市西湖区测试路1号", "330106", "county-in-address"),
    ("", "", "中国浙江省杭州市西湖区测试路1号", "330106", "county-in-address"),
    ("", "", "吉林长春市朝阳区测试街1号", "220104", "county-in-address"),
    ("吉林", "", "吉林丰满区测试街1号", "220211", "county-in-address"),
    ("湖北", "", "仙桃市测试路", "429004", "county-in-address"),
    ("", "", "昆山市测试路1号", "320583", "county-in-address"),
    ("", "", "深圳南山科技园9栋", "440305", "county-in-address"),
    ("北京", "朝阳", "海淀区测试大街1号", "110108", "county-in-address"),
    ("", "", "苏州工业园区测试街1号", "320576", "county-in-address"),
    ("江苏", "苏州", "工业园区测试街1号", "320576", "alias:工业园区"),
    ("台湾省", "", "台北市测试路", "71", "province-column"),
    # a city's own name is no county's
    ("湖南", "长沙", "长沙市测试路1号", "4301", "city-in-address"),
    ("湖南", "长沙", "长沙县测试路1号", "430121", "county-in-address"),
    ("江西", "", "南昌市西湖区测试路1号", "360103", "county-in-address"),
    # streets are no districts
    ("", "", "南京东路100号", "0", ""),
    ("上海", "", "南京东路100号", "3101", "province-column"),
    ("北京", "", "朝阳路1号", "1101", "province-column"),
    ("广东", "深圳", "南山路1号", "4403", "city-column"),
    ("河北", "石家庄", "新华路1号", "1301", "city-column"),
    ("辽宁", "沈阳", "和平街1号", "2101", "city-column"),
    ("", "", "义乌市场路1号", "0", ""),
    # old names and divided districts
    ("", "", "上海市闸北区测试路1号", "310106", "alias:闸北区"),
    ("上海", "闸北", "测试路1号", "310106", "alias:闸北"),
    ("北京", "", "宣武区测试街", "110102", "alias:宣武区"),
    ("山东", "莱芜", "莱城区测试路1号", "370116", "alias:莱城区"),
    ("浙江", "杭州", "下城区测试路1号", "330105", "alias:下城区"),
    ("浙江", "杭州", "江干区测试路1号", "3301", "alias:江干区"),
    ("浙江", "杭州", "江干区九堡镇1号", "330102018", "alias:江干区+town"),
    ("浙江", "杭州", "余杭区临平街道1号", "330113001", "county-in-address+town"),
    ("天津", "西青", "天津滨海高新区测试道1号", "120111", "city-column"),
    ("西藏", "", "米林县测试路", "540481", "county-in-address"),
    ("安徽", "六安", "寿县测试路", "340422", "county-in-address"),
    # towns
    ("湖南", "长沙", "长沙县星沙镇1号", "430121001", "county-in-address+town"),
    ("广东", "东莞", "虎门镇测试大道1号", "441900121", "city-column+town"),
    ("上海", "自贸区", "测试路1号", "310115", "alias:自贸区"),
    # the address against the columns
    ("四川", "成都", "广东省广州市天河区测试路1号", "440106", "county-in-address"),
]


@pytest.mark.parametrize(("province", "city", "address", "code", "basis"), CASES)
def test_locate(province: str, city: str, address: str, code: str, basis: str) -> None:
    found = locate(pd.DataFrame({"province": [province], "city": [city], "address": [address]})).iloc[0]
    assert (found["region_code"], found["basis"]) == (code, basis)
    assert (found["confidence"] > 0) == (code != "0")


def test_columns_may_be_missing_and_the_index_stays() -> None:
    frame = pd.DataFrame({"address": ["浙江省杭州市", None]}, index=[7, 9])
    found = locate(frame)
    assert found.index.tolist() == [7, 9]
    assert found["region_code"].tolist() == ["3301", "0"]
    assert found["level"].tolist() == ["city", "nation"]


def test_an_empty_frame_gives_an_empty_answer() -> None:
    found = locate(pd.DataFrame({"province": pd.Series([], dtype="str")}))
    assert found.columns.tolist() == ["region_code", "level", "confidence", "basis"]
    assert found.empty


def test_contradiction_costs_confidence() -> None:
    frame = pd.DataFrame(
        {"province": ["四川", "广东"], "city": ["成都", "广州"], "address": ["广东省广州市天河区1号"] * 2}
    )
    against, along = locate(frame)["confidence"]
    assert against < along


def test_a_city_said_twice_is_as_sure_as_once() -> None:
    frame = pd.DataFrame({"province": ["江苏"], "city": ["扬州"], "address": ["扬州市测试路24号"]})
    assert locate(frame)["confidence"].tolist() == [0.95]


def test_every_current_county_is_found_by_its_full_path() -> None:
    counties = divisions.divisions().query("level == 'county'")["code"]
    written = ["".join(divisions.path_of(code)) + "测试路1号" for code in counties]
    found = locate(pd.DataFrame({"address": written}))["region_code"]
    wrong = [(text, code) for text, code, right in zip(written, found, counties, strict=True) if code != right]
    assert wrong == []


def test_every_alias_points_to_places_that_exist() -> None:
    aliases = pd.read_csv(DATA / "aliases.csv", dtype=str)
    assert not aliases.duplicated(["alias", "within"]).any()
    for within, codes in aliases[["within", "codes"]].itertuples(index=False):
        assert divisions.exists(within)
        assert all(divisions.exists(code) and code.startswith(within) for code in codes.split("|"))
