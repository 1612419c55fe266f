"""Credit codes of the demo, against an implementation of the two standards written from their text."""

from __future__ import annotations

import numpy as np

from etl.demo.codes import ALPHABET, credit_codes


def standard_check(body: str) -> str:
    """GB 32100-2015: weights are the powers of 3 modulo 31; the whole sum is a multiple of 31."""
    total = sum(ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(body))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check(body: str) -> str:
    """GB 11714: 11 minus the weighted sum modulo 11; 10 is written X, 11 is written 0."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    digit = 11 - sum(int(letter, 36) * weight for letter, weight in zip(body, weights, strict=True)) % 11
    return {10: "X", 11: "0"}.get(digit, str(digit))


def test_every_code_is_right_in_both_standards() -> None:
    rows = np.arange(3000) * 7919
    county = np.where(rows % 2 == 0, 330106, 441900)
    codes = credit_codes(rows, county, np.where(rows % 3 == 0, 3, 1), 12345).to_pylist()
    for row, code in zip(rows.tolist(), codes, strict=True):
        assert len(code) == 18
        assert code[:2] == ("93" if row % 3 == 0 else "91")
        assert code[2:8] == ("330106" if row % 2 == 0 else "441900")
        assert code[8:10] == "XN"
        assert code[16] == organisation_check(code[8:16])
        assert code[17] == standard_check(code[:17])


def test_codes_are_distinct_and_scattered_up_to_fifty_million() -> None:
    rows = np.concatenate([np.arange(40_000), np.arange(49_960_000, 50_000_000)])
    codes = credit_codes(rows, np.full(len(rows), 110101), np.ones(len(rows), dtype=np.int64), 31**6 - 1).to_pylist()
    assert len({code[8:16] for code in codes}) == len(rows)
    assert codes[0][10:13] != codes[1][10:13]
