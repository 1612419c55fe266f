"""The measures of a small country, counted by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dashboard.settings import HOUSE
from etl.index import load_model
from etl.learn.performance import Seen, measure
from etl.learn.split import split_before
from tests.staged import AS_OF, enterprise, fill, rows, staged

MODEL = load_model(HOUSE / "etl/index/models/2026.2.toml")
assert MODEL.learning is not None
SPLIT = split_before(AS_OF, MODEL.learning)
FIRMS, WARNED = 40, 24
MONDAY = SPLIT.test - timedelta(days=6)
CASE = {
    "case_id": "string", "uscc": "string", "risk_type": "string", "opened_on": "date", "closed_on": "date",
    "outcome": "string",
}  # fmt: skip
WEEK = {"uscc": "string", "week_on": "date", "smoke_index": "float64", "risk_type": "string", "grade": "string"}

Told = dict[tuple[str, str, int], dict[str, Any]]


def name(number: int) -> str:
    return f"e{number:02d}"


@pytest.fixture(scope="module")
def told() -> Told:
    """Measure forty firms: 24 orange for three weeks, every second one with a case, others complained about.

    One firm's complaints are too old on the test day, but were not the week before; another's come the week after.
    """
    con = staged([enterprise(name(number)) for number in range(FIRMS)])
    orange = [{"smoke_index": 90.0 - number, "grade": "orange"} for number in range(WARNED)]
    blue = [{"smoke_index": 9.0, "grade": "blue"}] * (FIRMS - WARNED)
    weeks = [
        {"uscc": name(number), "week_on": MONDAY - timedelta(weeks=back), "risk_type": "lending", **graded}
        for number, graded in enumerate([*orange, *blue])
        for back in range(3)
    ]
    fill(con, "fct_score_week", weeks, WEEK)
    opened = SPLIT.test + timedelta(days=30)
    cases = [
        {"case_id": name(number), "uscc": name(number), "risk_type": "lending", "opened_on": opened}
        | {"closed_on": opened, "outcome": "confirmed"}
        for number in range(0, FIRMS, 2)
    ]
    fill(con, "wrk_cases", cases, CASE)
    con.raw_sql("DROP TABLE stg_signals")
    soon = [{"uscc": name(2), "reported_on": SPLIT.test + timedelta(days=3), "sub_index": "complaints"}] * 9
    day = SPLIT.test - timedelta(days=179)
    complaints = [{"uscc": name(number), "reported_on": day, "sub_index": "complaints"} for number in range(25, 40, 2)]
    long_ago = [row | {"uscc": name(0), "reported_on": day - timedelta(days=1)} for row in complaints]
    fill(
        con,
        "stg_signals",
        [*complaints, *long_ago, *soon],
        {"uscc": "string", "reported_on": "date", "sub_index": "string"},
    )
    fill(con, "wrk_tested", [], {"uscc": "string", "probability": "float64", "confirmed": "int64"})
    measure(con, MODEL, Seen(AS_OF, 60), SPLIT, None)
    return {
        (row["scorer"], row["measure"], row["k"]): row
        for row in rows(con, "agg_performance", "scorer")
        if row["cut"] == "all"
    }


@pytest.mark.parametrize(
    ("scorer", "named", "k", "value", "n"),
    [
        ("index", "precision_at_k", 10, 5 / 10, 10),
        ("index", "recall_at_k", 10, 5 / 20, 20),
        ("index", "precision_at_k", 20, 10 / 20, 20),
        ("index", "hit_rate", 0, 12 / 20, 20),
        ("index", "lead_days", 0, 30, 20),
        ("index", "false_per_10000", 0, 12 / 40 * 10_000, 40),
        ("complaints", "hit_rate", 0, 1 / 20, 20),
        ("complaints", "lead_days", 0, 0, 20),
        ("complaints", "false_per_10000", 0, 8 / 40 * 10_000, 40),
    ],
)
def test_a_measure_is_what_one_counts(told: Told, scorer: str, named: str, k: int, value: float | None, n: int) -> None:
    row = told[scorer, named, k]
    assert (row["value"], row["n"]) == (pytest.approx(value) if value is not None else None, n)
    if value is not None:
        assert row["low"] <= row["value"] <= row["high"]


def test_no_k_is_told_that_cannot_be_looked_at(told: Told) -> None:
    assert {k for scorer, named, k in told if (scorer, named) == ("index", "precision_at_k")} == {10, 20}
    assert {k for scorer, named, k in told if (scorer, named) == ("complaints", "recall_at_k")} == set()
    assert not [key for key in told if key[0] == "learned"]
