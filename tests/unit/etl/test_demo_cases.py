"""Cases of the demo: found late or early, closed later, told of twice, and mostly nothing where nobody schemed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from dashboard.vocabulary import OUTCOMES, PROVEN
from etl.demo.cases import COLUMNS, Cases, of_chunk, reports
from etl.demo.places import places
from etl.demo.register import Identity, Register
from etl.demo.schemes import plan
from etl.demo.streams import Streams

AS_OF = date(2026, 9, 30)
COUNT = 20_000

Made = tuple[Register, Identity, Cases]


@pytest.fixture(scope="module")
def made() -> Made:
    streams = Streams(3)
    schemes = plan(streams, places(), enterprises=COUNT, months=14, as_of=AS_OF)
    register = Register(streams, places(), schemes, enterprises=COUNT, as_of=AS_OF)
    identity = register.identity(np.arange(COUNT))
    return register, identity, of_chunk(register, identity, months=14, as_of=AS_OF)


def test_some_members_are_found_before_the_break_most_after_and_some_never(made: Made) -> None:
    register, identity, cases = made
    member = identity.member[cases.firm[cases.planted]]
    breaks = register.plan.breaks[register.plan.scheme]
    early = cases.opened[cases.planted] < breaks[member]
    assert 0.1 < early.mean() < 0.6
    broken = np.flatnonzero(breaks < register.as_of - 120)
    found = np.isin(broken, member)
    assert 0.6 < found.mean() < 0.95


def test_planted_cases_prove_true_and_most_others_do_not(made: Made) -> None:
    _, _, cases = made
    proven = cases.outcome < len(PROVEN)
    assert OUTCOMES[: len(PROVEN)] == PROVEN
    assert proven[cases.planted].all()
    assert proven[~cases.planted].mean() < 0.2
    assert 0.1 < (~cases.planted).mean() < 0.8


def test_a_case_is_told_open_and_then_closed_and_never_of_the_future(made: Made) -> None:
    register, identity, cases = made
    columns, number, clean = reports(register, identity, cases)
    assert list(columns) == list(COLUMNS)
    assert len(np.unique(number)) == len(number) == len(clean)
    told = {name: column.to_pylist() for name, column in columns.items()}
    assert max(told["reported_on"]) <= AS_OF.isoformat()
    per_case: dict[str, list[tuple[str, str]]] = {}
    for case, day, outcome in zip(told["case_id"], told["reported_on"], told["outcome"], strict=True):
        per_case.setdefault(case, []).append((day, outcome))
    assert all(len(rows) <= 2 and rows == sorted(rows) and rows[0][1] == "" for rows in per_case.values())
    assert 0.5 < np.mean([len(rows) == 2 for rows in per_case.values()]) < 1
    assert all(opened <= day for opened, day in zip(told["opened_on"], told["reported_on"], strict=True))


def test_a_case_depends_on_its_enterprise_alone(made: Made) -> None:
    register, _, cases = made
    part = register.identity(np.arange(4000, 9000))
    alone = of_chunk(register, part, months=14, as_of=AS_OF)
    within = (cases.firm >= 4000) & (cases.firm < 9000)
    assert np.array_equal(alone.firm + 4000, cases.firm[within])
    assert np.array_equal(alone.opened, cases.opened[within])
    assert np.array_equal(alone.outcome, cases.outcome[within])
