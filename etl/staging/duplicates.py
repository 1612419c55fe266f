"""One row for each identity: which one is kept when bureaux send the same thing more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from etl.engine import materialise

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

    from etl.contracts import Contract

ROW = ("position", "line")
"""What names a landed row: its file's row in `source_files`, and its line in the file."""


def repeats(con: Backend, contract: Contract) -> Any:  # noqa: ANN401 - Ibis ships no types
    """Make `repeated_<contract>`: the sound rows (position, line) that stand back for another of the same identity.

    Kept is the newest row where the contract dates its rows (one without a date is older than any). Of equals it is
    that of the source listed first; within a source that of its last file (by name: bureaux number their deliveries),
    and within a file the first.
    """
    rows, files = con.table(f"typed_{contract.name}"), con.table("source_files")
    dated = [contract.newest] if contract.newest else []
    sound = rows.select("position", "line", *contract.key, *dated).anti_join(con.table(f"failed_{contract.name}"), ROW)
    ranked = sound.inner_join(
        files.select("position", rank=files.position.min().over(group_by=files.source)), "position"
    )
    newest = [ranked[date].desc(nulls_first=False) for date in dated]
    order = [*newest, ranked["rank"], ranked.position.desc(), ranked.line]
    window = ibis.window(group_by=[ranked[key] for key in contract.key], order_by=order)
    placed = ranked.mutate(place=ibis.row_number().over(window))
    return materialise(con, f"repeated_{contract.name}", placed.filter(placed.place > 0).select(*ROW))
