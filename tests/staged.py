"""Staged tables to test the index and the marts with: short rows, filled up to what etl.staging leaves behind."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import ibis

from etl.engine import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ibis.backends.duckdb import Backend

AS_OF = date(2026, 6, 30)  # a Tuesday: the last week is cut short

ENTERPRISE = {
    "uscc": "string",
    "name": "string",
    "region_code": "string",
    "region_confidence": "float64",
    "address": "string",
    "legal_representative": "string",
    "established_on": "date",
    "registered_capital": "float64",
    "paid_in_capital": "float64",
    "industry": "string",
    "sector": "string",
    "business_scope": "string",
    "status": "string",
    "licences": "string",
    "lon": "float64",
    "lat": "float64",
    "source": "string",
    "file": "string",
    "line": "int64",
}
SIGNAL = {
    "signal_id": "string",
    "uscc": "string",
    "region_code": "string",
    "kind": "string",
    "occurred_on": "date",
    "reported_on": "date",
    "origin": "string",
    "severity": "float64",
    "amount": "float64",
    "text": "string",
    "url": "string",
    "source": "string",
    "file": "string",
    "line": "int64",
}
RATE = {"rate": "string", "effective_on": "date", "pct": "float64", "reported_on": "date"}
OUTCOME = {
    "case_id": "string",
    "uscc": "string",
    "risk_type": "string",
    "opened_on": "date",
    "closed_on": "date",
    "outcome": "string",
    "reported_on": "date",
    "file": "string",
    "line": "int64",
}
EVIDENCE = {
    "uscc": "string",
    "factor": "string",
    "sub_index": "string",
    "risk_type": "string",
    "known_on": "date",
    "strength": "float64",
    "ref": "string",
}


def enterprise(uscc: str, **given: object) -> dict[str, object]:
    """Return an inconspicuous trading company founded in 2020, as staged."""
    plain: dict[str, object] = {
        "uscc": uscc,
        "name": f"星禾{uscc}商贸有限公司",
        "region_code": "330106",
        "region_confidence": 1.0,
        "address": f"文三路{uscc}",
        "legal_representative": f"星某{uscc}",
        "established_on": date(2020, 1, 2),
        "registered_capital": 1e6,
        "paid_in_capital": 1e6,
        "industry": "F5190",
        "sector": "trade",
        "business_scope": "日用百货销售",
        "status": "active",
        "licences": "",
        "lon": 120.1,
        "lat": 30.2,
        "source": "register",
        "file": "register.csv",
        "line": 2,
    }
    return plain | given


def signal(number: int, uscc: str | None, kind: str, reported_on: date, **given: object) -> dict[str, object]:
    """Return a signal at full severity that says nothing, as staged."""
    plain: dict[str, object] = {
        "signal_id": f"s{number}",
        "uscc": uscc,
        "region_code": "330106",
        "kind": kind,
        "occurred_on": None,
        "reported_on": reported_on,
        "origin": "hotline_12345",
        "severity": 1.0,
        "amount": None,
        "text": "",
        "url": "",
        "source": "bureau",
        "file": "signals.csv",
        "line": number,
    }
    return plain | given


def staged(
    enterprises: Iterable[Mapping[str, object]],
    signals: Iterable[Mapping[str, object]] = (),
    rates: Iterable[Mapping[str, object]] = (),
) -> Backend:
    """Return an engine in memory that holds `stg_enterprises`, `stg_signals` and `stg_rates` with these rows."""
    con = open_engine(None, threads=1, memory_gb=1)
    fill(con, "stg_enterprises", enterprises, ENTERPRISE)
    fill(con, "stg_signals", signals, SIGNAL)
    fill(con, "stg_rates", rates, RATE)
    return con


def fill(con: Backend, name: str, rows: Iterable[Mapping[str, object]], schema: dict[str, str]) -> None:
    """Create a table of these rows; an empty one where there are none."""
    listed = [dict(row) for row in rows]
    if listed:
        con.create_table(name, ibis.memtable(listed, schema=schema))
    else:
        con.create_table(name, schema=ibis.schema(schema))


def rows(con: Backend, name: str, *order: str) -> list[dict[str, Any]]:
    """Return a table's rows, ordered."""
    table = con.table(name)
    found: list[dict[str, Any]] = table.order_by(*order).to_pyarrow().to_pylist()
    return found
