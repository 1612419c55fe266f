"""Locating text: the deepest region that a province, a city and an address support, how sure that is, and why.

An address is read from its start as people write it, province, city, county, each name optional and in any of its
forms; a short name counts only there, and only if it does not go on as a street's name (南山路 is not 南山区). Failing
that, a full name (…区, …县, …市) may stand anywhere. Then a town is looked for in the county, or settles the county.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from geo import codes, gazetteer
from geo.divisions import children_of, is_artificial, name_of
from geo.gazetteer import GENERIC, Meaning

_COLUMNS = ["region_code", "level", "confidence", "basis"]

_SKIPPED = " ,，.。、·-—:：;；()（）[]【】\"'“”"
_MISSING = {"", "N/A", "NA", "NULL", "NONE", "NAN", "-", "无", "不详", "未知"}
_FREE_TRADE = re.compile(r"^中国\(([^)]{2,4})\)自由贸易试验区")

_STREET = re.compile(
    r"^[东西南北中内外上下老新大小前后环]{0,2}[一二三四五六七八九十]{0,2}"
    r"(?:路|街|大道|道|巷|弄|里|胡同|条|桥|村|镇|乡|苏木|社区|小区|花园|山|湖|河|江|港|寺|门|楼|广场|大厦|商厦|市场|宾馆|饭店|酒店|公寓|场|厂|站)"
)
_NOT_A_CITY = re.compile(r"^[东西南北中]?(?:路|街|大道|巷|弄|里|胡同|新村|小区|村|镇|乡)")
_NOT_A_NAME = re.compile(r"^(?:路|街|场|政|府|委|域|民|大道|大街)")

_COUNTY_END = re.compile(r"[区县市旗]")
_TOWN_END = re.compile(r"[镇乡道处区场]")
_LONGEST_TOWN = 12
_SHORTEST_SURE = 3
_OPENING = 8
"""Characters within which a county's name opens an address."""

_NEXT_DOOR = 0.8
"""What is left of the confidence where the county lies outside the city that the row names."""
_IN_DOUBT = 0.6
"""What is left of the confidence where the address contradicts the columns."""


class Place(NamedTuple):
    """What is known so far: the region ("" for none), how sure (0–1), why, and the parts an old district went to."""

    code: str = ""
    confidence: float = 0.0
    basis: str = ""
    options: tuple[str, ...] = ()


def locate(frame: pd.DataFrame) -> pd.DataFrame:
    """Return region_code, level, confidence (0–1) and basis for each row, on the frame's own index.

    `frame` may have the text columns province, city and address; any may be absent or empty. Where nothing is known the
    code is "0", the level nation and the confidence 0. `basis` is a machine word, with the word that decided after a
    colon where that word is no current name: ``county-in-address``, ``city-column``, ``alias:闸北区``,
    ``county-in-address+town``. Equal rows are read once: a million distinct addresses take about a minute.
    """
    parts = [
        frame[name].fillna("").astype("str") if name in frame else pd.Series("", frame.index)
        for name in ("province", "city", "address")
    ]
    keys = list(zip(*parts, strict=True))
    known = {key: _located(*key) for key in dict.fromkeys(keys)}
    return pd.DataFrame([known[key] for key in keys], columns=_COLUMNS, index=frame.index)


def _located(province: str, city: str, address: str) -> tuple[str, str, float, str]:
    """Return the answer for one row."""
    column = _columns_say(province, city)
    text = _clean(address)
    place, position = _address_says(text, column)
    place = _with_town(text, position, place)
    code = _certain(place.code)
    level = codes.level_of(code)
    if level == "county" and code != place.code and place.basis:
        return code, level, place.confidence, f"{place.basis}+only-county"
    return code, level, round(place.confidence, 2), place.basis


def _certain(code: str) -> str:
    """Return the code with what follows by itself: a city's only county, a municipality's only bracket."""
    if len(code) == codes.LENGTHS["province"]:
        below = children_of(code)
        return below[0] if len(below) == 1 and is_artificial(below[0]) else code
    return gazetteer.only_county_of(code) or code or codes.NATION


@lru_cache(maxsize=65_536)
def _columns_say(province: str, city: str) -> Place:
    """Return what the province and city columns say together."""
    place, _ = _walk(_clean(province), Place(), "province-column")
    word = _clean(city)
    whole = gazetteer.deeper_meaning(word, place.code) if place.code else None
    if whole is not None:
        return _step(word, whole, "city-column")
    inside, _ = _walk(word, place, "city-column")
    if inside.code != place.code or not word:
        return inside
    # Without a province, a short name that is a city's and a county's is rather the city's.
    cities = {m.code for m in gazetteer.words().get(word, ()) if len(m.code) == codes.LENGTHS["city"]}
    cities = {code for code in cities if code.startswith(place.code)}
    return Place(cities.pop(), 0.7, "city-column") if len(cities) == 1 else place


def _address_says(text: str, column: Place) -> tuple[Place, int]:
    """Return what the address adds to the columns, and how far it was read."""
    # A district from a municipality's city column is a hint: the address may name another.
    around = column
    if len(column.code) > codes.LENGTHS["city"]:
        above = column.code[: codes.LENGTHS["city"]]
        around = column._replace(code=above[:2] if is_artificial(above) else above, options=())
    place, position = _walk(text, around, "in-address")
    if position == 0:
        abroad, read = _walk(text, Place(), "in-address")
        if _contradicts(text, abroad, around):
            return abroad._replace(confidence=abroad.confidence * _IN_DOUBT), read
    if _county_known(place):
        return place, position
    found = _anywhere(text, position, place) or _next_door(text, place)
    if found is not None:
        return found
    if len(column.code) > len(place.code) and _within((column.code,), place):
        return column, position
    return place, position


def _next_door(text: str, place: Place) -> tuple[Place, int] | None:
    """Return a county that opens an address but lies outside the city: borders have moved since it was written."""
    if len(place.code) != codes.LENGTHS["city"] or not _COUNTY_END.search(text[:_OPENING]):
        return None
    found = _anywhere(text, 0, Place(place.code[: codes.LENGTHS["province"]]))
    if found is None or not _county_known(found[0]):
        return None
    county, position = found
    return county._replace(confidence=county.confidence * _NEXT_DOOR), position


def _contradicts(text: str, place: Place, column: Place) -> bool:
    """Tell whether an address opens with another province's full name and goes on to a place in it."""
    province = place.code[: codes.LENGTHS["province"]]
    if len(place.code) <= len(province) or not column.code or column.code.startswith(province):
        return False
    return text.startswith(name_of(province))


def _county_known(place: Place) -> bool:
    """Tell whether a place is a county or deeper."""
    return len(place.code) >= codes.LENGTHS["county"]


def _walk(text: str, place: Place, source: str) -> tuple[Place, int]:
    """Read names from the start of a text, each within the one before; return the deepest and where reading stopped."""
    position = 0
    while position < len(text) and not _county_known(place):
        if text[position] in _SKIPPED:
            position += 1
            continue
        hit = _name_at(text, position, place.code)
        if hit is None:
            break
        word, found = hit
        position += len(word)
        surer = found.code == place.code and found.confidence > place.confidence and not place.options
        if len(found.code) > len(place.code) or found.options or surer:
            place = _step(word, found, source)
    return place, position


def _step(word: str, found: Meaning, source: str) -> Place:
    """Return the place after a word was understood."""
    level = codes.level_of(found.code)
    basis = f"alias:{word}" if found.kind == "alias" else source if source != "in-address" else f"{level}-in-address"
    return Place(found.code, found.confidence, basis, found.options)


def _name_at(text: str, position: int, known: str) -> tuple[str, Meaning] | None:
    """Return the longest word at a position that means something there, with its meaning."""
    end = position + gazetteer.longest().get(text[position : position + 2], 0)
    for stop in range(min(end, len(text)), position + 1, -1):
        word = text[position:stop]
        found = gazetteer.meaning(word, known) if word in gazetteer.words() else None
        if found is not None and _stands_alone(word, found, text[stop : stop + 8], known):
            return word, found
    return None


def _stands_alone(word: str, found: Meaning, behind: str, known: str) -> bool:
    """Tell whether a word is a place's name here and not the beginning of a street's, given what comes behind it."""
    if word in GENERIC and not (len(known) >= codes.LENGTHS["city"] or _is_municipality(known)):
        return False
    if word[-1] in "区县市旗省州盟" and found.kind != "short":
        return not _NOT_A_NAME.match(behind)
    if len(found.code) == codes.LENGTHS["county"]:
        return not _STREET.match(behind)
    return not _NOT_A_CITY.match(behind)


def _anywhere(text: str, start: int, place: Place) -> tuple[Place, int] | None:
    """Return the county whose full name stands somewhere behind `start`, with the position behind it; None if none."""
    for end in _COUNTY_END.finditer(text, start):
        for begin in range(max(start, end.end() - 12), end.end() - 1):
            word = text[begin : end.end()]
            if word in gazetteer.words() and _says_enough(word, text[:begin]):
                found = gazetteer.meaning(word, place.code)
                if found and len(found.code) > len(place.code) and not _NOT_A_NAME.match(text[end.end() :]):
                    return _step(word, found, "in-address"), end.end()
    return None


def _says_enough(word: str, before: str) -> bool:
    """Tell whether a word may be believed in the middle of a text: long enough, or a …县 right after another name."""
    if word in GENERIC or word[-1] not in "区县市旗":
        return False
    return len(word) >= _SHORTEST_SURE or (word[-1] == "县" and (not before or before[-1] in "省市州区盟 )"))


def _with_town(text: str, position: int, place: Place) -> Place:
    """Return the place deepened by a town that the address names; a town may also settle the county."""
    scope = place.code[: codes.LENGTHS["city"]]
    if len(scope) < codes.LENGTHS["province"] or (
        len(scope) == codes.LENGTHS["province"] and not _is_municipality(scope)
    ):
        return place
    names = gazetteer.towns(scope)
    for end in _TOWN_END.finditer(text, position):
        for begin in range(max(position, end.end() - _LONGEST_TOWN), end.end() - _SHORTEST_SURE + 1):
            found = names.get(text[begin : end.end()])
            if found is None or not _town_may_start(text, begin, position):
                continue
            fitting = _within(found, place)
            if len(fitting) == 1:
                return Place(fitting[0], min(place.confidence, 0.85), f"{place.basis}+town")
    return place


def _within(inner: tuple[str, ...], place: Place) -> list[str]:
    """Return the regions that lie in the place, or in the parts its old district went to."""
    return [code for code in inner if code.startswith(place.options or place.code)]


def _town_may_start(text: str, begin: int, position: int) -> bool:
    """Tell whether a town's name may begin here: where the reading stopped, or after a rank, a digit or a mark."""
    return begin == position or text[begin - 1] in "区县市旗镇乡道处" or not text[begin - 1].isalpha()


def _is_municipality(province: str) -> bool:
    """Tell whether a province's districts stand directly below it."""
    return is_artificial(f"{province}01")


def _clean(text: str) -> str:
    """Return text as it is read: full-width forms folded, blanks, "missing" and the nation's name gone."""
    text = unicodedata.normalize("NFKC", text).replace(" ", "").replace("\t", "")
    if text.upper() in _MISSING:
        return ""
    trade = _FREE_TRADE.match(text)
    if trade:
        return trade.group(1) + text[trade.end() :]
    return text.removeprefix("中国").removeprefix("中华人民共和国")
