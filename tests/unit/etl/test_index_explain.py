"""Contributions handed down: evidence → factor → sub-index → index, to the last hundredth, in no order of its own."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.models.population import FILES
from dashboard.settings import HOUSE
from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.engine import open_engine
from etl.index import build_evidence, build_scores, load_model
from etl.index.calendar import Weeks
from etl.index.combine import RAWS
from etl.index.explain import factor_contributions, row_contributions
from etl.index.model import SUB_INDEX_OF
from etl.index.reasons import of_factors
from etl.index.scalar import raws_of, score_of
from etl.marts.evidence import build_evidence_rows
from tests.staged import AS_OF, ENTERPRISE, EVIDENCE, enterprise, fill, rows, signal, staged

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

MODEL = load_model(HOUSE / "etl/index/models/2026.2.toml")
WEEKS = 6
DAY = date(2026, 5, 4)
Row = dict[str, Any]

quick = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
pieces = st.builds(
    lambda factor, days, strength, risk_type, ref: {
        "factor": factor,
        "sub_index": SUB_INDEX_OF[factor],
        "risk_type": risk_type,
        "known_on": AS_OF - timedelta(days=days),
        "strength": strength,
        "ref": ref,
    },
    st.sampled_from(sorted(SUB_INDEX_OF)),
    st.integers(0, 3000),
    st.sampled_from((0.1, 0.25, 0.5, 0.5, 1.0)),
    st.sampled_from(("", *RISK_TYPES)),
    st.sampled_from("abc"),
)
histories = st.lists(st.lists(pieces, min_size=1, max_size=14), min_size=5, max_size=25)


def explained(evidence: list[Row], names: list[str]) -> tuple[dict[str, Row], list[Row], list[Row]]:
    """Return the newest scores by enterprise, the rows of evidence with what they contribute, and the factors'."""
    con = open_engine(None, threads=1, memory_gb=1)
    fill(con, "stg_enterprises", [enterprise(name) for name in names], ENTERPRISE)
    fill(con, "fct_evidence", evidence, EVIDENCE)
    build_scores(con, MODEL, AS_OF, WEEKS)
    weeks = Weeks(AS_OF, WEEKS)
    shown = con.table("fct_score").mutate(week_on=weeks.monday(WEEKS - 1), end_on=AS_OF)
    from_rows = contributed(con, shown)
    factors = factor_contributions(con.table("fct_evidence"), shown, MODEL).order_by("uscc", "place")
    found = {row["uscc"]: row for row in rows(con, "fct_score", "uscc")}, from_rows, factors.to_pyarrow().to_pylist()
    con.disconnect()
    return found


def contributed(con: Backend, shown: Any) -> list[Row]:  # noqa: ANN401 - Ibis ships no types
    from_rows = row_contributions(con.table("fct_evidence"), shown, MODEL)
    order = ("uscc", "factor", "ref", "known_on", "spoken", "strength", "contribution")
    found: list[Row] = from_rows.order_by(*order).to_pyarrow().to_pylist()
    return found


@quick
@given(histories)
def test_rows_add_up_to_sub_indexes_factors_and_the_index_in_any_order(many: list[list[Row]]) -> None:
    names = [f"E{number}" for number in range(len(many))]
    evidence = [piece | {"uscc": name} for name, history in zip(names, many, strict=True) for piece in history]
    scores, from_rows, factors = explained(evidence, names)
    by_sub: dict[tuple[str, str], int] = defaultdict(int)
    by_factor: dict[tuple[str, str], int] = defaultdict(int)
    for row in from_rows:
        assert row["contribution"] >= 0
        by_sub[row["uscc"], row["sub_index"]] += row["contribution"]
        by_factor[row["uscc"], row["factor"]] += row["contribution"]
    for name, score in scores.items():
        assert {sub: by_sub[name, sub] for sub in SUB_INDEXES} == {
            sub: score[f"contribution_{sub}"] * 100 for sub in SUB_INDEXES
        }
    assert {(row["uscc"], row["factor"]): row["contribution"] for row in factors} == by_factor
    shuffled = random.Random(2).sample(evidence, len(evidence))  # noqa: S311 - an order, not a secret
    assert explained(shuffled, names) == (scores, from_rows, factors)


@quick
@given(histories)
def test_plain_python_sums_the_same_evidence_to_the_same_score(many: list[list[Row]]) -> None:
    names = [f"E{number}" for number in range(len(many))]
    evidence = [piece | {"uscc": name} for name, history in zip(names, many, strict=True) for piece in history]
    scores, _, _ = explained(evidence, names)
    for name, history in zip(names, many, strict=True):
        raws = raws_of(history, MODEL, AS_OF)
        flat = [raws[kind][sub] for kind in RISK_TYPES for sub in SUB_INDEXES]
        assert flat == pytest.approx([scores[name][raw] for raw in RAWS], abs=2e-6)
        alone = score_of(history, MODEL, AS_OF)
        assert (alone.smoke_index, alone.risk_type) == (scores[name]["smoke_index"], scores[name]["risk_type"])


def shown_rows(*, weeks: int = WEEKS) -> list[Row]:
    people = [
        enterprise("A", name="聚财原始股投资", business_scope="日用百货；消费返利；数字藏品（除外）", sector="pawn"),
        enterprise("B", status="revoked"),
        enterprise("C", established_on=date(2015, 3, 1), registered_capital=5e7, paid_in_capital=5e6),
        enterprise("D"),
    ]
    told = [
        signal(1, "A", "petition", DAY, amount=2e5, occurred_on=DAY - timedelta(days=5), text="说是拉人头，又是拉人头"),
        signal(2, "A", "promised_yield", DAY, text="年化20%", url="https://example.invalid/2"),
        signal(3, "B", "petition", DAY),
    ]
    con = staged(people, told)
    build_evidence(con, MODEL, AS_OF)
    told_of_ties = {"factor": "related_risk", "sub_index": "compliance", "risk_type": "", "strength": 0.4}
    con.insert("fct_evidence", pa.Table.from_pylist(
        [{"uscc": "A", **told_of_ties, "known_on": DAY, "ref": '["P1", "C"]'}],
        schema=con.table("fct_evidence").schema().to_pyarrow(),
    ))  # fmt: skip
    build_scores(con, MODEL, AS_OF, weeks)
    build_evidence_rows(con, MODEL, AS_OF, weeks)
    assert con.table("dim_evidence").to_pyarrow().schema.names == FILES["evidence"].names
    con.table("dim_evidence").to_pyarrow().cast(FILES["evidence"])
    found = rows(con, "dim_evidence", "uscc", "factor", "ref")
    index = {row["uscc"]: row["smoke_index"] for row in rows(con, "fct_score", "uscc")}
    for name, whole in index.items():
        parts = [row["contribution"] for row in found if row["uscc"] == name]
        assert sum(parts, Decimal(0)) == whole
    return found


def test_every_piece_says_what_it_says_and_where_it_comes_from() -> None:
    found = {(row["uscc"], row["factor"], row["ref"]): row for row in shown_rows()}
    petition = found["A", "petition", "s1"]
    assert (petition["origin"], petition["amount"], petition["occurred_on"]) == (
        "hotline_12345",
        2e5,
        date(2026, 4, 29),
    )
    assert (petition["source"], petition["file"], petition["line"]) == ("bureau", "signals.csv", 1)
    assert json.loads(petition["hits"]) == [[2, 3, "拉人头"], [8, 3, "拉人头"]]
    assert found["A", "keyword_hit", "s1"]["risk_type"] == "pyramid"
    assert found["A", "promised_yield", "s2"]["url"] == "https://example.invalid/2"
    name, scope = found["A", "name_keyword", "原始股"], found["A", "scope_keyword", "消费返利"]
    assert (name["text"], json.loads(name["hits"])) == ("聚财原始股投资", [[2, 3, "原始股"]])
    assert json.loads(scope["hits"]) == [[5, 4, "消费返利"]]
    assert (scope["origin"], scope["file"], scope["line"]) == ("register", "register.csv", 2)
    assert found["A", "licence_missing", "licences: pawn"]["text"] == "pawn"
    assert found["C", "capital_unpaid", "paid_in_capital"]["amount"] == 4.5e7
    tied = found["A", "related_risk", '["P1", "C"]']
    assert (tied["origin"], tied["text"], tied["source"], tied["line"]) == ("relations", "", "", None)


def test_what_is_closed_or_has_nothing_against_it_has_no_rows() -> None:
    assert {row["uscc"] for row in shown_rows()} == {"A", "C"}


def test_factors_of_the_rows_add_up_to_the_index() -> None:
    of_a = [row for row in shown_rows() if row["uscc"] == "A"]
    assert sum(part.points for part in of_factors(of_a)) == sum(row["contribution"] for row in of_a)
