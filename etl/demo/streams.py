"""Random numbers by address: the draw for row *i* of a stream depends on seed, stream and *i* alone.

Chunks of any size, in any order, therefore give the same data, and the attributes of any enterprise can be computed
again wherever they are needed, without a join. A key per stream comes from numpy's `SeedSequence`; the draws are
SplitMix64 in counter mode (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_POISSON_BY_INVERSION = 24.0


class Streams:
    """Independent streams of uniform numbers under one seed."""

    def __init__(self, seed: int) -> None:
        """Take the seed, an integer of zero or more."""
        self._seed = seed
        self._keys: dict[str, np.uint64] = {}

    def uniform(self, stream: str, rows: Ints) -> Floats:
        """Return one number in [0, 1) for each row number, always the same for the same seed, stream and row."""
        if stream not in self._keys:
            sequence = np.random.SeedSequence([self._seed, zlib.crc32(stream.encode())])
            self._keys[stream] = sequence.generate_state(1, np.uint64)[0]
        bits = (rows.astype(np.uint64) + np.uint64(1)) * _GAMMA + self._keys[stream]
        bits ^= bits >> np.uint64(30)
        bits *= _MIX_1
        bits ^= bits >> np.uint64(27)
        bits *= _MIX_2
        bits ^= bits >> np.uint64(31)
        return np.asarray((bits >> np.uint64(11)) * 2.0**-53, dtype=np.float64)

    def below(self, stream: str, rows: Ints, bound: int | Ints) -> Ints:
        """Return one integer from 0 up to, not including, the bound (one for all, or one for each row)."""
        return (self.uniform(stream, rows) * bound).astype(np.int64)

    def normal(self, stream: str, rows: Ints) -> Floats:
        """Return one standard normal number for each row (Box and Muller 1958)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(stream + ".radius", rows)))
        return np.asarray(radius * np.cos(2.0 * np.pi * self.uniform(stream + ".angle", rows)))

    def choice(self, stream: str, rows: Ints, weights: Floats) -> Ints:
        """Return, for each row, the position of one of the weights, drawn in proportion to them."""
        return pick(np.cumsum(weights), self.uniform(stream, rows))

    def choice_by(self, stream: str, rows: Ints, table: Floats, line: Ints) -> Ints:
        """Return, for each row, a column of a table of weights, drawn in proportion to those of the row's line."""
        shares = np.cumsum(table, axis=1)
        shares /= shares[:, -1:]
        steps = (shares + np.arange(len(table))[:, None]).ravel()
        found = np.searchsorted(steps, line + self.uniform(stream, rows), side="right")
        return np.asarray(np.minimum(found - line * table.shape[1], table.shape[1] - 1), dtype=np.int64)

    def poisson(self, stream: str, rows: Ints, rate: Floats) -> Ints:
        """Return one Poisson count for each row; for rates above 24 a rounded normal with the same moments."""
        counts = np.maximum(np.rint(rate + np.sqrt(rate) * self.normal(stream + ".many", rows)), 0).astype(np.int64)
        few = np.flatnonzero(rate <= _POISSON_BY_INVERSION)
        left, mean = self.uniform(stream, rows[few]), rate[few]
        term, count = np.exp(-mean), 0
        counts[few] = 0
        while len(few):
            left = left - term
            above = left > 0
            few, left, mean, term = few[above], left[above], mean[above], term[above]
            count += 1
            counts[few] = count
            term = term * mean / count
            possible = term > 0
            few, left, mean, term = few[possible], left[possible], mean[possible], term[possible]
        return counts


def pick(steps: Floats, share: Floats) -> Ints:
    """Return where each share (0-1) falls among cumulative weights: the inverse of a discrete distribution."""
    found = np.searchsorted(steps, share * steps[-1], side="right")
    return np.asarray(np.minimum(found, len(steps) - 1), dtype=np.int64)


def spread_out(count: int, rows: Ints, offset: int) -> Ints:
    """Return an affine permutation of 0 … count - 1 at the given rows: distinct rows never fall on one place."""
    step = int(count * 0.6180339887) | 1
    while np.gcd(step, count) != 1:
        step += 2
    return (rows * step + offset) % count
