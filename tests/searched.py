"""The search index of a small generation, from the files that `tests.populations` has written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.engine import open_engine
from etl.publish.search import write_search

if TYPE_CHECKING:
    from pathlib import Path


def write(generations: Path, generation: int = 1) -> None:
    """Index the enterprises of `generations`/`generation` as the ETL does."""
    folder = generations / str(generation)
    con = open_engine(None, threads=1, memory_gb=0.5)
    for table, file in (("dim_enterprise", "enterprises"), ("dim_score", "scores")):
        con.con.read_parquet(str(folder / f"{file}.parquet")).create(table)
    write_search(con, folder)
    con.disconnect()
