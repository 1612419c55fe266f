"""What people write for places: every name, short name, changed rank and old name, with the region it means.

Built once in memory from the divisions and the committed alias table. A word may mean several regions; `meaning` asks
for the one that fits what is already known.
"""

from collections import defaultdict
from functools import cache
from typing import NamedTuple

import pandas as pd

from geo import codes
from geo.divisions import DATA, children_of, divisions, is_artificial

_RANKS = {"county": "区县市旗", "city": "市州盟"}
_TOWN_EXTRA_RANKS = {"4420": "区"}
"""Zhongshan has no districts, and calls its larger townships so."""

_STRENGTH = {"full": 0, "alias": 1, "rank": 2, "short": 3}
_GENERIC_ZONES = {
    "经济技术开发": ("经济技术开发区", "经济开发区", "经开区", "开发区"),
    "经济开发": ("经济技术开发区", "经济开发区", "经开区", "开发区"),
    "高新技术": ("高新技术产业开发区", "高新技术开发区", "高新开发区", "高新区"),
}

GENERIC = frozenset({
    "城区", "郊区", "矿区", "东区", "西区", "南区", "北区", "中区", "新区", "市区", "城关", "开发区", "高新区",
    "保税区", "经开区", "工业园区", "自贸区", "市郊区", "高新园区",
    "经济技术开发区", "经济开发区", "高新技术产业开发区",
    "高新技术开发区", "高新开发区", "新城区", "工业区",
})  # fmt: skip
"""Words that name a part of almost any city: believed only straight after that city's name."""


class Meaning(NamedTuple):
    """What a word may mean: a region, within which wider region it is said, how it is said, how sure that is (0–1).

    `options` are the regions an abolished one was divided among; the region is then what they have in common.
    """

    code: str
    within: str
    kind: str
    confidence: float
    options: tuple[str, ...] = ()


Words = dict[str, list[Meaning]]


@cache
def words() -> Words:
    """Return every word for a province, city or county with all that it may mean."""
    found: Words = defaultdict(list)
    frame = divisions()
    frame = frame[frame["level"].isin(("province", "city", "county"))]
    for code, name, short, level in frame[["code", "name", "short_name", "level"]].itertuples(index=False):
        if not is_artificial(code):
            for word, kind, confidence in _ways_to_say(name, short, level):
                found[word].append(Meaning(code, _surroundings(code), kind, confidence))
    for word, said in [*_aliases(), *_zones()]:
        current = next((m for m in found[word] if m.kind == "full" and m.code in said.options), None)
        if current is not None:
            # A district that gave ground away keeps its name; which part is meant, the town decides.
            found[word].remove(current)
        found[word].append(said if current is None else current._replace(options=said.options))
    return dict(found)


@cache
def longest() -> dict[str, int]:
    """Return for the first two characters of every word the length of the longest word that starts so."""
    lengths: dict[str, int] = {}
    for word in words():
        lengths[word[:2]] = max(len(word), lengths.get(word[:2], 0))
    return lengths


@cache
def towns(region: str) -> dict[str, tuple[str, ...]]:
    """Return every way to say a town's name within a city (4 digits) or province (2) with the towns it may mean."""
    exact, loose = defaultdict(set), defaultdict(set)
    for county in _counties_of(region):
        for code in children_of(county):
            name, stem = _town_names()[code]
            exact[name].add(code)
            for rank in (*_earlier_ranks(name), *_TOWN_EXTRA_RANKS.get(region, "")) if len(stem) > 1 else ():
                loose[stem + rank].add(code)
    # A name as it stands beats the same stem with another rank.
    said = loose | exact
    return {word: tuple(sorted(found)) for word, found in said.items() if len(word) > 2}  # noqa: PLR2004 - two characters name half the country


def _earlier_ranks(name: str) -> tuple[str, ...]:
    """Return the ranks that a town of this name has or may have had: townships become towns, and towns subdistricts."""
    if name.endswith(("街道", "街道办事处")):
        return ("街道办事处", "街道", "镇", "乡")
    return ("镇", "乡") if name.endswith("镇") else ("乡",)


def meaning(word: str, known: str) -> Meaning | None:
    """Return what a word means where `known` is the region already certain ("" for nothing), None if it does not say.

    A word that names what is known, or what lies around it, only says that again (长沙市 in Changsha is not 长沙县).
    Otherwise a full name within it beats an old name, that beats a changed rank, and that a short name.
    """
    again = [m for m in words().get(word, ()) if known.startswith(m.code) and m.kind in {"full", "short"}]
    return max(again, key=lambda m: len(m.code)) if again else deeper_meaning(word, known)


def deeper_meaning(word: str, known: str) -> Meaning | None:
    """Return what a word means within `known`, never `known` itself: in the city column, Jilin's 吉林 is the city."""
    fits = [m for m in words().get(word, ()) if _is_deeper(m, known)]
    fits = [m for m in fits if m.kind != "alias" or known.startswith(m.within) or _says_enough(word)]
    if not fits:
        return None
    strongest = min(_STRENGTH[m.kind] for m in fits)
    best = sorted((m for m in fits if _STRENGTH[m.kind] == strongest), key=lambda m: len(m.code))
    if all(m.code.startswith(best[0].code) for m in best):
        return best[0]
    highest = [m for m in best if m.within == known]
    return highest[0] if len(highest) == 1 else None


def _is_deeper(found: Meaning, known: str) -> bool:
    """Tell whether a meaning adds to what is known; a divided old district does, though no single county follows."""
    return found.code.startswith(known) and (len(found.code) > len(known) or bool(found.options))


def only_county_of(city: str) -> str | None:
    """Return the one county of a city that has no more (Dongguan), else None."""
    counties = children_of(city) if len(city) == codes.LENGTHS["city"] else []
    return counties[0] if len(counties) == 1 else None


def _says_enough(word: str) -> bool:
    """Tell whether an old name stands for itself without the city's: 闸北区 does, 郊区 does not."""
    return len(word) > 2 and word not in GENERIC and word[-1] in "区县市"  # noqa: PLR2004 - as above


def _surroundings(code: str) -> str:
    """Return the visible region around a code, "" for the nation."""
    above = codes.parent_of(code) or codes.NATION
    if is_artificial(above):
        above = codes.parent_of(above) or codes.NATION
    return "" if above == codes.NATION else above


def _ways_to_say(name: str, short: str, level: str) -> list[tuple[str, str, float]]:
    """Return the words for a division: its name, its stem with other ranks or alone, each with a confidence."""
    said = [(name, "full", 0.95)]
    if len(short) < 2 or short == name:  # noqa: PLR2004 - one character is no name
        return said
    said += [(short + rank, "rank", 0.85) for rank in _RANKS.get(level, "") if short + rank not in {name, *GENERIC}]
    said += [(name[: -len(tail)], "short", 0.85) for tail in ("自治州", "自治县", "自治旗") if name.endswith(tail)]
    if short not in GENERIC:
        said.append((short, "short", 0.8 if level == "county" else 0.85))
    return said


def _aliases() -> list[tuple[str, Meaning]]:
    """Return the committed old names and renamings."""
    found = []
    frame = pd.read_csv(DATA / "aliases.csv", dtype=str)
    for alias, within, targets in frame[["alias", "within", "codes"]].itertuples(index=False):
        options = tuple(targets.split("|"))
        code = options[0] if len(options) == 1 else within
        found.append((alias, Meaning(code, within, "alias", 0.85, options if len(options) > 1 else ())))
    return found


def _zones() -> list[tuple[str, Meaning]]:
    """Return the loose words for a city's development zones, where the city has one of that sort only."""
    names = divisions().query("level == 'county' and name.str.endswith('区') and name.str.len() > 6")
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for code, name in names[["code", "name"]].itertuples(index=False):
        sort = next((sort for sort in _GENERIC_ZONES if sort in name), None)
        for word in _GENERIC_ZONES[sort] if sort else ():
            said[word, code[:4]].add(code)
    return [
        (word, Meaning(next(iter(found)), city, "alias", 0.8))
        for (word, city), found in said.items()
        if len(found) == 1
    ]


def _counties_of(region: str) -> list[str]:
    """Return the counties of a city, or of all cities of a province."""
    if len(region) == codes.LENGTHS["city"]:
        return children_of(region)
    return [county for city in children_of(region) for county in children_of(city)]


@cache
def _town_names() -> dict[str, tuple[str, str]]:
    """Return name and stem of every town."""
    frame = divisions().query("level == 'town'")
    return dict(zip(frame["code"], zip(frame["name"], frame["short_name"], strict=True), strict=True))
