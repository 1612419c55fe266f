"""The Ibis backend in which one run's crunching happens: DuckDB on one machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

if TYPE_CHECKING:
    from pathlib import Path

    from ibis.backends.duckdb import Backend


def open_engine(path: Path | None, *, threads: int, memory_gb: float) -> Backend:
    """Open (or create) the database file of one run; without a path it lives in memory and cannot spill.

    `memory_gb` is in GiB. What does not fit in it spills to a folder beside the file, so the run's own disk is used,
    never a shared temporary folder. Raises `duckdb.IOException` when the file is open in another process.
    """
    config: dict[str, str | int] = {
        "threads": threads,
        "memory_limit": f"{memory_gb}GiB",
        # Extensions are downloads, and the machine has no network: asking for one shall fail at once.
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if path is None:
        return ibis.duckdb.connect(**config)
    spill = path.with_suffix(".spill")
    spill.mkdir(parents=True, exist_ok=True)
    return ibis.duckdb.connect(path, temp_directory=str(spill), **config)


def materialise(con: Backend, name: str, rows: Any) -> Any:  # noqa: ANN401 - Ibis ships no types
    """Make (or replace) a table from an Ibis expression or an Arrow table, and return it.

    Ibis 12's own `create_table(overwrite=True)` writes a DROP that DuckDB 2.0 refuses.
    """
    if isinstance(rows, pa.Table):
        con.con.register("materialising", rows)
        query = "FROM materialising"
    else:
        query = con.compile(rows)
    con.con.execute(f'CREATE OR REPLACE TABLE "{name}" AS {query}')
    return con.table(name)
