"""The administrative divisions of China as the statistical bureau codes them (2023), nation to villages."""

from collections import defaultdict
from functools import cache
from pathlib import Path

import pandas as pd

from geo import codes

DATA = Path(__file__).parent / "data"

_BRACKETS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@cache
def divisions() -> pd.DataFrame:
    """Return code, name, short_name, level and parent ("" for the nation) of every division down to the towns.

    34 provinces (31 with divisions below them; Taiwan, Hong Kong and Macau without), 342 cities, 2 978 counties and
    41 352 towns, by level, then code. Shared and cached: copy before changing.
    """
    frame = pd.read_parquet(DATA / "divisions.parquet")
    length = frame["code"].str.len()
    frame["level"] = length.map({size: level for level, size in codes.LENGTHS.items()})
    frame["parent"] = [codes.parent_of(code) or "" for code in frame["code"]]
    return frame


@cache
def villages() -> pd.DataFrame:
    """Return code, name and parent (the town) of the 620 573 villages and communities; cached: copy before changing."""
    frame = pd.read_parquet(DATA / "villages.parquet")
    frame["code"] = frame["code"].astype("str")
    frame["parent"] = frame["code"].str[: codes.LENGTHS["town"]]
    return frame


def exists(code: str) -> bool:
    """Tell whether a code is that of a real division, villages included."""
    return code in _names() or (len(code) == codes.LENGTHS["village"] and code in _village_names())


def name_of(code: str) -> str:
    """Return the full Chinese name of a division, villages included; KeyError if there is none."""
    name = _names().get(code)
    return _village_names()[code] if name is None else name


def short_name_of(code: str) -> str:
    """Return the name without its rank (朝阳区 → 朝阳) down to the towns; KeyError if there is none."""
    return _short_names()[code]


def path_of(code: str) -> tuple[str, ...]:
    """Return the names from the province down to the division, without the coding's brackets; 全国 for the nation."""
    if code == codes.NATION:
        return (name_of(code),)
    above = [ancestor for ancestor in reversed(codes.ancestors_of(code)) if ancestor != codes.NATION]
    return tuple(name_of(part) for part in (*above, code) if not is_artificial(part))


def children_of(code: str) -> list[str]:
    """Return the codes one level down in the coding, sorted; empty for a town, whose villages are in `villages()`."""
    return list(_children().get(code, ()))


def visible_children_of(code: str) -> list[str]:
    """Return the divisions one step down as people see it: the coding's brackets are replaced by what they hold.

    Beijing's districts directly under Beijing, 济源市 directly under 河南省.
    """
    return sorted(
        inner for child in children_of(code) for inner in (children_of(child) if is_artificial(child) else [child])
    )


def visible_parent_of(code: str) -> str | None:
    """Return the division one step up as people see it, skipping the coding's brackets; None for the nation."""
    parent = codes.parent_of(code)
    return codes.parent_of(parent) if parent is not None and is_artificial(parent) else parent


def is_artificial(code: str) -> bool:
    """Tell whether a city-level code is only a bracket of the coding: a municipality's 市辖区, 省直辖县级行政区划."""
    return len(code) == codes.LENGTHS["city"] and _names().get(code) in _BRACKETS


def english_name_of(code: str) -> str:
    """Return the English name of the nation, a province, a city or a county; below that the Chinese name.

    Provinces bear their official names, cities their usual ones (Hohhot, Ürümqi without its marks); counties are pinyin
    with their rank (Xihu District), made with pypinyin and corrected by hand. KeyError if there is no such division.
    """
    return _english_names().get(code) or name_of(code)


@cache
def _names() -> dict[str, str]:
    """Return every name down to the towns by code."""
    return dict(zip(divisions()["code"], divisions()["name"], strict=True))


@cache
def _short_names() -> dict[str, str]:
    """Return every short name down to the towns by code."""
    return dict(zip(divisions()["code"], divisions()["short_name"], strict=True))


@cache
def _english_names() -> dict[str, str]:
    """Return the committed English names by code."""
    frame = pd.read_csv(DATA / "english.csv", dtype=str)
    return dict(zip(frame["code"], frame["english_name"], strict=True))


@cache
def _village_names() -> dict[str, str]:
    """Return every village's name by code; costs a second and 100 MB, so only the first question about one loads it."""
    return dict(zip(villages()["code"], villages()["name"], strict=True))


@cache
def _children() -> dict[str, list[str]]:
    """Return the sorted codes below each code."""
    below: dict[str, list[str]] = defaultdict(list)
    for code, parent in zip(divisions()["code"], divisions()["parent"], strict=True):
        below[parent].append(code)
    return {parent: sorted(children) for parent, children in below.items()}
