"""How long a portrait takes on the server when the register is large: `python -m tests.load.portrait ENTERPRISES`.

Writes a population with the columns, the order and the row groups of a real generation, and asks for portraits of
enterprises drawn from all over it, each for the first time, as `callbacks.portrait` asks.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time

import duckdb

from dashboard.access.scope import Scope
from dashboard.models.population import FILES
from dashboard.queries.population import Population
from dashboard.queries.portrait import known_of
from tests.load.figures import Figure

BOUND_MS = 300
ASKED = 40
GROUP = 16_384  # rows of a row group, as `etl.publish.files` writes them
WRITTEN = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP}"
EACH = {"enterprises": 1.0, "scores": 1.0, "evidence": 0.5, "weeks": 2.0, "outcomes": 0.01, "ties": 2.0, "nodes": 1.5}
"""Rows for each enterprise."""


def write_population(folder: Path, enterprises: int) -> None:
    """Write every file of a generation, sorted by its first column; figures and texts are invented."""
    folder.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(config={"threads": 2, "memory_limit": "2GiB", "temp_directory": str(folder / "spill")})
    for name, schema in FILES.items():
        rows = int(enterprises * EACH[name])
        columns = ", ".join(f"{_value(field.name, str(field.type), enterprises)} AS {field.name}" for field in schema)
        con.execute(
            f"COPY (SELECT {columns} FROM (SELECT i * {enterprises} // {rows} AS n, i FROM range({rows}) r(i)) "  # noqa: S608 - our own names and numbers
            f"ORDER BY {schema.names[0]}) TO '{folder / name}.parquet' ({WRITTEN})"
        )
    con.close()


def _code(number: str) -> str:
    """Return the SQL of the credit code of an enterprise by its number; codes do not stand in the numbers' order."""
    return f"'91' || lpad((({number})::BIGINT * 7919 % 1000000)::VARCHAR, 6, '0') || lpad(({number})::VARCHAR, 10, '0')"


def _value(name: str, kind: str, enterprises: int) -> str:
    if name in {"uscc", "node", "other"}:
        return _code("n" if name != "other" else f"(n * 31 + i) % {enterprises}")
    if name == "region_code":
        return "'330106'"
    if kind == "string":
        return f"'{name} ' || (n * 2654435761 % 1000003)"
    if kind == "date32[day]":
        return "DATE '2026-01-01' + (i % 300)::INT"
    return {"bool": "i % 2 = 0", "int64": "i % 1000", "double": "(i % 997) / 997.0"}.get(
        kind, "(i % 500)::DECIMAL(5,2)"
    )


def milliseconds(generations: Path, enterprises: int) -> tuple[list[float], float]:
    """Return how long each of ASKED portraits took to read, slowest last, and the processor's mean share in them."""
    population, taken = Population(generations, 1), []
    with duckdb.connect() as con:
        codes = [
            con.execute(f"SELECT {_code(str(at * enterprises // ASKED + at))}").fetchall()[0][0] for at in range(ASKED)
        ]
    busy = process_time()
    for code in codes:
        began = perf_counter()
        known_of(population, Scope("0"), code)
        taken.append(1000 * (perf_counter() - began))
    return sorted(taken), 1000 * (process_time() - busy) / ASKED


def opening(enterprises: int) -> Figure:
    """Return how long the reads of a portrait take that nobody has opened yet, over so many enterprises."""
    with tempfile.TemporaryDirectory() as folder:
        write_population(Path(folder) / "1", enterprises)
        taken, busy = milliseconds(Path(folder), enterprises)
    p95 = quantiles(taken, n=20)[-1]
    return Figure(
        f"portrait opened first, {enterprises:,} enterprises",
        f"p50 {taken[len(taken) // 2]:.0f} ms, p95 {p95:.0f} ms",
        f"{BOUND_MS} ms",
        f"processor {busy:.0f} ms each, {ASKED} portraits",
        kept=p95 <= BOUND_MS,
    )


if __name__ == "__main__":
    print(opening(*(int(given) for given in sys.argv[1:])))  # noqa: T201 - a command's output
