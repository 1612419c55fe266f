"""Files of a generation: complete on the disk before they have their name."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import ibis

from dashboard.models.population import FILES

if TYPE_CHECKING:
    from pathlib import Path

    from ibis.backends.duckdb import Backend


TABLES = {
    "enterprises": "dim_enterprise",
    "scores": "dim_score",
    "evidence": "dim_evidence",
    "weeks": "fct_score_week",
    "outcomes": "dim_outcome",
    "ties": "dim_tie",
    "nodes": "dim_node",
}
"""Which table becomes which of `FILES`."""

WITHIN = {
    "weeks": ("week_on",),
    "evidence": (
        *("factor", "known_on", "ref", "risk_type", "contribution", "strength", "hits", "source", "file", "line"),
        *("occurred_on", "origin", "amount", "url", "text"),
    ),
    "outcomes": ("opened_on", "reported_on", "outcome", "risk_type"),
    "ties": ("other", "kind", "outward", "share", "since_on", "reported_on", "origin", "weight"),
}
"""By what rows of one first column are ordered; of the other files that column names the row."""

ROW_GROUP = 16_384
"""Rows of a file that are read together: what one enterprise's read must unpack, against what the footer must list."""


def building_folder(final: Path) -> Path:
    """Return where the files of the folder `final` are made until it has its name."""
    return final.with_name(f".building-{final.name}")


def begin_folder(final: Path) -> Path:
    """Clear `final` and return its building folder, empty."""
    building = building_folder(final)
    for stale in (final, building):
        shutil.rmtree(stale, ignore_errors=True)
    building.mkdir(parents=True)
    return building


def write_population(con: Backend, folder: Path) -> int:
    """Write every file of `FILES` to `folder` and return the number of rows; the same tables give the same bytes.

    Each is sorted by its first column, and wholly ordered, whatever order the rows came in.
    """
    rows = 0
    for name, schema in FILES.items():
        table = con.table(TABLES[name])
        kinds = ibis.Schema.from_pyarrow(schema)
        typed = table.select(**{column: table[column].cast(kinds[column]) for column in schema.names})
        ordered = typed.order_by(schema.names[0], *WITHIN.get(name, ()))
        con.to_parquet(ordered, folder / f"{name}.parquet", compression="zstd", row_group_size=ROW_GROUP)
        rows += int(con.execute(table.count()))
    return rows


def name_folder(final: Path) -> None:
    """Give the building folder its name once all of it is on the disk: so a folder that has its name is whole."""
    building = building_folder(final)
    for path in (*(path for path in building.rglob("*") if path.is_file()), building):
        sync(path)
    building.rename(final)
    sync(final.parent)


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
