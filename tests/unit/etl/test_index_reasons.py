"""One enterprise's index in plain Python: the same hundredths as the run's, what moved it, what would bring it down."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.settings import HOUSE
from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.index import load_model
from etl.index.combine import RAWS, scored
from etl.index.model import SUB_INDEX_OF
from etl.index.reasons import changes, headline, of_factors, silence_days, way_down
from etl.index.scalar import grade as graded
from etl.index.scalar import score, score_of

MODEL = load_model(HOUSE / "etl/index/models/2026.2.toml")
ON = date(2026, 6, 30)
Row = dict[str, Any]

sums = st.one_of(st.just(0.0), st.floats(0, 400), st.integers(0, 400_000_000).map(lambda millionths: millionths / 1e6))
quick = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def piece(factor: str, days: int = 10, strength: float = 1.0, **more: object) -> Row:
    row: Row = {
        "factor": factor,
        "sub_index": SUB_INDEX_OF[factor],
        "risk_type": "",
        "known_on": ON - timedelta(days=days),
        "strength": strength,
        "ref": f"{factor} {days}",
        "origin": "hotline_12345",
        "amount": None,
        "contribution": Decimal(0),
    }
    return row | more


@quick
@given(st.lists(st.lists(sums, min_size=15, max_size=15), min_size=1, max_size=200))
def test_set_wise_and_scalar_agree_to_the_hundredth(many: list[list[float]]) -> None:
    rows = [dict(zip(("uscc", *RAWS), (str(place), *raws), strict=True)) for place, raws in enumerate(many)]
    table = ibis.memtable(rows, schema={"uscc": "string", **dict.fromkeys(RAWS, "float64")})
    found = scored(table, MODEL).to_pyarrow().to_pylist()
    assert len(found) == len(rows)
    for row in found:
        alone = score({kind: {sub: row[f"raw_{kind}_{sub}"] for sub in SUB_INDEXES} for kind in RISK_TYPES}, MODEL)
        assert alone.smoke_index == row["smoke_index"]
        assert (alone.risk_type, alone.grade) == (row["risk_type"], row["grade"])
        assert alone.contributions == {sub: row[f"contribution_{sub}"] for sub in SUB_INDEXES}
        assert alone.indexes == {kind: row[f"index_{kind}"] for kind in RISK_TYPES}


def test_a_score_file_is_scored_anew_in_place() -> None:
    rows = [{"uscc": "A", **dict.fromkeys(RAWS, 20.0), "smoke_index": 1.0, "grade": "blue", "region_code": "33"}]
    (row,) = scored(ibis.memtable(rows), MODEL).to_pyarrow().to_pylist()
    assert (row["region_code"], row["grade"]) == ("33", "orange")


def orange() -> list[Row]:
    return [
        piece("promised_yield"),
        piece("promised_yield", 40),
        piece("capital_guarantee", 5),
        piece("petition", 20),
        piece("complaint", 3),
        piece("offline_event", 8),
        piece("advert", 30),
        *(piece("keyword_hit", days, risk_type="fundraising") for days in (1, 2, 3, 4)),
        piece("licence_missing", 900, origin="register"),
    ]


def test_the_way_down_is_the_smallest_that_there_is() -> None:
    evidence = orange()
    now = score_of(evidence, MODEL, ON)
    assert now.grade == "orange"
    way = way_down(evidence, MODEL, ON)
    assert way is not None
    assert way.after == score_of([row for row in evidence if row not in way.rows], MODEL, ON)
    assert way.after.grade == "yellow"
    fewer = combinations(evidence, len(way.rows) - 1)
    assert all(score_of([row for row in evidence if row not in gone], MODEL, ON).grade == "orange" for gone in fewer)


def test_a_way_down_is_found_among_hundreds_of_rows() -> None:
    evidence = [piece(factor, days) for factor in SUB_INDEX_OF for days in range(1, 60, 3)]
    assert score_of(evidence, MODEL, ON).grade == "red"
    way = way_down(evidence, MODEL, ON)
    assert way is not None
    assert way.after.smoke_index < MODEL.thresholds.red


def test_blue_needs_no_way_down() -> None:
    assert way_down([piece("advert")], MODEL, ON) is None
    assert silence_days([piece("advert")], MODEL, ON) is None
    assert way_down([], MODEL, ON) is None


def test_silence_brings_the_grade_down_on_the_very_day() -> None:
    days = silence_days(orange(), MODEL, ON)
    assert days is not None
    assert score_of(orange(), MODEL, ON + timedelta(days=days)).grade == "yellow"
    assert score_of(orange(), MODEL, ON + timedelta(days=days - 1)).grade == "orange"


def test_standing_facts_do_not_fall_silent() -> None:
    words = [
        piece(kind, number) for number in range(60) for kind in ("scope_keyword", "licence_missing", "related_risk")
    ]
    evidence = [*words, *(piece("name_keyword", number) for number in range(60))]
    thresholds = MODEL.thresholds.model_copy(update={"yellow": 20.0})
    model = MODEL.model_copy(update={"thresholds": thresholds})
    assert score_of(evidence, model, ON).grade == "yellow"
    assert silence_days(evidence, model, ON) is None


def test_changes_add_up_to_the_change_of_the_index() -> None:
    before = [
        piece("advert", 40, contribution=Decimal("9.10")),
        piece("petition", 30, contribution=Decimal("7.00")),
        piece("keyword_hit", 20, risk_type="pyramid", ref="k", contribution=Decimal("2.00")),
        piece("keyword_hit", 20, risk_type="lending", ref="k", contribution=Decimal("1.50")),
        piece("gift", 9, contribution=Decimal("0.00")),
    ]
    now = [
        piece("advert", 40, contribution=Decimal("8.20")),
        piece("keyword_hit", 20, risk_type="pyramid", ref="k", contribution=Decimal("2.50")),
        piece("keyword_hit", 20, risk_type="lending", ref="k", contribution=Decimal("2.50")),
        piece("police_report", 1, contribution=Decimal("12.00")),
        piece("gift", 9, contribution=Decimal("0.00")),
    ]
    moved = changes(before, now)
    assert [(change.kind, change.row["factor"], change.points) for change in moved] == [
        ("new", "police_report", Decimal("12.00")),
        ("gone", "petition", Decimal("-7.00")),
        ("changed", "keyword_hit", Decimal("1.50")),
        ("changed", "advert", Decimal("-0.90")),
    ]
    total = sum(row["contribution"] for row in now) - sum(row["contribution"] for row in before)
    assert sum(change.points for change in moved) == total


def test_nothing_moves_where_nothing_moved() -> None:
    assert changes(orange(), orange()) == []
    assert changes([], []) == []


def test_the_headline_counts_each_signal_once() -> None:
    evidence = [
        piece("petition", 3, ref="s1", amount=2e5, origin="petition_office", contribution=Decimal("20.00")),
        piece("keyword_hit", 3, ref="s1", amount=2e5, origin="petition_office", contribution=Decimal("4.00")),
        piece("keyword_hit", 3, ref="s1", amount=2e5, origin="petition_office", contribution=Decimal("1.00")),
        piece("complaint", 5, ref="s2", amount=5e4, contribution=Decimal("15.00")),
        piece("complaint", 6, ref="s3", contribution=Decimal("15.00")),
        piece("licence_missing", 900, ref="licences: pawn", origin="register", contribution=Decimal("0.00")),
    ]
    said = headline({"risk_type": "lending", "grade": "yellow", "smoke_index": Decimal("55.00")}, evidence)
    assert [(part.factor, part.points, part.pieces, part.amount) for part in said.factors] == [
        ("complaint", Decimal("30.00"), 2, 5e4),
        ("petition", Decimal("20.00"), 1, 2e5),
        ("keyword_hit", Decimal("5.00"), 1, 2e5),
    ]
    assert (said.pieces, said.amount, said.origins) == (6, 2.5e5, ("hotline_12345", "petition_office"))
    assert sum(part.points for part in of_factors(evidence)) == said.smoke_index


@pytest.mark.parametrize("grade", ["red", "orange", "yellow"])
def test_a_threshold_belongs_to_the_grade_that_it_opens(grade: str) -> None:
    floor = getattr(MODEL.thresholds, grade)
    rows = [{"uscc": "A", **dict.fromkeys(RAWS, 0.0)}]
    (row,) = scored(ibis.memtable(rows), MODEL).to_pyarrow().to_pylist()
    assert row["grade"] == "blue"
    assert row["risk_type"] == ""
    assert graded(floor, MODEL) == grade
