"""The models screen's pieces: charts, card, tables, editor, versions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.figures.learned import learned_steps
from dashboard.figures.models import APART, at_k_line, drift_bars, reliability_line
from dashboard.figures.theme import DARK, LIGHT, Look
from dashboard.i18n import words_for
from dashboard.queries.performance import Bin, DriftRow, Effect, LearnedModel, Measured
from dashboard.queries.preview import Found, Load, Preview
from layouts.models_card import cut_table, headline, learned_card, value
from layouts.models_editor import result, sums
from layouts.models_versions import place_words, suggested
from tests.trees import of_class, said

EN = words_for("en")
ROW = Measured("index", "all", "", "hit_rate", 0, 0.77, 0.73, 0.81, 412)
FOUND = Found(graded=30, proven_graded=4, refuted_graded=4, proven=8, refuted=9)
TRIED = Preview(
    enterprises=1000,
    matrix={("red", "red"): 9, ("red", "orange"): 1, ("yellow", "orange"): 20, ("blue", "blue"): 970},
    loads=[Load("33", 10, 30), Load("", 5, 4)],
    before=replace(FOUND, graded=10),
    after=FOUND,
)


def at_k(scorer: str, k: int, share: float | None) -> Measured:
    low, high = (None, None) if share is None else (share - 0.1, share + 0.1)
    return Measured(scorer, "all", "", "precision_at_k", k, share, low, high, k)


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_curves_end_in_labels_that_do_not_run_into_each_other(palette: object) -> None:
    curves = {
        "index": [at_k("index", 50, 0.8), at_k("index", 100, 0.5)],
        "learned": [at_k("learned", 50, 0.9), at_k("learned", 100, 0.51)],
        "complaints": [at_k("complaints", 50, None)],
    }
    figure = at_k_line(curves, EN, Look(palette))  # type: ignore[arg-type] # one of the two palettes
    heights = sorted(label.y for label in figure.layout.annotations)
    assert [label.text for label in figure.layout.annotations] == ["Smoke Index 50%", "Learned model 51%"]
    assert heights[1] - heights[0] >= APART - 1e-9
    assert {line.line.color for line in figure.data if line.name} == {palette.ink, palette.accent}  # type: ignore[attr-defined]


def test_ticks_that_would_run_into_each_other_are_left_out() -> None:
    figure = at_k_line({"index": [at_k("index", k, 0.5) for k in (100, 155, 200, 1000)]}, EN, Look())
    assert figure.layout.xaxis.ticktext == ("100", "155", "1,000")


def test_the_learned_model_is_drawn_factor_by_factor_on_one_scale() -> None:
    effects = [Effect("related_risk", (0.1, 30.0), (9.8, 16.0)), Effect("scope_keyword", (4.0, 6.0), (1.7, 2.0))]
    figure = learned_steps(effects, EN, Look())
    assert [line.name for line in figure.data] == ["Risk of related parties", "Keyword in business scope"]
    assert list(figure.data[0].y) == [1, 9.8, 16.0, 16.0]
    assert figure.layout.yaxis.ticktext == ("×1", "×2", "×5", "×10")
    assert figure.layout.xaxis2.domain[0] > figure.layout.xaxis.domain[1]
    assert "×16" in {label.text for label in figure.layout.annotations}


def test_a_reliability_curve_keeps_its_intervals_and_counts() -> None:
    bins = [Bin(0.1, 0.08, 0.05, 0.12, 4000), Bin(0.9, 0.7, 0.4, 0.9, 12)]
    figure = reliability_line(bins, EN, Look())
    assert figure.data[1].error_y.array == pytest.approx((0.04, 0.2))
    assert figure.layout.xaxis.ticktext == ("10%<br>4,000", "90%<br>12")


def test_drift_is_read_from_the_top_and_by_the_two_bounds() -> None:
    rows = [DriftRow("advert", 0.3, 0.1, 0.2), DriftRow("gift", 0.01, 0.1, 0.1)]
    figure = drift_bars(rows, EN, Look())
    assert figure.data[0].y == ("Gifts for investors", "Advertising")
    assert figure.data[0].text[1] == "0.300　10% → 20%"
    assert [label.text for label in figure.layout.annotations] == ["moved from 0.1", "shifted from 0.25"]


def test_too_little_data_is_never_a_zero() -> None:
    told = said(value(replace(ROW, value=None, low=None, high=None, n=3), EN))
    assert told == ["too little data (n = 3)"]
    assert said(value(ROW, EN)) == ["77%", "73%–81% · n = 412"]
    assert of_class(headline([], EN), "state--none")
    assert of_class(cut_table([ROW], "province", EN), "state--none")


@pytest.mark.parametrize(
    ("state", "words"), [("no_outcomes", "no ended cases"), ("too_few", "too few ended cases (7)"), ("trained", "412")]
)
def test_a_model_trained_on_nothing_says_so(state: str, words: str) -> None:
    confirmed, dismissed = (412, 96) if state == "trained" else (5, 2)
    card = learned_card(LearnedModel(state, 180, confirmed, dismissed, None, None, None, [], {"auc": 0.9774}), EN)
    assert words in " ".join(said(card))


def test_a_trial_says_who_moves_where_load_rises_and_what_it_is_worth() -> None:
    told = said(result(TRIED, EN))
    assert told[0] == "21 of 1,000 enterprises would change grade"
    assert {"50% (4/8)", "60.0", "260.0"} <= set(told)
    assert told.index("10 → 30") < told.index("5 → 4")
    assert "not located" in told
    assert any("hindsight" in one for one in told)


def test_a_trial_without_outcomes_or_changes_says_so() -> None:
    tree = result(replace(TRIED, loads=[], before=None, after=None), EN)
    assert of_class(tree, "state--none")
    assert of_class(tree, "state--zero")
    nobody = Found(graded=0, proven_graded=0, refuted_graded=0, proven=0, refuted=0)
    assert said(result(replace(TRIED, before=nobody, after=nobody), EN)).count("no cases") == 4


def test_a_sum_that_is_not_one_is_marked() -> None:
    spans = sums({"fundraising": {"spread": 0.6, "keywords": 0.4}, "pyramid": {"spread": 0.6, "keywords": None}}, EN)
    assert said(spans) == ["Illegal fundraising Σ 1.00", "Pyramid selling Σ 0.60 ≠ 1"]


@pytest.mark.parametrize(
    ("live", "taken", "name"),
    [("2026.2", [], "2026.3"), ("2026.2", ["2026.3"], "2026.4"), ("trial", [], "trial.1"), ("2026", [], "2026.1")],
)
def test_a_free_name_is_suggested(live: str, taken: list[str], name: str) -> None:
    assert suggested(live, taken) == name


def test_places_of_the_model_are_told_in_words() -> None:
    assert place_words("thresholds.red", EN) == "Threshold Red"
    assert place_words("weights.lending.spread", EN) == "Illegal lending · Spread"
    assert place_words("factors.gift.points", EN) == "Gifts for investors"
    assert place_words("licence.0.words", EN) == "another number of the file"
