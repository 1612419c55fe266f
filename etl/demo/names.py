"""Names that nobody bears on a shop sign: invented brands, and people put together from common characters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.demo.places import places
from etl.demo.streams import Ints, Streams
from etl.demo.tables import blocklist, table

_LONG_BRANDS = 40_000
_PARTNERSHIPS_AMONG_FUNDS = 0.5
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "合伙企业（有限合伙）", "农民专业合作社")
_FORM_SHARES = np.array([0.84, 0.13, 0.03])
PARTNERSHIP, COOPERATIVE = 3, 4


@cache
def brands() -> pa.Array:
    """Return the invented brands, two or three characters with at least one rare one, in a fixed scattered order.

    Left out is every brand that contains a well-known one, or would form one with a place before or a trade behind it.
    """
    words = table("words")
    rare, common = words["rare"], words["auspicious"]
    short = [pair for one, two in product(rare, common) for pair in (one + two, two + one)]
    rows = np.arange(_LONG_BRANDS)
    drawn = [Streams(0).below(f"brand {place}", rows, 10**9) for place in range(4)]
    long = []
    for first, second, third, order in zip(*(column.tolist() for column in drawn), strict=True):
        letters = [rare[first % len(rare)], common[second % len(common)], common[third % len(common)]]
        turn = order % 3
        long.append("".join(letters[turn:] + letters[:turn]))
    allowed = [brand for brand in sorted({*short, *long}) if not _forbidden().search(brand)]
    order = np.argsort(Streams(0).uniform("brand order", np.arange(len(allowed))), kind="stable")
    return pa.array(allowed, pa.string()).take(pa.array(order))


@cache
def _forbidden() -> re.Pattern[str]:
    """Return what no brand may contain, begin with (after a place) or end with (before a trade)."""
    befores = set(places().short.to_pylist())
    afters = {word for sector in table("sectors").values() for word in sector["words"]}
    parts = [re.escape(brand) for brand in blocklist()]
    for brand in blocklist():
        for cut in range(1, len(brand)):
            head, tail = brand[:cut], brand[cut:]
            parts += ["^" + re.escape(tail)] * any(name.endswith(head) for name in befores)
            parts += [re.escape(head) + "$"] * any(name.startswith(tail) for name in afters)
    return re.compile("|".join(parts))


@dataclass(frozen=True)
class Trades:
    """The name words of all sectors, one after another: sector s owns `count[s]` from `first[s]`."""

    word: pa.Array
    first: Ints
    count: Ints


@cache
def trades() -> Trades:
    """Return the words that end a brand, by sector in the order of the sector table."""
    words = [sector["words"] for sector in table("sectors").values()]
    count = np.array([len(group) for group in words])
    return Trades(pa.array([word for group in words for word in group], pa.string()), np.cumsum(count) - count, count)


def enterprise_names(streams: Streams, rows: Ints, county: Ints, sector: Ints, brand: Ints) -> pa.Array:
    """Return place + brand + trade + legal form for each row; `county` and `sector` are positions in their tables."""
    sectors = list(table("sectors"))
    known = trades()
    trade = known.first[sector] + streams.below("name.trade", rows, known.count[sector])
    form = streams.choice("name.form", rows, _FORM_SHARES)
    form = np.where(sector == sectors.index("agriculture_cooperative"), COOPERATIVE, form)
    partner = (sector == sectors.index("private_fund")) & (
        streams.uniform("name.partner", rows) < _PARTNERSHIPS_AMONG_FUNDS
    )
    form = np.where(partner, PARTNERSHIP, form)
    pieces = [
        places().short.take(pa.array(county)),
        brands().take(pa.array(brand % len(brands()))),
        known.word.take(pa.array(trade)),
        pa.array(FORMS, pa.string()).take(pa.array(form)),
    ]
    return pc.binary_join_element_wise(*pieces, "")


def person_names(streams: Streams, persons: Ints) -> pa.Array:
    """Return the name of each person number: a surname, frequent ones first, and one or two given characters."""
    words = table("words")
    surnames = pa.array(list(words["surnames"]), pa.string())
    given = pa.array([*words["given"], ""], pa.string())
    weights = np.asarray(1.0 / (np.arange(len(surnames)) + 4.0), dtype=np.float64)
    last = len(given) - 1
    second = streams.below("person.second", persons, int(last * 1.18))
    return pc.binary_join_element_wise(
        surnames.take(pa.array(streams.choice("person.surname", persons, weights))),
        given.take(pa.array(streams.below("person.first", persons, last))),
        given.take(pa.array(np.minimum(second, last))),
        "",
    )
