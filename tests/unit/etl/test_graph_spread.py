"""Risk that spreads: damped, bounded, never back onto its source, free of order, point-in-time, monotone in ties."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.settings import HOUSE
from etl.graph import build_ties, related_evidence, rescore_related
from etl.index import build_scores, load_model
from etl.index.calendar import Weeks
from etl.index.rows import ALWAYS
from tests.staged import AS_OF, EVIDENCE, fill, rows
from tests.staged_ties import TOLD, code, firm, tie, tied

if TYPE_CHECKING:
    import random

MODEL = load_model(HOUSE / "etl/index/models/2026.2.toml")
GRAPH = MODEL.graph
WEEKS = 6
FIRMS = 9
Row = dict[str, Any]
WEEKLY = {"uscc": "string", "week_on": "date", "grade": "string"}
quick = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])

parties = st.one_of(st.integers(1, FIRMS).map(code), st.sampled_from(("P1", "P2", "T1")))
ties = st.builds(
    lambda party, other, kind, share, days: tie(
        party, code(other), kind, share=share, reported_on=AS_OF - timedelta(days=days)
    ),
    parties,
    st.integers(1, FIRMS),
    st.sampled_from(("legal_representative", "shareholder", "director", "same_phone", "branch")),
    st.floats(0.5, 1),
    st.integers(0, 60),
)
graphs = st.lists(ties, min_size=6, max_size=16, unique_by=lambda row: (row["from_id"], row["to_id"], row["kind"]))
raised = st.dictionaries(
    st.integers(1, FIRMS).map(code),
    st.tuples(st.sampled_from(("orange", "red")), st.integers(0, WEEKS - 1)),
    min_size=1,
    max_size=4,
)


def weekly(sources: dict[str, tuple[str, int]], as_of: date) -> list[Row]:
    """Return rows of `fct_score_week`: each source in its grade from its week on."""
    window = Weeks(AS_OF, WEEKS)
    return [
        {"uscc": uscc, "week_on": window.monday(week), "grade": grade}
        for uscc, (grade, first) in sources.items()
        for week in range(first, WEEKS)
        if window.end(week) <= as_of
    ]


def spread(
    told: list[Row], sources: dict[str, tuple[str, int]], as_of: date = AS_OF, numbers: dict[str, int] | None = None
) -> list[Row]:
    """Return the evidence that spreads along these ties from these sources; `numbers` are set in the model's graph."""
    model = MODEL.model_copy(update={"graph": GRAPH.model_copy(update=numbers or {})})
    con = tied([firm(number) for number in range(1, FIRMS + 1)], told)
    build_ties(con, model, as_of)
    fill(con, "fct_score_week", weekly(sources, as_of), WEEKLY)
    fill(con, "fct_evidence", [], EVIDENCE)
    window = Weeks(as_of, 1 + (as_of - Weeks(AS_OF, WEEKS).first).days // 7)
    related_evidence(con, model, as_of, window.count)
    found = rows(con, "fct_evidence", "uscc", "known_on", "ref")
    con.disconnect()
    return found


def sums(evidence: list[Row], until: date = AS_OF) -> dict[tuple[str, str], int]:
    """Return millionths of strength by (source, target), of what was known by a date."""
    total: dict[tuple[str, str], int] = defaultdict(int)
    for piece in evidence:
        if piece["known_on"] <= until:
            total[json.loads(piece["ref"])[0], piece["uscc"]] += round(piece["strength"] * 1_000_000)
    return total


def test_a_red_neighbour_counts_by_the_weight_of_the_tie_and_the_damping() -> None:
    (piece,) = spread([tie(code(1), code(2), "branch")], {code(1): ("red", 0)})
    assert (piece["uscc"], piece["factor"], piece["sub_index"], piece["risk_type"]) == (
        code(2),
        "related_risk",
        "compliance",
        "",
    )
    assert piece["strength"] == pytest.approx(GRAPH.red * GRAPH.weights["branch"] * GRAPH.damping)
    assert json.loads(piece["ref"]) == [code(1), "branch", code(2)]
    assert piece["known_on"] == TOLD  # it stood there in the oldest week, so it always has


def test_a_person_in_between_is_two_ties_and_one_hop() -> None:
    told = [tie("P1", code(number), "director") for number in (1, 2)]
    (piece,) = spread(told, {code(1): ("red", 0)}, numbers={"hops": 1})
    assert piece["strength"] == pytest.approx(GRAPH.weights["director"] ** 2 * GRAPH.damping)
    assert json.loads(piece["ref"]) == [code(1), "director", "P1", "director", code(2)]


def test_a_grade_counts_from_the_end_of_the_week_in_which_it_was_reached() -> None:
    (piece,) = spread([tie(code(1), code(2), "branch")], {code(1): ("orange", 2)})
    assert piece["known_on"] == Weeks(AS_OF, WEEKS).end(2)
    assert piece["strength"] == pytest.approx(GRAPH.orange * GRAPH.weights["branch"] * GRAPH.damping)


def test_the_same_door_of_a_crowd_spreads_nothing() -> None:
    crowd = range(GRAPH.crowded + 1)
    con = tied([firm(number) | {"address": "文三路9号"} for number in crowd], [])
    build_ties(con, MODEL, AS_OF)
    fill(con, "fct_score_week", weekly({code(1): ("red", 0)}, AS_OF), WEEKLY)
    fill(con, "fct_evidence", [], EVIDENCE)
    related_evidence(con, MODEL, AS_OF, WEEKS)
    assert rows(con, "fct_evidence", "uscc") == []


def test_a_chain_ends_after_the_models_hops() -> None:
    told = [tie(code(number), code(number + 1), "branch") for number in range(1, 5)]
    found = spread(told, {code(1): ("red", 0)})
    assert {piece["uscc"] for piece in found} == {code(number) for number in range(2, 2 + GRAPH.hops)}


def test_at_most_so_many_sources_count_and_they_are_the_strongest() -> None:
    told = [tie(code(number), code(9), "shareholder", share=number / 8) for number in range(1, 9)]
    found = spread(told, {code(number): ("red", 0) for number in range(1, 9)}, numbers={"hops": 1})
    against = [json.loads(piece["ref"])[0] for piece in found if piece["uscc"] == code(9)]
    assert sorted(against) == [code(number) for number in range(9 - GRAPH.sources, 9)]


@quick
@given(graphs, raised)
def test_nothing_comes_back_and_nothing_arrives_stronger_than_it_set_out(
    told: list[Row], sources: dict[str, tuple[str, int]]
) -> None:
    found = spread(told, sources)
    for piece in found:
        path = json.loads(piece["ref"])[::2]
        assert len(set(path)) == len(path)
        assert path[0] in sources
        assert path[-1] == piece["uscc"] != path[0]
        assert piece["known_on"] >= ALWAYS
        assert 0 < piece["strength"] <= 1
    for (source, _), strength in sums(found).items():
        own = GRAPH.red if sources[source][0] == "red" else GRAPH.orange
        assert strength <= own * GRAPH.damping * 1_000_000 + 1


@quick
@given(graphs, raised, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    told: list[Row], sources: dict[str, tuple[str, int]], draw: random.Random
) -> None:
    other = draw.sample(told, len(told))
    assert spread(other, dict(reversed(sources.items()))) == spread(told, sources)


@quick
@given(graphs, raised, st.data())
def test_without_a_tie_nobody_is_worse_off(
    told: list[Row], sources: dict[str, tuple[str, int]], data: st.DataObject
) -> None:
    """So long as nobody is crowded, for where there are fewer, each counts for more."""
    gone = data.draw(st.integers(0, len(told) - 1))
    whole, rest = sums(spread(told, sources)), sums(spread(told[:gone] + told[gone + 1 :], sources))
    for target in {target for _, target in rest}:
        mine = (sum(points for (_, to), points in pairs.items() if to == target) for pairs in (rest, whole))
        fewer, more = mine
        assert fewer <= more


@quick
@given(graphs, raised, st.integers(0, 30))
def test_what_was_known_on_a_day_stands_in_every_later_run(
    told: list[Row], sources: dict[str, tuple[str, int]], days: int
) -> None:
    """Once the oldest week is over; without a bound on sources and a crowd, which later ties may move."""
    then = AS_OF - timedelta(days=days)
    loose = {"sources": 20, "roomy": 40}
    assert sums(spread(told, sources, AS_OF, loose), then) == sums(spread(told, sources, then, loose), then)


def test_only_the_touched_are_scored_again_and_as_if_all_had_been() -> None:
    told = [tie(code(1), code(2), "branch")]
    con = tied([firm(number) for number in range(1, 5)], told)
    build_ties(con, MODEL, AS_OF)
    grave = [("police_report", "complaints"), ("promised_yield", "yield_lure"), ("offline_event", "spread")]
    grave += [("name_keyword", "keywords"), ("penalty", "compliance")]
    piece = {"risk_type": "", "strength": 1.0, "ref": "s", "known_on": AS_OF - timedelta(days=9)}
    own = [piece | {"uscc": code(1), "factor": factor, "sub_index": sub} for factor, sub in grave * 6]
    own += [piece | {"uscc": code(3), "factor": "advert", "sub_index": "spread"}]
    fill(con, "fct_evidence", own, EVIDENCE)
    build_scores(con, MODEL, AS_OF, WEEKS)
    before = rows(con, "fct_score", "uscc")
    related_evidence(con, MODEL, AS_OF, WEEKS)
    rescore_related(con, MODEL, AS_OF, WEEKS)
    again = rows(con, "fct_score", "uscc"), rows(con, "fct_score_week", "uscc", "week_on")
    assert again[0][1]["contribution_compliance"] > 0
    assert [again[0][place] for place in (0, 2, 3)] == [before[place] for place in (0, 2, 3)]
    for name in ("fct_score", "fct_score_week"):
        con.raw_sql(f"DROP TABLE {name}")
    build_scores(con, MODEL, AS_OF, WEEKS)
    assert (rows(con, "fct_score", "uscc"), rows(con, "fct_score_week", "uscc", "week_on")) == again
