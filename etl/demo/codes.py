"""Unified social credit codes that are formally right and were never issued.

GB 32100-2015: registering authority, kind, six-digit region, nine-character organisation code (GB 11714), check
character. Issued organisation codes begin with a digit or with MA, MB, …; ours all begin with XN, so that no demo
enterprise can carry the code of a real one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from etl.demo.streams import Ints

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SERIES = "XN"
_SERIALS = 31**6
_STEP = 387_420_489  # 9 ** 9: shares no factor with 31, so that consecutive serials scatter and never meet.
_VALUES_11714 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS_11714 = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_WEIGHTS_32100 = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])

_LETTERS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_CHECK_11714 = np.frombuffer(b"0X987654321", dtype=np.uint8)


def _value_of(alphabet: str) -> NDArray[np.int64]:
    """Return a table from a character's byte to its place in an alphabet."""
    table = np.zeros(128, dtype=np.int64)
    table[np.frombuffer(alphabet.encode(), dtype=np.uint8)] = np.arange(len(alphabet))
    return table


def credit_codes(rows: Ints, county: Ints, kind: Ints, offset: int) -> pa.Array:
    """Return one 18-character code per row: distinct for distinct rows below 887 503 681 (31 to the sixth).

    `county` holds six-digit region codes as integers, `kind` the second character (1 enterprise, 3 co-operative).
    """
    text = np.empty((len(rows), 18), dtype=np.uint8)
    text[:, 0] = ord("9")
    text[:, 1] = kind + ord("0")
    for place in range(6):
        text[:, 2 + place] = county // 10 ** (5 - place) % 10 + ord("0")
    text[:, 8:10] = np.frombuffer(SERIES.encode(), dtype=np.uint8)
    serial = (rows * _STEP + offset) % _SERIALS
    for place in range(6):
        text[:, 10 + place] = _LETTERS[serial // 31 ** (5 - place) % 31]
    total = _value_of(_VALUES_11714)[text[:, 8:16]] @ _WEIGHTS_11714
    text[:, 16] = _CHECK_11714[total % 11]
    total = _value_of(ALPHABET)[text[:, :17]] @ _WEIGHTS_32100
    text[:, 17] = _LETTERS[-total % 31]
    ends = np.arange(0, 18 * len(rows) + 1, 18, dtype=np.int32)
    return pa.StringArray.from_buffers(len(rows), pa.py_buffer(ends), pa.py_buffer(text.tobytes()))
