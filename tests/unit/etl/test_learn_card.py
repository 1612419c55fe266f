"""The card: fitted, calibrated, and explained exactly; and the small arithmetic beside it."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from dashboard.settings import HOUSE
from etl.index.model import load_model
from etl.learn import explain
from etl.learn.card import MICRO, Bend, Card, Steps, probability_of
from etl.learn.drift import psi
from etl.learn.figures import figures_of
from etl.learn.fit import Rows, fit
from etl.learn.intervals import median_interval, wilson
from etl.learn.predict import probabilities
from etl.learn.split import split_before

if TYPE_CHECKING:
    from etl.index.parts import Learning

FACTORS = ("advert", "gift", "penalty")
_SHIPPED = load_model(HOUSE / "etl/index/models/2026.2.toml").learning
assert _SHIPPED is not None
LEARNING: Learning = _SHIPPED
CARD = Card(
    base=-2 * MICRO,
    factors={
        "advert": Steps(points=(1, 5 * MICRO), effects=(MICRO, 3 * MICRO)),
        "gift": Steps(points=(1,), effects=(0,)),
    },
    figures={},
)


def sample(seed: int, rows: int = 3000, *, shuffled: bool = False) -> Rows:
    """Return points of three factors: adverts and gifts raise the odds, penalties are noise."""
    random = np.random.default_rng(seed)
    points = np.where(random.random((rows, 3)) < 0.4, random.gamma(2.0, 5.0, (rows, 3)), 0.0)
    odds = -3.0 + 0.25 * points[:, 0] + 1.5 * (points[:, 1] > 0)
    confirmed = (random.random(rows) < 1 / (1 + np.exp(-odds))).astype(np.int64)
    if shuffled:
        random.shuffle(confirmed)
    return Rows(np.rint(points * MICRO).astype(np.int64), confirmed, np.ones(rows))


def told(card: Card, rows: Rows) -> list[float]:
    found = []
    for line in rows.points.tolist():
        said = explain(card.model_dump(), {name: worth / MICRO for name, worth in zip(FACTORS, line, strict=True)})
        assert said is not None
        found.append(said.probability)
    return found


def auc(card: Card, rows: Rows) -> float:
    listed = [
        {"probability": p, "confirmed": c} for p, c in zip(told(card, rows), rows.confirmed.tolist(), strict=True)
    ]
    found = figures_of(ibis.memtable(listed))["auc"]
    assert found is not None
    return found


def test_effects_and_base_add_up_to_the_log_odds_of_the_probability() -> None:
    said = explain(CARD.model_dump(mode="json"), {"gift": 2.0, "advert": 5.0, "unheard_of": 9.0})
    assert said is not None
    assert said.effects == [("advert", 3.0)]
    log_odds = said.base + sum(effect for _, effect in said.effects)
    assert said.probability == pytest.approx(1 / (1 + math.exp(-log_odds)), abs=1e-6)


def test_no_card_explains_nothing() -> None:
    assert explain({}, {"advert": 5.0}) is None


def test_the_card_is_the_boosted_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refit the calibrated trees beside the card: every enterprise gets the same probability from both."""
    kept: list[HistGradientBoostingClassifier] = []
    whole = HistGradientBoostingClassifier.fit

    def remember(self: HistGradientBoostingClassifier, *args: object, **how: object) -> object:
        kept.append(self)
        return whole(self, *args, **how)

    monkeypatch.setattr(HistGradientBoostingClassifier, "fit", remember)
    train, later, fresh = sample(1), sample(2), sample(3, 300)
    card = fit(train, later, FACTORS, LEARNING)
    (booster,) = kept
    steps = [np.array(card.factors[name].points) for name in FACTORS]
    binned = np.column_stack([np.searchsorted(b, fresh.points[:, at], side="right") for at, b in enumerate(steps)])
    raw = booster.predict_proba(binned.astype(float))[:, 1]
    ours = np.array(told(card, fresh))
    logit = np.log(raw / (1 - raw))
    slope, shift = np.polyfit(logit, np.log(ours / (1 - ours)), 1)
    assert slope > 0
    assert np.abs(1 / (1 + np.exp(-(slope * logit + shift))) - ours).max() < 1e-5


def test_more_points_never_lower_a_probability() -> None:
    card = fit(sample(1), sample(2), FACTORS, LEARNING)
    for steps in card.factors.values():
        assert list(steps.effects) == sorted(steps.effects)
        assert steps.effects[0] >= 0


def test_it_ranks_what_it_has_not_seen_and_shuffled_outcomes_teach_it_nothing() -> None:
    fresh = sample(9)
    assert auc(fit(sample(1), sample(2), FACTORS, LEARNING), fresh) > 0.8
    lost = fit(sample(1, shuffled=True), sample(2, shuffled=True), FACTORS, LEARNING)
    assert 0.4 < auc(lost, sample(9, shuffled=True)) < 0.6


def test_it_is_calibrated_and_always_the_same() -> None:
    card = fit(sample(1), sample(2), FACTORS, LEARNING)
    fresh = sample(5)
    assert np.mean(told(card, fresh)) == pytest.approx(fresh.confirmed.mean(), abs=0.03)
    assert fit(sample(1), sample(2), FACTORS, LEARNING) == card


def test_weights_count_as_so_many_rows() -> None:
    rows = sample(1)
    kept = np.flatnonzero((rows.confirmed == 1) | (np.arange(len(rows.confirmed)) % 4 == 0))
    weight = np.where(rows.confirmed == 1, 1.0, 4.0)[kept]
    thinned = Rows(rows.points[kept], rows.confirmed[kept], weight)
    card = fit(thinned, thinned, FACTORS, LEARNING)
    assert np.mean(told(card, sample(5))) == pytest.approx(sample(5).confirmed.mean(), abs=0.04)


def test_where_no_factor_is_common_everybody_gets_the_base_rate() -> None:
    rows = Rows(np.zeros((40, 3), dtype=np.int64), np.array([1] * 10 + [0] * 30), np.ones(40))
    card = fit(rows, rows, FACTORS, LEARNING)
    assert card.factors == {}
    assert told(card, rows) == [0.25] * 40


def test_signs_that_say_the_same_do_not_promise_more_together_than_came_true() -> None:
    """However many signs there are, no more than half of the enterprises with them get a case."""

    def saturated(seed: int) -> Rows:
        random = np.random.default_rng(seed)
        points = np.where(random.random((20_000, 3)) < 0.1, random.gamma(2.0, 5.0, (20_000, 3)), 0.0)
        chance = 0.002 + 0.5 * (1 - np.exp(-((points > 0).sum(axis=1) ** 2) / 4)) * (points > 0).any(axis=1)
        confirmed = (random.random(20_000) < chance).astype(np.int64)
        return Rows(np.rint(points * MICRO).astype(np.int64), confirmed, np.ones(20_000))

    card, fresh = fit(saturated(1), saturated(2), FACTORS, LEARNING), saturated(3)
    assert card.bend is not None
    promised, straight = (np.array(told(one, fresh)) for one in (card, card.model_copy(update={"bend": None})))
    top = straight >= np.quantile(straight, 0.99)
    came = fresh.confirmed[top].mean()
    assert abs(promised[top].mean() - came) < min(0.08, abs(straight[top].mean() - came))
    assert (np.diff(promised[np.argsort(straight, kind="stable")]) >= 0).all()


def test_above_the_bend_a_share_counts() -> None:
    bend = Bend(at=-MICRO, share=MICRO // 4)
    assert probability_of(-2 * MICRO, bend) == probability_of(-2 * MICRO)
    assert probability_of(3 * MICRO, bend) == 0.5
    said = explain(CARD.model_copy(update={"bend": bend}).model_dump(mode="json"), {"advert": 5.0})
    assert said is not None
    assert said.without() == [("advert", said.probability - probability_of(-2 * MICRO))]


@given(
    st.dictionaries(st.sampled_from(FACTORS), st.integers(0, 10**8), min_size=1),
    st.none() | st.builds(Bend, at=st.integers(-3 * MICRO, 2 * MICRO), share=st.integers(0, MICRO)),
)
def test_everybody_at_once_is_told_what_one_alone_is(points: dict[str, int], bend: Bend | None) -> None:
    card = CARD.model_copy(update={"bend": bend})
    rows = ibis.memtable([{"uscc": "a", "factor": name, "points": worth} for name, worth in points.items()])
    (found,) = probabilities(rows, card, "uscc").to_pyarrow().to_pylist()
    said = explain(card.model_dump(), {name: worth / MICRO for name, worth in points.items()})
    assert said is not None
    assert found == {"uscc": "a", "probability": said.probability}


@pytest.mark.parametrize("as_of", [date(2026, 11, 24), date(2026, 11, 22), date(2024, 2, 29)])
def test_no_horizon_of_one_part_reaches_into_the_days_of_the_next(as_of: date) -> None:
    split = split_before(as_of, LEARNING)
    horizon = timedelta(days=LEARNING.horizon_days)
    assert max(split.train) + horizon <= split.calibrate
    assert split.calibrate + horizon <= split.test
    assert split.test + horizon + timedelta(days=LEARNING.settle_days) <= as_of
    assert all(day.isoweekday() == 7 for day in (*split.train, split.calibrate, split.test))
    assert split.ends(LEARNING)[2] == split.test + horizon


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_shares_interval_holds_it_and_stays_within_bounds(counts: tuple[int, int]) -> None:
    hits, n = counts
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n <= high <= 1
    assert low < high


def test_intervals_are_those_of_the_books() -> None:
    assert wilson(10, 20) == pytest.approx((0.2993, 0.7007), abs=1e-4)
    assert median_interval(list(range(1, 26))) == (13.0, 8, 18)
    assert median_interval([5.0]) == (5.0, 5.0, 5.0)
    with pytest.raises(ValueError, match="nothing"):
        median_interval([])
    with pytest.raises(ValueError, match="nothing"):
        wilson(0, 0)


def test_stability_is_zero_for_the_same_and_grows_with_the_difference() -> None:
    assert psi([50, 30, 20], [50, 30, 20]) == 0
    assert 0 < psi([50, 30, 20], [45, 33, 22]) < 0.1 < psi([50, 30, 20], [10, 10, 80])
