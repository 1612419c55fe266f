"""The sources file: a mistake in it is told in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.errors import Invalid
from etl.sources import load_sources
from tests.landed import source

if TYPE_CHECKING:
    from pathlib import Path

GOOD = source("signals", "a/*.csv")


def _load(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    load_sources(path)


MISTAKES = {
    "[[source": "not valid TOML",
    "": "holds no [[source]]",
    "source = 3": "holds no [[source]]",
    "sources = []\n" + GOOD: "unknown key 'sources'",
    GOOD + GOOD: "two sources are named 'bureau'",
    GOOD + 'colour = "red"': "source 'bureau': colour: Extra inputs are not permitted",
    '[[source]]\nname = "a"\nfiles = "b"': "source 'a': contract: Field required",
    '[[source]]\nname = "a b"\ncontract = "signals"\nfiles = "b"': "source 'a b': name: String should match",
    '[[source]]\nname = "a"\ncontract = "signals"': "give either files, or url and query",
    '[[source]]\nname = "a"\ncontract = "signals"\nurl = "sqlite://"': "give either files, or url and query",
    GOOD + 'url = "sqlite://"\nquery = "select 1"': "give either files, or url and query",
    GOOD + '[source.columns]\ncolour = "红"': "columns: the contract signals has no column 'colour'",
    GOOD + '[source.columns]\nkind = "类"\n[source.constants]\nkind = "advert"': "constants: 'kind' is in columns too",
    GOOD + '[source.units]\nname = "万元"': "units: 'name' is a text",
    GOOD + '[source.dates]\namount = "%Y"': "dates: 'amount' is a money",
    GOOD + '[source.values.kind]\n"广告" = "advertisement"': "kind: the contract has no word 'advertisement'",
    GOOD + '[source.values.kind]\n"" = "advert"': "values.kind: an empty cell takes its word from defaults",
    GOOD + '[source.defaults]\norigin = "nobody"': "origin: the contract has no word 'nobody'",
}


@pytest.mark.parametrize(("text", "sentence"), MISTAKES.items())
def test_a_mistake_is_told_in_one_line_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as told:
        _load(tmp_path, text)
    assert sentence in str(told.value)
    assert str(tmp_path) in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        load_sources(tmp_path / "sources.toml")


def test_numbers_may_be_written_without_quotes(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(GOOD + "[source.defaults]\nseverity = 0.7", encoding="utf-8")
    assert load_sources(path)[0].defaults == {"severity": "0.7"}
