"""Scores: bounded, monotone, additive to the hundredth, free of order, replayable; and one figure worked by hand."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.settings import HOUSE
from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.engine import open_engine
from etl.index import build_scores, load_model
from etl.index.calendar import Weeks
from etl.index.model import SUB_INDEX_OF
from tests.staged import AS_OF, ENTERPRISE, EVIDENCE, enterprise, fill, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

MODEL = load_model(HOUSE / "etl/index/models/2026.1.toml")
WEEKS = 12
Row = dict[str, Any]

quick = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""One example is one whole computation for a few dozen enterprises at once."""

pieces = st.builds(
    lambda factor, days, strength, risk_type: {
        "factor": factor,
        "sub_index": SUB_INDEX_OF[factor],
        "risk_type": risk_type,
        "known_on": AS_OF - timedelta(days=days),
        "strength": strength,
        "ref": "",
    },
    st.sampled_from(sorted(SUB_INDEX_OF)),
    st.one_of(st.integers(0, 100), st.integers(0, 9000)),
    st.floats(0, 1, exclude_min=True),
    st.sampled_from(("", *RISK_TYPES)),
)
histories = st.lists(st.lists(pieces, min_size=1, max_size=12), min_size=5, max_size=25)


def scored(
    evidence: Iterable[Row], names: Iterable[str], as_of: date = AS_OF, weeks: int = WEEKS
) -> tuple[list[Row], list[Row]]:
    """Return (`fct_score_week`, `fct_score`) for this evidence."""
    con = open_engine(None, threads=1, memory_gb=1)
    fill(con, "stg_enterprises", [enterprise(name) for name in names], ENTERPRISE)
    fill(con, "fct_evidence", evidence, EVIDENCE)
    build_scores(con, MODEL, as_of, weeks)
    found = rows(con, "fct_score_week", "uscc", "week_on"), rows(con, "fct_score", "uscc")
    con.disconnect()
    return found


def against(name: str, evidence: Iterable[Row]) -> list[Row]:
    return [piece | {"uscc": name} for piece in evidence]


def test_nobody_is_scored_where_nobody_is() -> None:
    assert scored([], []) == ([], [])


def test_an_enterprise_without_evidence_is_blue_at_zero() -> None:
    weekly, (row,) = scored([], ["A"])
    assert weekly == []
    assert (row["smoke_index"], row["grade"], row["risk_type"]) == (0, "blue", "")
    assert [row[f"contribution_{sub}"] for sub in SUB_INDEXES] == [0] * 5


def test_the_formula_of_the_architecture_page() -> None:
    known = [("petition", 40, 0.7), ("petition", 3, 0.9), ("advert", 10, 0.5), ("licence_missing", 2000, 1.0)]
    evidence = [
        {
            "uscc": "A",
            "factor": factor,
            "sub_index": SUB_INDEX_OF[factor],
            "risk_type": "",
            "known_on": AS_OF - timedelta(days=age),
            "strength": strength,
            "ref": "",
        }
        for factor, age, strength in known
    ]
    best: dict[str, dict[str, float]] = {}
    for risk_type in RISK_TYPES:
        raw: dict[str, float] = defaultdict(float)
        for factor, age, strength in known:
            half_life = MODEL.factors[factor].half_life_days
            fading = 0.5 ** (age / half_life) if half_life else 1.0
            raw[SUB_INDEX_OF[factor]] += MODEL.worth(factor, risk_type) * strength * fading
        best[risk_type] = {
            sub: round(
                MODEL.weights[risk_type][sub] * 100 * (1 - math.exp(-raw[sub] / MODEL.scales[risk_type][sub])), 2
            )
            for sub in SUB_INDEXES
        }
    lead = max(RISK_TYPES, key=lambda risk_type: sum(best[risk_type].values()))
    _, (row,) = scored(evidence, ["A"])
    assert row["risk_type"] == lead
    assert {sub: float(row[f"contribution_{sub}"]) for sub in SUB_INDEXES} == best[lead]
    assert float(row["smoke_index"]) == pytest.approx(sum(best[lead].values()))


def test_weeks_begin_with_the_first_evidence_and_end_at_the_as_of_date() -> None:
    weeks = Weeks(AS_OF, WEEKS)
    piece = {"factor": "petition", "sub_index": "complaints", "risk_type": "", "strength": 1.0, "ref": ""}
    told = [
        *against("A", [piece | {"known_on": weeks.monday(9)}]),
        *against("B", [piece | {"known_on": weeks.first - timedelta(days=400)}]),
        *against("C", [piece | {"known_on": weeks.end(8)}]),
    ]
    weekly, _ = scored(told, ["A", "B", "C"])
    dates = {name: [row["week_on"] for row in weekly if row["uscc"] == name] for name in ("A", "B", "C")}
    assert dates["A"] == [weeks.monday(week) for week in (9, 10, 11)]
    assert dates["B"] == [weeks.monday(week) for week in range(WEEKS)]
    assert dates["C"] == [weeks.monday(week) for week in (8, 9, 10, 11)]
    fading = [row["smoke_index"] for row in weekly if row["uscc"] == "A"]
    assert fading == sorted(fading, reverse=True)
    assert fading[0] > fading[-1]


@quick
@given(histories)
def test_bounded_additive_and_free_of_order(many: list[list[Row]]) -> None:
    names = [f"E{number}" for number in range(len(many))]
    evidence = [piece for name, history in zip(names, many, strict=True) for piece in against(name, history)]
    weekly, newest = scored(evidence, names)
    for row in (*weekly, *newest):
        assert 0 <= row["smoke_index"] <= 100
        assert sum(row[f"contribution_{sub}"] for sub in SUB_INDEXES) == row["smoke_index"]
    last = {
        row["uscc"]: row["smoke_index"] for row in weekly if row["week_on"] == Weeks(AS_OF, WEEKS).monday(WEEKS - 1)
    }
    assert {row["uscc"]: row["smoke_index"] for row in newest} == dict.fromkeys(names, 0) | last
    shuffled = random.Random(1).sample(evidence, len(evidence))  # noqa: S311 - an order, not a secret
    assert scored(shuffled, names) == (weekly, newest)


@quick
@given(histories, st.data())
def test_more_stronger_or_newer_evidence_never_lowers_the_index(many: list[list[Row]], data: st.DataObject) -> None:
    evidence: list[Row] = []
    for number, history in enumerate(many):
        place = data.draw(st.integers(0, len(history) - 1))
        piece = history[place]
        stronger = piece | {"strength": data.draw(st.floats(piece["strength"], 1))}
        nearer = data.draw(st.integers(0, (AS_OF - piece["known_on"]).days))
        newer = piece | {"known_on": piece["known_on"] + timedelta(days=nearer)}
        evidence += against(f"{number} base", history)
        evidence += against(f"{number} more", [*history, data.draw(pieces)])
        evidence += against(f"{number} stronger", [*history[:place], stronger, *history[place + 1 :]])
        evidence += against(f"{number} newer", [*history[:place], newer, *history[place + 1 :]])
    kinds = ("base", "more", "stronger", "newer")
    _, newest = scored(evidence, [f"{number} {kind}" for number in range(len(many)) for kind in kinds])
    index = {row["uscc"]: row["smoke_index"] for row in newest}
    for number in range(len(many)):
        for kind in kinds[1:]:
            assert index[f"{number} {kind}"] >= index[f"{number} base"]


@quick
@given(histories, st.integers(0, WEEKS - 2))
def test_what_is_reported_later_changes_nothing_earlier(many: list[list[Row]], week: int) -> None:
    names = [f"E{number}" for number in range(len(many))]
    evidence = [piece for name, history in zip(names, many, strict=True) for piece in against(name, history)]
    weeks = Weeks(AS_OF, WEEKS)
    then = weeks.end(week)
    weekly, _ = scored(evidence, names)
    earlier, at_the_time = scored([piece for piece in evidence if piece["known_on"] <= then], names, as_of=then)
    common = [row for row in earlier if row["week_on"] >= weeks.first]
    assert [row for row in weekly if row["week_on"] <= then] == common
    replayed = {row["uscc"]: row["smoke_index"] for row in weekly if row["week_on"] == weeks.monday(week)}
    assert replayed == {row["uscc"]: row["smoke_index"] for row in at_the_time if row["uscc"] in replayed}
