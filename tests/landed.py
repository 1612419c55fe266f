"""Landing files to test the reading and the staging with: written, read, staged, and handed back as plain rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from etl.engine import open_engine
from etl.sources import extract, load_sources
from etl.staging import stage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ibis.backends.duckdb import Backend

AS_OF = date(2026, 3, 1)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code(serial: int) -> str:
    """Return a credit code with its right check character, one for each serial; written unlike the product's own."""
    body = f"91330106MA{serial:07d}"
    total = sum(ALPHABET.index(character) * 3**place for place, character in enumerate(body))
    return body + ALPHABET[-total % 31]


def source(contract: str, files: str, more: str = "", name: str = "bureau") -> str:
    """Return one entry of a sources file."""
    return f'[[source]]\nname = "{name}"\ncontract = "{contract}"\nfiles = "{files}"\n{more}\n'


def land(root: Path, sources: str, files: Mapping[str, bytes | str]) -> Backend:
    """Write the files, read them and stage them as of `AS_OF`; return the engine with all tables."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    (root / "sources.toml").write_text(sources, encoding="utf-8")
    con = open_engine(None, threads=2, memory_gb=1)
    extract(con, load_sources(root / "sources.toml"), root)
    stage(con, AS_OF)
    return con


def rows(con: Backend, table: str, *columns: str, by: str = "line") -> list[Any]:
    """Return some columns of a table as tuples (a single one as values), in the order of another."""
    found = con.table(table).order_by(by).select(*columns).to_pyarrow().to_pylist()
    return [row[columns[0]] if len(columns) == 1 else tuple(row[column] for column in columns) for row in found]
