"""From points and labels to a card: boosting one factor at a time, then calibration. Arrays in, figures out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from etl.learn.card import MICRO, Bend, Card, Steps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from etl.index.parts import Learning

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

_LARGEST = 1e4  # of the calibration's inverse penalty: none to speak of, yet a separable sample stays finite
_CHANCE = 3.84
"""The 95 % quantile of chi-square with one degree of freedom."""


class Rows(NamedTuple):
    """A sample: points (rows × factors, whole millionths), whether a case was confirmed, for how many each stands."""

    points: Ints
    confirmed: Ints
    weight: Floats


def fit(train: Rows, calibrate: Rows, factors: tuple[str, ...], learning: Learning) -> Card:
    """Return the card learned from `train` and calibrated on `calibrate`; `figures` are left empty.

    More points never lower a probability: every factor's effect is held monotone. Trees split on one factor each
    (`no_interactions`), so the log-odds are a sum of functions of one factor. Calibration is Platt's sigmoid
    ("Probabilistic outputs for support vector machines", 1999), which stretches and shifts the log-odds, so the sum
    stays a sum; where the calibration sample shows that they say too much at the top, with a bend in its line.
    """
    breaks = [_breaks(column, learning) for column in train.points.T]
    used = [at for at, steps in enumerate(breaks) if len(steps)]
    if not used:
        return Card(base=_log_odds(calibrate), factors={}, figures={})
    with threadpool_limits(limits=1):  # sums in the trees would otherwise depend on how many threads there are
        booster = HistGradientBoostingClassifier(
            learning_rate=learning.rate,
            max_iter=learning.rounds,
            max_leaf_nodes=learning.leaves,
            min_samples_leaf=learning.smallest_leaf,
            monotonic_cst=[1] * len(used),
            interaction_cst="no_interactions",
            early_stopping=False,
            random_state=0,
        )
        booster.fit(_binned(train, breaks, used), train.confirmed, sample_weight=train.weight)
        raw = booster.decision_function(_binned(calibrate, breaks, used))
        slope, shift, bend = _bent(raw, calibrate) or (*_platt(raw, calibrate), None)
        nothing, shapes = _shapes(booster, [len(breaks[at]) for at in used])
    steps = {
        factors[at]: Steps(points=tuple(breaks[at].tolist()), effects=tuple(_micro(slope * shape)))
        for at, shape in zip(used, shapes, strict=True)
    }
    return Card(base=_micro(np.array([slope * nothing + shift]))[0], factors=steps, figures={}, bend=bend)


def _breaks(column: Ints, learning: Learning) -> Ints:
    """Return where a factor's effect may step: at its first millionth and at quantiles of what was seen of it.

    None for a factor that too few enterprises have: nothing can be learned of it.
    """
    present = column[column > 0]
    if len(present) < learning.smallest_leaf:
        return np.array([], dtype=np.int64)
    inner = np.quantile(present, np.arange(1, learning.bins) / learning.bins, method="lower")
    return np.unique(np.concatenate([[1], inner])).astype(np.int64)


def _binned(rows: Rows, breaks: list[Ints], used: list[int]) -> Floats:
    columns = [np.searchsorted(breaks[at], rows.points[:, at], side="right") for at in used]
    return np.column_stack(columns).astype(np.float64)


def _platt(raw: Floats, rows: Rows) -> tuple[float, float]:
    """Return slope (never below 0, or more points would lower a probability) and shift of the log-odds."""
    regression = LogisticRegression(C=_LARGEST, max_iter=1000)
    regression.fit(raw[:, None], rows.confirmed, sample_weight=rows.weight)
    slope = float(regression.coef_[0, 0])
    return (slope, float(regression.intercept_[0])) if slope > 0 else (0.0, _log_odds(rows) / MICRO)


def _bent(raw: Floats, rows: Rows) -> tuple[float, float, Bend] | None:
    """Return slope, shift and bend of the log-odds; None where no bend is needed.

    It lies where a quarter of the confirmed cases lie below. It is needed if the line is flatter above it, and if
    that explains the sample better than chance would (likelihood ratio, Wilks 1938, 95 %).
    """
    at = float(np.quantile(raw[rows.confirmed == 1], 0.25, method="lower"))
    line = raw[:, None]
    bent = np.column_stack([np.minimum(raw, at), np.maximum(raw - at, 0)])
    straight, broken = (
        LogisticRegression(C=_LARGEST, max_iter=1000).fit(part, rows.confirmed, sample_weight=rows.weight)
        for part in (line, bent)
    )
    gain = 2 * (_log_likelihood(broken, bent, rows) - _log_likelihood(straight, line, rows))
    slope, above = (float(value) for value in broken.coef_[0])
    if not 0 <= above < slope or gain < _CHANCE:
        return None
    shift = float(broken.intercept_[0])
    return slope, shift, Bend(at=round((shift + slope * at) * MICRO), share=round(above / slope * MICRO))


def _log_likelihood(line: LogisticRegression, columns: Floats, rows: Rows) -> float:
    told = line.predict_log_proba(columns)[np.arange(len(rows.confirmed)), rows.confirmed]
    return float((told * rows.weight).sum())


def _shapes(booster: HistGradientBoostingClassifier, sizes: list[int]) -> tuple[float, list[Floats]]:
    """Return the log-odds of no points at all, and what each step of each factor alone adds to them."""
    grid = np.zeros((1 + sum(sizes), len(sizes)))
    first = 1
    for column, size in enumerate(sizes):
        grid[first : first + size, column] = np.arange(1, size + 1)
        first += size
    told = booster.decision_function(grid)
    return float(told[0]), np.split(told[1:] - told[0], np.cumsum(sizes)[:-1])


def _log_odds(rows: Rows) -> int:
    share = float(np.average(rows.confirmed, weights=rows.weight))
    return _micro(np.log(np.array([share]) / (1 - share)))[0]


def _micro(values: Floats) -> list[int]:
    whole: list[int] = np.rint(values * MICRO).astype(np.int64).tolist()
    return whole
