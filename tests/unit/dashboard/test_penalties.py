"""Fines against their legal ranges: the figures of the Regulation, their edges, and what holds for every sum."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.i18n import words_for
from dashboard.vocabulary import PENALISED
from dashboard.workflow.load import workflows
from dashboard.workflow.penalties import Verdict, base_of, rule_for, verdict_on
from layouts.case_findings_ranges import hint, range_words, verdict_words

if TYPE_CHECKING:
    from dashboard.models.findings import CaseDetermination
    from dashboard.workflow.definition import Penalty

WORKFLOW = next(one for one in workflows() if one.code == "default")
SUMS = st.floats(0, 1e13, allow_nan=False).map(lambda amount: round(amount, 2))


def rule(subject: str) -> Penalty:
    found = rule_for(WORKFLOW, "fundraising", subject)
    assert found
    return found


@pytest.mark.parametrize(
    ("subject", "base", "low", "high"),
    [
        ("organiser", 10_000_000, 2_000_000, 10_000_000),
        ("responsible", 0, 500_000, 5_000_000),
        ("assister", 300_000, 300_000, 900_000),
        ("institution", 0, 1_000_000, 5_000_000),
        ("institution_person", 0, 100_000, 500_000),
    ],
)
def test_the_ranges_are_those_of_the_regulation(subject: str, base: float, low: float, high: float) -> None:
    verdict = verdict_on(low, base, rule(subject))
    assert (verdict.kind, verdict.low, verdict.high) == ("within", low, high)
    assert verdict_on(high, base, rule(subject)).kind == "within"
    assert verdict_on(low - 0.01, base, rule(subject)).kind == "below"
    assert verdict_on(high + 0.01, base, rule(subject)).kind == "above"


@given(subject=st.sampled_from(PENALISED), fine=SUMS, base=SUMS)
def test_a_fine_is_within_exactly_where_it_lies_between_the_bounds_that_are_told(
    subject: str, fine: float, base: float
) -> None:
    verdict = verdict_on(fine, base, rule(subject))
    if verdict.low is None or verdict.high is None:
        assert verdict.kind == "no_base"
        assert base == 0
    else:
        assert verdict.low <= verdict.high
        assert (verdict.kind == "within") is (verdict.low <= fine <= verdict.high)
        assert (verdict.kind == "below") is (fine < verdict.low)
    assert verdict.wants_justification is (verdict.kind != "within")


@given(subject=st.sampled_from(PENALISED), fine=SUMS, more=SUMS, base=SUMS)
def test_a_higher_fine_never_falls_lower(subject: str, fine: float, more: float, base: float) -> None:
    order = {"below": 0, "within": 1, "above": 2, "no_base": 3}
    small, large = sorted((fine, more))
    kinds = [verdict_on(one, base, rule(subject)).kind for one in (small, large)]
    assert order[kinds[0]] <= order[kinds[1]]


@pytest.mark.parametrize(
    ("risk_type", "subject"), [("pyramid", "organiser"), ("lending", "assister"), ("fundraising", "x")]
)
def test_where_no_range_is_known_a_fine_rests_on_its_reason(risk_type: str, subject: str) -> None:
    verdict = verdict_on(1e6, 0, rule_for(WORKFLOW, risk_type, subject))
    assert verdict == Verdict("no_rule")
    assert verdict.wants_justification


def test_the_base_is_what_was_determined() -> None:
    found = cast("CaseDetermination", SimpleNamespace(amount=8e6, illegal_income=2e5))
    assert base_of(rule("organiser"), found) == 8e6
    assert base_of(rule("assister"), found) == 2e5
    assert base_of(rule("responsible"), found) == base_of(rule("organiser"), None) == base_of(None, found) == 0


def test_a_range_is_told_in_numbers_with_what_it_is_measured_by() -> None:
    zh, en = words_for("zh_CN"), words_for("en")
    organiser = verdict_on(1e6, 1e7, rule("organiser"))
    assert range_words(organiser, zh) == "法定幅度：2,000,000至10,000,000元 (集资金额的20%至100%)"
    assert verdict_words(organiser, zh) == "低于法定幅度"
    assert range_words(verdict_on(0, 0, rule("assister")), en) == "1 to 3 times the illegal income"
    assert range_words(Verdict("no_rule"), en) == ""
    assert range_words(verdict_on(6e5, 0, rule("responsible")), en) == "Legal range: 500,000 to 5,000,000 CNY"


def test_a_hint_says_what_will_be_wanted_and_that_repayment_comes_first() -> None:
    en = words_for("en")
    low = hint(verdict_on(1e6, 1e7, rule("organiser")), 1e6, settled=False, words=en)
    assert len(low) == 4
    assert low[-1] == "The repayment is not settled: repayment comes before fines"
    assert len(hint(verdict_on(5e6, 1e7, rule("organiser")), 5e6, settled=True, words=en)) == 2
    assert len(hint(verdict_on(0, 1e7, rule("organiser")), None, settled=True, words=en)) == 1
    assert len(hint(Verdict("no_rule"), None, settled=True, words=en)) == 1
