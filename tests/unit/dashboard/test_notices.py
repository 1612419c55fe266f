"""What somebody is told about what they did: in their language, with instants as their clocks show them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dashboard.errors import Invalid, Sentence, Stale
from dashboard.i18n import words_for
from layouts.notices import show_refused, told

ZONE = "Asia/Shanghai"
AT = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
EN, ZH = words_for("en"), words_for("zh_CN")


def test_an_instant_is_told_as_the_clock_on_the_wall_shows_it() -> None:
    sentence = Sentence("The last refresh failed at %(time)s. What you see is the last good picture.", {"time": AT})
    assert "22 Nov 14:05" in told(sentence, EN, ZONE)
    assert "11-22 14:05" in told(sentence, ZH, ZONE)


def test_sentences_inside_a_sentence_are_translated_too() -> None:
    inner = tuple(Sentence(grade) for grade in ("Red", "Orange"))
    assert told(Sentence("%(list)s", {"list": inner}), EN, ZONE) == "Red; Orange"
    assert told(Sentence("%(list)s", {"list": inner}), ZH, ZONE) == "红色；橙色"
    assert told(Sentence("%(on)s", {"on": date(2026, 11, 22)}), ZH, ZONE) == "11-22"


def test_an_error_that_is_told_keeps_its_kind_and_its_english_text() -> None:
    error = Stale.telling("%(who)s was faster", who="李娜")
    assert isinstance(error, Stale)
    assert (str(error), error.status) == ("李娜 was faster", 409)
    assert Invalid("x").sentence is None


def test_an_error_without_a_sentence_stays_an_error() -> None:
    with pytest.raises(Invalid):
        show_refused(Invalid("a forged value"), EN, ZONE)
