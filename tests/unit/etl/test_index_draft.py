"""A model with other thresholds and weights, and the text that is written for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.errors import Invalid
from dashboard.settings import HOUSE
from etl.index.draft import differences, moved, rebalanced, written
from etl.index.model import Model, load_model, parse_model

FOLDER = HOUSE / "etl" / "index" / "models"
FILES = sorted(FOLDER.glob("*.toml"))
LIVE = load_model(FOLDER / "2026.1.toml")
MOVED = {"red": 85, "orange": 65.5, "yellow": 40}


def shifted() -> dict[str, dict[str, float]]:
    weights = {kind: dict(subs) for kind, subs in LIVE.weights.items()}
    weights["lending"] |= {"spread": 0.2, "keywords": 0.29}
    return weights


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_text_changes_in_its_moved_numbers_only(file: object) -> None:
    text = file.read_text(encoding="utf-8")  # type: ignore[attr-defined] # a Path
    live = parse_model(text, FOLDER)
    wanted = moved(live, MOVED, live.weights).model_copy(update={"version": "9.1"})
    result = written(text, wanted, FOLDER)
    before, after = text.splitlines(), result.splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [new for _, new in changed] == ['version = "9.1"', "red = 85", "orange = 65.5"]
    assert parse_model(result, FOLDER) == wanted


def test_a_weight_is_written_where_it_stands() -> None:
    text = (FOLDER / "2026.1.toml").read_text(encoding="utf-8")
    wanted = moved(LIVE, LIVE.thresholds.model_dump(), shifted())
    assert "lending = { compliance = 0.12, yield_lure = 0.1, complaints = 0.29, spread = 0.2, keywords = 0.29 }" in (
        written(text, wanted, FOLDER)
    )
    assert differences(LIVE, wanted) == [
        ("weights.lending.spread", 0.18, 0.2),
        ("weights.lending.keywords", 0.31, 0.29),
    ]


def test_a_file_in_another_style_is_refused_and_not_garbled() -> None:
    text = (FOLDER / "2026.1.toml").read_text(encoding="utf-8")
    other = text.replace("[thresholds]\nred = 80\norange = 60\nyellow = 40\n", "").replace(
        'version = "2026.1"\n', 'version = "2026.1"\nthresholds = { red = 80, orange = 60, yellow = 40 }\n'
    )
    assert parse_model(other, FOLDER) == LIVE
    with pytest.raises(Invalid, match="cannot be edited"):
        written(other, moved(LIVE, MOVED, LIVE.weights), FOLDER)


@pytest.mark.parametrize("thresholds", [{**MOVED, "red": 60}, {**MOVED, "yellow": None}, {**MOVED, "red": 101}])
def test_thresholds_that_no_model_may_have_are_refused(thresholds: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        moved(LIVE, thresholds, LIVE.weights)


hundredths = st.integers(0, 100).map(lambda whole: whole / 100)


@given(st.fixed_dictionaries(dict.fromkeys(LIVE.weights["lending"], hundredths)))
def test_rebalanced_weights_sum_to_one_in_hundredths(tried: dict[str, float]) -> None:
    even = rebalanced(LIVE.weights["lending"], tried)
    assert sum(round(value * 100) for value in even.values()) == 100
    assert all(abs(value * 100 - round(value * 100)) < 1e-9 and value >= 0 for value in even.values())
    model: Model = moved(LIVE, LIVE.thresholds.model_dump(), {**LIVE.weights, "lending": even})
    assert model.weights["lending"] == even


def test_what_was_moved_stays_where_the_rest_can_make_room() -> None:
    live = {"a": 0.5, "b": 0.3, "c": 0.2}
    assert rebalanced(live, {"a": 0.6, "b": 0.3, "c": 0.2}) == {"a": 0.6, "b": 0.24, "c": 0.16}
    assert rebalanced(live, live) == live
