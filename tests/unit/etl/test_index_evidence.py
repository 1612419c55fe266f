"""Evidence: what each source of it finds, how strong, and since when it is known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.settings import HOUSE
from dashboard.vocabulary import SIGNAL_KINDS
from etl.index import build_evidence, load_model
from etl.index.rows import ALWAYS
from tests.staged import AS_OF, enterprise, rows, signal, staged

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

MODEL = load_model(HOUSE / "etl/index/models/2026.1.toml")
DAY = date(2026, 5, 4)


def evidence(con: Backend) -> list[dict[str, Any]]:
    build_evidence(con, MODEL, AS_OF)
    return rows(con, "fct_evidence", "uscc", "factor", "ref", "known_on")


def test_an_inconspicuous_enterprise_has_no_evidence() -> None:
    assert evidence(staged([enterprise("A")])) == []


def test_without_enterprises_there_is_no_evidence() -> None:
    assert evidence(staged([], [signal(1, "A", "petition", DAY)])) == []


def test_each_kind_of_signal_feeds_its_sub_index_when_reported() -> None:
    kinds = [(sub, kind) for sub, kinds in SIGNAL_KINDS.items() for kind in kinds]
    told = [signal(number, "A", kind, DAY, severity=0.5) for number, (_, kind) in enumerate(kinds)]
    found = {(row["sub_index"], row["factor"]): row for row in evidence(staged([enterprise("A")], told))}
    assert set(found) == set(kinds)
    assert {row["known_on"] for row in found.values()} == {DAY}
    assert all(row["strength"] == 0.5 for row in found.values() if row["factor"] != "keyword_hit")


def test_signals_of_nobody_and_of_tomorrow_are_no_evidence() -> None:
    told = [
        signal(1, None, "petition", DAY),
        signal(2, "not registered", "petition", DAY),
        signal(3, "A", "petition", AS_OF + timedelta(days=1)),
        signal(4, "A", "petition", AS_OF),
    ]
    assert [row["ref"] for row in evidence(staged([enterprise("A")], told))] == ["s4"]


def test_a_promised_yield_counts_against_the_reference() -> None:
    shares = {
        "年化9%": 0.5,
        "年化收益 18 ％": 1.0,
        "月息1.5%": 1.0,
        "每月返0.75%": 0.5,
        "日收益0.01%": 0.01 * 365 / 18,
        "年化360%": 1.0,
        "收益可观": 1.0,
        "": 1.0,
    }
    told = [signal(number, "A", "promised_yield", DAY, severity=0.8, text=text) for number, text in enumerate(shares)]
    found = {row["ref"]: row["strength"] for row in evidence(staged([enterprise("A")], told))}
    assert MODEL.yield_lure.reference_pct == 18
    assert found == pytest.approx({f"s{number}": 0.8 * share for number, share in enumerate(shares.values())})


def test_a_sector_that_needs_a_licence_is_asked_for_it() -> None:
    found = evidence(
        staged(
            [
                enterprise("A", sector="pawn"),
                enterprise("B", sector="pawn", licences="training;pawn"),
                enterprise("C", business_scope="典当业务;百货"),
                enterprise("D", business_scope="百货（不得从事典当、发放贷款等业务）"),
                enterprise("E", business_scope="投资咨询,不得发放贷款;日用百货"),
                enterprise("F", sector="pawn", licences="pawnbroking", established_on=None),
            ]
        )
    )
    assert [(row["uscc"], row["factor"], row["known_on"], row["ref"]) for row in found] == [
        ("A", "licence_missing", date(2020, 1, 2), "licences: pawn"),
        ("C", "licence_missing", date(2020, 1, 2), "licences: pawn"),
        ("F", "licence_missing", ALWAYS, "licences: pawn"),
    ]


def test_a_shared_address_is_known_when_the_number_is_reached() -> None:
    needed = MODEL.shared_address.enterprises
    housed = [
        enterprise(f"A{number}", address="文三路 1号", established_on=date(2021, 1, 1 + number))
        for number in range(needed + 1)
    ]
    few = [enterprise(f"B{number}", address="文三路2号") for number in range(needed - 1)]
    elsewhere = [enterprise("C", address="文三路1号", region_code="330102")]
    doorless = [enterprise(f"D{number}", address="工业园区") for number in range(needed)]
    found = evidence(staged([*housed, *few, *elsewhere, *doorless]))
    reached = date(2021, 1, needed)
    assert {row["uscc"]: row["known_on"] for row in found} == {
        **{f"A{number}": reached for number in range(needed)},
        f"A{needed}": date(2021, 1, needed + 1),
    }


def test_unpaid_capital_counts_after_the_grace_time() -> None:
    old, young = date(2015, 3, 1), date(2024, 3, 1)
    owing = {"registered_capital": 5e7, "paid_in_capital": 5e6}
    found = evidence(
        staged(
            [
                enterprise("A", established_on=old, **owing),
                enterprise("B", established_on=young, **owing),
                enterprise("C", established_on=old, registered_capital=5e7, paid_in_capital=None),
                enterprise("D", established_on=old, registered_capital=1e5, paid_in_capital=0.0),
                enterprise("E", established_on=old, registered_capital=5e7, paid_in_capital=4e7),
            ]
        )
    )
    (row,) = found
    assert (row["uscc"], row["factor"]) == ("A", "capital_unpaid")
    assert row["known_on"] == old + timedelta(days=MODEL.capital_unpaid.grace_days)
    assert row["strength"] == pytest.approx(0.9)


def test_feature_words_in_name_scope_and_signals() -> None:
    people = [enterprise("A", name="聚财原始股投资", business_scope="消费返利;咨询（不含数字藏品）")]
    told = [
        signal(1, "A", "keyword_hit", DAY, severity=0.5, text="砍头息,套路贷"),
        signal(2, "A", "advert", DAY, text="数字藏品秒杀"),
        signal(3, "A", "keyword_hit", DAY, text="某地词表"),
        signal(4, "A", "complaint", DAY, text="砍头息"),
    ]
    found = [row for row in evidence(staged(people, told)) if row["sub_index"] == "keywords"]
    assert [(row["factor"], row["ref"], row["risk_type"], row["strength"]) for row in found] == [
        ("keyword_hit", "s1", "lending", 0.5),
        ("keyword_hit", "s1", "lending", 0.5),
        ("keyword_hit", "s2", "fundraising", 0.5),
        ("keyword_hit", "s3", "", MODEL.lexicon.unmatched),
        ("name_keyword", "原始股", "fundraising", 0.8),
        ("scope_keyword", "消费返利", "pyramid", 0.9),
    ]
