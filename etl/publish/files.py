"""Files of a generation: complete on the disk before they have their name."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from pathlib import Path

    from ibis.backends.duckdb import Backend


def write_scores(con: Backend, generations: Path, number: int) -> int:
    """Write the scores of the full population, sorted by uscc, to `generations`/`number`/scores.parquet.

    They are written and synced under another name and renamed, so a folder that has its number is whole. Returns the
    number of rows.
    """
    final = generations / str(number)
    building = generations / f".building-{number}"
    for stale in (final, building):
        shutil.rmtree(stale, ignore_errors=True)
    building.mkdir(parents=True)
    scores = con.table("fct_score")
    file = building / "scores.parquet"
    con.to_parquet(scores.order_by("uscc"), file, compression="zstd")
    for path in (file, building):
        sync(path)
    building.rename(final)
    sync(generations)
    return int(con.execute(scores.count()))


def write_quarantine(con: Backend, folder: Path) -> None:
    """Write all quarantined rows to `folder`/quarantine.parquet, in the order of files and lines."""
    rows = con.table("quarantine")
    con.to_parquet(rows.order_by("source", "file", "line"), folder / "quarantine.parquet", compression="zstd")


def sync(path: Path) -> None:
    """Return when `path`, a file or a folder, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def first_of_each_file(con: Backend, limit: int) -> ibis.Table:
    """Return the first `limit` quarantined rows of each file, with `position` over all of them (0 …)."""
    rows = con.table("quarantine")
    inside = ibis.window(group_by=["source", "file"], order_by=["line", "column"])
    first = rows.mutate(place=ibis.row_number().over(inside)).filter(ibis._.place < limit)
    order = ibis.window(order_by=["source", "file", "line", "column"])
    return first.select("source", "file", "line", "column", "value", "reason", position=ibis.row_number().over(order))
