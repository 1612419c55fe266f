"""The page that defends the index names every factor under its sub-index, and every number of the model file."""

from __future__ import annotations

import re
import tomllib

import pytest

from dashboard.settings import HOUSE
from dashboard.vocabulary import SUB_INDEXES
from etl.index.model import SUB_INDEX_OF, Model

PAGE = (HOUSE / "docs/smoke-index.md").read_text(encoding="utf-8")
MODEL = tomllib.loads((HOUSE / "etl/index/models/2026.2.toml").read_text(encoding="utf-8"))
RULES = ("young_promise", "representative_churn", "spread_growth", "many_places", "shared_address", "capital_unpaid")


@pytest.mark.parametrize("sub", SUB_INDEXES)
def test_a_sub_indexs_section_lists_its_factors_and_no_others(sub: str) -> None:
    section = PAGE.split(f"### `{sub}`\n")[1].split("\n## ")[0].split("\n### ")[0]
    listed = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert sorted(listed) == sorted(factor for factor, fed in SUB_INDEX_OF.items() if fed == sub)


def test_every_table_of_the_model_file_is_listed() -> None:
    listed = re.findall(r"^\| `\[+(\w+)\]+` \|", PAGE, re.MULTILINE)
    assert sorted(listed) == sorted(set(MODEL) - {"version"})
    assert set(listed) <= set(Model.model_fields)


@pytest.mark.parametrize("table", [*RULES, "complaints", "lexicon"])
def test_every_number_of_a_rule_is_named(table: str) -> None:
    files = {"file", "denials", "origins"}
    assert [key for key in MODEL[table] if key not in files and key not in PAGE] == []
    assert [key for key in MODEL["yield_lure"]["against"] if key not in PAGE] == []
