"""Files as bureaux send them: each row ends staged or in quarantine, and no file stops the run."""

from __future__ import annotations

import sqlite3
from io import BytesIO
from itertools import product
from typing import TYPE_CHECKING

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.landed import code, land, rows, source

if TYPE_CHECKING:
    from pathlib import Path

    from ibis.backends.duckdb import Backend

REGISTER = source("enterprises", "register*")
HEADER = "uscc,name,registered_capital,established_on,status\n"


def _files(con: Backend) -> list[tuple[str, str, int, int, int]]:
    return rows(con, "source_files", "file", "state", "rows_in", "rows_staged", "rows_quarantined", by="position")


def _kept_out(con: Backend) -> list[tuple[int, str, str, str]]:
    return rows(con, "quarantine", "line", "column", "value", "reason")


def test_each_wrong_row_is_in_quarantine_with_its_first_reason_and_its_line(tmp_path: Path) -> None:
    good = code(1)
    wrong = good[:-1] + ("A" if good[-1] != "A" else "B")
    lines = [
        f"{good},甲公司,100,2020-01-05,active",
        f",乙公司,1,2020-01-05,{''}",
        f"{wrong},丙公司,-1,2020-01-05,active",
        f"{code(3)},丁公司,-1,2020-01-05,active",
        f"{code(4)},戊公司,多少,2020-01-05,active",
        f"{code(5)},己公司,1,2023-02-29,active",
        f"{code(6)},庚公司,1,2026-03-02,active",
        f"{code(7)},辛公司,1,昨天,active",
        f"{code(8)},壬\ufffd司,1,2020-01-05,active",
        f"{code(9)},癸公司,1,2020-01-05,开业",
        f"{code(10)},子公司,1,2020-01-05",
        f"{code(11)},丑公司,1,2020-01-05,active,x",
        f"{good},甲公司二,200,2020-01-05,active",
        "310101000000001,寅公司,1,2020-01-05,active",
        f"{code(15)},卯公司,1,1700-01-01,active",
        f"{code(16)},辰\0公司,1,2020-01-05,active",
        f"{code(17)},{'长' * 201},1,2020-01-05,active",
        f"{code(18)},巳公司,9e15,2020-01-05,active",
        f'{code(19)},"午公司,1,2020-01-05,active',
        f"{code(20)},未公司,1,2020-01-05,active,,",
    ]
    con = land(tmp_path, REGISTER, {"register.csv": HEADER + "\n".join(lines)})
    assert _kept_out(con) == [
        (3, "uscc", "", "missing"),
        (4, "uscc", wrong, "bad_check_character"),
        (5, "registered_capital", "-1", "negative"),
        (6, "registered_capital", "多少", "bad_number"),
        (7, "established_on", "2023-02-29", "impossible_date"),
        (8, "established_on", "2026-03-02", "date_in_future"),
        (9, "established_on", "昨天", "bad_date"),
        (10, "name", "壬\ufffd司", "unreadable_text"),
        (11, "status", "开业", "unknown_word"),
        (12, "", lines[10], "field_count"),
        (13, "", lines[11], "field_count"),
        (14, "uscc", good, "duplicate"),
        (15, "uscc", "310101000000001", "bad_code"),
        (16, "established_on", "1700-01-01", "out_of_range"),
        (17, "name", "辰\ufffd公司", "unreadable_text"),
        (18, "name", "长" * 200, "too_long"),
        (19, "registered_capital", "9e15", "out_of_range"),
        (20, "", lines[18], "broken_quotes"),
    ]
    assert rows(con, "stg_enterprises", "line", "name") == [(2, "甲公司"), (21, "未公司")]
    assert _files(con) == [("register.csv", "read", 20, 2, 18)]


def _signals(*lines: str) -> str:
    return "signal_id,uscc,name,kind,occurred_on,reported_on,severity\n" + "\n".join(lines)


def test_a_signals_own_rules_are_held(tmp_path: Path) -> None:
    lines = [
        "1,,,complaint,,2026-01-05,",
        "2,,甲,complaint,2026-01-06,2026-01-05,",
        "3,,甲,complaint,2026-01-05,,",
        "4,,甲,complaint,2026-01-05,2026-01-05,1.01",
        "5,,甲,complaint,2026-01-05,2026-01-05,",
        ",,甲,complaint,2026-01-05,2026-01-05,",
        ",,甲,complaint,2026-01-05,2026-01-05,",
    ]
    con = land(tmp_path, source("signals", "s.csv"), {"s.csv": _signals(*lines)})
    assert [(line, column, reason) for line, column, _, reason in _kept_out(con)] == [
        (2, "name", "missing"),
        (3, "reported_on", "date_order"),
        (4, "reported_on", "missing"),
        (5, "severity", "out_of_range"),
        (8, "signal_id", "duplicate"),
    ]
    assert rows(con, "stg_signals", "line", "severity", "sub_index", "origin") == [
        (6, 0.5, "complaints", "other"),
        (7, 0.5, "complaints", "other"),
    ]


MAPPED = """
delimiter = "auto"
empty = ["未填"]
[source.columns]
uscc = "统一社会信用代码"
name = "企业名称"
registered_capital = "注册资金"
established_on = "成立日期"
licences = "许可"
status = "状态"
legal_representative = "法人"
[source.units]
registered_capital = "万元"
[source.dates]
established_on = "%d.%m.%Y"
[source.values.licences]
"小贷" = "microcredit"
"典当" = "pawn"
[source.values.status]
"吊销" = "revoked"
"*" = "active"
[source.constants]
sector = "microcredit"
[source.defaults]
legal_representative = "不明"
"""
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
DELIMITERS = (",", ";", "\t", "|")
TABLE = [
    ["企业名录", "", "", "", "", "", ""],
    ["统一社会信用代码", "企业名称", "注册 资金", "成立日期", "许可", "状态", "法人"],
    [code(1), "甲公司", "1,000", "5.1.2020", "小贷、典当", "吊销", "未填"],
    [code(2).lower(), " 乙公司\u3000", "30(万美元)", "2020年1月5日", "", "存续", "某"],
]


def test_a_bureaus_own_habits_are_mapped_in_every_encoding_with_every_delimiter(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {}
    for number, (encoding, delimiter) in enumerate(product(ENCODINGS, DELIMITERS)):
        table = [*TABLE[:2], [code(2 * number), *TABLE[2][1:]], [code(2 * number + 1).lower(), *TABLE[3][1:]]]
        text = "".join(delimiter.join(f'"{cell}"' for cell in line) + "\r\n" for line in table)
        files[f"register-{number:02}.csv"] = text.encode(encoding)
    con = land(tmp_path, REGISTER + MAPPED, files)
    assert _kept_out(con) == []
    columns = ("line", "name", "registered_capital", "licences", "status", "sector", "legal_representative")
    assert rows(con, "stg_enterprises", *columns) == [
        *[(3, "甲公司", 1e7, "microcredit;pawn", "revoked", "microcredit", "不明")] * len(files),
        *[(4, "乙公司", None, "", "active", "microcredit", "某")] * len(files),
    ]
    assert set(rows(con, "stg_enterprises", "uscc")) == {code(number) for number in range(2 * len(files))}
    assert {day.isoformat() for day in rows(con, "stg_enterprises", "established_on")} == {"2020-01-05"}
    note = "1 amounts in a foreign currency without a stated rate were left empty"
    assert rows(con, "source_files", "problem", by="position") == [note] * len(files)


def test_a_stated_rate_turns_foreign_money_into_ours(tmp_path: Path) -> None:
    text = "\n".join(",".join(f'"{cell}"' for cell in line) for line in TABLE)
    con = land(tmp_path, REGISTER + MAPPED + '[source.currencies]\n"美元" = 7.1\n', {"register.csv": text})
    assert rows(con, "stg_enterprises", "registered_capital") == pytest.approx([1e7, 2.13e6])
    assert rows(con, "source_files", "problem", by="position") == [""]


def test_a_workbook_is_read_by_its_sheets_own_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("表二")
    for line in TABLE[:3]:
        sheet.append(line)
    sheet.append([])
    sheet.append([code(2), "乙公司", 50, 43835])
    content = BytesIO()
    book.save(content)
    con = land(tmp_path, REGISTER + 'sheet = "表二"' + MAPPED, {"register.xlsx": content.getvalue()})
    found = rows(con, "stg_enterprises", "line", "name", "registered_capital", "established_on")
    assert [(*row[:3], row[3].isoformat()) for row in found] == [
        (3, "甲公司", 1e7, "2020-01-05"),
        (5, "乙公司", 5e5, "2020-01-05"),
    ]


def test_parquet_keeps_types_lists_and_record_numbers(tmp_path: Path) -> None:
    table = pa.table(
        {
            "uscc": [code(1), code(2), None],
            "name": ["甲公司", "乙公司", "丙公司"],
            "registered_capital": [1.5e6, -2.0, None],
            "established_on": pa.array([18266, None, None], pa.date32()),
            "licences": [["pawn", "factoring"], None, []],
        }
    )
    content = BytesIO()
    pq.write_table(table, content)
    con = land(tmp_path, REGISTER, {"register's.parquet": content.getvalue()})
    found = rows(con, "stg_enterprises", "line", "registered_capital", "licences")
    assert found == [(1, 1.5e6, "factoring;pawn")]
    assert [(line, column, reason) for line, column, _, reason in _kept_out(con)] == [
        (2, "registered_capital", "negative"),
        (3, "uscc", "missing"),
    ]


def test_a_database_is_read_and_its_url_is_never_repeated(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "court.db") as connection:
        connection.execute("CREATE TABLE judgments (no TEXT, uscc TEXT, day TEXT, sum REAL)")
        connection.execute("INSERT INTO judgments VALUES ('J1', ?, '2026-01-05', 12.5)", [code(1)])
    connection.close()
    entry = """
[[source]]
name = "{name}"
contract = "signals"
url = "{url}"
query = "select no as signal_id, uscc, day as reported_on, sum as amount, 'judgment' as kind from judgments"
units = {{ amount = "万元" }}
"""
    court = entry.format(name="court", url="sqlite:///court.db")
    lost = entry.format(name="lost", url="postgresql+psycopg://clerk:secret@127.0.0.1:1/none")
    con = land(tmp_path, court + lost, {})
    assert rows(con, "stg_signals", "line", "signal_id", "amount") == [(1, "J1", 125000.0)]
    assert _files(con) == [("query:court", "read", 1, 1, 0), ("query:lost", "unreadable", 0, 0, 0)]
    problem = rows(con, "source_files", "problem", by="position")[1]
    assert problem.startswith("the database cannot be read")
    assert "secret" not in problem


def test_no_file_whatever_it_is_stops_the_run(tmp_path: Path) -> None:
    content = BytesIO()
    pq.write_table(pa.table({"uscc": [code(1)], "name": ["甲"]}), content)
    (tmp_path / "register-a.csv").mkdir()
    files: dict[str, bytes | str] = {
        "register-b.csv": b"",
        "register-c.csv": HEADER,
        "register-d.parquet": content.getvalue()[:-20],
        "register-e.xlsx": b"PK\x03\x04 not really a workbook",
        "register-f.parquet": "uscc,name\n",
        "register-g.docx": b"words",
        "register-h.csv": "\n\n\n",
        "register-i.csv": f"{HEADER}{code(2)},乙,1,2020-01-05,active\n",
        "register-j.csv": f"uscc,name\n{code(3)},丙\n",
        "register-k.csv": f"甲,乙\n{code(3)},丙\n",
    }
    mapped = '[source.columns]\nname = "name"\nstatus = "status"\n'
    con = land(tmp_path, source("enterprises", "register*", mapped) + source("signals", "none/*.csv", name="x"), files)
    assert _files(con) == [
        ("register-a.csv", "unreadable", 0, 0, 0),
        ("register-b.csv", "empty", 0, 0, 0),
        ("register-c.csv", "empty", 0, 0, 0),
        ("register-d.parquet", "unreadable", 0, 0, 0),
        ("register-e.xlsx", "unreadable", 0, 0, 0),
        ("register-f.parquet", "unreadable", 0, 0, 0),
        ("register-g.docx", "unreadable", 0, 0, 0),
        ("register-h.csv", "empty", 0, 0, 0),
        ("register-i.csv", "read", 1, 1, 0),
        ("register-j.csv", "read", 1, 1, 0),
        ("register-k.csv", "read", 1, 0, 1),
        ("none/*.csv", "missing", 0, 0, 0),
    ]
    told = dict(rows(con, "source_files", "file", "problem", by="position"))
    assert all(told[file] for file, state, *_ in _files(con) if state != "read")
    assert told["register-j.csv"] == "the file has no column 'status'"
    assert rows(con, "source_files", "bytes", "sha256", by="position")[1] == (
        0,
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    )


def test_the_first_source_the_last_file_and_the_first_line_win(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {
        "a/2.csv": f"uscc,name\n{code(1)},a-2-first\n{code(1)},a-2-second\n",
        "a/1.csv": f"uscc,name\n{code(1)},a-1\n{code(2)},only\n",
        "b/9.csv": f"uscc,name\n{code(1)},b-9\n",
    }
    sources = source("enterprises", "a/*.csv", name="a") + source("enterprises", "b/*.csv", name="b")
    con = land(tmp_path, sources, files)
    assert sorted(rows(con, "stg_enterprises", "name")) == ["a-2-first", "only"]
    assert rows(con, "source_files", "rows_in", "rows_staged", "rows_quarantined", by="position") == [
        (2, 1, 1),
        (2, 1, 1),
        (1, 0, 1),
    ]


CONTENT = st.binary(max_size=300) | st.text(st.sampled_from(list('甲,;|"\n\r\t\0a1')), max_size=80).map(str.encode)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.generate])
@given(st.lists(CONTENT, min_size=12, max_size=12))
def test_any_bytes_at_all_reconcile(tmp_path: Path, contents: list[bytes]) -> None:
    # Many files at once: reading them is quick, starting the engine is not.
    files: dict[str, bytes | str] = {
        f"register-{number:02}.csv": HEADER.encode() + content for number, content in enumerate(contents)
    }
    con = land(tmp_path, REGISTER, files)
    landed = _files(con)
    assert {state for _, state, *_ in landed} <= {"read", "empty"}
    assert all(rows_in == staged + kept_out for _, _, rows_in, staged, kept_out in landed)
    assert len(rows(con, "quarantine", "line")) == sum(file[4] for file in landed)
    assert all(line > 1 for line in rows(con, "quarantine", "line"))


def test_a_case_is_staged_each_time_it_is_told_of_and_only_if_it_can_be(tmp_path: Path) -> None:
    header = "case_id,uscc,risk_type,opened_on,closed_on,outcome,reported_on\n"
    lines = [
        f"A1,{code(1)},pyramid,2026-01-05,,,2026-01-06",
        f"A1,{code(1)},pyramid,2026-01-05,2026-02-01,confirmed,2026-02-03",
        f"A1,{code(1)},lending,2026-01-05,2026-02-01,unfounded,2026-02-03",
        f"A2,{code(2)},,2026-01-05,2026-02-01,,2026-02-03",
        f"A3,{code(3)},,2026-01-05,,confirmed,2026-02-03",
        f"A4,{code(4)},,2026-01-05,2026-01-04,confirmed,2026-02-03",
        f"A5,{code(5)},,2026-01-05,2026-02-01,confirmed,2026-01-31",
        f"A6,{code(6)},,2026-01-05,2026-02-01,confirmed,2026-03-02",
        f"A7,{code(7)},,2026-01-05,2026-02-01,acquitted,2026-02-03",
    ]
    con = land(tmp_path, source("outcomes", "cases.csv"), {"cases.csv": header + "\n".join(lines)})
    assert rows(con, "stg_outcomes", "case_id", "outcome") == [("A1", None), ("A1", "confirmed")]
    assert [(line, column, reason) for line, column, _, reason in _kept_out(con)] == [
        (4, "case_id", "duplicate"),
        (5, "outcome", "missing"),
        (6, "closed_on", "missing"),
        (7, "closed_on", "out_of_range"),
        (8, "reported_on", "date_order"),
        (9, "reported_on", "date_in_future"),
        (10, "outcome", "unknown_word"),
    ]


def test_a_rate_is_staged_each_time_it_is_announced_and_never_as_a_share(tmp_path: Path) -> None:
    lines = [
        "rate,effective_on,pct,reported_on",
        "deposit_1y,2025-05-20,0.95,2025-05-20",
        "deposit_1y,2025-05-20,1.0,2025-06-02",
        "deposit_1y,2025-05-20,1.1,2025-06-02",
        "treasury_10y,2026-01-05,1.86,",
        "treasury_10y,2026-01-05,1.87,",
        "lending_cap,2026-01-05,13.8%,",
        "lending_cap,2026-04-01,13.8,2026-02-01",
        "repo_7d,2026-01-05,1.4,",
    ]
    con = land(tmp_path, source("rates", "rates.csv"), {"rates.csv": "\n".join(lines)})
    assert rows(con, "stg_rates", "rate", "pct") == [("deposit_1y", 0.95), ("deposit_1y", 1.0), ("treasury_10y", 1.86)]
    assert [(line, column, reason) for line, column, _, reason in _kept_out(con)] == [
        (4, "rate", "duplicate"),
        (6, "rate", "duplicate"),
        (7, "pct", "out_of_range"),
        (8, "effective_on", "date_in_future"),
        (9, "rate", "unknown_word"),
    ]
