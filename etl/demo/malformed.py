"""What goes wrong on the way: about three rows in a thousand are spoilt, in ways that real feeds are spoilt."""

from __future__ import annotations

from calendar import isleap
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.demo.codes import ALPHABET

if TYPE_CHECKING:
    from etl.demo.streams import Bools, Ints, Streams

SHARE = 0.003
_WRONG_LETTER = ALPHABET[10:] + ALPHABET[:10]
"""Every character of the code's alphabet moved on by ten: never the right check character."""


@dataclass
class Spoiler:
    """Spoils rows of text columns and counts what it did, by the reason that quarantine should give."""

    streams: Streams
    as_of_year: int
    counts: Counter[str] = field(default_factory=Counter)

    def spoil(
        self, source: str, columns: dict[str, pa.Array], number: Ints, ways: tuple[str, ...], clean: Bools
    ) -> Bools:
        """Spoil some of the rows in place and return which of them shall lose a field when they are written.

        `number` is unique per row, `ways` the reasons that this kind of file can come to, `clean` the rows to leave.
        """
        chosen = (self.streams.uniform(f"spoil {source}", number) < SHARE) & ~clean
        way = np.where(chosen, self.streams.below(f"spoil way {source}", number, len(ways)), -1)
        if "bad_check_character" in ways:
            # A row without a code cannot have a wrong one.
            without = pc.equal(columns["uscc"], "").to_numpy(zero_copy_only=False)
            way = np.where(without & (way == ways.index("bad_check_character")), ways.index("impossible_date"), way)
        for position, reason in enumerate(ways):
            hit = way == position
            self.counts[reason] += int(hit.sum())
            if reason != "field_count":
                self._apply(reason, columns, hit)
        return (
            np.asarray(way == ways.index("field_count")) if "field_count" in ways else np.zeros(len(number), dtype=bool)
        )

    def _apply(self, reason: str, columns: dict[str, pa.Array], hit: Bools) -> None:
        """Spoil one column of the rows that are hit."""
        mask = pa.array(hit)
        if reason == "bad_check_character":
            code = columns["uscc"]
            last = pc.index_in(pc.utf8_slice_codeunits(code, 17), pa.array(list(ALPHABET)))
            wrong = pa.array(list(_WRONG_LETTER)).take(last)
            wrong = pc.binary_join_element_wise(pc.utf8_slice_codeunits(code, 0, 17), wrong, "")
            columns["uscc"] = pc.if_else(mask, wrong, code)
        elif reason == "bad_code":
            # The whole row slid one column to the right: the code is where the name should be.
            code, name = columns["uscc"], columns["name"]
            columns["uscc"], columns["name"] = pc.if_else(mask, name, code), pc.if_else(mask, code, name)
        elif reason == "impossible_date":
            column = "established_on" if "established_on" in columns else "reported_on"
            year = self.as_of_year - isleap(self.as_of_year)
            columns[column] = pc.if_else(mask, f"{year}-02-29", columns[column])
        elif reason == "unreadable_text":
            name = columns["name"]
            broken = pc.binary_join_element_wise(pc.utf8_slice_codeunits(name, 0, 3), "\ufffd", "")
            columns["name"] = pc.if_else(mask, broken, name)
        elif reason == "unknown_word":
            columns["kind"] = pc.if_else(mask, "待定", columns["kind"])
        elif reason == "negative":
            capital = columns["registered_capital"]
            columns["registered_capital"] = pc.if_else(mask, pc.negate(capital), capital)
