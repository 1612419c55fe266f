"""Marts: warnings, the watchlist, regions by week, and the check that holds them together."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.models.population import FILES
from dashboard.models.reporting import Peer, RaisedWarning, RegionWeek, Watched
from dashboard.settings import HOUSE
from dashboard.vocabulary import SUB_INDEXES
from etl.decisions import EXEMPTIONS
from etl.engine import materialise
from etl.index import build_evidence, build_scores, load_model
from etl.index.calendar import Weeks
from etl.marts import (
    build_evidence_rows,
    build_peers,
    build_population,
    build_regions,
    build_warnings,
    build_watchlist,
    check_marts,
)
from etl.marts.check import BrokenPromise
from etl.marts.regions import COUNTS, ENOUGH
from tests.staged import AS_OF, OUTCOME, enterprise, fill, rows, signal, staged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ibis.backends.duckdb import Backend

MODEL = load_model(HOUSE / "etl/index/models/2026.1.toml")
WEEKS = Weeks(AS_OF, 6)
GRAVE = (
    "confirmed_tip",
    "police_report",
    "payment_overdue",
    "capital_guarantee",
    "promised_yield",
    "offline_event",
    "penalty",
)


def built(people: Iterable[Mapping[str, object]], told: Iterable[Mapping[str, object]] = ()) -> Backend:
    con = staged(people, told)
    build_evidence(con, MODEL, AS_OF)
    build_scores(con, MODEL, AS_OF, WEEKS.count)
    materialise(con, "dim_node", FILES["nodes"].empty_table())
    fill(con, "fct_probability", [], {"uscc": "string", "probability": "float64"})
    fill(con, "stg_exemptions", [], EXEMPTIONS)
    fill(con, "stg_outcomes", [], OUTCOME)
    build_evidence_rows(con, MODEL, AS_OF, WEEKS.count)
    build_population(con, AS_OF)
    build_warnings(con, MODEL, AS_OF, WEEKS.count)
    build_watchlist(con, MODEL, AS_OF, WEEKS.count)
    build_regions(con, AS_OF, WEEKS.count)
    build_peers(con)
    return con


def blows(uscc: str, on: date, times: int = 1, first: int = 0) -> list[dict[str, object]]:
    """Return every grave kind of signal, `times` over, all reported on one day."""
    kinds = [kind for kind in GRAVE for _ in range(times)]
    return [signal(first + number, uscc, kind, on) for number, kind in enumerate(kinds)]


@pytest.fixture(scope="module")
def con() -> Backend:
    """Return the marts of a small country: towns, a county, a city, a province, and somewhere unknown."""
    people = [
        enterprise("A", region_code="330106109"),
        enterprise("B", region_code="330106"),
        enterprise("C", region_code="3301", established_on=WEEKS.monday(3) + timedelta(days=2)),
        enterprise("D", region_code="33", established_on=None),
        enterprise("E", region_code=""),
        enterprise("F", region_code="440106001", status="revoked"),
        enterprise("G", region_code="440106001002", status="abnormal"),
        enterprise("H", region_code="440106001", established_on=AS_OF + timedelta(days=9)),
    ]
    told = [
        *blows("A", WEEKS.monday(2) + timedelta(days=1), first=0),
        *blows("A", WEEKS.monday(4), times=4, first=100),
        *blows("B", WEEKS.first - timedelta(days=3), times=4, first=200),
        *blows("F", AS_OF, times=3, first=300),
        *blows("G", AS_OF, first=400),
        signal(500, None, "complaint", AS_OF, region_code="330106109"),
        signal(501, None, "complaint", AS_OF, region_code=""),
        signal(502, None, "complaint", WEEKS.first, region_code="650102"),
    ]
    return built(people, told)


def region(con: Backend, code: str, week: int) -> dict[str, Any]:
    (row,) = (
        row
        for row in rows(con, "agg_region_week", "region_code")
        if (row["region_code"], row["week_on"]) == (code, WEEKS.monday(week))
    )
    return row


def test_the_marts_carry_the_columns_of_their_tables(con: Backend) -> None:
    for mart, model in (
        ("agg_region_week", RegionWeek),
        ("fct_warning", RaisedWarning),
        ("dim_watchlist", Watched),
        ("agg_peer", Peer),
    ):
        assert set(con.table(mart).columns) == set(model.__table__.columns.keys()) - {"generation"}


def test_a_warning_is_raised_when_a_grade_is_entered_or_risen_in(con: Backend) -> None:
    warnings = rows(con, "fct_warning", "uscc", "week_on")
    first, second = (row for row in warnings if row["uscc"] == "A")
    assert first["raised_on"] == WEEKS.monday(2) + timedelta(days=1)
    assert (first["previous_grade"], first["previous_index"]) == ("blue", 0)
    assert second["previous_grade"] == first["grade"] != second["grade"]
    assert second["week_on"] == second["raised_on"] == WEEKS.monday(4)
    assert second["previous_index"] < first["smoke_index"]  # a week of fading lies between them
    assert {row["reason"] for row in warnings} <= set(GRAVE)


def test_what_stood_above_a_threshold_at_the_start_is_no_warning(con: Backend) -> None:
    assert [row for row in rows(con, "fct_warning", "uscc") if row["uscc"] == "B"] == []
    assert region(con, "330106", 0)["blue"] == 1


def test_a_warning_outlives_the_enterprise(con: Backend) -> None:
    assert [row["raised_on"] for row in rows(con, "fct_warning", "uscc") if row["uscc"] == "F"] == [AS_OF]
    assert "F" not in {row["uscc"] for row in rows(con, "dim_watchlist", "uscc")}


def test_the_watchlist_says_since_when_and_why(con: Backend) -> None:
    listed = {row["uscc"]: row for row in rows(con, "dim_watchlist", "uscc")}
    assert set(listed) == {"A", "B", "G"}
    assert listed["A"]["entered_on"] == WEEKS.monday(4)
    assert listed["G"]["entered_on"] == AS_OF
    assert listed["G"]["previous_index"] == 0
    assert listed["A"]["previous_index"] > listed["A"]["smoke_index"]
    for row in listed.values():
        reasons = json.loads(row["reasons"])
        parts = [reason["contribution"] for reason in reasons]
        assert len(reasons) == 3
        assert parts == sorted(parts, reverse=True)
        assert sum(parts) <= row["smoke_index"] == sum(row[f"contribution_{sub}"] for sub in SUB_INDEXES)


def test_one_factor_alone_explains_its_whole_index() -> None:
    con = built([enterprise("A")], [signal(1, "A", "petition", AS_OF), signal(2, "A", "petition", AS_OF)])
    (row,) = rows(con, "dim_watchlist", "uscc")
    assert json.loads(row["reasons"]) == [{"factor": "petition", "contribution": float(row["smoke_index"])}]


def test_enterprises_are_counted_from_their_founding_on(con: Backend) -> None:
    assert [region(con, "3301", week)["enterprises"] for week in range(6)] == [2, 2, 2, 3, 3, 3]
    assert [region(con, "33", week)["enterprises"] for week in (0, 5)] == [3, 4]
    assert [region(con, "0", week)["enterprises"] for week in (0, 5)] == [5, 6]
    assert region(con, "440106001", 5)["enterprises"] == 1


def test_towns_have_the_last_two_weeks(con: Backend) -> None:
    towns = {
        (row["region_code"], row["week_on"])
        for row in rows(con, "agg_region_week", "region_code")
        if row["level"] == "town"
    }
    assert towns == {(code, WEEKS.monday(week)) for code in ("330106109", "440106001") for week in (4, 5)}


def test_signals_count_where_they_are_told_of(con: Backend) -> None:
    assert region(con, "330106109", 5)["signals"] == 1
    assert region(con, "330106", 4)["signals"] == 4 * len(GRAVE)
    assert region(con, "65", 0)["signals"] == 1
    assert region(con, "65", 0)["enterprises"] == region(con, "65", 5)["signals"] == 0
    nation = [region(con, "0", week)["signals"] for week in range(6)]
    assert nation == [1, 0, len(GRAVE), 0, 4 * len(GRAVE), 4 * len(GRAVE) + 2]


def test_a_small_region_is_drawn_to_its_parent(con: Backend) -> None:
    nation, province = region(con, "0", 5), region(con, "33", 5)
    assert nation["smoothed_index"] == nation["mean_index"]
    trust = province["enterprises"] / ENOUGH
    drawn = trust * province["mean_index"] + (1 - trust) * nation["smoothed_index"]
    assert province["smoothed_index"] == pytest.approx(drawn, abs=1e-4)


def test_a_large_region_keeps_its_mean() -> None:
    con = built([enterprise(f"E{number}") for number in range(ENOUGH)], blows("E0", AS_OF))
    row = region(con, "330106", 5)
    assert row["smoothed_index"] == row["mean_index"] > 0


def test_no_bound_without_enough_weeks(con: Backend) -> None:
    assert {row["upper"] for row in rows(con, "agg_region_week", "region_code")} == {None}


def test_the_promises_hold_with_everything_and_with_nothing(con: Backend) -> None:
    check_marts(con, AS_OF)
    check_marts(built([], []), AS_OF)
    check_marts(built([enterprise("A")], []), AS_OF)
    check_marts(built([], [signal(1, None, "complaint", AS_OF)]), AS_OF)


@pytest.mark.parametrize(
    ("level", "column"),
    [
        *((level, "enterprises") for level in ("nation", "province", "city", "county", "town")),
        *(("county", name) for name in (*COUNTS[1:], "mean_index") if name != "new_red"),
    ],
)
def test_the_check_sees_every_count_that_is_wrong(con: Backend, level: str, column: str) -> None:
    week = WEEKS.monday(5)
    wrong = f"UPDATE agg_region_week SET {column} = {column} + 1"  # noqa: S608 - both words are our own
    con.raw_sql("BEGIN")
    con.raw_sql(f"{wrong} WHERE level = '{level}' AND week_on = DATE '{week}'")
    with pytest.raises(BrokenPromise, match="agg_region_week"):
        check_marts(con, AS_OF)
    con.raw_sql("ROLLBACK")


def test_the_check_sees_a_score_that_does_not_add_up(con: Backend) -> None:
    con.raw_sql("BEGIN")
    con.raw_sql("UPDATE fct_score SET contribution_spread = contribution_spread + 0.01 WHERE uscc = 'A'")
    with pytest.raises(BrokenPromise, match="fct_score: contributions do not add up"):
        check_marts(con, AS_OF)
    con.raw_sql("ROLLBACK")


@pytest.mark.parametrize(
    ("wrong", "promise"),
    [
        ("UPDATE dim_evidence SET contribution = contribution + 0.01 WHERE uscc = 'A'", "dim_evidence: contributions"),
        ("DELETE FROM dim_evidence WHERE uscc = 'A'", "dim_evidence: contributions"),
        ("UPDATE dim_score SET index_lending = 99 WHERE uscc = 'A'", "dim_score: the highest typed index"),
        ("UPDATE fct_warning SET owner_code = '' WHERE uscc = 'A'", "fct_warning: a warning has no owner"),
        ("DELETE FROM dim_enterprise WHERE uscc = 'E'", "dim_enterprise has 7 rows of 7 enterprises"),
        ("INSERT INTO dim_score FROM dim_score WHERE uscc = 'A'", "dim_score has 8 rows of 7 enterprises"),
    ],
)
def test_the_check_sees_what_is_missing_or_does_not_add_up(con: Backend, wrong: str, promise: str) -> None:
    con.raw_sql("BEGIN")
    con.raw_sql(wrong)
    with pytest.raises(BrokenPromise, match=promise):
        check_marts(con, AS_OF)
    con.raw_sql("ROLLBACK")


def test_peers_are_those_with_evidence(con: Backend) -> None:
    found = {(row["kind"], row["key"]): row for row in rows(con, "agg_peer", "kind") if row["measure"] == "smoke_index"}
    assert set(found) == {("all", ""), ("sector", "trade")} | {
        ("region", code) for code in ("33", "3301", "330106", "44", "4401", "440106")
    }
    listed = sorted(float(row["smoke_index"]) for row in rows(con, "dim_watchlist", "uscc"))
    assert found["all", ""]["enterprises"] == 3
    assert found["all", ""]["median"] == listed[1]
    assert found["region", "440106"]["p99"] == found["region", "44"]["median"]


def test_the_check_sees_a_warning_that_got_lost(con: Backend) -> None:
    con.raw_sql("BEGIN")
    con.raw_sql("DELETE FROM fct_warning WHERE uscc = 'F'")
    with pytest.raises(BrokenPromise, match="warnings"):
        check_marts(con, AS_OF)
    con.raw_sql("ROLLBACK")
