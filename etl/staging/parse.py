"""Text to values, as expressions: dates, money, numbers, credit codes. What cannot be read becomes null."""

from __future__ import annotations

from typing import Any

import ibis

# Ibis ships no types: its expressions are Any here.
Expr = Any

FULL_WIDTH = "０１２３４５６７８９（），．：／－＋％　"
HALF_WIDTH = "0123456789(),.:/-+% "

CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_LENGTH = 18

SCALES = {
    "万亿": 1e12, "亿": 1e8, "千万": 1e7, "百万": 1e6, "十万": 1e5, "万": 1e4, "千": 1e3, "百": 1e2,
    "%": 1e-2, "‰": 1e-3,
}  # fmt: skip
CNY = ("人民币", "RMB", "CNY", "￥", "¥")
FOREIGN = {
    "美元": ("美元", "美金", "USD", "$"), "港元": ("港元", "港币", "香港元", "HKD"), "日元": ("日元", "日圆", "JPY"),
    "欧元": ("欧元", "EUR", "€"), "英镑": ("英镑", "GBP", "£"), "新加坡元": ("新加坡元", "新元", "SGD"),
    "加拿大元": ("加拿大元", "加元", "CAD"), "澳大利亚元": ("澳大利亚元", "澳元", "AUD"),
    "澳门元": ("澳门元", "MOP"), "新台币": ("新台币", "台币", "TWD"), "韩元": ("韩元", "KRW"),
    "瑞士法郎": ("瑞士法郎", "CHF"),
}  # fmt: skip
"""Currencies by the name that `[source.currencies]` uses, with the ways in which bureaux write them."""

_WRITTEN = {written.replace("$", r"\$"): name for name, words in FOREIGN.items() for written in words}
_FOREIGN = "|".join(sorted(_WRITTEN, key=len, reverse=True))
_CURRENCY = f"(?:{_FOREIGN}|{'|'.join(CNY)})?"
_AMOUNT = rf"^{_CURRENCY}([-+]?(?:\d+\.?\d*|\.\d+)(?:E[-+]?\d+)?)({'|'.join(SCALES)})?[元圆]?{_CURRENCY}[元圆]?整?$"
_WAN = r"^[-+]?\d{1,15}(\.\d{1,15})?万元?$"
_PLAIN_NUMBER = r"^[-+]?\d{1,15}(\.\d{1,15})?$"
_PLAIN_DATE = r"^\d{4}-\d{2}-\d{2}$"
_DATE = r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+\d{1,2}[:时点].*)?$"
_DIGITS_DATE = r"^(\d{4})(\d{2})(\d{2})(?:\d{6})?$"
_SERIAL_DATE = r"^([1-7]\d{4})(?:\.\d+)?$"
"""Excel counts days from 1899-12-30; 10000 to 79999 are the years 1927 to 2119."""


def half_width(text: Expr) -> Expr:
    """Return the text with full-width digits and punctuation made half-width."""
    return text.translate(FULL_WIDTH, HALF_WIDTH)


def date_of(text: Expr) -> Expr:
    """Return the date that the text names; null for what is none, and for days that no calendar has.

    Read are 2026-01-05, 2026-1-5, 2026/1/5, 2026.1.5, 2026年1月5日, 20260105, each with or without a time, and the day
    numbers of spreadsheets.
    """
    clean = half_width(text).strip()
    spaced = _day(clean, _DATE)
    digits = _day(clean, _DIGITS_DATE)
    # A timestamp, because Ibis takes a date plus days for a date already and leaves out the cast that DuckDB needs.
    serial = ibis.timestamp("1899-12-30") + clean.re_extract(_SERIAL_DATE, 1).nullif("").cast("int32").as_interval("D")
    return ibis.cases(
        (clean.re_search(_PLAIN_DATE), clean.try_cast("date")),
        (clean.re_search(_DATE), spaced),
        (clean.re_search(_DIGITS_DATE), digits),
        (clean.re_search(_SERIAL_DATE), serial.cast("date")),
    )


def looks_like_date(text: Expr) -> Expr:
    """Tell whether the text has a date's form, though no calendar may have the day."""
    clean = half_width(text).strip()
    return clean.re_search(_DATE) | clean.re_search(_DIGITS_DATE)


def _day(text: Expr, pattern: str) -> Expr:
    year, month, day = (text.re_extract(pattern, group) for group in (1, 2, 3))
    return year.concat("-", month.lpad(2, "0"), "-", day.lpad(2, "0")).try_cast("date")


def amount_of(text: Expr) -> Expr:
    """Return the number that the text names, in units (not 万) and in the text's own currency; null if none.

    Read are 100, 1,000, 50万, 1.5亿元, 1,000(万元人民币), 300（万美元）, 12.5%.
    """
    clean = _bare(text)
    scale = ibis.map(["", *SCALES], [1.0, *SCALES.values()])[clean.re_extract(_AMOUNT, 2)]
    value = ibis.cases(
        # Nearly all amounts have one of the first two forms, and these cost a tenth of the general one.
        (text.re_search(_PLAIN_NUMBER), text.try_cast("float64")),
        (text.re_search(_WAN), text.re_replace("万元?$", "").try_cast("float64") * SCALES["万"]),
        else_=clean.re_extract(_AMOUNT, 1).try_cast("float64") * scale,
    )
    return ibis.ifelse(value.isinf() | value.isnan(), ibis.null("float64"), value)


def currency_of(text: Expr) -> Expr:
    """Return the foreign currency in which the text's amount stands, by its name in `FOREIGN`; null for CNY."""
    names = ibis.map([written.replace("\\", "") for written in _WRITTEN], list(_WRITTEN.values()))
    return names[_bare(text).re_extract(f"({_FOREIGN})", 1)]


def _bare(text: Expr) -> Expr:
    """Without the brackets, thousands separators and blanks among which bureaux put number, unit and currency."""
    return half_width(text).upper().re_replace(r"[(),\[\]【】\s]", "")


def code_of(text: Expr) -> Expr:
    """Return a credit code without blanks and dashes, in capitals."""
    return half_width(text).upper().re_replace(r"[\s-]", "")


def has_code_form(code: Expr) -> Expr:
    """Tell whether the text is 18 characters of GB 32100-2015's alphabet, digits where digits belong."""
    return code.re_search(rf"^[{CODE_ALPHABET}]{{2}}[0-9]{{6}}[{CODE_ALPHABET}]{{10}}$")


def has_right_check_character(code: Expr) -> Expr:
    """Tell whether a code's last character follows from the others (GB 32100-2015, clause 4.5).

    Character values are positions in the alphabet, weights the powers of 3 modulo 31; the check value is
    31 − (weighted sum mod 31), where 31 counts as 0. So the weighted sum and the check value add up to 0 modulo 31.
    """
    alphabet = ibis.literal(CODE_ALPHABET)
    total = ibis.literal(0)
    for place in range(CODE_LENGTH - 1):
        total += alphabet.find(code.substr(place, 1)) * pow(3, place, 31)
    return (total + alphabet.find(code.substr(CODE_LENGTH - 1, 1))) % 31 == 0
