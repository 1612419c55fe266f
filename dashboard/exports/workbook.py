"""Workbooks: a cover that says what it is, then one sheet for each table, with units in the heads."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | None
WIDEST = 60  # characters
LONGEST = 32_767  # characters that a cell holds; of more none would be written
TAB_LONGEST = 31
NO_TAB = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True)
class Sheet:
    """One table: `name` of its tab, column heads (with units), and rows of as many cells."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(title: str, cover: Sequence[tuple[str, str]], sheets: Sequence[Sheet]) -> bytes:
    """Return an XLSX file; `cover` is what and whence, line by line: generation, data time, scope, who asked.

    Text is written as text, whatever it begins with: a cell that a stranger filled in must not become a formula.
    """
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"constant_memory": True})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    tabs: set[str] = set()
    first = book.add_worksheet(_tab(title, tabs))
    first.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    for line, (name, value) in enumerate(cover, 2):
        first.write_string(line, 0, name, bold)
        first.write_string(line, 1, value)
    first.set_column(0, 0, 18)
    first.set_column(1, 1, WIDEST)
    for sheet in sheets:
        _fill(book.add_worksheet(_tab(sheet.name, tabs)), sheet, bold, day)
    book.close()
    return held.getvalue()


def _fill(page: Worksheet, sheet: Sheet, bold: Format, day: Format) -> None:
    """Write a sheet row by row: each is on its way to the disk before the next one is looked at."""
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.heads) - 1)
    for column, head in enumerate(sheet.heads):
        longest = max((len(str(cells[column])) for cells in sheet.rows[:200] if cells[column] is not None), default=0)
        page.set_column(column, column, min(WIDEST, 2 + max(2 * len(head), longest)))
    for column, head in enumerate(sheet.heads):
        page.write_string(0, column, head, bold)
    for line, cells in enumerate(sheet.rows, 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                page.write_string(line, column, cell[:LONGEST])
            elif isinstance(cell, date):
                page.write_datetime(line, column, cell, day)
            elif cell is not None:
                page.write_number(line, column, cell)


def _tab(name: str, tabs: set[str]) -> str:
    """Return a tab's name as Excel allows it, and unlike those in `tabs`, to which it is added.

    Enterprises name themselves: a slash, or the name of another tab, must not cost the whole workbook.
    """
    plain = NO_TAB.sub(" ", name).strip(" '")[:TAB_LONGEST].strip(" '") or "1"
    names = (plain, *(f"{plain[: TAB_LONGEST - 3]} {n}" for n in range(2, 100)))
    plain = next(name for name in names if name.casefold() not in tabs)
    tabs.add(plain.casefold())
    return plain
