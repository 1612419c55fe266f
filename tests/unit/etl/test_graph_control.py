"""Controllers through chains of shareholdings, hidden common control, and branches opened fast: worked by hand."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from dashboard.settings import HOUSE
from etl.graph import build_ties, tie_evidence
from etl.index import load_model
from tests.staged import AS_OF, EVIDENCE, fill, rows
from tests.staged_ties import TOLD, code, firm, tie, tied

MODEL = load_model(HOUSE / "etl/index/models/2026.2.toml")
A, B, C, D = (code(number) for number in (1, 2, 3, 4))


def held(holder: str, other: str, share: float, **given: object) -> dict[str, object]:
    return tie(holder, other, "shareholder", share=share, **given)


def found(*told: dict[str, object]) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """Return (controllers by enterprise, evidence) of these ties."""
    con = tied([firm(number) for number in range(1, 9)], told)
    build_ties(con, MODEL, AS_OF)
    fill(con, "fct_evidence", [], EVIDENCE)
    tie_evidence(con, MODEL)
    control = {row["uscc"]: row for row in rows(con, "fct_control", "uscc")}
    evidence = rows(con, "fct_evidence", "uscc")
    con.disconnect()
    return control, evidence


def test_shares_multiply_along_chains_and_add_up_over_them() -> None:
    control, _ = found(held("P1", A, 0.8), held(A, B, 0.5), held("P1", B, 0.2), held("P2", B, 0.3))
    assert control[A]["control_share"] == pytest.approx(0.8)
    assert (control[B]["controller"], control[B]["control_share"]) == ("P1", pytest.approx(0.8 * 0.5 + 0.2))
    assert control[B]["known_on"] == TOLD


def test_half_is_no_control_and_neither_is_the_name_on_the_licence() -> None:
    control, _ = found(held("P1", A, 0.5), held("P2", A, 0.5), tie("P3", B, "legal_representative"))
    assert control == {}


def test_cross_holdings_do_not_count_the_same_capital_again() -> None:
    control, _ = found(held("P1", A, 0.6), held(B, A, 0.4), held(A, B, 1.0))
    assert control[A]["control_share"] == pytest.approx(0.6)
    assert control[B]["control_share"] == pytest.approx(0.6)


def test_a_ring_that_nobody_stands_outside_of_has_no_controller() -> None:
    assert found(held(A, B, 1.0), held(B, C, 1.0), held(C, A, 1.0))[0] == {}


def test_a_chain_ends_after_its_longest() -> None:
    links = [held(code(number), code(number + 1), 1.0) for number in range(1, MODEL.graph.chain + 2)]
    control, _ = found(*links)
    assert control[code(MODEL.graph.chain + 1)]["controller"] == A
    assert code(MODEL.graph.chain + 2) not in control


def test_common_control_behind_companies_is_evidence_against_both_and_names_its_path() -> None:
    late = TOLD + timedelta(days=40)
    told = [held("P1", A, 1.0), held(A, B, 0.9), held("P1", C, 1.0, reported_on=late), held(C, D, 0.7)]
    _, evidence = found(*told)
    against = {row["uscc"]: row for row in evidence}
    assert set(against) == {B, D}
    assert json.loads(against[D]["ref"]) == [D, C, "P1", A]
    assert (against[B]["strength"], against[B]["known_on"]) == (pytest.approx(0.9), late)
    assert against[B]["factor"] == "hidden_control"


def test_control_that_a_tie_shows_openly_is_not_hidden() -> None:
    told = [held("P1", A, 1.0), held(A, B, 0.9), held("P1", C, 1.0), tie("P1", B, "legal_representative")]
    assert found(*told)[1] == []


def test_the_company_in_between_is_not_another_one_of_the_controllers() -> None:
    assert found(held("P1", A, 1.0), held(A, B, 1.0), held(B, C, 1.0))[1] == []


def opened(days: list[int], reported: list[int] | None = None) -> list[dict[str, Any]]:
    start = date(2025, 1, 6)
    return found(
        *(
            tie(
                A,
                code(number + 2),
                "branch",
                since_on=start + timedelta(days=day),
                reported_on=start + timedelta(days=(reported or days)[number]),
            )
            for number, day in enumerate(days)
        )
    )[1]


def test_branches_opened_fast_are_known_with_the_last_of_them() -> None:
    (piece,) = opened([0, 30, 60, 90, 91])
    assert (piece["uscc"], piece["factor"], piece["known_on"]) == (A, "branch_burst", date(2025, 4, 6))
    assert piece["ref"] == "branches: 4 2025-01-06/2025-04-06"


def test_branches_opened_slowly_or_only_told_at_once_are_none() -> None:
    assert opened([0, 90, 180, 270]) == []
    assert opened([0, 90, 180, 270], [300, 300, 300, 300]) == []
