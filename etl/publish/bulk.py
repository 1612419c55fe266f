"""Many rows from the crunching engine into the reporting database, fast on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend
    from sqlalchemy import Connection, Engine, Table

BATCH = 50_000  # rows in one transaction: a writer at the same SQLite file never waits longer than about a second


def copy_rows(con: Backend, source: ir.Table, engine: Engine, target: Table, **constants: object) -> int:
    """Append the rows of `source`, each with `constants`, to `target` in batches of one transaction each.

    Columns go by name; dates travel as ISO text and decimals as floats, which both databases read. Returns the number
    of rows.
    """
    names = [*constants, *source.columns]
    unknown = set(names) - set(target.columns.keys())
    if unknown:
        raise ValueError(f"{target.name} has no column {sorted(unknown)}")
    total = 0
    for rows in _batches(con, source, tuple(constants.values())):
        with engine.begin() as connection:
            _append(connection, target, names, rows)
        total += len(rows)
    return total


def _batches(con: Backend, source: ir.Table, lead: tuple[object, ...]) -> Iterator[list[tuple[object, ...]]]:
    plain = {
        name: source[name].cast("string" if kind.is_date() else "float64")
        if kind.is_date() or kind.is_decimal()
        else source[name]
        for name, kind in source.schema().items()
    }
    # Ibis 12 asks DuckDB 2.0 for a method that is gone; DuckDB's own reader streams just as well.
    for batch in con.con.sql(con.compile(source.select(**plain))).to_arrow_reader(BATCH):
        yield [(*lead, *row) for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)]


def _append(connection: Connection, target: Table, names: list[str], rows: list[tuple[object, ...]]) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "postgresql":
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {target.name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("?" for _ in names)
    # The names are those of our own tables, and the driver's own executemany skips a bind processor for every value.
    connection.exec_driver_sql(f"INSERT INTO {target.name} ({columns}) VALUES ({places})", rows)  # noqa: S608 - as above
