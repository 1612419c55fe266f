"""Files that grow in slices of fixed size, so that their bytes do not depend on how the data came in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

if TYPE_CHECKING:
    from pathlib import Path

SLICE = 100_000
"""Rows in a Parquet row group, and in one workbook."""
_SLICES_PER_FILE = 10


class File(Protocol):
    """One open landing file."""

    def write(self, rows: pa.Table) -> None:
        """Append rows."""

    def close(self) -> None:
        """Finish the file."""


class Sink:
    """A source's folder: takes tables of one schema and writes numbered files of at most a million rows."""

    def __init__(self, folder: Path, stem: str, opener: type[ParquetFile | TextFile | Workbook], **how: str) -> None:
        """Take where to write, how files are called, and what kind they are; `how` goes to the file's constructor."""
        self._folder, self._stem, self._opener, self._how = folder, stem, opener, how
        self._pending: list[pa.Table] = []
        self._open: File | None = None
        self._slices = 0
        self.rows = 0
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, rows: pa.Table) -> None:
        """Append rows; a table without rows still makes sure that the file exists, with its header."""
        self._pending.append(rows)
        self.rows += rows.num_rows
        waiting = pa.concat_tables(self._pending)
        while waiting.num_rows >= SLICE:
            self._emit(waiting.slice(0, SLICE))
            waiting = waiting.slice(SLICE)
        self._pending = [waiting]

    def close(self) -> None:
        """Write what is left and finish the last file."""
        left = pa.concat_tables(self._pending)
        if left.num_rows or not self._slices:
            self._emit(left)
        if self._open:
            self._open.close()

    def _emit(self, rows: pa.Table) -> None:
        """Write one slice into the open file, or into the next."""
        per_file = self._opener.slices_per_file
        if self._slices % per_file == 0:
            if self._open:
                self._open.close()
            path = self._folder / f"{self._stem}-{self._slices // per_file:04d}.{self._opener.suffix}"
            self._open = self._opener(path, rows.schema, **self._how)
        if self._open:
            self._open.write(rows.combine_chunks())
        self._slices += 1


class ParquetFile:
    """Parquet, zstd."""

    suffix = "parquet"
    slices_per_file = _SLICES_PER_FILE

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        """Open the file."""
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")

    def write(self, rows: pa.Table) -> None:
        """Append one row group."""
        self._writer.write_table(rows, row_group_size=SLICE)

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()


class TextFile:
    """A delimited text file whose lines were put together before; the table has the one column `line`."""

    suffix = "csv"
    slices_per_file = _SLICES_PER_FILE

    def __init__(self, path: Path, _schema: pa.Schema, *, header: str, encoding: str) -> None:
        """Open the file and write its header line."""
        self._file = path.open("wb")
        self._encoding = encoding.removesuffix("-sig")
        self._file.write((header + "\r\n").encode(encoding))

    def write(self, rows: pa.Table) -> None:
        """Append lines."""
        lines = rows.column("line").to_pylist()
        self._file.write("".join([line + "\r\n" for line in lines]).encode(self._encoding))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Workbook:
    """A workbook of one sheet, all cells text, dated so that its bytes are always the same."""

    suffix = "xlsx"
    slices_per_file = 1

    def __init__(self, path: Path, schema: pa.Schema, *, sheet: str) -> None:
        """Open the workbook and write its header row."""
        self._book = xlsxwriter.Workbook(path, {"constant_memory": True})
        self._book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})
        self._sheet = self._book.add_worksheet(sheet)
        for column, name in enumerate(schema.names):
            self._sheet.write_string(0, column, name)

    def write(self, rows: pa.Table) -> None:
        """Write the rows below the header."""
        for line, row in enumerate(zip(*(column.to_pylist() for column in rows.columns), strict=True), start=1):
            for column, value in enumerate(row):
                self._sheet.write_string(line, column, value)

    def close(self) -> None:
        """Write the archive."""
        self._book.close()
