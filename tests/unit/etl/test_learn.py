"""The learning on staged tables: what it may know, what it may not, and what it says when there is nothing to learn."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import ibis
import pytest

from dashboard.settings import HOUSE
from etl.index import build_scores, load_model
from etl.index.model import SUB_INDEX_OF, Model
from etl.index.parts import Learning
from etl.learn import explain, explain_evidence
from etl.learn.card import MICRO
from etl.learn.cases import judged, known_cases
from etl.learn.features import points_at, points_of
from etl.learn.split import split_before
from etl.learn.steps import learn
from tests.staged import AS_OF, EVIDENCE, OUTCOME, enterprise, fill, rows, signal, staged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ibis.backends.duckdb import Backend

Row = dict[str, Any]
LEARNING = Learning(
    horizon_days=60, settle_days=30, every_days=28, snapshots=2, fewest=10, negatives=300, bins=8, rounds=40, rate=0.2,
    leaves=3, smallest_leaf=5,
)  # fmt: skip
MODEL: Model = load_model(HOUSE / "etl/index/models/2026.2.toml").model_copy(update={"learning": LEARNING})
SPLIT = split_before(AS_OF, LEARNING)
WEEKS = 30
FIRMS = 400


def piece(uscc: str, factor: str, known_on: date, strength: float = 1.0) -> Row:
    named = {"uscc": uscc, "factor": factor, "sub_index": SUB_INDEX_OF[factor], "risk_type": "", "ref": ""}
    return {**named, "known_on": known_on, "strength": strength}


def report(case: int, uscc: str, opened_on: date, outcome: str | None, days: int = 20) -> Row:
    closed_on = opened_on + timedelta(days=days) if outcome else None
    told = {"case_id": f"c{case}", "uscc": uscc, "risk_type": "lending", "opened_on": opened_on, "outcome": outcome}
    return told | {"closed_on": closed_on, "reported_on": closed_on or opened_on, "file": "f", "line": case}


def country(seed: int = 1) -> tuple[list[Row], list[Row], list[Row]]:
    """Return evidence, signals and reports: a third of the firms promise and get a case that proves true, by turns."""
    chance = random.Random(seed)  # noqa: S311 - invented data
    evidence, signals, reports = [], [], []
    first = SPLIT.train[-1] - timedelta(days=40)
    for number in range(FIRMS):
        uscc, start = f"u{number:03d}", first + timedelta(days=chance.randrange((AS_OF - first).days))
        complained = first + timedelta(days=chance.randrange((AS_OF - first).days))
        evidence.append(piece(uscc, "complaint", complained, chance.random()))
        signals.append(signal(number, uscc, "complaint", complained) | {"sub_index": "complaints"})
        if number % 3 == 0:
            evidence += [piece(uscc, "promised_yield", start + timedelta(days=4 * turn)) for turn in range(6)]
            opened = start + timedelta(days=30 + chance.randrange(20))
            if opened <= AS_OF:
                reports.append(report(number, uscc, opened, chance.choice(["confirmed", "transferred", "unfounded"])))
    return evidence, signals, [row for row in reports if row["reported_on"] <= AS_OF]


def learned(
    evidence: Iterable[Row], signals: Iterable[Row], reports: Iterable[Row], model: Model = MODEL, weeks: int = WEEKS
) -> Backend:
    """Return the engine after the learning."""
    con = staged([enterprise(f"u{number:03d}") for number in range(FIRMS)])
    con.raw_sql("DROP TABLE stg_signals")
    schema = {"uscc": "string", "reported_on": "date", "sub_index": "string"}
    fill(con, "stg_signals", [{name: row[name] for name in schema} for row in signals], schema)
    fill(con, "fct_evidence", evidence, EVIDENCE)
    fill(con, "stg_outcomes", reports, OUTCOME)
    build_scores(con, model, AS_OF, weeks)
    learn(con, model, AS_OF, weeks)
    return con


@pytest.fixture(scope="module")
def usual() -> Backend:
    return learned(*country())


def said(con: Backend) -> Row:
    (row,) = rows(con, "dim_learned", "state")
    return row | {"card": json.loads(row["card"])}


def test_everybody_with_evidence_gets_the_probability_that_the_card_explains(usual: Backend) -> None:
    told = said(usual)
    assert told["state"] == "trained"
    assert told["card"]["figures"]["auc"] > 0.7
    assert told["trained_until"] <= SPLIT.calibrate < told["calibrated_until"] <= SPLIT.test < told["tested_until"]
    points: dict[str, dict[str, float]] = {}
    for row in points_at(usual.table("fct_evidence"), MODEL, AS_OF).to_pyarrow().to_pylist():
        points.setdefault(row["uscc"], {})[row["factor"]] = row["points"] / MICRO
    found = {row["uscc"]: row["probability"] for row in rows(usual, "fct_probability", "uscc")}
    assert set(found) == {row["uscc"] for row in country()[0]}
    for uscc, probability in found.items():
        explained = explain(told["card"], points[uscc])
        assert explained is not None
        assert explained.probability == probability
    assert len(set(found.values())) > 5


def test_one_alone_is_explained_from_its_rows_as_everybody_is_at_once(usual: Backend) -> None:
    told, evidence = said(usual), country()[0]
    for row in rows(usual, "fct_probability", "uscc")[::20]:
        own = [piece for piece in evidence if piece["uscc"] == row["uscc"]]
        alone = explain_evidence(told["card"], own, MODEL, AS_OF)
        assert alone is not None
        assert alone.probability == row["probability"]
        assert all(0 < lower < alone.probability for _, lower in alone.without())
    assert explain_evidence({}, evidence, MODEL, AS_OF) is None


def test_the_same_input_in_another_order_gives_the_same_bits(usual: Backend) -> None:
    evidence, signals, reports = country()
    one, other = usual, learned(evidence[::-1], signals[::-1], reports[::-1])
    for table, order in (("fct_probability", "uscc"), ("agg_reliability", "bin"), ("dim_learned", "state")):
        assert rows(one, table, order) == rows(other, table, order)
    key = ("scorer", "cut", "key", "measure", "k")
    assert rows(one, "agg_performance", *key) == rows(other, "agg_performance", *key)


def test_what_is_reported_after_the_day_changes_nothing(usual: Backend) -> None:
    evidence, signals, reports = country()
    late = [report(900 + n, f"u{n:03d}", AS_OF - timedelta(days=100), "confirmed", days=120) for n in range(FIRMS)]
    one, other = usual, learned(evidence, signals, [*reports, *late])
    assert all(row["reported_on"] > AS_OF for row in late)
    assert said(one) == said(other)
    assert rows(one, "fct_probability", "uscc") == rows(other, "fct_probability", "uscc")


def test_the_points_of_a_day_know_nothing_of_later_signals() -> None:
    con = staged([])
    day = SPLIT.test
    known = [piece("u000", "gift", day), piece("u000", "advert", day - timedelta(days=75))]
    fill(con, "fct_evidence", [*known, piece("u000", "gift", day + timedelta(days=1))], EVIDENCE)
    told = points_at(con.table("fct_evidence"), MODEL, day).order_by("factor").to_pyarrow().to_pylist()
    worth = {name: MODEL.factors[name].points for name in ("advert", "gift")}
    assert told == [
        {"uscc": "u000", "factor": "advert", "points": round(worth["advert"] / 2 * MICRO)},
        {"uscc": "u000", "factor": "gift", "points": round(worth["gift"] * MICRO)},
    ]
    pairs = ibis.memtable([{"uscc": "u000", "on": day}, {"uscc": "u001", "on": day}])
    asked = points_of(con.table("fct_evidence"), MODEL, pairs).drop("on").order_by("factor")
    assert asked.to_pyarrow().to_pylist() == told


def test_a_cases_own_consequences_are_never_looked_at() -> None:
    """Signals that follow a case: whoever has one already is asked about no more, so they cannot be learned from."""
    evidence, signals, reports = country()
    after = [piece(row["uscc"], "penalty", row["opened_on"] + timedelta(days=1)) for row in reports for _ in range(4)]
    con = learned([*evidence, *after], signals, reports)
    assert "penalty" not in said(con)["card"]["factors"]


def test_who_had_a_case_before_or_has_an_open_one_is_left_out() -> None:
    day, con = date(2026, 1, 4), staged([])
    reports = [
        report(1, "before", day, "unfounded"),
        report(2, "proven", day + timedelta(days=1), "rectified"),
        report(3, "pending", day + timedelta(days=1), None),
        report(4, "dismissed", day + timedelta(days=60), "false_positive"),
        report(5, "beyond", day + timedelta(days=61), "confirmed"),
        report(6, "proven", day + timedelta(days=9), None),
    ]
    fill(con, "stg_outcomes", reports, OUTCOME)
    everybody = ibis.memtable([{"uscc": row["uscc"]} for row in reports] + [{"uscc": "quiet"}]).distinct()
    cases = known_cases(con.table("stg_outcomes"), AS_OF)
    told = judged(everybody, cases, day, 60).order_by("uscc").to_pyarrow().to_pylist()
    assert [(row["uscc"], row["confirmed"]) for row in told] == [
        ("beyond", 0), ("dismissed", 0), ("proven", 1), ("quiet", 0),
    ]  # fmt: skip
    assert told[2]["opened_on"] == day + timedelta(days=1)


def test_a_case_is_what_its_last_report_up_to_the_day_says() -> None:
    con, opened = staged([]), date(2026, 1, 4)
    told = [report(1, "u", opened, None), report(1, "u", opened, "confirmed"), report(1, "u", opened, "unfounded", 50)]
    fill(con, "stg_outcomes", told, OUTCOME)
    found = [
        known_cases(con.table("stg_outcomes"), opened + timedelta(days=days)).to_pyarrow().to_pylist()
        for days in (-1, 19, 20, 49, 50)
    ]
    assert [[row["outcome"] for row in rows] for rows in found] == [
        [],
        [None],
        ["confirmed"],
        ["confirmed"],
        ["unfounded"],
    ]


@pytest.mark.parametrize(
    ("kept", "model", "state"),
    [
        (0, MODEL, "no_outcomes"),
        (6, MODEL, "too_few"),
        (FIRMS, MODEL.model_copy(update={"learning": None}), "no_outcomes"),
    ],
)
def test_a_model_trained_on_nothing_says_so(kept: int, model: Model, state: str) -> None:
    evidence, signals, reports = country()
    con = learned(evidence, signals, reports[:kept], model)
    told = said(con)
    assert told["state"] == state
    assert told["card"] == {}
    assert told["trained_until"] is None
    assert told["confirmed"] + told["dismissed"] == len(reports[:kept])
    assert rows(con, "fct_probability", "uscc") == []
    assert rows(con, "agg_reliability", "bin") == []
    assert not [row for row in rows(con, "agg_performance", "scorer") if row["scorer"] == "learned"]


def test_the_measures_count_what_they_say(usual: Backend) -> None:
    told = {
        (row["scorer"], row["measure"], row["k"]): row
        for row in rows(usual, "agg_performance", "scorer")
        if row["cut"] == "all"
    }
    confirmed = sum(row["confirmed"] for row in rows(usual, "wrk_judged", "uscc"))
    assert confirmed >= 10
    for scorer in ("index", "learned", "complaints"):
        precision, recall = (told[scorer, f"{name}_at_k", confirmed] for name in ("precision", "recall"))
        assert precision["value"] == recall["value"]
        assert recall["n"] == confirmed
        assert recall["low"] <= recall["value"] <= recall["high"]
        assert told[scorer, "hit_rate", 0]["n"] == confirmed
    assert (
        told["index", "precision_at_k", confirmed]["value"] > told["complaints", "precision_at_k", confirmed]["value"]
    )
    assert (
        told["learned", "precision_at_k", confirmed]["value"] > told["complaints", "precision_at_k", confirmed]["value"]
    )


def test_too_little_data_is_no_value(usual: Backend) -> None:
    few = [row for row in rows(usual, "agg_performance", "scorer") if row["n"] < 10]
    assert all(row["value"] is None and row["low"] is None and row["high"] is None for row in few)
    assert all(row["value"] is not None for row in rows(usual, "agg_performance", "scorer") if row["n"] >= 10)


def test_a_history_that_ends_before_the_test_day_measures_nothing() -> None:
    evidence, signals, reports = country()
    con = learned(evidence, signals, reports, weeks=4)
    assert rows(con, "agg_performance", "scorer") == []
    assert said(con)["state"] == "trained"


def test_a_factor_that_begins_to_speak_drifts_most() -> None:
    evidence, signals, reports = country()
    new = [piece(f"u{number:03d}", "gift", AS_OF - timedelta(days=3)) for number in range(200)]
    con = learned([*evidence, *new], signals, reports)
    worst = max(rows(con, "agg_drift", "factor"), key=lambda row: float(row["psi"]))
    assert worst["factor"] == "gift"
    assert (worst["share_before"], worst["share_now"] > 0.4) == (0.0, True)
    assert worst["psi"] > 0.25
