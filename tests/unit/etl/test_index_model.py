"""The model file: what it refuses, and that the one we ship is whole."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import pytest

from dashboard.errors import Invalid
from dashboard.settings import HOUSE
from dashboard.vocabulary import RISK_TYPES
from etl.index.model import SUB_INDEX_OF, load_model, parse_model

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = HOUSE / "etl/index/models/2026.2.toml"
RELEASED = {
    "models/2026.1.toml": "afb3dd60529f88bb5a386e42db0a345dce87e178fb14bada4184d5db74312f31",
    "lexicon/2026.1.csv": "4d020a8f0d8bad375eeb92813f0aec0db73b96e4c1703b8ea6a8e61d460df11f",
    "models/2026.2.toml": "46d16b05fe03c4c7408549bae9562396b6de8b8869d4712c49f7cacf81b5da70",
    "lexicon/2026.2.csv": "ffcf6fd716ac89d6834e3030869d88b18ce0cdd12d177ea9a52d48e9b7441001",
    "lexicon/2026.2.denials.csv": "d0b2d48fc04bbf1c38fcf95144e8838f3e56d5d0e774a3d25eb7c3833b746d7c",
}
"""What has scored a published generation stays as it was: a change makes a new version."""


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


@pytest.mark.parametrize("file", RELEASED)
def test_a_released_file_is_never_edited(file: str) -> None:
    assert hashlib.sha256((HOUSE / "etl/index" / file).read_bytes()).hexdigest() == RELEASED[file]


def test_an_older_model_still_loads_and_what_it_lacks_weighs_nothing() -> None:
    model = load_model(SHIPPED.with_name("2026.1.toml"))
    assert model.version == "2026.1"
    assert (model.complaints, model.young_promise, model.spread_growth, model.denials) == (None, None, None, ())
    assert model.lexicon.wording == 0


def test_a_model_may_come_as_text() -> None:
    assert parse_model(SHIPPED.read_text(encoding="utf-8"), SHIPPED.parent) == load_model(SHIPPED)


def test_a_text_reads_no_file_outside_the_models(folder: Path) -> None:
    (folder.parent / "secret.csv").write_text("word,risk_type,weight\n", encoding="utf-8")
    text = SHIPPED.read_text(encoding="utf-8").replace("../lexicon/2026.2.csv", "../../secret.csv")
    with pytest.raises(Invalid, match="outside"):
        parse_model(text, folder / "models")


def test_the_lexicon_speaks_of_every_type_at_length() -> None:
    words = load_model(SHIPPED).words
    assert len(words) >= 90
    assert min(sum(word.risk_type == kind for word in words) for kind in RISK_TYPES) >= 25
    named = ("虚拟币", "数字藏品", "以房养老", "消费返利", "原始股", "拉人头", "团队计酬", "砍头息", "套路贷", "校园贷")
    assert set(named) <= {word.word for word in words}


def test_a_denial_stands_before_or_after(folder: Path) -> None:
    path = spoil(folder, "after,是骗局,12\n", "around,是骗局,12\n", "lexicon/2026.2.denials.csv")
    with pytest.raises(Invalid, match="place"):
        load_model(path)


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
        ("amount_full = 10000000", "amount_full = 10000", "amount_full must lie above"),
        ("citizen_tip = 0.8\n", "", "missing origins: citizen_tip"),
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
