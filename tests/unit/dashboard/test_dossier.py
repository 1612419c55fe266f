"""Dossiers as files: whole, numbered, and in a font that knows Chinese."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from dashboard.exports.dossier import Dossier, Part, document, workbook_of

LONG = "很长的一段话，" * 900
ROWS = [(1.5, "投诉", date(2026, 11, day % 28 + 1), f"第{day}条") for day in range(300)]


def dossier(rows: list[tuple[float, str, date, str]], weeks: int = 3) -> Dossier:
    part = Part("证据", ("分值", "因子", "获知日", "内容"), rows, (1, 2, 2, 5), "没有证据")
    return Dossier(
        title="企业卷宗",
        name="禾青试验 <有限> & 公司",
        sentence="一句话。",
        cover=[("批次", "7")],
        parts=[part],
        history_title="每周指数",
        history=[(date(2026, 11, 2 + 7 * at), 20.0 + at) for at in range(weeks)],
        floors={"red": ("红色", 80.0)},
        pages="第 7 批 · {page}/{pages}",
    )


@pytest.mark.parametrize("weeks", [0, 1, 3])
def test_a_document_is_made_whatever_the_history(weeks: int) -> None:
    made = document(dossier(ROWS[:1], weeks))
    assert made.startswith(b"%PDF")
    assert b"STSong-Light" in made


def test_long_tables_go_on_over_pages_and_a_row_taller_than_a_page_is_split() -> None:
    short, long = document(dossier(ROWS[:1])), document(dossier([*ROWS, (1.0, "投诉", date(2026, 11, 1), LONG)]))
    assert short.count(b"/Type /Page\n") == 1
    assert long.count(b"/Type /Page\n") > 6


def test_a_document_without_rows_says_so() -> None:
    assert document(dossier([])).startswith(b"%PDF")


def test_the_workbook_holds_cover_sentence_rows_and_weeks() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(dossier(ROWS))))
    assert book.sheetnames[1:] == ["证据", "每周指数"]
    cover = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert "一句话。" in cover
    assert book["证据"].max_row == 1 + len(ROWS)
    assert book["证据"]["A2"].value == 1.5


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|' /C calc'!A0",
        '<img src="file:///etc/passwd"/> & <b>',
        "a/b\\c:[d]*?'",
        "证据",
        "'",
        "\x07\x00",
        "长" * 40_000,
    ],
)
def test_a_hostile_name_is_text_in_both_forms(name: str) -> None:
    hostile = replace(dossier([(1.0, name, date(2026, 11, 1), name)]), name=name, sentence=name, cover=[(name, name)])
    assert document(hostile).startswith(b"%PDF")
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(hostile)))
    assert len(book.sheetnames) == 3
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
