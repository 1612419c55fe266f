"""Where a row belongs: a region code that exists, else what its words say, else where its point lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa

from etl.engine import materialise
from geo.divisions import divisions
from geo.places import county_at

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

BATCH = 200_000
COUNTY = 6
POINT_CONFIDENCE = 0.9
LOCATED = pa.schema(
    [
        ("position", pa.int64()),
        ("line", pa.int64()),
        ("region_code", pa.string()),
        ("region_confidence", pa.float64()),
        ("region_basis", pa.string()),
    ]
)


def located(con: Backend, name: str) -> Any:  # noqa: ANN401 - Ibis ships no types
    """Make `<name>_located` from the table `name`: one row a row, with region code (or ''), confidence 0-1 and basis.

    A code that exists, and names a county or less, is believed without looking further. All other rows pass through
    Python in batches of columns.
    """
    rows = con.table(name)
    codes = materialise(con, "division_codes", pa.Table.from_pandas(divisions()[["code"]], preserve_index=False))
    given = rows.semi_join(codes, rows.region_code == codes.code).filter(lambda row: row.region_code.length() >= COUNTY)
    known = materialise(
        con,
        f"{name}_located",
        given.select(
            "position",
            "line",
            "region_code",
            region_confidence=ibis.literal(1.0, "float64"),
            region_basis=ibis.literal("code"),
        ),
    )
    wanted = ["position", "line", "region_code", "province", "city", "address"]
    rest = rows.anti_join(known, ["position", "line"])
    rest = rest.select(*wanted, *(column for column in ("lon", "lat") if column in rows.columns))
    # A second cursor reads while the first one writes: the batches never stand in memory together.
    reader = con.con.cursor().execute(con.compile(rest)).to_arrow_reader(BATCH)
    for batch in reader:
        con.con.register(
            "batch_located", pa.Table.from_pandas(locate_batch(batch.to_pandas()), LOCATED, preserve_index=False)
        )
        con.con.execute(f'INSERT INTO "{name}_located" FROM batch_located')
    return con.table(f"{name}_located")


def locate_batch(rows: pd.DataFrame) -> pd.DataFrame:
    """Return region_code, region_confidence and region_basis beside `position` and `line`, row for row.

    Takes region_code, province, city, address ("" for nothing) and, if there are points, lon and lat in degrees.
    """
    known = frozenset(divisions()["code"])
    given = rows["region_code"].map({code: _prefix(code, known) for code in rows["region_code"].unique()})
    found = pd.DataFrame(
        {
            "position": rows["position"],
            "line": rows["line"],
            "region_code": given,
            "region_confidence": np.where(given != "", 1.0, 0.0),
            "region_basis": np.where(given != "", "code", ""),
        }
    )
    if "lon" in rows:
        points = pd.Series(county_at(rows["lon"], rows["lat"]), index=rows.index).fillna("")
        deeper = (points.str.len() > found["region_code"].str.len()) & _within(points, found["region_code"])
        found.loc[deeper, "region_code"] = points[deeper]
        found.loc[deeper, "region_confidence"] = POINT_CONFIDENCE
        found.loc[deeper, "region_basis"] = "point"
    return found


def _prefix(code: str, known: frozenset[str]) -> str:
    """Return the longest part of the code that is a division: 440100 is 4401, an abolished county its city."""
    return next((code[:length] for length in (9, 6, 4, 2) if code[:length] in known and len(code) >= length), "")


def _within(codes: pd.Series[str], scopes: pd.Series[str]) -> pd.Series[bool]:
    return pd.Series([code.startswith(scope) for code, scope in zip(codes, scopes, strict=True)], index=codes.index)
