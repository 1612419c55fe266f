"""Finding an enterprise by name, code, representative and sound, with a slip of the finger, in one's jurisdiction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.access.scope import Scope
from dashboard.errors import NotFound
from dashboard.queries.population import Population
from dashboard.queries.search import asked_for, enterprises_like
from etl.engine import open_engine
from etl.publish.search import write_search

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.queries.search import Found

REGISTER = (
    # code, name, region, representative, index (None: not in operation), grade
    ("91330106MA27XK1A2B", "杭州禾青华信达投资管理有限公司", "330106109", "试小明", 86.4, "red"),
    ("91330106MA27XK9C3D", "禾青星河财富管理有限公司", "330106", "测大同", 44.0, "yellow"),
    ("91330105MA28AA1E4F", "禾青星河商贸有限公司", "330105", "试小明", 66.2, "orange"),
    ("91320102MA1WBB2G5H", "禾青重行科技（示例）股份有限公司", "320102", "演一", None, ""),
    ("91330106MA27CC3J6K", "Hetao 88 养老服务有限责任公司", "330106", "", 12.5, "blue"),
)
NATION, COUNTY = Scope("0"), Scope("330106")


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Population:
    """Return a generation that is nothing but its search index."""
    folder = tmp_path_factory.mktemp("generations")
    con = open_engine(None, threads=1, memory_gb=0.5)
    con.raw_sql(
        "create table dim_enterprise (uscc text, name text, region_code text, legal_representative text);"
        "create table dim_score (uscc text, grade text, smoke_index decimal(5, 2))"
    )
    for uscc, name, region, person, index, grade in REGISTER:
        con.con.execute("insert into dim_enterprise values (?, ?, ?, ?)", [uscc, name, region, person or None])
        if index is not None:
            con.con.execute("insert into dim_score values (?, ?, ?)", [uscc, grade, index])
    assert write_search(con, folder / "1") == len(REGISTER)
    return Population(folder, 1)


def asked(population: Population, text: str, scope: Scope = NATION) -> list[Found]:
    return enterprises_like(population, scope, text, 10)


@pytest.mark.parametrize(
    ("text", "why", "codes"),
    [
        ("华信", "name", ["91330106MA27XK1A2B"]),  # two characters
        ("禾青 星河", "name", ["91330105MA28AA1E4F", "91330106MA27XK9C3D"]),  # the higher index first
        ("投资 有限公司", "name", ["91330106MA27XK1A2B"]),  # the legal form tells nothing
        ("重行科技", "name", ["91320102MA1WBB2G5H"]),  # not in operation
        ("ＨＥＴＡＯ", "name", ["91330106MA27CC3J6K"]),  # full width
        ("hqhxd", "pinyin", ["91330106MA27XK1A2B"]),
        ("heqingxinghes", "pinyin", ["91330105MA28AA1E4F", "91330106MA27XK9C3D"]),
        ("chonghang", "pinyin", ["91320102MA1WBB2G5H"]),
        ("91330106ma27xk1a2b", "code", ["91330106MA27XK1A2B"]),
        ("91330106MA27XK", "code", ["91330106MA27XK1A2B", "91330106MA27XK9C3D"]),
        ("91330106MA27XK1A2", "code", ["91330106MA27XK1A2B"]),
        ("9132010", "code", ["91320102MA1WBB2G5H"]),
        ("测大同", "representative", ["91330106MA27XK9C3D"]),
        ("试小明", "representative", ["91330106MA27XK1A2B", "91330105MA28AA1E4F"]),
        ("cdt", "representative", ["91330106MA27XK9C3D"]),
        ("华新达", "nearly", ["91330106MA27XK1A2B"]),  # wrong
        ("禾青信达投资", "nearly", ["91330106MA27XK1A2B"]),  # missing
        ("禾青达信投资管理", "nearly", []),  # two slips are too many
        ("禾青华达信投资", "nearly", ["91330106MA27XK1A2B"]),  # changed places
        ("91330106MA27KX1A2B", "code", ["91330106MA27XK1A2B"]),  # changed places
        ("91330106MA27XK1A28", "code", ["91330106MA27XK1A2B"]),  # wrong
        ("9133106MA27XK1A2B", "code", ["91330106MA27XK1A2B"]),  # missing
    ],
)
def test_what_is_typed_finds_what_is_meant(population: Population, text: str, why: str, codes: list[str]) -> None:
    found = asked(population, text)
    assert [one.uscc for one in found] == codes
    assert {one.why for one in found} <= {why}


def test_the_part_that_matched_is_marked_in_the_whole_name(population: Population) -> None:
    def marked(text: str) -> list[str]:
        (one,) = asked(population, text)
        return [one.name[start:end] for start, end in one.hits]

    assert marked("投资 华信达") == ["华信达", "投资"]
    assert marked("科技示例") == ["科技（示例"]
    assert marked("hxd") == ["华信达"]


def test_a_county_never_finds_its_neighbours(population: Population) -> None:
    for text in ("星河", "试小明", "hqxh", "heqingxinghe", "91330105MA28AA1E4F", "91330105", "禾青星可商贸"):
        assert {one.region_code[:6] for one in asked(population, text, COUNTY)} <= {"330106"}
        assert "91330105MA28AA1E4F" in {one.uscc for one in asked(population, text)}


def test_an_enterprise_out_of_operation_has_no_index(population: Population) -> None:
    (closed,) = asked(population, "重行")
    assert (closed.smoke_index, closed.grade) == (None, "")
    (open_one,) = asked(population, "华信达")
    assert (open_one.smoke_index, open_one.grade, open_one.representative) == (86.4, "red", "试小明")


@pytest.mark.parametrize(
    "text", ["", " ", "禾", "a", "有限公司", "公司 有限公司", "***", "'\"", "😀😀", "（）", None, 7]
)
def test_too_little_to_go_by_asks_for_nothing(text: object) -> None:
    assert asked_for(text) is None


@pytest.mark.parametrize(
    "text", ["' OR 1=1 --", "name:* AND (", "禾青*", "\\禾青\\", "%_禾青", "\x00禾青", "^.*$ab", "😀禾青", "AA" * 5000]
)
def test_odd_text_is_only_text(population: Population, text: str) -> None:
    found = asked(population, text)
    assert {one.uscc for one in found} <= {row[0] for row in REGISTER if "禾青" in text and "禾青" in row[1]}


def test_at_most_as_many_as_wanted(population: Population) -> None:
    assert len(enterprises_like(population, NATION, "禾青", 2)) == 2


def test_a_generation_without_an_index_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        enterprises_like(Population(tmp_path, 9), NATION, "禾青", 5)
