"""Records of delimited text: line numbers are the editor's, and no quotation mark swallows its neighbours."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.sources import delimited
from etl.sources.delimited import Records, ends_inside


def _records(text: str, width: int | None = None, delimiter: str = ",") -> list[tuple[int, list[str], str | None]]:
    stream = StringIO(text, newline=None)
    return [
        (row["line"], row["cells"] or row["text"].split(delimiter), row["fault"])
        for batch in Records(stream, delimiter, width).batches()
        for row in batch.to_pylist()
    ]


def test_lines_are_counted_behind_quoted_line_breaks_and_blank_lines() -> None:
    text = 'a,b\r\n1,"x\r\ny\r\nz"\r\n\r\n2,"p ""q"" r"\r\n3,t'
    assert _records(text, 2) == [
        (1, ["a", "b"], None),
        (2, ["1", "x\ny\nz"], None),
        (6, ["2", 'p "q" r'], None),
        (7, ["3", "t"], None),
    ]


def test_a_quote_that_never_closes_costs_its_own_line_only() -> None:
    text = 'a,b\n1,"x\n2,y\n3,z\n'
    assert _records(text, 2) == [
        (1, ["a", "b"], None),
        (2, ["1", '"x'], "broken_quotes"),
        (3, ["2", "y"], None),
        (4, ["3", "z"], None),
    ]


def test_two_stray_quotes_do_not_swallow_the_rows_between_them() -> None:
    text = 'a,b\n1,"x\n2,y\n3,"z\n4,w\n'
    assert [(line, fault) for line, _, fault in _records(text, 2)] == [
        (1, None), (2, "broken_quotes"), (3, None), (4, "broken_quotes"), (5, None),
    ]  # fmt: skip


def test_a_quote_inside_a_word_is_a_letter() -> None:
    assert _records('a,b\n5" pipe,c\n') == [(1, ["a", "b"], None), (2, ['5" pipe', "c"], None)]


def test_records_are_the_same_whatever_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f'{n},"multi\nline {n}",plain\nx{n},y,z\n' for n in range(40))
    whole = _records(text, 3)
    monkeypatch.setattr(delimited, "CHARACTERS", 37)
    assert _records(text, 3) == whole
    assert len(whole) == 80


def test_a_line_without_end_is_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "CHARACTERS", 10)
    with pytest.raises(ValueError, match="line 2 has more than 10 characters"):
        _records("a,b\n" + "x" * 50)


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=12))
def test_what_a_proper_writer_writes_is_read_back(table: list[list[str]]) -> None:
    stream = StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(table)
    assert [cells for _, cells, fault in _records(stream.getvalue(), 3) if fault is None] == table


@given(st.text(st.sampled_from(list('a,"\n')), max_size=40))
def test_every_line_that_is_not_blank_belongs_to_a_record_or_lies_inside_one(text: str) -> None:
    records = _records(text, 2)
    lines = text.split("\n")
    starts = [line for line, _, _ in records]
    assert starts == sorted(set(starts))
    inside = {line + extra for line, cells, _ in records for extra in range(1, "".join(cells).count("\n") + 1)}
    assert {number for number, line in enumerate(lines, start=1) if line} <= set(starts) | inside


@given(st.lists(st.text(st.sampled_from(list('ab,"')), max_size=12), min_size=1, max_size=1))
def test_a_line_ends_inside_quotes_exactly_where_the_standard_reader_says(lines: list[str]) -> None:
    try:
        list(csv.reader([lines[0]], strict=True))
        open_ended = False
    except csv.Error as error:
        if "unexpected end of data" not in str(error):
            return
        open_ended = True
    assert ends_inside(lines[0], ",", inside=False) is open_ended
