"""Where a row belongs: a region code that exists, else what its words say, else where its point lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa

from etl.engine import materialise, second_cursor
from etl.staging.duplicates import ROW
from geo import codes
from geo.divisions import divisions, is_artificial, name_of
from geo.locate import locate
from geo.places import county_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from ibis.backends.duckdb import Backend

BATCH = 200_000
COUNTY = 6
POINT_CONFIDENCE = 0.9
OFFICE_CONFIDENCE = 0.8
"""Digits 3 to 8 of a credit code name the registering office's division. On 24 771 real enterprises whose address names
a county of the same city they named that county in 98 of 100 cases; without such a hint it may be less."""

WORDS = ("region_code", "province", "city", "address")
FOUND = (("region_code", pa.string()), ("region_confidence", pa.float64()), ("region_basis", pa.string()))


def located(con: Backend, rows: Any, name: str) -> Any:  # noqa: ANN401 - Ibis ships no types
    """Make `located_<name>` for these rows: one row a row, with region code (or ''), confidence 0-1 and basis.

    A code that exists, and names a county or less, is believed without looking further. What the other rows say passes
    through Python in batches of columns, equal words once; then, of enterprises, what words left above a county.
    """
    real = materialise(con, "division_codes", pa.Table.from_pandas(divisions()[["code"]], preserve_index=False))
    believed = rows.region_code.isin(real.code) & (rows.region_code.length() >= COUNTY)
    said = rows.filter(~believed).select(*WORDS).distinct()
    words = _looked_up(con, said, f"words_{name}", [(f"said_{column}", pa.string()) for column in WORDS], by_words)
    found = rows.left_join(words, [rows[column] == words[f"said_{column}"] for column in WORDS])
    sure = {"region_code": rows.region_code, "region_confidence": 1.0, "region_basis": "code"}
    by_row = found.select(*ROW, **{column: words[column].fill_null(sure[column]) for column, _ in FOUND})
    if "lon" not in rows.columns:
        return materialise(con, f"located_{name}", by_row)
    by_row = materialise(con, f"worded_{name}", by_row)
    above = rows.select(*ROW, "lon", "lat", "uscc").inner_join(by_row.filter(by_row.region_code.length() < COUNTY), ROW)
    keys = [(column, pa.int64()) for column in ROW]
    deeper = _looked_up(con, above, f"deepened_{name}", keys, by_point_and_office)
    return materialise(con, f"located_{name}", ibis.union(by_row.anti_join(deeper, ROW), deeper))


def _looked_up(
    con: Backend,
    rows: Any,  # noqa: ANN401 - Ibis ships no types
    name: str,
    keys: list[tuple[str, pa.DataType]],
    look: Callable[[pd.DataFrame], pd.DataFrame],
) -> Any:  # noqa: ANN401 - as above
    """Make the table `name` of what `look` returns for each batch of rows: the keys and what was found."""
    schema = pa.schema([*keys, *FOUND])
    table = materialise(con, name, schema.empty_table())
    # A second cursor reads while the first one writes: the batches never stand in memory together.
    for batch in second_cursor(con).sql(con.compile(rows)).to_arrow_reader(BATCH):
        con.con.register("batch_found", pa.Table.from_pandas(look(batch.to_pandas()), schema, preserve_index=False))
        con.con.execute(f'INSERT INTO "{name}" FROM batch_found')
    return table


def by_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Return region_code, region_confidence and region_basis beside what was said (`said_<column>`), row for row.

    Takes region_code, province, city and address ("" for nothing). A code is believed as far as it exists; words may
    only deepen it. `region_basis` is `code` or what `geo.locate` says; '' where nothing is known.
    """
    known = frozenset(divisions()["code"])
    given = rows["region_code"].map({code: _prefix(code, known) for code in rows["region_code"].unique()})
    found = rows.add_prefix("said_").assign(region_code=given)
    found["region_confidence"] = np.where(given != "", 1.0, 0.0)
    found["region_basis"] = np.where(given != "", "code", "")
    words = locate(_told_by_code(rows[["province", "city", "address"]], given))
    _deepen(found, words["region_code"].replace(codes.NATION, ""), words["confidence"], words["basis"])
    return found


def by_point_and_office(rows: pd.DataFrame) -> pd.DataFrame:
    """Return position, line and what is known of the place, deepened by the point and then by the registering office.

    Takes besides these lon and lat (degrees, NaN for nothing) and uscc of enterprises that words left above a county.
    `region_basis` becomes `point` or `registering-office` where one of them told more.
    """
    found = rows.drop(columns=["lon", "lat", "uscc"])
    if rows["lon"].notna().any():
        points = pd.Series(county_at(rows["lon"], rows["lat"]), index=rows.index, dtype="str").fillna("")
        _deepen(found, points, pd.Series(POINT_CONFIDENCE, rows.index), pd.Series("point", rows.index))
    offices = rows["uscc"].str[2:8]
    offices = offices.where(offices.isin(divisions()["code"]), "")
    _deepen(found, offices, pd.Series(OFFICE_CONFIDENCE, rows.index), pd.Series("registering-office", rows.index))
    return found


def _told_by_code(words: pd.DataFrame, given: pd.Series[str]) -> pd.DataFrame:
    """Return the words with empty province and city columns filled from the code: 3301 and 西湖区 is Hangzhou's."""
    known = given.unique()
    provinces = {code: name_of(code[:2]) if code else "" for code in known}
    cities = {code: name_of(code[:4]) if len(code) > 2 and not is_artificial(code[:4]) else "" for code in known}  # noqa: PLR2004 - two digits are a province
    return words.assign(
        province=words["province"].where(words["province"] != "", given.map(provinces)),
        city=words["city"].where(words["city"] != "", given.map(cities)),
    )


def _deepen(found: pd.DataFrame, region: pd.Series[str], confidence: pd.Series[float], basis: pd.Series[str]) -> None:
    """Take the regions that lie deeper inside what is known already."""
    deeper = np.array(
        [len(new) > len(old) and new.startswith(old) for new, old in zip(region, found["region_code"], strict=True)],
        dtype=bool,
    )
    found.loc[deeper, "region_code"] = region[deeper]
    found.loc[deeper, "region_confidence"] = confidence[deeper].astype(float)
    found.loc[deeper, "region_basis"] = basis[deeper]


def _prefix(code: str, known: frozenset[str]) -> str:
    """Return the longest part of the code that is a division: 440100 is 4401, an abolished county its city."""
    return next((code[:length] for length in (9, 6, 4, 2) if code[:length] in known and len(code) >= length), "")
