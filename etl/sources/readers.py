"""One reader a format: each opens a file and hands out its records as a table of the engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

import ibis
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import sqlalchemy as sa

from etl.sources.delimited import SCHEMA, Records
from etl.sources.text import UNREADABLE, detect_encoding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from ibis.backends.duckdb import Backend

    from etl.sources.config import Source

Row: TypeAlias = "tuple[int, list[str]]"
"""A line number (1-based, as the clerk's editor counts) and the cells of the record that starts there."""

DELIMITERS = (",", ";", "\t", "|")
HEADER_WITHIN = 10
"""Bureaux put titles above their tables: the header is looked for among this many records."""
SAMPLE = 1 << 16
ROWS = 20_000
EXCERPT = 200


@dataclass
class Landing:
    """An opened file.

    `table` has `line`, `fault` (a reason's code or null) and `excerpt` (what of the row to show with the fault);
    `cell(i)` is the text of the column called `names[i]`; `rows` is complete once the table was read, and it can be
    read only once.
    """

    names: tuple[str, ...]
    table: Any
    cell: Callable[[int], Any]
    rows: int = 0


def plain_name(name: object) -> str:
    """Return a column's name without the blanks and line breaks that spreadsheets put in."""
    return "".join(str(name).replace("\ufeff", "").split())


def read_csv(con: Backend, path: Path, source: Source, wanted: frozenset[str]) -> Landing:
    """Open delimited text; its delimiter and header are those under which most of the wanted names appear."""
    encoding = detect_encoding(path) if source.encoding == "auto" else source.encoding
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    with path.open(encoding=encoding, errors="replace", newline=None) as stream:
        head = stream.read(SAMPLE)
    found = []
    for delimiter in DELIMITERS if source.delimiter == "auto" else (source.delimiter,):
        line, names = _header(_rows(Records(StringIO(head), delimiter, None), delimiter), wanted)
        found.append((len(wanted.intersection(names)), len(names), delimiter, line, names))
    _, _, delimiter, line, names = max(found, key=lambda one: one[:2])

    def batches() -> Iterator[pa.RecordBatch]:
        with path.open(encoding=encoding, errors="replace", newline=None) as stream:
            yield from Records(stream, delimiter, len(names)).batches()

    return _records(con, batches(), names, after=line, delimiter=delimiter)


def read_xlsx(con: Backend, path: Path, source: Source, wanted: frozenset[str]) -> Landing:
    """Open a sheet of a workbook; `line` is the sheet's own row number, and rows without any value are no rows."""

    def rows() -> Iterator[Row]:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book[source.sheet] if source.sheet else book.worksheets[0]
            # Some programs write a wrong size into the sheet; without it every row is read.
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                if any(value is not None for value in row):
                    yield number, [_text(value) for value in row]
        finally:
            book.close()

    line, names = _header(islice(rows(), HEADER_WITHIN), wanted)
    # Rows of a sheet end at their last value: a short one is not shifted.
    padded = ((number, cells + [""] * (len(names) - len(cells))) for number, cells in rows())
    return _records(con, _batches(padded), names, after=line)


def read_query(con: Backend, engine: sa.Engine, source: Source) -> Landing:
    """Run the source's query; `line` counts the records from 1. Raises SQLAlchemyError."""
    with engine.connect() as connection:
        names = tuple(connection.execute(sa.text(source.query)).keys())

    def rows() -> Iterator[Row]:
        with engine.connect().execution_options(yield_per=ROWS) as connection:
            for number, row in enumerate(connection.execute(sa.text(source.query)), start=1):
                yield number, [_text(value) for value in row]

    return _records(con, _batches(rows()), tuple(map(plain_name, names)), after=0)


def read_parquet(con: Backend, path: Path) -> Landing:
    """Open a Parquet file; `line` counts the records from 1. Raises ArrowInvalid or OSError when it is broken."""
    rows = pq.ParquetFile(path).metadata.num_rows
    quoted = str(path).replace("'", "''")
    con.con.execute(
        "CREATE OR REPLACE TEMP VIEW landing_parquet AS "
        f"FROM read_parquet('{quoted}', file_row_number = true, binary_as_string = true)"
    )
    table = con.table("landing_parquet")
    table = table.mutate(line=table.file_row_number + 1, fault=ibis.null("string"), excerpt=ibis.null("string"))
    columns = [name for name in table.columns if name not in {"file_row_number", "line", "fault", "excerpt"}]

    def cell(index: int) -> Any:  # noqa: ANN401 - Ibis ships no types
        value = table[columns[index]]
        return value.cast("array<string>").join(";") if value.type().is_array() else value.cast("string")

    return Landing(tuple(map(plain_name, columns)), table, cell, rows)


def _header(rows: Iterable[Row], wanted: frozenset[str]) -> tuple[int, tuple[str, ...]]:
    """Return line and names of the record that holds most of the wanted names; the first one if none holds any."""
    candidates = [(line, tuple(map(plain_name, cells))) for line, cells in islice(rows, HEADER_WITHIN)]
    if not candidates:
        return 0, ()
    line, names = max(candidates, key=lambda found: len(wanted.intersection(found[1])))
    while names and not names[-1]:
        names = names[:-1]
    return line, names


def _rows(records: Records, delimiter: str) -> Iterator[Row]:
    for batch in records.batches():
        for record in batch.to_pylist():
            yield record["line"], record["cells"] or record["text"].split(delimiter)


def _batches(rows: Iterable[Row]) -> Iterator[pa.RecordBatch]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, ROWS)):
        lines, cells = zip(*chunk, strict=True)
        nothing = pa.nulls(len(chunk), pa.string())
        columns = [pa.array(lines, pa.int64()), nothing, pa.array(cells, SCHEMA.field("cells").type), nothing]
        yield pa.record_batch(columns, schema=SCHEMA)


def _records(
    con: Backend, batches: Iterator[pa.RecordBatch], names: tuple[str, ...], *, after: int, delimiter: str = ","
) -> Landing:
    """Let the engine pull the records below the header, split them, and see which do not fit under it."""

    def below() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            kept = batch.filter(pc.greater(batch["line"], after))
            landing.rows += kept.num_rows
            yield kept

    con.con.register("landing_records", pa.RecordBatchReader.from_batches(SCHEMA, below()))
    raw = con.table("landing_records")
    split = raw.select("line", "text", "fault", cells=ibis.coalesce(raw.cells, raw.text.split(delimiter)))
    cells, width = split.cells, len(names)
    # Cells beyond the header that hold nothing are the trailing delimiters of an export, not a shift.
    misfit = (cells.length() < width) | (cells[width:].join("") != "")
    fault = ibis.coalesce(split.fault, ibis.ifelse(misfit, "field_count", ibis.null("string")))
    table = split.mutate(fault=fault, excerpt=ibis.coalesce(split.text, cells.join(delimiter)).left(EXCERPT))
    landing = Landing(names, table, lambda index: table.cells[index])
    return landing


def _text(value: object) -> str:
    """Write a cell's value as the contract's readers expect it; nothing becomes the empty text."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return str(value).replace("\0", UNREADABLE)
