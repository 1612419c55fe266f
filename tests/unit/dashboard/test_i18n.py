"""Words and figures in two languages, and a catalogue that is complete and has nothing left over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from dashboard import vocabulary
from dashboard.i18n import (
    FACTOR_WORDS,
    GRADE_WORDS,
    LEVEL_WORDS,
    NOTHING,
    RISK_TYPE_WORDS,
    SECTOR_WORDS,
    SUB_INDEX_WORDS,
    TRANSLATIONS,
    words_for,
)
from dashboard.settings import HOUSE

CATALOGUE = TRANSLATIONS / "zh_CN/LC_MESSAGES/messages.po"
KEYWORDS = DEFAULT_KEYWORDS | {"w": None, "words": None, "lazy_gettext": None}
ZH, EN = words_for("zh_CN"), words_for("en")
DAY = dt.date(2026, 11, 22)


def extracted() -> set[str]:
    """Return all message ids that stand in the sources."""
    parse: Any = parse_mapping_cfg  # without types
    with (TRANSLATIONS / "babel.cfg").open() as file:
        methods, options = parse(file)
    found: set[str] = set()
    for folder in ("dashboard", "layouts", "callbacks"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            HOUSE / folder, methods, options, keywords=KEYWORDS
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found


def translated() -> dict[str, str]:
    """Return message id → Chinese of the catalogue."""
    with CATALOGUE.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="zh_CN") if message.id}


def test_every_message_is_translated_and_every_translation_is_used() -> None:
    catalogue = translated()
    assert sorted(message for message in extracted() if not catalogue.get(message)) == []
    assert sorted(set(catalogue) - extracted()) == []


def test_translations_keep_their_placeholders() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN")
    assert [(message.id, [str(error) for error in errors]) for message, errors in catalogue.check()] == []
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = {str(message.id): str(message.string) for message in read_mo(file) if message.id}
    assert compiled == {message: text for message, text in translated().items() if text}


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (GRADE_WORDS, vocabulary.GRADES),
        (RISK_TYPE_WORDS, vocabulary.RISK_TYPES),
        (SUB_INDEX_WORDS, vocabulary.SUB_INDEXES),
        (SECTOR_WORDS, vocabulary.SECTORS),
        (
            FACTOR_WORDS,
            (*(kind for kinds in vocabulary.SIGNAL_KINDS.values() for kind in kinds), *vocabulary.REGISTRY_FACTORS),
        ),
        (LEVEL_WORDS, ("nation", "province", "city", "county", "town", "village")),
    ],
)
def test_every_word_of_a_vocabulary_has_its_label(words: dict[str, str], codes: tuple[str, ...]) -> None:
    assert set(words) == set(codes)


def test_codes_are_worded() -> None:
    assert (ZH.grade("red"), EN.grade("red")) == ("红色", "Red")
    assert ZH.risk_type("pyramid") == "网络传销"
    assert ZH.sub_index("yield_lure") == "收益性偏离"
    assert ZH.factor("promised_yield") == "承诺收益"
    assert ZH.sector("pawn") == "典当"
    assert (ZH.level("county"), EN.level("county")) == ("区县", "County")
    assert ZH.factor("brought_by_a_newer_model") == "brought_by_a_newer_model"


def test_messages_take_values() -> None:
    assert ZH("Too many attempts. Try again in %(minutes)s minutes.", minutes=3) == "尝试次数过多，请在 3 分钟后重试。"
    assert EN("100 % of %(n)s".replace("% ", "%% "), n=3) == "100 % of 3"
    assert ZH("no such message") == "no such message"


@pytest.mark.parametrize(
    ("x", "chinese", "english"),
    [
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (-9_999, "−9,999", "−9,999"),
        (10_000, "1万", "10K"),
        (104_000, "10.4万", "104K"),
        (-104_000, "−10.4万", "−104K"),
        (1_234_567, "123万", "1.2M"),
        (999_999, "100万", "1M"),
        (95_000_000, "9,500万", "95M"),
        (99_994_999, "9,999万", "100M"),
        (99_999_999, "1亿", "100M"),
        (123_000_000, "1.2亿", "123M"),
        (2_500_000_000, "25亿", "2.5B"),
        (None, NOTHING, NOTHING),
        (float("nan"), NOTHING, NOTHING),
    ],
)
def test_compact_numbers(x: float | None, chinese: str, english: str) -> None:
    assert (ZH.compact(x), EN.compact(x)) == (chinese, english)


@pytest.mark.parametrize(
    ("x", "digits", "plain", "signed"),
    [
        (1234.56, 1, "1,234.6", "+1,234.6"),
        (-1234.56, 1, "−1,234.6", "−1,234.6"),
        (0.04, 1, "0.0", "0.0"),
        (-0.04, 1, "0.0", "0.0"),
        (0, 0, "0", "0"),
        (None, 0, NOTHING, NOTHING),
    ],
)
def test_numbers_and_signs(x: float | None, digits: int, plain: str, signed: str) -> None:
    assert (ZH.number(x, digits), EN.signed(x, digits)) == (plain, signed)


def test_shares() -> None:
    assert (ZH.percent(0.1234, 1), ZH.percent(1), ZH.percent(None)) == ("12.3%", "100%", NOTHING)


def test_dates_and_instants() -> None:
    assert (ZH.date(DAY), EN.date(DAY)) == ("11-22", "22 Nov")
    instant = dt.datetime(2026, 11, 22, 17, 5, tzinfo=dt.UTC)
    assert ZH.instant(instant, "Asia/Shanghai") == "11-23 01:05"
    assert EN.instant(instant, "Asia/Shanghai") == "23 Nov 01:05"
    assert {ZH.date(None), ZH.instant(None, "Asia/Shanghai"), ZH.grade(None)} == {NOTHING}


def test_a_language_is_loaded_once_and_must_exist() -> None:
    assert words_for("zh_CN") is ZH
    with pytest.raises(ValueError, match="tlh"):
        words_for("tlh")


def test_the_catalogue_stands_in_the_house() -> None:
    assert Path(TRANSLATIONS).is_relative_to(HOUSE)
