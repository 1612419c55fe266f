"""Places typed as names or codes: which divisions are meant, the one nearest to the typist where a name is common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dashboard.errors import Invalid, SmokeError
from dashboard.i18n import N_
from geo.codes import ancestors_of
from geo.divisions import divisions, exists
from geo.views import place_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.i18n import Words

_BETWEEN = re.compile(r"[、,，;；\s]+")
BETWEEN = "、"


def places_in(text: str, near: str) -> tuple[str, ...]:
    """Return the codes that a text names, each once; names are full or short ones of divisions down to the towns.

    Of several divisions with a name the one nearest to the region `near` is meant. Raises Invalid, with a sentence, for
    a name that no division has, or that several have which are equally near.
    """
    meant = [_code(word, near) for word in _BETWEEN.split(text) if word]
    return tuple(dict.fromkeys(meant))


def _code(word: str, near: str) -> str:
    if word.isascii() and word.isdecimal():
        if exists(word):
            return word
        raise Invalid.telling(N_("There is no region with the code %(code)s"), code=word[:12])
    frame = divisions()
    named = [str(code) for code in frame.loc[(frame["name"] == word) | (frame["short_name"] == word), "code"]]
    if not named:
        raise Invalid.telling(N_("There is no region with the name %(name)s"), name=word[:20])
    above = {near, *ancestors_of(near)}
    shared = {code: len(above.intersection((code, *ancestors_of(code)))) for code in named}
    nearest = [code for code in named if shared[code] == max(shared.values())]
    highest = [code for code in nearest if len(code) == min(map(len, nearest))]
    if len(highest) > 1:
        raise Invalid.telling(N_("Several regions are called %(name)s: type the code"), name=word[:20])
    return highest[0]


def typed(codes: Sequence[str]) -> str:
    """Return codes as they are typed."""
    return BETWEEN.join(codes)


def told(text: str, near: str, words: Words) -> str:
    """Return which places a text names, in words; what is wrong with it; or how it is typed."""
    try:
        codes = places_in(text, near)
    except SmokeError as error:
        sentence = error.sentence
        return words(sentence.message, **sentence.values) if sentence else ""
    named = words("; ").join(f"{place_words(code, words.locale)} {code}" for code in codes)
    return named or words("Names or codes, with commas between them")
