"""The model file: what it refuses, and that the one we ship is whole."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from dashboard.errors import Invalid
from dashboard.settings import HOUSE
from dashboard.vocabulary import RISK_TYPES
from etl.index.model import SUB_INDEX_OF, load_model

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = HOUSE / "etl/index/models/2026.2.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the shipped model and lexicon to spoil."""
    shutil.copytree(SHIPPED.parent.parent / "lexicon", tmp_path / "lexicon")
    shutil.copytree(SHIPPED.parent, tmp_path / "models")
    return tmp_path


def spoil(folder: Path, old: str, new: str, file: str = "models/2026.2.toml") -> Path:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder / "models/2026.2.toml"


def test_the_shipped_model_knows_every_factor() -> None:
    model = load_model(SHIPPED)
    assert model.version == "2026.2"
    assert set(model.factors) == set(SUB_INDEX_OF)
    assert {word.risk_type for word in model.words} == set(RISK_TYPES)


def test_worth_is_points_times_relevance() -> None:
    model = load_model(SHIPPED)
    factor = model.factors["promised_yield"]
    assert model.worth("promised_yield", "lending") == factor.points * factor.relevance["lending"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("penalty = {", "penalties = {", "unknown factors: penalties"),
        ("orange = 60", "orange = 85", "thresholds must descend"),
        ("reference_pct = ", "reference = ", "reference_pct"),
        ('version = "2026.2"', "version = 2026.1", "version"),
        ("fundraising = { compliance = 0.", "fundraising = { compliance = 0.0", "sum to"),
        ("pyramid = { compliance = 0.", "pyramid = { spelling = 0.", "unknown sub-indexes: spelling"),
        ('name = "pawn"\nsectors = ["pawn"]', 'name = "pawn"\nsectors = ["prawn"]', "unknown sectors"),
    ],
)
def test_what_a_model_may_not_say(folder: Path, old: str, new: str, complaint: str) -> None:
    text = (folder / "models/2026.2.toml").read_text(encoding="utf-8")
    # The lines of weights stand before those of scales and begin alike: only the first is spoilt.
    (folder / "models/2026.2.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    assert old in text
    with pytest.raises(Invalid, match=complaint):
        load_model(folder / "models/2026.2.toml")


def test_a_half_life_below_a_month_is_refused(folder: Path) -> None:
    with pytest.raises(Invalid, match="half_life_days"):
        load_model(
            spoil(
                folder,
                "elderly_venue = { points = 12, half_life_days = 100",
                "elderly_venue = { points = 12, half_life_days = 7",
            )
        )


def test_a_word_stands_in_the_lexicon_once(folder: Path) -> None:
    path = spoil(folder, "砍头息,lending,1,\n", "砍头息,lending,1,\n砍头息,pyramid,1,\n", "lexicon/2026.2.csv")
    with pytest.raises(Invalid, match="names a word twice"):
        load_model(path)


def test_a_word_has_a_known_risk_type(folder: Path) -> None:
    path = spoil(folder, "砍头息,lending,1,\n", "砍头息,usury,1,\n", "lexicon/2026.2.csv")
    with pytest.raises(Invalid, match="risk_type"):
        load_model(path)


def test_a_missing_model_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"nowhere\.toml"):
        load_model(tmp_path / "nowhere.toml")
