"""Which division every polygon shows, and on which polygon every division is drawn: nothing is dropped silently.

The polygons are keyed by ``gb`` (156 and six digits); the divisions are those of the statistical bureau. Where the two
agree the code decides; where they do not, a line of ``special.csv`` or ``zones.csv`` (both written by hand) does.
"""

from pathlib import Path

import pandas as pd

from geo import codes

_HERE = Path(__file__).parent
_UNCODED_PROVINCES = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}


def provinces_without_divisions() -> dict[str, str]:
    """Return code and name of the provinces that the statistical divisions leave out but every map shows."""
    return dict(_UNCODED_PROVINCES)


def reconciled(polygons: pd.DataFrame, level: str, names: dict[str, str]) -> pd.DataFrame:
    """Return gb, polygon_name, level, region_code ("" if none), within and reason, one row for each polygon.

    `polygons` has gb and full_name; `names` maps every division's code to its name. `region_code` is the division that
    the polygon is; `within` is the deepest division whose ground it is part of. ValueError names what nothing explains.
    """
    special = pd.read_csv(_HERE / "special.csv", dtype=str, keep_default_na=False)
    special = special[special["level"] == level].set_index("gb")
    rows = []
    for gb, name in zip(polygons["gb"], polygons["full_name"], strict=True):
        if gb in special.index:
            region, within, reason = special.loc[gb, ["region_code", "within", "reason"]]
        else:
            region, within, reason = _by_code(gb, name, level, names)
        rows.append((gb, name, level, region, within, reason))
    return pd.DataFrame(rows, columns=["gb", "polygon_name", "level", "region_code", "within", "reason"])


def _by_code(gb: str, name: str, level: str, names: dict[str, str]) -> tuple[str, str, str]:
    """Return region code, enclosing code and reason of a polygon whose code speaks for itself."""
    code = gb.removeprefix("156")
    province = code[:2]
    if province in _UNCODED_PROVINCES:
        if code.endswith("0000"):
            return province, province, "the whole province; the statistics have no divisions below it"
        return "", province, f"part of {_UNCODED_PROVINCES[province]}: the statistics have no divisions below it"
    if level != "county" and code.endswith("00"):
        code = code[: codes.LENGTHS[level]]
    if code not in names:
        raise ValueError(f"polygon {gb} {name} is no division and special.csv does not name it")
    if names[code] == name:
        return code, code, "same code and name"
    return code, code, f"same code; the statistics say {names[code]}"


def drawn_on(counties: pd.DataFrame, shown: set[str]) -> pd.DataFrame:
    """Return code, draws_on and reason for every county (code, name) that has no polygon of its own in `shown`.

    ValueError if ``zones.csv`` leaves one out, or names a target without a polygon or outside the county's own city.
    """
    zones = pd.read_csv(_HERE / "zones.csv", dtype=str)[["code", "draws_on", "reason"]]
    without = set(counties["code"]) - shown
    if without != set(zones["code"]):
        raise ValueError(f"zones.csv and the polygons disagree on {sorted(without ^ set(zones['code']))}")
    wrong = zones[~zones["draws_on"].isin(shown) | (zones["code"].str[:4] != zones["draws_on"].str[:4])]
    if len(wrong):
        raise ValueError(f"zones.csv sends {wrong['code'].tolist()} where it cannot be drawn")
    return zones.sort_values("code", ignore_index=True)
