"""The page about the contracts says what the code says, and the worked examples load."""

from __future__ import annotations

import pytest

from dashboard.settings import HOUSE
from etl.contracts import CONTRACTS, REASONS, Column
from etl.engine import open_engine
from etl.sources import Source, extract, load_sources
from etl.sources.mapping import EMPTY
from etl.staging import stage
from etl.staging.parse import FOREIGN
from tests.landed import AS_OF, rows

PAGE = (HOUSE / "docs/data-contracts.md").read_text(encoding="utf-8")
EXAMPLES = HOUSE / "docs/examples"


def _row(column: Column) -> str:
    unit = column.unit or ("0–1" if (column.low, column.high) == (0, 1) else "")
    required = "yes" if column.required else ""
    return f"| `{column.name}` | {column.kind} | {unit} | {required} | {column.meaning} |"


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_page_has_the_contracts_columns_in_order_and_no_others(contract: str) -> None:
    section = PAGE.split(f"### {contract}\n")[1].split("\n### ")[0]
    written = [line for line in section.splitlines() if line.startswith("| `")]
    assert written == [_row(column) for column in CONTRACTS[contract].columns]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_page_has_every_word_of_the_vocabularies(contract: str) -> None:
    section = PAGE.split(f"### {contract}\n")[1].split("\n### ")[0]
    for column in CONTRACTS[contract].columns:
        if column.vocabulary:
            words = ", ".join(f"`{word}`" for word in column.vocabulary)
            assert f"- `{column.name}`: {words}" in section


def test_the_page_has_every_reason_and_no_others() -> None:
    written = [line for line in PAGE.split("## 5. ")[1].splitlines() if line.startswith("| `")]
    assert written == [f"| `{code}` | {reason.zh} | {reason.en} |" for code, reason in REASONS.items()]


def test_the_page_names_every_key_of_a_source() -> None:
    assert [key for key in Source.model_fields if f"\n{key} =" not in PAGE and f"\n# {key} =" not in PAGE
            and f"[source.{key}" not in PAGE] == []  # fmt: skip


def test_the_page_names_every_word_for_nothing_and_every_currency() -> None:
    assert [word for word in EMPTY if word and f"`{word}`" not in PAGE] == []
    assert [name for name in FOREIGN if name not in PAGE] == []


def test_the_worked_example_loads() -> None:
    assert [source.contract for source in load_sources(EXAMPLES / "sources-registry.toml")] == [
        "enterprises",
        "signals",
    ]


def test_the_example_files_stage_completely() -> None:
    con = open_engine(None, threads=2, memory_gb=1)
    extract(con, load_sources(EXAMPLES / "sources.toml"), EXAMPLES)
    stage(con, AS_OF)
    counts = rows(con, "source_files", "rows_in", "rows_staged", "rows_quarantined", "problem", by="position")
    assert counts == [(4, 4, 0, ""), (3, 3, 0, ""), (3, 3, 0, ""), (3, 3, 0, ""), (3, 3, 0, "")]
    assert all(len(code) == 6 for code in rows(con, "stg_enterprises", "region_code"))
    assert rows(con, "stg_signals", "uscc") == ["91330106MA2EX00017", "91330106MA2EX0002A", None]
    assert rows(con, "stg_relations", "share") == [None, 0.665, 0.3]
    assert rows(con, "stg_outcomes", "outcome", "amount") == [(None, None), ("confirmed", 8.6e6), ("unfounded", None)]
    assert rows(con, "stg_rates", "rate", "pct") == [
        ("deposit_1y", 0.95),
        ("treasury_10y", 1.86),
        ("lending_cap", 12.0),
    ]
