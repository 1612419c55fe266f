"""Reference rates of the demo: at levels like those of late years, moved a little each month; invented throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from dashboard.vocabulary import RATES
from etl.demo.register import iso_dates
from etl.demo.seasons import RUN_UP_DAYS, day_number, months_before

if TYPE_CHECKING:
    from datetime import date

    from etl.demo.streams import Streams

SOURCE = "reference_rates"
LEVELS = {"deposit_1y": (1.0, 1.5, 0.05), "treasury_10y": (1.7, 2.6, 0.1), "lending_cap": (12.0, 14.0, 0.2)}
"""Lowest, highest and the step in which each moves, per cent a year. The lending cap is four times a prime rate."""


def table(streams: Streams, *, months: int, as_of: date) -> pa.Table:
    """Return `rate`, `effective_on`, `pct` and `reported_on` as text: each month from before the run-up on."""
    count = months + RUN_UP_DAYS // 30 + 2
    days = np.array([day_number(months_before(as_of, back).replace(day=1)) for back in range(count, -1, -1)])
    parts = []
    for number, name in enumerate(RATES):
        low, high, step = LEVELS[name]
        months_seen = np.arange(count + 1) + number * 1000
        moves = streams.below("rates.move", months_seen, 3) - 1
        middle = round((high - low) / 2 / step)
        # Reflected at both ends, so that a long demo stays at levels that a reader believes.
        walked = np.abs((middle + np.cumsum(moves)) % (4 * middle) - 2 * middle)
        pct = [f"{low + step * place:.2f}" for place in walked.tolist()]
        told = iso_dates(days)
        parts.append(pa.table({"rate": [name] * len(days), "effective_on": told, "pct": pct, "reported_on": told}))
    return pa.concat_tables(parts)
