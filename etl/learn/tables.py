"""Tables of the learning in the run's engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from etl.engine import materialise

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend


def remake(con: Backend, name: str, rows: ir.Table | pa.Table) -> ir.Table:
    """Make (or replace) a table from rows that do not read it, and return it.

    `materialise` cannot take expressions over tables in memory, and Ibis cannot replace: it is dropped by hand.
    """
    if isinstance(rows, pa.Table):
        return materialise(con, name, rows)
    con.raw_sql(f'DROP TABLE IF EXISTS "{name}"')
    con.create_table(name, rows)
    return con.table(name)
