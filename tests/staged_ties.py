"""Staged tables with ties, to test relations with: short rows, filled up to what etl.staging leaves behind."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.staged import enterprise, fill, staged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ibis.backends.duckdb import Backend

RELATION = {
    "from_id": "string",
    "from_name": "string",
    "to_id": "string",
    "to_name": "string",
    "kind": "string",
    "share": "float64",
    "since_on": "date",
    "reported_on": "date",
    "source": "string",
}
TOLD = date(2025, 3, 4)


def code(number: int) -> str:
    """Return a text that looks like a credit code; its check character is not looked at."""
    return f"9133010600000{number:04d}X"


def firm(number: int, **given: object) -> dict[str, object]:
    """Return a staged enterprise with a door of its own."""
    return enterprise(code(number), **{"address": f"文三路{number}号", **given})


def tie(party: str, other: str, kind: str, **given: object) -> dict[str, object]:
    """Return a staged relation, reported on `TOLD` by the register of relations."""
    plain: dict[str, object] = {
        "from_id": party,
        "from_name": f"名{party[-4:]}",
        "to_id": other,
        "to_name": f"名{other[-4:]}",
        "kind": kind,
        "share": None,
        "since_on": TOLD,
        "reported_on": TOLD,
        "source": "relations_register",
    }
    return plain | given


def tied(
    enterprises: Iterable[Mapping[str, object]],
    relations: Iterable[Mapping[str, object]],
    signals: Iterable[Mapping[str, object]] = (),
    rates: Iterable[Mapping[str, object]] = (),
) -> Backend:
    """Return an engine in memory that holds the four staged tables with these rows."""
    con = staged(enterprises, signals, rates)
    fill(con, "stg_relations", relations, RELATION)
    return con
