"""The full population's files: one DuckDB per process reads a few rows out of them, whatever their size."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import duckdb

from dashboard.errors import NotKept
from dashboard.i18n import N_
from dashboard.models.population import FILES

if TYPE_CHECKING:
    from pathlib import Path


OLDER = N_("The live generation was made without what this page reads. The next run of the ETL brings it.")


class Population:
    """The files of one generation. `rows` may be called from many threads at once."""

    def __init__(self, folder: Path, generation: int) -> None:
        """Point at the files of `generation` under `folder`, the state folder's `generations`; reads nothing yet."""
        self.folder = folder / str(generation)
        self.generation = generation

    def rows(self, sql: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a question, as dictionaries; `{scores}` and the like in it stand for this one's files.

        Values only ever go through `parameters` ($name). NotKept when this generation has no such file, or one
        without a column that is asked for.
        """
        files = {name: "'" + str(self.folder / f"{name}.parquet").replace("'", "''") + "'" for name in FILES}
        cursor = _connection().cursor()
        try:
            cursor.execute(sql.format(**files), parameters or {})
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except (duckdb.IOException, duckdb.BinderException) as error:
            raise NotKept.telling(OLDER) from error
        finally:
            cursor.close()

    def at(self, generation: int) -> Population:
        """Return the files of another generation."""
        return Population(self.folder.parent, generation)


_lock = threading.Lock()
_opened: list[duckdb.DuckDBPyConnection] = []


def _connection() -> duckdb.DuckDBPyConnection:
    """Return this process's DuckDB, opened at its first question: a web worker must not inherit its master's."""
    with _lock:
        if not _opened:
            config: dict[str, str | bool | int | float | list[str]] = {
                "threads": 2,
                "memory_limit": "1GiB",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            }
            _opened.append(duckdb.connect(config=config))
            _opened[0].execute("SET parquet_metadata_cache = true")  # a generation's files never change
        return _opened[0]
