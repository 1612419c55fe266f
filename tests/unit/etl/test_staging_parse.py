"""Dates, money and codes: what a person could read is read, and what nobody could is null."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.engine import materialise, open_engine
from etl.staging.parse import (
    CODE_ALPHABET,
    amount_of,
    code_of,
    currency_of,
    date_of,
    has_code_form,
    has_right_check_character,
    looks_like_date,
)

CON = open_engine(None, threads=1, memory_gb=1)


def _of(function: Any, *texts: str) -> list[Any]:  # noqa: ANN401 - Ibis ships no types
    table = materialise(CON, "texts", pa.table({"place": range(len(texts)), "text": pa.array(texts, pa.string())}))
    found = table.select("place", value=function(table.text)).order_by("place")
    return [row["value"] for row in found.to_pyarrow().to_pylist()]


MONEY = {
    "100": 100, "1,000": 1000, "1，000": 1000, "-5": -5, "0.5": 0.5, ".5": 0.5, "1e6": 1e6, "50万": 5e5, "50万元": 5e5,
    "1.5亿": 1.5e8, "2千万": 2e7, "3百万元": 3e6, "1万亿": 1e12, "1,000(万元人民币)": 1e7, "300（万元）": 3e6,
    "100(万元(人民币))": 1e6, "10(万人民币元)": 1e5, "30万人民币": 3e5, "５０万": 5e5, "人民币100万元整": 1e6,
    "RMB 20,000": 2e4, "¥5,000.50": 5000.5, "100()万元": 1e6, "12.5%": 0.125, "5‰": 0.005, "100(万美元)": 1e6,
    "50万港币": 5e5, "200（万元美元）": 2e6, "100.": 100,
}  # fmt: skip


def test_amounts_are_read_as_a_person_reads_them() -> None:
    assert _of(amount_of, *MONEY) == pytest.approx(list(MONEY.values()))


def test_what_is_no_amount_is_null() -> None:
    texts = (
        "万",
        "约100万",
        "壹佰万元整",
        "100万左右",
        "1.2.3",
        "--5",
        "1e999",
        "inf",
        "nan",
        "十",
        "100 to 200",
        "元",
    )
    assert _of(amount_of, *texts) == [None] * len(texts)


def test_foreign_currencies_are_told_from_ours() -> None:
    texts = (
        "100",
        "100万元",
        "100万人民币",
        "100(万美元)",
        "5万港币",
        "9(万元(港币))",
        "10万香港元",
        "7usd",
        "3(万日元)",
        "$5",
    )
    expected = [None, None, None, "美元", "港元", "港元", "港元", "美元", "日元", "美元"]
    assert _of(currency_of, *texts) == expected


DATES = {
    "2026-01-05": date(2026, 1, 5), "2026-1-5": date(2026, 1, 5), "2026/1/5": date(2026, 1, 5),
    "2026.01.05": date(2026, 1, 5), "20260105": date(2026, 1, 5), "2026年1月5日": date(2026, 1, 5),
    "２０２６年１月５日": date(2026, 1, 5), "2026-01-05 13:30:00": date(2026, 1, 5),
    "2026-01-05T13:30": date(2026, 1, 5),
    "20260105133000": date(2026, 1, 5), "46027": date(2026, 1, 5), "46027.5": date(2026, 1, 5),
    "2024-02-29": date(2024, 2, 29),
}  # fmt: skip


def test_dates_are_read_in_every_form_that_bureaux_use() -> None:
    assert dict(zip(DATES, _of(date_of, *DATES), strict=True)) == DATES


def test_days_that_no_calendar_has_look_like_dates_but_are_none() -> None:
    texts = ("2025-02-29", "2025-2-30", "20251301", "2025年6月31日", "2025-0-10")
    assert _of(date_of, *texts) == [None] * len(texts)
    assert _of(looks_like_date, *texts) == [True] * len(texts)


def test_what_is_no_date_neither_is_nor_looks_like_one() -> None:
    texts = ("infinity", "epoch", "2026", "2026-01", "5/1/2026", "abc", "9999999", "2026-01-05 (BC)")
    assert _of(date_of, *texts) == [None] * len(texts)
    assert _of(looks_like_date, *texts) == [False] * len(texts)


def _check_character(body: str) -> str:
    """Clause 4.5 of GB 32100-2015, said in plain Python."""
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    value = (
        31 - sum(CODE_ALPHABET.index(character) * weight for character, weight in zip(body, weights, strict=True)) % 31
    )
    return CODE_ALPHABET[0 if value == 31 else value]


BODIES = st.builds(
    "{}{}{}".format,
    st.text(CODE_ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(CODE_ALPHABET, min_size=9, max_size=9),
)


@settings(max_examples=20)
@given(st.lists(BODIES, min_size=1, max_size=30))
def test_exactly_one_check_character_is_right(bodies: list[str]) -> None:
    codes = [body + last for body in bodies for last in CODE_ALPHABET]
    right = [code for code, fits in zip(codes, _of(has_right_check_character, *codes), strict=True) if fits]
    assert right == [body + _check_character(body) for body in bodies]


@settings(max_examples=30)
@given(st.text(max_size=25))
def test_only_eighteen_characters_of_the_alphabet_have_the_form_of_a_code(text: str) -> None:
    expected = len(text) == 18 and set(text) <= set(CODE_ALPHABET) and text[2:8].isdigit()
    assert _of(has_code_form, text.replace("\0", "")) == [expected]


def test_codes_are_cleaned_before_they_are_judged() -> None:
    assert _of(code_of, " 91330106-ma2ex0001７ ") == ["91330106MA2EX00017"]
    assert _of(has_code_form, "91330106IO2EX00017") == [False]
