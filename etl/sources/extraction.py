"""Landing files into `raw_<contract>` and `source_files`; no file, whatever it is, stops the run."""

from __future__ import annotations

from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
import sqlalchemy as sa

from etl.contracts import CONTRACTS
from etl.engine import materialise
from etl.sources.mapping import lacking, mapped, wanted_names
from etl.sources.readers import read_csv, read_parquet, read_query, read_xlsx
from etl.sources.text import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ibis.backends.duckdb import Backend

    from etl.sources.config import Source
    from etl.sources.readers import Landing

SOURCE_FILES = pa.schema(
    [
        ("position", pa.int64()),
        ("source", pa.string()),
        ("contract", pa.string()),
        ("file", pa.string()),
        ("state", pa.string()),
        ("problem", pa.string()),
        ("bytes", pa.int64()),
        ("sha256", pa.string()),
        ("rows_in", pa.int64()),
        ("rows_staged", pa.int64()),
        ("rows_quarantined", pa.int64()),
    ]
)
RATES = pa.schema([("source", pa.string()), ("currency", pa.string()), ("cny", pa.float64())])
SUFFIXES = {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".parquet": "parquet", ".pq": "parquet", ".xlsx": "xlsx"}
LONGEST_PROBLEM = 500
LONGEST_NAME = 300


def raw_schema(contract: str) -> pa.Schema:
    """Return the schema of `raw_<contract>`: every column as text, where it came from, and what is wrong with the row.

    `position` is the file's row in `source_files`; `fault` is null or a reason that forbids reading the columns at all,
    and `excerpt` shows the row then.
    """
    text = [(column.name, pa.string()) for column in CONTRACTS[contract].columns]
    place = [("source", pa.string()), ("file", pa.string()), ("line", pa.int64()), ("position", pa.int64())]
    return pa.schema([*text, *place, ("fault", pa.string()), ("excerpt", pa.string())])


def extract(con: Backend, sources: Sequence[Source], root: Path) -> None:
    """Read every source into `raw_<contract>` tables and list every file in `source_files`.

    Files are sought under `root`. Nothing that a file holds, or fails to hold, raises: its state becomes `read`,
    `empty`, `missing` or `unreadable`, and its problem one sentence. Rows staged and quarantined stand at zero until
    staging completes them.
    """
    for contract in CONTRACTS:
        materialise(con, f"raw_{contract}", raw_schema(contract).empty_table())
    files: list[dict[str, object]] = []
    for source in sources:
        found = _query(con, source, root, len(files)) if source.url else _files(con, source, root, len(files))
        files += found
    materialise(con, "source_files", pa.Table.from_pylist(files, schema=SOURCE_FILES))
    rates = [(source.name, currency, cny) for source in sources for currency, cny in source.currencies.items()]
    materialise(
        con, "source_rates", pa.Table.from_pylist([dict(zip(RATES.names, r, strict=True)) for r in rates], RATES)
    )


def _files(con: Backend, source: Source, root: Path, first: int) -> list[dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for pattern in source.files:
        matches = sorted(glob(str(root / pattern), recursive=True))  # noqa: PTH207 - a source may name an absolute path
        if not matches and pattern not in found:
            found[pattern] = _entry(source, pattern, first + len(found), "missing", "no file has this name")
        for match in matches:
            path = Path(match)
            name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
            if name not in found:
                found[name] = _file(con, source, path, _entry(source, name, first + len(found)))
    return list(found.values())


def _entry(source: Source, file: str, position: int, state: str = "read", problem: str = "") -> dict[str, object]:
    return {
        "position": position, "source": source.name, "contract": source.contract, "file": file[-LONGEST_NAME:],
        "state": state, "problem": problem, "bytes": 0, "sha256": "", "rows_in": 0, "rows_staged": 0,
        "rows_quarantined": 0,
    }  # fmt: skip


def _file(con: Backend, source: Source, path: Path, entry: dict[str, object]) -> dict[str, object]:
    if path.is_dir():
        return entry | {"state": "unreadable", "problem": "this is a folder, not a file"}
    try:
        entry |= fingerprint(path)._asdict()
    except OSError as error:
        return entry | {"state": "unreadable", "problem": f"the file cannot be opened: {error.strerror}"}
    form = source.format or SUFFIXES.get(path.suffix.lower())
    if not entry["bytes"]:
        return entry | {"state": "empty", "problem": "the file has no content"}
    if form is None:
        return entry | {
            "state": "unreadable",
            "problem": f"{path.suffix!r} names no known format: state it in the source",
        }

    def opened() -> Landing:
        if form == "parquet":
            return read_parquet(con, path)
        return (read_csv if form == "csv" else read_xlsx)(con, path, source, wanted_names(source))

    return entry | _loaded(
        con, source, entry, opened, f"cannot be read as {form.upper()}, it may be cut off or damaged"
    )


def _query(con: Backend, source: Source, root: Path, position: int) -> list[dict[str, object]]:
    # The name carries no part of the URL: that holds a password.
    entry = _entry(source, f"query:{source.name}", position)

    def opened() -> Landing:
        url = sa.make_url(source.url)
        if url.get_backend_name() == "sqlite" and url.database:
            url = url.set(database=str(root / url.database))
        return read_query(con, sa.create_engine(url, poolclass=sa.NullPool), source)

    return [entry | _loaded(con, source, entry, opened, "the database cannot be read")]


def _loaded(
    con: Backend, source: Source, entry: dict[str, object], opened: Callable[[], Landing], otherwise: str
) -> dict[str, object]:
    """Open and load; return what to add to the file's entry."""
    try:
        landing = opened()
        _load(con, source, entry, landing)
    except Exception as error:  # noqa: BLE001 - a broken file makes its reader raise anything; the run goes on
        reason = str(error).strip().splitlines() or [type(error).__name__]
        return {"state": "unreadable", "problem": f"{otherwise}: {reason[0]}"[:LONGEST_PROBLEM]}
    notes = [f"the file has no column {name!r}" for name in lacking(landing, source)]
    if not landing.rows:
        notes.append("the file has no rows" if landing.names else "the file has no header")
    return {
        "state": "read" if landing.rows else "empty",
        "problem": "; ".join(notes)[:LONGEST_PROBLEM],
        "rows_in": landing.rows,
    }


def _load(con: Backend, source: Source, entry: dict[str, object], landing: Landing) -> None:
    table = landing.table
    rows = table.select(
        **mapped(landing, source),
        source=ibis.literal(source.name),
        file=ibis.literal(entry["file"]),
        line=table.line,
        position=ibis.literal(entry["position"], "int64"),
        fault=table.fault,
        excerpt=table.fault.isnull().ifelse(ibis.null("string"), table.excerpt),
    )
    con.insert(f"raw_{source.contract}", rows)
