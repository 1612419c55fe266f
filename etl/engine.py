"""The Ibis backend in which one run's crunching happens: DuckDB on one machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection
    from ibis.backends import BaseBackend
    from ibis.backends.duckdb import Backend

ROW_GROUP = 16_384
"""Rows that one thread takes at a time. DuckDB's own 122 880 leave all but one core idle on a province's register."""


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
    con = ibis.duckdb.connect(temp_directory=str(spill), **config)
    file = str(path).replace("'", "''")
    con.con.execute(f"ATTACH '{file}' AS run (ROW_GROUP_SIZE {ROW_GROUP}); USE run")
    return con


def open_spark(folder: Path, *, threads: int = 2, options: Mapping[str, str] | None = None) -> BaseBackend:
    """Open Spark inside this process, with everything it writes in `folder`; needs Java, and asks no network.

    The same expressions give the same tables there as on DuckDB (tests/integration/test_spark.py holds it). Only one
    session can be open in a process. `options` are Spark's own settings, over ours.
    """
    from pyspark.sql import SparkSession  # noqa: PLC0415 - loads a Java bridge, which no other engine needs

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "spill"),
        "spark.sql.shuffle.partitions": str(threads),
        "spark.sql.session.timeZone": "UTC",
        **(options or {}),
    }
    builder = SparkSession.builder.master(f"local[{threads}]").appName("smoke-index")
    for key, value in settings.items():
        builder = builder.config(key, value)
    return ibis.pyspark.connect(builder.getOrCreate())


def second_cursor(con: Backend) -> DuckDBPyConnection:
    """Return a connection to the same tables that can read while the first one writes."""
    cursor: DuckDBPyConnection = con.con.cursor()
    catalog = con.current_catalog.replace('"', '""')
    cursor.execute(f'USE "{catalog}"')
    return cursor


def materialise(con: BaseBackend, name: str, rows: Any) -> Any:  # noqa: ANN401 - Ibis ships no types
    """Make (or replace) a table from an Ibis expression or an Arrow table, and return it.

    Ibis 12's own `create_table(overwrite=True)` writes a DROP that DuckDB 2.0 refuses.
    """
    if con.name == "pyspark":
        if not con._session.catalog.tableExists(name):  # noqa: SLF001 - Ibis would list every table to answer this
            return con.create_table(name, rows)
        # Spark does not overwrite a table that it is reading.
        con.create_table(f"{name}_fresh", rows)
        drop(con, name)
        con.raw_sql(f"ALTER TABLE {name}_fresh RENAME TO {name}")
        return con.table(name)
    if isinstance(rows, pa.Table):
        con.con.register("materialising", rows)
        query = "FROM materialising"
    else:
        query = con.compile(rows)
    con.con.execute(f'CREATE OR REPLACE TABLE "{name}" AS {query}')
    return con.table(name)


def replace_rows(con: BaseBackend, name: str, keys: Any, fresh: Any) -> None:  # noqa: ANN401 - Ibis ships no types
    """Replace the rows of a table whose `uscc` is in the stored table `keys` by the rows of `fresh`.

    DuckDB takes the few out; Spark's tables cannot be changed in place, so there the rest is written again.
    """
    table = con.table(name)
    if con.name == "pyspark":
        materialise(con, name, table.anti_join(keys, "uscc").union(fresh.select(*table.columns)))
        return
    taken = f'DELETE FROM "{name}" WHERE uscc IN (SELECT uscc FROM "{keys.get_name()}")'  # noqa: S608 - our own names
    con.con.execute(taken)
    con.insert(name, fresh.select(*table.columns))


def rows_in(table: Any) -> int:  # noqa: ANN401 - Ibis ships no types
    """Return how many rows an expression has."""
    return int(table.count().to_pyarrow().as_py())


def drop(con: BaseBackend, *names: str) -> None:
    """Forget tables that were one step's scratch; those that are not there are none the worse for it."""
    for name in names:
        con.raw_sql(f"DROP TABLE IF EXISTS {name}")
