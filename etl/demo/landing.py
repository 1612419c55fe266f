"""Rows as the bureaux write them: their columns, their dates, their units, their slips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.demo import cases
from etl.demo.bureaux import Bureau, bureaux
from etl.demo.names import brands
from etl.demo.register import Identity, Register, iso_dates
from etl.demo.relations import SCHEMA
from etl.demo.signals import ORIGINS, SLOTS, Signals
from etl.demo.sinks import ParquetFile, Sink, TextFile, Workbook
from etl.demo.texts import KINDS, texts

if TYPE_CHECKING:
    from pathlib import Path

    from etl.demo.malformed import Spoiler
    from etl.demo.streams import Ints, Streams

_AMOUNTS = {
    "complaint": 3_000,
    "petition": 250_000,
    "police_report": 80_000,
    "payment_overdue": 120_000,
    "penalty": 20_000,
    "judgment": 150_000,
    "dishonest_debtor": 300_000,
}
"""Median sums in CNY of the kinds that tell one."""
_AMOUNT_SPREAD = 1.1
_AMOUNT_TOLD = 0.8
_WAYS_REGISTER = ("bad_check_character", "impossible_date", "unreadable_text", "negative", "bad_code")
_WAYS_PARQUET = ("bad_check_character", "impossible_date", "unreadable_text", "unknown_word")
_WAYS_TEXT = (*_WAYS_PARQUET, "field_count")
_WAYS_RELATIONS = ("impossible_date", "unknown_word")
_WAYS_CASES = ("bad_check_character", "impossible_date")


class Landing:
    """The landing folder, one sink per source."""

    def __init__(self, folder: Path, register: Register, spoiler: Spoiler) -> None:
        """Open every source's folder."""
        self._register, self._spoiler = register, spoiler
        self._sinks = {
            "national_register": Sink(folder / "national_register", "enterprises", ParquetFile),
            "relations_register": Sink(folder / "relations_register", "ties", ParquetFile),
            "relations_web": Sink(
                folder / "relations_web", "ties", TextFile, header=",".join(SCHEMA.names), encoding="utf-8"
            ),
        }
        header = ",".join(cases.COLUMNS.values())
        self._sinks[cases.SOURCE] = Sink(folder / cases.SOURCE, "cases", TextFile, header=header, encoding="gb18030")
        self._sinks |= {bureau.name: _sink(folder, bureau) for bureau in bureaux()}

    def close(self) -> dict[str, int]:
        """Finish all files and return rows by source."""
        for sink in self._sinks.values():
            sink.close()
        return {name: sink.rows for name, sink in self._sinks.items()}

    def write_register(self, identity: Identity) -> None:
        """Write the enterprises of one chunk."""
        rows = self._register.table(identity)
        columns = dict(zip(rows.column_names, (column.combine_chunks() for column in rows.columns), strict=True))
        self._spoiler.spoil("national_register", columns, identity.row, _WAYS_REGISTER, identity.member >= 0)
        self._sinks["national_register"].write(pa.table(columns))

    def write_relations(self, source: str, ties: pa.Table, number: Ints) -> None:
        """Write ties of one source; `number` is unique for each in the source."""
        columns = {name: ties.column(name).combine_chunks() for name in ties.column_names}
        self._spoiler.spoil(source, columns, number, _WAYS_RELATIONS, np.zeros(ties.num_rows, dtype=bool))
        table = pa.table(columns)
        if source == "relations_web":
            whole = np.zeros(ties.num_rows, dtype=bool)
            table = _lines(columns, ",", whole)
        self._sinks[source].write(table)

    def write_signals(self, identity: Identity, signals: Signals) -> None:
        """Write each bureau's own signals of one chunk."""
        for bureau in bureaux():
            own = signals.where(signals.origin == ORIGINS.index(bureau.origin))
            self._sinks[bureau.name].write(self._of_bureau(bureau, identity, own))

    def write_cases(self, identity: Identity, known: cases.Cases) -> None:
        """Write what the finance office reports of the cases of one chunk."""
        columns, number, clean = cases.reports(self._register, identity, known)
        self._spoiler.spoil(cases.SOURCE, columns, number, _WAYS_CASES, clean)
        self._sinks[cases.SOURCE].write(_lines(columns, ",", np.zeros(len(number), dtype=bool)))

    def _of_bureau(self, bureau: Bureau, identity: Identity, signals: Signals) -> pa.Table:
        """Return one bureau's rows as its file shall hold them."""
        streams, number, at = self._register.streams, signals.number, pa.array(signals.firm)
        uscc, name = identity.uscc.take(at), identity.name.take(at)
        share = streams.uniform(f"named {bureau.name}", number)
        unknown = pa.array(share < bureau.unregistered)
        invented = brands().take(pa.array(streams.below("platform", number, len(brands()))))
        county = pa.array(identity.county[signals.firm])
        columns = {
            "signal_id": _case_numbers(bureau.prefix, number),
            "uscc": pc.if_else(pa.array(share < bureau.unregistered + bureau.named_only), "", uscc),
            "name": pc.if_else(unknown, pc.binary_join_element_wise(invented, "平台", ""), name),
            "region_code": pa.array(self._register.places.code[identity.county[signals.firm]]).cast(pa.string()),
            "address": self._register.places.prefix.take(county),
            "kind": pa.array([bureau.word(kind) for kind in KINDS]).take(pa.array(signals.kind)),
            "occurred_on": iso_dates(signals.occurred),
            "reported_on": iso_dates(signals.reported),
            "severity": pa.array(signals.severity).cast(pa.string()),
            "amount": _amounts(streams, number, signals.kind, bureau.unit),
            "text": texts(streams, number, signals.flavour, signals.kind),
            "url": pc.binary_join_element_wise("https://pages.invalid/", pa.array(number).cast(pa.string()), ""),
        }
        ways = _WAYS_TEXT if bureau.file == "csv" else _WAYS_PARQUET
        short = self._spoiler.spoil(bureau.name, columns, number, ways, signals.flavour > 0)
        for column in ("occurred_on", "reported_on"):
            columns[column] = _dates(columns[column], bureau.date_form)
        written = {own: columns[column] for column, own in bureau.columns.items()}
        return _lines(written, bureau.delimiter, short) if bureau.file == "csv" else pa.table(written)


def _sink(folder: Path, bureau: Bureau) -> Sink:
    """Return the sink that suits a bureau's files."""
    if bureau.file == "csv":
        header = bureau.delimiter.join(bureau.columns.values())
        return Sink(folder / bureau.name, bureau.name, TextFile, header=header, encoding=bureau.encoding)
    if bureau.file == "xlsx":
        return Sink(folder / bureau.name, bureau.name, Workbook, sheet="公开信息")
    return Sink(folder / bureau.name, bureau.name, ParquetFile)


def _case_numbers(prefix: str, number: Ints) -> pa.Array:
    """Return one identity per signal, unique over all bureaux: prefix, enterprise number, slot."""
    row = pc.utf8_lpad(pa.array(number // SLOTS).cast(pa.string()), 8, "0")
    slot = pc.utf8_lpad(pa.array(number % SLOTS).cast(pa.string()), 4, "0")
    return pc.binary_join_element_wise(prefix, row, slot, "")


def _amounts(streams: Streams, number: Ints, kind: Ints, unit: str) -> pa.Array:
    """Return sums as text in the bureau's unit, in whole hundreds of CNY; '' for kinds and rows that tell none."""
    median = np.array([_AMOUNTS.get(name, 0) for name in KINDS])[kind]
    hundreds = np.rint(median * np.exp(_AMOUNT_SPREAD * streams.normal("amount", number)) / 100).astype(np.int64)
    if unit == "万元":
        cents = pc.utf8_lpad(pa.array(hundreds % 100).cast(pa.string()), 2, "0")
        text = pc.binary_join_element_wise(pa.array(hundreds // 100).cast(pa.string()), cents, ".")
    else:
        text = pa.array(hundreds * 100).cast(pa.string())
    told = (hundreds > 0) & (streams.uniform("amount.told", number) < _AMOUNT_TOLD)
    return pc.if_else(pa.array(told), text, "")


def _dates(iso: pa.Array, form: str) -> pa.Array:
    """Return ISO dates in a bureau's own form; works on text, since some of it is no day of any calendar."""
    year, month, day = (pc.utf8_slice_codeunits(iso, start, stop) for start, stop in ((0, 4), (5, 7), (8, 10)))
    marks = form.replace("%Y", "\n").replace("%m", "\n").replace("%d", "\n").split("\n")[1:]
    return pc.binary_join_element_wise(year, marks[0], month, marks[1], day, marks[2], "")


def _lines(columns: dict[str, pa.Array], delimiter: str, short: np.ndarray) -> pa.Table:
    """Return rows as lines of delimited text; in those marked short the third field is missing."""
    fields = [_quoted(column, delimiter) for column in columns.values()]
    whole = pc.binary_join_element_wise(*fields, delimiter)
    if short.any():
        less = pc.binary_join_element_wise(*fields[:2], *fields[3:], delimiter)
        whole = pc.if_else(pa.array(short), less, whole)
    return pa.table({"line": whole})


def _quoted(column: pa.Array, delimiter: str) -> pa.Array:
    """Return fields, those in quotation marks that hold a mark, the delimiter or a line end (RFC 4180)."""
    text = pc.fill_null(column, "")
    needs = pc.match_substring_regex(text, f'["\n{delimiter}]')
    if not pc.any(needs).as_py():
        return text
    inside = pc.replace_substring(text, '"', '""')
    return pc.if_else(needs, pc.binary_join_element_wise('"', inside, '"', ""), text)
