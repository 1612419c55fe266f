"""What the sub-indexes of model 2026.2 find beyond single signals: rates, company, growth, reach, shells, denials."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.settings import HOUSE
from dashboard.vocabulary import SIGNAL_KINDS, SIGNAL_SOURCES
from etl.index import build_evidence, build_scores, load_model
from etl.index.matching import occurrences
from etl.index.parts import Denial, Word
from tests.staged import AS_OF, enterprise, rows, signal, staged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from etl.index import Model

MODEL = load_model(HOUSE / "etl/index/models/2026.2.toml")
DAY = date(2026, 5, 4)
Row = dict[str, Any]


def days(number: int) -> date:
    return DAY + timedelta(days=number)


def evidence(people: list[Row], told: list[Row], rates: Iterable[Row] = (), as_of: date = AS_OF) -> list[Row]:
    con = staged(people, told, rates)
    build_evidence(con, MODEL, as_of)
    found = rows(con, "fct_evidence", "uscc", "factor", "known_on", "ref", "risk_type", "strength")
    con.disconnect()
    return found


def of(found: list[Row], factor: str) -> list[Row]:
    return [row for row in found if row["factor"] == factor]


# -- yield lure --------------------------------------------------------------------------------------------------------

RATES = [
    {"rate": "deposit_1y", "effective_on": date(2025, 1, 1), "pct": 1.5, "reported_on": date(2025, 1, 1)},
    {"rate": "treasury_10y", "effective_on": date(2025, 1, 1), "pct": 2.0, "reported_on": None},
    {"rate": "treasury_10y", "effective_on": date(2026, 5, 1), "pct": 4.0, "reported_on": date(2026, 5, 20)},
    {"rate": "lending_cap", "effective_on": date(2025, 1, 1), "pct": 12.0, "reported_on": None},
]


def test_a_promise_is_held_against_the_rates_known_and_in_force_that_day() -> None:
    told = [
        signal(1, "A", "promised_yield", DAY, text="年化8%"),
        signal(2, "A", "promised_yield", date(2026, 5, 20), text="年化8%"),
        signal(3, "A", "promised_yield", DAY, text="借款年化18%"),
        signal(4, "A", "promised_yield", DAY, text="年化50%", severity=0.5),
        signal(5, "A", "promised_yield", DAY, text="收益可观"),
        signal(6, "A", "promised_yield", DAY, text="年化2%"),
        signal(7, "A", "promised_yield", DAY, text="贷款年化12%"),
        signal(8, "A", "promised_yield", date(2024, 5, 4), text="年化9%"),
    ]
    against = MODEL.yield_lure.against
    assert against is not None
    found = {row["ref"]: row["strength"] for row in of(evidence([enterprise("A")], told, RATES), "promised_yield")}
    assert found == pytest.approx(
        {
            "s1": (8 - 2) / against.excess_pct,
            "s2": (8 - 4) / against.excess_pct,
            "s3": (18 - 12) / against.over_cap_pct,
            "s4": 0.5,
            "s5": 1.0,
            "s8": 9 / MODEL.yield_lure.reference_pct,
        }
    )


def test_one_rate_alone_is_a_reference_too() -> None:
    told = [signal(1, "A", "promised_yield", DAY, text="年化8%"), signal(2, "A", "promised_yield", DAY, text="月息2%")]
    found = of(evidence([enterprise("A")], told, RATES[:1]), "promised_yield")
    # Without a lending cap the model's own reference holds for what a loan costs.
    assert [row["strength"] for row in found] == pytest.approx([6.5 / 12, 1.0])


def test_lure_words_count_as_the_lure_that_they_word() -> None:
    told = [
        signal(1, "A", "advert", DAY, severity=0.8, text="保本保息，零风险"),
        signal(2, "A", "capital_guarantee", DAY, text="保本保息"),
        signal(3, "A", "advert", DAY, text="谨防保本保息的宣传"),
    ]
    found = of(evidence([enterprise("A")], told), "capital_guarantee")
    assert [(row["ref"], row["strength"]) for row in found] == [("s1", 0.8 * MODEL.lexicon.wording), ("s2", 1.0)]


# -- complaints --------------------------------------------------------------------------------------------------------


def complaint(number: int, day: date, **more: object) -> Row:
    return signal(number, "A", "complaint", day, text=f"第{number}件", origin="petition_office") | more


def test_a_complaint_weighs_by_origin_money_delay_and_company() -> None:
    rule = MODEL.complaints
    assert rule is not None
    told = [
        complaint(1, DAY),
        complaint(2, days(-200), origin="other"),
        complaint(3, days(-400), amount=rule.amount_full * 9),
        complaint(4, days(-600), amount=rule.amount_from / 2, occurred_on=days(-600 - rule.delay_half_days)),
        complaint(5, days(-800), occurred_on=days(-800) - timedelta(days=9000)),
    ]
    found = {row["ref"]: row["strength"] for row in evidence([enterprise("A")], told)}
    assert found == pytest.approx(
        {
            "s1": rule.alone,
            "s2": rule.alone * rule.origins["other"],
            "s3": 1.0,
            "s4": rule.alone * 0.5,
            "s5": rule.alone * rule.delay_floor,
        }
    )


def test_others_who_complained_before_corroborate_and_later_ones_do_not() -> None:
    rule = MODEL.complaints
    assert rule is not None
    told = [complaint(number, days(-10 + number)) for number in range(4)]
    told.append(complaint(9, days(-10 - rule.window_days)))
    found = {row["ref"]: row["strength"] for row in evidence([enterprise("A")], told)}
    earned = {f"s{number}": 1 - 2 ** (-number / rule.half_reports) for number in range(4)} | {"s9": 0.0}
    assert found == pytest.approx({ref: rule.alone + (1 - rule.alone) * share for ref, share in earned.items()})


def test_the_same_report_sent_twice_counts_once_and_the_stronger() -> None:
    told = [
        complaint(1, DAY, text="不退款", severity=0.2),
        complaint(2, DAY, text="不退款", severity=0.9),
        complaint(3, DAY, text="不退款", severity=0.4, uscc="B"),
        complaint(4, days(1), text="", severity=0.9),
        complaint(5, days(1), text="", severity=0.9),
    ]
    found = evidence([enterprise("A"), enterprise("B")], told)
    assert [(row["uscc"], row["ref"]) for row in found] == [("A", "s2"), ("A", "s4"), ("A", "s5"), ("B", "s3")]


def test_a_confirmed_tip_needs_no_company() -> None:
    told = [signal(1, "A", "confirmed_tip", DAY, severity=0.7, origin="other", occurred_on=date(2020, 1, 1))]
    assert [row["strength"] for row in evidence([enterprise("A")], told)] == [0.7]


# -- spread ------------------------------------------------------------------------------------------------------------


def test_growth_is_seen_on_the_day_it_is_reached() -> None:
    rule = MODEL.spread_growth
    assert rule is not None
    span = 7 * rule.weeks
    told = [signal(number, "A", "advert", days(number)) for number in range(rule.least)]
    told += [signal(90, "A", "social_post", days(3 * span)), signal(91, "B", "advert", DAY)]
    (row,) = of(evidence([enterprise("A"), enterprise("B")], told, as_of=days(4 * span)), "spread_growth")
    assert (row["known_on"], row["ref"], row["strength"]) == (days(rule.least - 1), f"s{rule.least - 1}", 1.0)


def test_steady_spreading_is_no_growth() -> None:
    rule = MODEL.spread_growth
    assert rule is not None
    span = 7 * rule.weeks
    told = [signal(number, "A", "advert", days(number - 2 * span)) for number in range(2 * span)]
    late = [row["known_on"] for row in of(evidence([enterprise("A")], told), "spread_growth")]
    assert max(late) < days(-span // 2)


def test_many_places_are_counties_within_the_window() -> None:
    rule = MODEL.many_places
    assert rule is not None
    told = [
        signal(number, "A", "offline_event", days(number), region_code=f"33010{number}00{number}")
        for number in range(1, rule.counties + 2)
    ]
    told += [signal(50 + n, "B", "advert", days(n), region_code="330106") for n in range(9)]
    told += [signal(70 + n, "C", "advert", days(n), region_code="3301" if n % 2 else "") for n in range(9)]
    told += [
        signal(80 + n, "D", "advert", days(-n * rule.within_days), region_code=f"33010{n}")
        for n in range(rule.counties + 1)
    ]
    people = [enterprise(name) for name in "ABCD"]
    found = of(evidence(people, told), "many_places")
    assert [(row["uscc"], row["known_on"], row["strength"]) for row in found] == [
        ("A", days(rule.counties), 0.5),
        ("A", days(rule.counties + 1), pytest.approx(1 - 0.5 * rule.counties / (rule.counties + 1))),
    ]


# -- compliance --------------------------------------------------------------------------------------------------------


def test_what_an_advert_offers_needs_a_licence_since_it_was_reported() -> None:
    told = [
        signal(1, "A", "advert", days(5), text="典当快钱"),
        signal(2, "A", "advert", days(2), text="收当典当"),
        signal(3, "B", "advert", DAY, text="典当快钱"),
        signal(4, "C", "advert", DAY, text="本店不得从事典当"),
        signal(5, "D", "advert", DAY, text="典当快钱"),
        signal(6, "E", "complaint", DAY, text="典当快钱"),
    ]
    people = [enterprise("A"), enterprise("B", licences="pawn"), enterprise("C"), enterprise("D", sector="pawn")]
    found = of(evidence([*people, enterprise("E")], told), "licence_missing")
    assert [(row["uscc"], row["known_on"], row["ref"], row["strength"]) for row in found] == [
        ("A", days(2), "s2", 1.0),
        ("D", date(2020, 1, 2), "licences: pawn", 1.0),
    ]


def test_a_young_enterprise_that_promises_much() -> None:
    rule = MODEL.young_promise
    assert rule is not None
    young, old = DAY - timedelta(days=rule.days), DAY - timedelta(days=rule.days + 1)
    people = [
        enterprise("A", established_on=young),
        enterprise("B", established_on=old),
        enterprise("C", established_on=None),
    ]
    told = [
        signal(number, name, "capital_guarantee", DAY, severity=severity)
        for number, (name, severity) in enumerate((name, severity) for name in "ABC" for severity in (0.9, 0.2))
    ]
    found = of(evidence(people, told), "young_promise")
    assert [(row["uscc"], row["ref"], row["strength"], row["known_on"]) for row in found] == [("A", "s0", 0.9, DAY)]


def test_representatives_that_change_fast() -> None:
    rule = MODEL.representative_churn
    assert rule is not None
    gap = rule.within_days // (rule.changes - 1) - 1
    fast = [signal(n, "A", "representative_change", days(-n * gap)) for n in range(rule.changes)]
    slow = [signal(20 + n, "B", "representative_change", days(-n * rule.within_days)) for n in range(rule.changes + 1)]
    same = [signal(40 + n, "C", "representative_change", DAY) for n in range(rule.changes + 1)]
    found = of(evidence([enterprise(name) for name in "ABC"], [*fast, *slow, *same]), "representative_churn")
    assert [(row["uscc"], row["known_on"], row["ref"]) for row in found] == [("A", DAY, "s0")]


# -- keywords ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("拉人头返利，还是拉人头", [("拉人头", 0), ("拉人头", 8)]),
        ("谨防拉人头、团队计酬", []),
        ("警惕：校园贷。他们就做校园贷", [("校园贷", 11)]),
        ("严禁以任何形式开展拉人头活动", []),
        ("非保本理财，不保本保息", []),
        ("打击套路贷！砍头息秒到", [("砍头息", 6)]),
        ("校园贷风险提示", []),
        ("虚拟币", [("虚拟币", 0)]),
        ("重复投诉，商品广告", []),
        ("", []),
    ],
)
def test_a_word_counts_unless_the_text_denies_it(text: str, found: list[tuple[str, int]]) -> None:
    table = ibis.memtable([{"ref": "x", "text": text}])
    rows_found = occurrences(table, MODEL, by_rote=False).order_by("start").to_pyarrow().to_pylist()
    assert [(row["word"], row["start"]) for row in rows_found] == found
    assert all(text[row["start"] :].startswith(row["word"]) for row in rows_found)


def test_a_word_with_signs_of_expressions_is_a_word() -> None:
    word, denial = Word(word="A+(b", risk_type="lending", weight=1), Denial(place="before", phrase="no.", reach=2)
    model: Model = MODEL.model_copy(update={"words": (word,), "denials": (denial,)})
    texts = [{"ref": str(n), "text": text} for n, text in enumerate(("xA+(b", "no. A+(b", "nox A+(b", "AAb"))]
    found = occurrences(ibis.memtable(texts), model, by_rote=False).order_by("ref").to_pyarrow().to_pylist()
    assert [(row["ref"], row["start"]) for row in found] == [("0", 1), ("2", 4)]


def test_tips_and_complaints_are_searched_too() -> None:
    told = [signal(1, "A", "complaint", DAY, text="被收砍头息"), signal(2, "A", "judgment", DAY, text="砍头息")]
    assert [row["ref"] for row in of(evidence([enterprise("A")], told), "keyword_hit")] == ["s1"]


# -- all together ------------------------------------------------------------------------------------------------------

KINDS = tuple(kind for kinds in SIGNAL_KINDS.values() for kind in kinds)
TEXTS = ("", "年化12%", "借款月息3%", "保本保息，拉人头", "谨防套路贷", "典当秒批", "投诉砍头息")
told_signals = st.builds(
    lambda who, kind, back, severity, text, origin, amount, county, late: {
        "uscc": who,
        "kind": kind,
        "reported_on": AS_OF - timedelta(days=back),
        "severity": severity,
        "text": text,
        "origin": origin,
        "amount": amount,
        "region_code": county,
        "occurred_on": None if late is None else AS_OF - timedelta(days=back + late),
    },
    st.sampled_from("ABC"),
    st.sampled_from((*KINDS, *("representative_change", "advert", "complaint") * 4)),
    st.integers(0, 120),
    st.sampled_from((0.1, 0.5, 1.0)),
    st.sampled_from(TEXTS),
    st.sampled_from(SIGNAL_SOURCES),
    st.sampled_from((None, 100.0, 5e5)),
    st.sampled_from(("330102", "330105", "330106", "330108", "330109", "3301")),
    st.sampled_from((None, 0, 300)),
)
heaps = st.lists(told_signals, min_size=5, max_size=60)
PEOPLE = [
    enterprise("A", established_on=date(2025, 12, 1)),
    enterprise("B", business_scope="消费返利"),
    enterprise("C", sector="pawn"),
]
few = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def numbered(heap: list[Row]) -> list[Row]:
    return [signal(number, "", "", AS_OF) | row for number, row in enumerate(heap)]


def index_of(told: list[Row]) -> dict[str, Any]:
    con = staged(PEOPLE, told, RATES)
    build_evidence(con, MODEL, AS_OF)
    build_scores(con, MODEL, AS_OF, 4)
    found = {row["uscc"]: row["smoke_index"] for row in rows(con, "fct_score", "uscc")}
    con.disconnect()
    return found


@few
@given(heaps)
def test_evidence_is_free_of_order_and_the_same_each_time(heap: list[Row]) -> None:
    told = numbered(heap)
    shuffled = random.Random(3).sample(told, len(told))  # noqa: S311 - an order, not a secret
    assert evidence(PEOPLE, told, RATES) == evidence(PEOPLE, shuffled, RATES)


@few
@given(heaps, st.integers(1, 110))
def test_what_was_evidence_on_a_day_is_the_same_whatever_came_later(heap: list[Row], back: int) -> None:
    told, then = numbered(heap), AS_OF - timedelta(days=back)
    at_the_time = evidence(PEOPLE, [row for row in told if row["reported_on"] <= then], RATES, then)
    assert [row for row in evidence(PEOPLE, told, RATES) if row["known_on"] <= then] == at_the_time


@few
@given(heaps, st.lists(told_signals, min_size=1, max_size=4))
def test_more_signals_never_lower_an_index(heap: list[Row], more: list[Row]) -> None:
    # What is reported today comes after all that is known; growth compares with the past, so a report that turns up
    # in the past may take it away (docs/smoke-index.md).
    newest = [row | {"reported_on": AS_OF, "occurred_on": None} for row in more]
    before, after = index_of(numbered(heap)), index_of(numbered([*heap, *newest]))
    assert all(after[name] >= before[name] for name in before)


@few
@given(heaps, st.lists(told_signals, min_size=1, max_size=4))
def test_no_evidence_but_growth_is_lost_to_a_report_of_the_past(heap: list[Row], more: list[Row]) -> None:
    def strengths(told: list[Row]) -> Counter[tuple[str, ...]]:
        found = evidence(PEOPLE, told, RATES)
        return Counter(
            (row["uscc"], row["factor"], row["known_on"].isoformat())
            for row in found
            if row["factor"] not in {"spread_growth", "licence_missing"}
        )

    assert strengths(numbered(heap)) <= strengths(numbered([*heap, *more]))
