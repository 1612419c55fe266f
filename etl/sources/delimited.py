"""Delimited text to records: bounded memory, true line numbers, and no row that swallows its neighbours."""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING

import pyarrow as pa

from etl.sources.text import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCHEMA = pa.schema(
    [("line", pa.int64()), ("text", pa.string()), ("cells", pa.list_(pa.string())), ("fault", pa.string())]
)
"""One record a row: the 1-based line where it starts, and either its whole text (no quotes in it: the engine splits it
at the delimiter, which is far quicker than Python) or its cells; `fault` is a reason's code or null."""

CHARACTERS = 1 << 22
"""How much text is held at once, and how long one line may be."""

SPAN = 200
"""How many lines a quoted field may run over. A quotation mark that is not closed by then is a slip of the sender, and
only its own line is given up."""


class Records:
    """The records of one stream, as Arrow batches of `SCHEMA`.

    `width` is the number of cells that a record spanning several lines must have to be believed; None believes all.
    Blank lines are no records. Raises ValueError when a line is longer than `CHARACTERS`: that is no table of text.
    """

    def __init__(self, stream: IO[str], delimiter: str, width: int | None) -> None:
        """Take a stream that stands at its beginning, opened with universal newlines."""
        self._stream = stream
        self._delimiter = delimiter
        self._width = width
        self._line = 1
        self._found: list[tuple[int, str | None, list[str] | None, str | None]] = []

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the records in order, one batch for each block of text that completes any."""
        tail = ""
        pending: list[str] = []
        final = False
        while not final:
            block = self._stream.read(CHARACTERS).replace("\0", UNREADABLE)
            final = not block
            quoted = bool(pending) or '"' in block or '"' in tail
            lines = (tail + block).split("\n")
            tail = "" if final else lines.pop()
            if len(tail) > CHARACTERS:
                raise ValueError(f"line {self._line} has more than {CHARACTERS:,} characters")
            if not quoted:
                yield self._plain(lines)
                continue
            pending += lines
            del pending[: self._careful(pending, final=final)]
            yield self._batch()

    def _plain(self, lines: list[str]) -> pa.RecordBatch:
        """Text without a quotation mark: a line is a record."""
        first, self._line = self._line, self._line + len(lines)
        numbered = [(number, line) for number, line in enumerate(lines, start=first) if line]
        nothing = pa.nulls(len(numbered))
        return pa.record_batch(
            [
                pa.array([number for number, _ in numbered], SCHEMA.types[0]),
                pa.array([line for _, line in numbered], SCHEMA.types[1]),
                nothing.cast(SCHEMA.types[2]),
                nothing.cast(SCHEMA.types[3]),
            ],
            schema=SCHEMA,
        )

    def _careful(self, lines: Sequence[str], *, final: bool) -> int:
        """Turn lines into records, and return how many were used; the last ones may wait for their closing quote."""
        at = 0
        while at < len(lines):
            used = 1
            proper = self._proper(lines[at]) if '"' in lines[at] else None
            if proper is not None:
                self._found.append((self._line, None, proper, None))
            elif '"' in lines[at]:
                last = self._closing(lines, at)
                if last is None and not final and len(lines) - at < SPAN:
                    break
                cells = None if last is None else self._cells(lines[at : last + 1])
                if last is None or cells is None:
                    self._found.append((self._line, lines[at], None, "broken_quotes"))
                else:
                    used = last + 1 - at
                    self._found.append((self._line, None, cells, None))
            elif lines[at]:
                self._found.append((self._line, lines[at], None, None))
            at += used
            self._line += used
        return at

    def _proper(self, line: str) -> list[str] | None:
        """Split a line that is a whole record and keeps all rules, as nearly every quoted line does; else None."""
        try:
            return next(csv.reader((line,), delimiter=self._delimiter, strict=True))
        except csv.Error:
            return None

    def _closing(self, lines: Sequence[str], at: int) -> int | None:
        """Return the index of the line in which the record that starts at `at` ends."""
        inside = False
        for index in range(at, min(at + SPAN, len(lines))):
            inside = ends_inside(lines[index], self._delimiter, inside=inside)
            if not inside:
                return index
        return None

    def _cells(self, lines: Sequence[str]) -> list[str] | None:
        """Split one record; None when it cannot be split, or spans lines and does not have the right width."""
        try:
            # Over several lines the rules are taken strictly: a stray quotation mark must not find a partner below.
            cells = next(csv.reader(["\n".join(lines)], delimiter=self._delimiter, strict=len(lines) > 1))
        except csv.Error:
            return None
        fits = self._width is None or (len(cells) >= self._width and not any(cells[self._width :]))
        return cells if len(lines) == 1 or fits else None

    def _batch(self) -> pa.RecordBatch:
        columns: Sequence[Sequence[object]] = list(zip(*self._found, strict=True)) or [()] * len(SCHEMA)
        self._found = []
        return pa.record_batch([pa.array(c, t) for c, t in zip(columns, SCHEMA.types, strict=True)], schema=SCHEMA)


def ends_inside(line: str, delimiter: str, *, inside: bool) -> bool:
    """Tell whether a line ends inside a quoted field, given whether it started inside one; rules of RFC 4180."""
    at = 0
    while True:
        if not inside and line.startswith('"', at):
            inside, at = True, at + 1
        while inside:
            at = line.find('"', at)
            if at < 0:
                return True
            doubled = line.startswith('""', at)
            inside, at = doubled, at + 1 + doubled
        at = line.find(delimiter, at) + 1
        if not at:
            return False
