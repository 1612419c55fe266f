"""Words and figures as people read them, in Chinese and English; knows no Flask, so that figures may use it.

Message ids are English and stand where they are used, as `w("…")`; `dashboard/translations` holds the Chinese.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.support import NullTranslations, Translations

from dashboard.i18n.marks import N_
from dashboard.i18n.terms import (
    EXEMPTION_REASON_WORDS,
    EXEMPTION_WORDS,
    FACTOR_WORDS,
    GRADE_WORDS,
    HANDLING_WORDS,
    LEVEL_WORDS,
    RISK_TYPE_WORDS,
    SECTOR_WORDS,
    SUB_INDEX_WORDS,
)
from dashboard.settings import HOUSE

if TYPE_CHECKING:
    import datetime as dt  # whole, because a method below is called `date`
    from collections.abc import Mapping

__all__ = [
    "EXEMPTION_REASON_WORDS",
    "EXEMPTION_WORDS",
    "FACTOR_WORDS",
    "GRADE_WORDS",
    "HANDLING_WORDS",
    "LEVEL_WORDS",
    "LOCALES",
    "NOTHING",
    "N_",
    "RISK_TYPE_WORDS",
    "SECTOR_WORDS",
    "SUB_INDEX_WORDS",
    "TRANSLATIONS",
    "Words",
    "words_for",
]

TRANSLATIONS = HOUSE / "dashboard" / "translations"
LOCALES = ("zh_CN", "en")
NOTHING = "—"
MINUS = "\N{MINUS SIGN}"
PLAIN_BELOW = 10_000  # numbers under this are written out even where space is short
_UNITS = {"zh_CN": ((1e8, "亿"), (1e4, "万")), "en": ((1e9, "B"), (1e6, "M"), (1e3, "K"))}


class Words:
    """One language: call it to translate; its methods write numbers, dates and vocabularies. None becomes a dash."""

    def __init__(self, locale: str) -> None:
        """Load the catalogue of `locale`, one of LOCALES; English is its own catalogue."""
        if locale not in LOCALES:
            raise ValueError(f"no such language: {locale}")
        self.locale = locale
        self._chinese = locale == "zh_CN"
        self.catalogue: NullTranslations = (
            Translations.load(TRANSLATIONS, [locale]) if self._chinese else NullTranslations()
        )

    def __call__(self, message: str, **values: object) -> str:
        """Return `message` in this language, its %(name)s placeholders filled from `values`."""
        text: str = self.catalogue.gettext(message)
        return text % values if values else text

    def number(self, x: float | None, digits: int = 0) -> str:
        """Return `x` with thousands separators and `digits` decimals, e.g. 12,345.6."""
        if x is None or math.isnan(x):
            return NOTHING
        text = f"{abs(x):,.{digits}f}"
        return MINUS + text if x < 0 and text.strip("0.,") else text

    def compact(self, x: float | None) -> str:
        """Return `x` short: 10.4万, 123万, 1.2亿; 104K, 1.2M. Under 10,000 it is written out."""
        if x is None or math.isnan(x) or abs(x) < PLAIN_BELOW:
            return self.number(x)
        units = _UNITS[self.locale]
        natural = next(unit for unit, _ in units if abs(x) >= unit)
        rounded = _short(abs(x) / natural) * natural
        # Rounding may reach the next unit: 99,999,999 is 1亿, not 10,000万.
        unit, word = next((unit, word) for unit, word in units if rounded >= unit)
        text = f"{_short(abs(x) / unit):,.1f}".removesuffix(".0") + word
        return MINUS + text if x < 0 else text

    def signed(self, x: float | None, digits: int = 0) -> str:
        """Return `x` with its sign, + or a real minus; what rounds to zero has none."""
        text = self.number(x, digits)
        return f"+{text}" if x is not None and x > 0 and text.strip("0.,") else text

    def percent(self, share: float | None, digits: int = 0) -> str:
        """Return the share (0-1) in per cent."""
        return NOTHING if share is None or math.isnan(share) else self.number(share * 100, digits) + "%"

    def date(self, d: dt.date | None) -> str:
        """Return 11-22 or 22 Nov."""
        return NOTHING if d is None else self._format(d, "MM-dd", "d MMM")

    def month(self, d: dt.date | None) -> str:
        """Return 11月 or Nov."""
        return NOTHING if d is None else self._format(d, "M月", "MMM")

    def instant(self, moment: dt.datetime | None, timezone: str) -> str:
        """Return 11-22 14:05 or 22 Nov 14:05 as clocks in `timezone` (IANA) show it."""
        if moment is None:
            return NOTHING
        local = moment.astimezone(ZoneInfo(timezone))
        return f"{self.date(local.date())} {local:%H:%M}"

    def grade(self, code: str | None) -> str:
        """Return the word of a grade."""
        return self.term(GRADE_WORDS, code)

    def risk_type(self, code: str | None) -> str:
        """Return the word of a risk type."""
        return self.term(RISK_TYPE_WORDS, code)

    def sub_index(self, code: str | None) -> str:
        """Return the word of a sub-index."""
        return self.term(SUB_INDEX_WORDS, code)

    def factor(self, code: str | None) -> str:
        """Return the words of a signal kind or a registry factor."""
        return self.term(FACTOR_WORDS, code)

    def sector(self, code: str | None) -> str:
        """Return the words of a sector."""
        return self.term(SECTOR_WORDS, code)

    def level(self, code: str | None) -> str:
        """Return the word of a level of divisions."""
        return self.term(LEVEL_WORDS, code)

    def handling(self, code: str | None) -> str:
        """Return the words of a warning's state."""
        return self.term(HANDLING_WORDS, code)

    def exemption(self, code: str | None) -> str:
        """Return the words of a list that holds warnings back."""
        return self.term(EXEMPTION_WORDS, code)

    def exemption_reason(self, code: str | None) -> str:
        """Return the words of why an enterprise is exempt."""
        return self.term(EXEMPTION_REASON_WORDS, code)

    def term(self, words: Mapping[str, str], code: str | None) -> str:
        """Return the word of a code in one of the tables of `terms` or `case_terms`.

        A code that a newer model brought is shown as it is, because a wall must not go dark.
        """
        return NOTHING if code is None else self(words[code]) if code in words else code

    def _format(self, d: dt.date, chinese: str, english: str) -> str:
        return format_date(d, chinese if self._chinese else english, locale=self.locale)


def _short(scaled: float) -> float:
    """Round to what stands before a unit: one decimal below a hundred, none above."""
    return round(scaled, 1 if scaled < 100 else 0)  # noqa: PLR2004 - three figures are enough on a wall


@cache
def words_for(locale: str) -> Words:
    """Return the Words of `locale`, loaded once per process."""
    return Words(locale)
