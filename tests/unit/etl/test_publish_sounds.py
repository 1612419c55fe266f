"""How names sound."""

from __future__ import annotations

import pytest

from etl.publish.sounds import initials, spelled, syllables


def test_initials_keep_the_place_of_each_character() -> None:
    assert initials("禾青A1期·厦") == "hqa1q-x"


def test_characters_sound_as_they_do_in_names() -> None:
    assert syllables("重庆银行长乐") == ["chong", "qing", "yin", "hang", "chang", "le"]


@pytest.mark.parametrize(
    ("letters", "found"),
    [
        ("heqingshiyan", ["he", "qing", "shi", "yan"]),
        ("heqingsh", ["he", "qing"]),  # still being typed
        ("hqsy", []),
        ("", []),
        ("qqqq", []),
    ],
)
def test_pinyin_is_taken_apart_and_other_letters_are_not(letters: str, found: list[str]) -> None:
    assert spelled(letters) == found
