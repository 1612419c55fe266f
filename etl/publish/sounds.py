"""How names sound: each character's common reading in names, as initials and as syllables without tones."""

from __future__ import annotations

import unicodedata
from functools import cache

from pypinyin.pinyin_dict import pinyin_dict

READ_AS = {
    "行": "hang",
    "长": "chang",
    "重": "chong",
    "厦": "xia",
    "朝": "chao",
    "都": "du",
    "乐": "le",
    "解": "xie",
    "曾": "zeng",
    "单": "shan",
    "朴": "piao",
    "覃": "qin",
    "翟": "zhai",
    "查": "zha",
    "仇": "qiu",
    "盖": "gai",
}
"""Characters whose first reading in the dictionary is not the one that names of firms, places and people have."""


@cache
def reading(character: str) -> str:
    """Return the syllable of a character, or a letter or digit itself in small; '' for anything else."""
    if character in READ_AS:
        return READ_AS[character]
    known = pinyin_dict.get(ord(character))
    if known:
        first = unicodedata.normalize("NFD", known.split(",")[0])
        return "".join(mark for mark in first if mark.isascii() and mark.isalpha()).lower()
    return character.lower() if character.isascii() and character.isalnum() else ""


def initials(text: str) -> str:
    """Return the first letter of each syllable, one character for each character of `text` ('-' where none sounds)."""
    return "".join([(reading(character) or "-")[0] for character in text])


def syllables(text: str) -> list[str]:
    """Return the syllables of `text` in order, what does not sound left out."""
    return [sound for sound in map(reading, text) if sound]


def spelled(letters: str) -> list[str]:
    """Return the syllables that `letters` are spelled from, the longest first; [] when they are not pinyin.

    An unfinished syllable at the end, as while somebody types, is left out.
    """
    known = _known()
    at, found = 0, []
    while at < len(letters):
        length = next((size for size in range(min(6, len(letters) - at), 0, -1) if letters[at : at + size] in known), 0)
        if not length:
            unfinished = any(syllable.startswith(letters[at:]) for syllable in known)
            return found if found and unfinished else []
        found.append(letters[at : at + length])
        at += length
    return found


@cache
def _known() -> frozenset[str]:
    """Return the syllables of the common characters; single consonants are none."""
    found = {reading(chr(point)) for point in range(0x4E00, 0xA000)}
    return frozenset(syllable for syllable in found if set(syllable) & set("aeiouv"))
