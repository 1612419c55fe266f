"""Where staged rows belong, and which enterprise a signal means that gives only a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etl.staging import Unreconciled, stage
from tests.landed import AS_OF, code, land, rows, source

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = source("enterprises", "e.csv") + source("signals", "s.csv", name="signals")
NONE = "s.csv", "signal_id,uscc,name,region_code,province,city,kind,reported_on\n"


def test_code_then_words_then_point_then_registering_office(tmp_path: Path) -> None:
    lines = [
        f"{code(1)},a,330106,,,,,",
        f"{code(2)},b,330100,,,西湖区某路1号,,",
        f"{code(3)},c,440399,,,,113.93,22.53",
        f"{code(4)},d,,广东省,深圳市,,113.93,22.53",
        f"{code(5)},e,,浙江省,,,,",
        f"{code(6)},f,,江苏省,,,,",
        f"{code(7)},g,,,,,,",
        f"{code(8)},h,330106004,,,,,",
        f"{code(9)},i,330106004001,,,,,",
    ]
    header = "uscc,name,region_code,province,city,address,lon,lat\n"
    con = land(tmp_path, SOURCES, {"e.csv": header + "\n".join(lines), NONE[0]: NONE[1]})
    assert rows(con, "stg_enterprises", "name", "region_code", "region_basis") == [
        ("a", "330106", "code"),
        ("b", "330106", "county-in-address"),
        ("c", "440305", "point"),
        ("d", "440305", "point"),
        ("e", "330106", "registering-office"),
        ("f", "32", "province-column"),
        ("g", "330106", "registering-office"),
        ("h", "330106004", "code"),
        ("i", "330106004", "code"),
    ]
    confidences = rows(con, "stg_enterprises", "region_confidence")
    assert confidences[0] == 1.0
    assert all(0 < confidence <= 1 for confidence in confidences)


def test_an_enterprise_that_nothing_locates_stays_without_a_region(tmp_path: Path) -> None:
    # 999999 is no division, so that not even the registering office helps.
    body = "91999999MA0000001"
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    last = alphabet[-sum(alphabet.index(c) * 3**place for place, c in enumerate(body)) % 31]
    con = land(tmp_path, SOURCES, {"e.csv": f"uscc,name\n{body}{last},甲\n", NONE[0]: NONE[1]})
    assert rows(con, "stg_enterprises", "region_code", "region_confidence", "region_basis") == [("", 0.0, "")]


def test_a_name_means_the_one_enterprise_that_bears_it_in_the_region(tmp_path: Path) -> None:
    register = "uscc,name,region_code\n" + "\n".join(
        [
            f"{code(1)},杭州（示例）贸易有限公司,330106",
            f"{code(2)},双名公司,330106",
            f"{code(3)},双名公司,440305",
            f"{code(4)},同名公司,330105",
            f"{code(5)},同名公司,330106",
        ]
    )
    lines = [
        "1,,杭州(示例) 贸易有限公司,,,,complaint,2026-01-05",
        "2,,双名公司,,,,complaint,2026-01-05",
        "3,,双名公司,,广东省,,complaint,2026-01-05",
        "4,,同名公司,3301,,,complaint,2026-01-05",
        "5,,同名公司,330106004,,,complaint,2026-01-05",
        "6,,无此公司,330106,,,complaint,2026-01-05",
        f"7,{code(99)},未登记公司,,,,complaint,2026-01-05",
        f"8,{code(3)},,,,,complaint,2026-01-05",
    ]
    con = land(tmp_path, SOURCES, {"e.csv": register, NONE[0]: NONE[1] + "\n".join(lines)})
    assert rows(con, "stg_signals", "signal_id", "uscc", "region_code") == [
        ("1", code(1), "330106"),
        ("2", None, ""),
        ("3", code(3), "44"),
        ("4", None, "3301"),
        ("5", code(5), "330106004"),
        ("6", None, "330106"),
        ("7", code(99), ""),
        ("8", code(3), "440305"),
    ]


def test_a_lost_row_stops_the_run(tmp_path: Path) -> None:
    con = land(tmp_path, SOURCES, {"e.csv": f"uscc,name\n{code(1)},甲\n", NONE[0]: NONE[1]})
    con.con.execute("DELETE FROM raw_enterprises")
    with pytest.raises(Unreconciled, match=r"e\.csv: 1 in, 0 staged"):
        stage(con, AS_OF)
