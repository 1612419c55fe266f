"""What signals say: sentences from templates, worked out once and drawn by number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from dashboard.vocabulary import RISK_TYPES, SIGNAL_KINDS
from etl.demo.tables import table

if TYPE_CHECKING:
    from etl.demo.streams import Ints, Streams

KINDS = tuple(kind for kinds in SIGNAL_KINDS.values() for kind in kinds)
FLAVOURS = ("any", *RISK_TYPES)
_YIELDS = (6, 8, 9, 10, 12, 12, 15, 15, 18, 18, 20, 24, 24, 30, 36)
_COUNTS = (3, 5, 8, 12, 15, 20, 30, 35, 50, 60, 80, 100, 120, 200, 300)
_AMOUNTS = (0.5, 1, 2, 3, 5, 8, 10, 12, 15, 20, 30, 50, 80, 100, 200)


@dataclass(frozen=True)
class Sentences:
    """All sentences, one after another: flavour f and kind k own `count[f, k]` from `first[f, k]`."""

    text: pa.Array
    first: Ints
    count: Ints


@cache
def sentences() -> Sentences:
    """Return every template filled with every one of fifteen sets of figures."""
    texts: list[str] = []
    first = np.zeros((len(FLAVOURS), len(KINDS)), dtype=np.int64)
    count = np.zeros_like(first)
    templates = table("texts")
    for place in np.ndindex(first.shape):
        flavour, kind = FLAVOURS[place[0]], KINDS[place[1]]
        first[place] = len(texts)
        for template in templates[flavour].get(kind, templates["any"][kind]):
            figures = zip(_YIELDS, _COUNTS, _AMOUNTS, strict=True)
            texts += [template.format(y=y, n=n, m=m) for y, n, m in figures]
        count[place] = len(texts) - first[place]
    return Sentences(pa.array(texts, pa.string()), first, count)


def texts(streams: Streams, rows: Ints, flavour: Ints, kind: Ints) -> pa.Array:
    """Return one sentence for each signal; `flavour` and `kind` are positions in FLAVOURS and KINDS."""
    known = sentences()
    drawn = streams.below("text", rows, known.count[flavour, kind])
    return known.text.take(pa.array(known.first[flavour, kind] + drawn))
