"""Ties: seen from both ends, known when reported, less where it is crowded; groups and communities of them."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta
from typing import Any

import networkx as nx
import pytest

from dashboard.models.population import FILES
from dashboard.settings import HOUSE
from etl.engine import open_engine
from etl.graph import build_nodes, build_ties
from etl.graph.communities import propagated
from etl.graph.components import connected
from etl.index import build_scores, load_model
from tests.staged import AS_OF, EVIDENCE, fill, rows
from tests.staged_ties import TOLD, code, firm, tie, tied

MODEL = load_model(HOUSE / "etl/index/models/2026.2.toml")
GRAPH = MODEL.graph


def ties_of(con: Any, as_of: date = AS_OF, model: Any = MODEL) -> list[dict[str, Any]]:  # noqa: ANN401 - shorthand
    build_ties(con, model, as_of)
    return rows(con, "dim_tie", "node", "other", "kind")


def test_a_tie_is_there_once_from_each_end_with_its_source() -> None:
    con = tied([firm(1), firm(2)], [tie(code(1), code(2), "shareholder", share=0.4)])
    forth, back = ties_of(con)
    assert list(forth) == FILES["ties"].names
    assert (forth["node"], forth["other"], forth["outward"]) == (code(1), code(2), True)
    assert (back["node"], back["other"], back["outward"]) == (code(2), code(1), False)
    assert forth["weight"] == back["weight"] == pytest.approx(GRAPH.weights["shareholder"] * 0.4)
    assert (forth["reported_on"], forth["origin"]) == (TOLD, "relations_register")


def test_neighbours_told_from_both_sides_are_one_tie_and_nobody_is_tied_to_himself() -> None:
    told = [tie(code(2), code(1), "same_phone"), tie(code(1), code(2), "same_phone"), tie(code(1), code(1), "branch")]
    assert len(ties_of(tied([firm(1), firm(2)], told))) == 2


def test_only_what_was_reported_is_known() -> None:
    con = tied([firm(1), firm(2)], [tie(code(1), code(2), "branch", reported_on=AS_OF)])
    assert ties_of(con, AS_OF - timedelta(days=1)) == []
    assert len(ties_of(con)) == 2


def test_enterprises_of_one_door_are_tied_to_it_and_a_lone_one_is_not() -> None:
    firms = [firm(1), firm(2, address="文三路 1 号"), firm(3), firm(4, address="文三路1号", region_code="110105")]
    ties = ties_of(tied(firms, []))
    (door,) = {row["node"] for row in ties if row["node"].startswith("D")}
    assert {row["other"] for row in ties if row["node"] == door} == {code(1), code(2)}
    assert {row["origin"] for row in ties} == {"register"}


@pytest.mark.parametrize(
    ("housed", "share"),
    [(GRAPH.roomy, 1.0), (2 * GRAPH.roomy, 0.5), (GRAPH.crowded, GRAPH.roomy / GRAPH.crowded), (GRAPH.crowded + 1, 0)],
)
def test_a_door_passes_less_the_more_it_houses_and_a_crowded_one_nothing(housed: int, share: float) -> None:
    ties = ties_of(tied([firm(number) | {"address": "文三路9号"} for number in range(housed)], []))
    assert len(ties) == 2 * housed
    (weight,) = {row["weight"] for row in ties}
    assert weight == pytest.approx(GRAPH.weights["same_address"] * share, abs=1e-6)


def test_an_agent_of_thousands_binds_nobody_together() -> None:
    many = range(GRAPH.crowded + 1)
    con = tied([firm(number) for number in many], [tie("P1", code(number), "legal_representative") for number in many])
    ties_of(con)
    assert rows(con, "wrk_community", "node") == []


def test_a_model_without_numbers_for_ties_lists_them_and_concludes_nothing() -> None:
    old = load_model(HOUSE / "etl/index/models/2026.1.toml")
    con = tied([firm(1), firm(2)], [tie(code(1), code(2), "shareholder", share=1.0)])
    assert {row["weight"] for row in ties_of(con, model=old)} == {0.0}
    assert rows(con, "wrk_community", "node") == rows(con, "fct_control", "uscc") == []


def test_connected_groups_are_those_that_networkx_finds() -> None:
    draw = random.Random(3)  # noqa: S311 - invented edges, no secret
    pairs = {(f"n{draw.randint(0, 99):02d}", f"n{draw.randint(0, 99):02d}") for _ in range(70)}
    chain = [f"c{number:02d}" for number in range(40)]
    draw.shuffle(chain)
    pairs = {pair for pair in pairs if pair[0] != pair[1]} | set(itertools.pairwise(chain))
    both = [{"node": node, "other": other} for pair in sorted(pairs) for node, other in (pair, pair[::-1])]
    con = open_engine(None, threads=1, memory_gb=1)
    fill(con, "edges", both, {"node": "string", "other": "string"})
    found = {row["node"]: row["label"] for row in connected(con, "found", con.table("edges")).to_pyarrow().to_pylist()}
    parts = list(nx.connected_components(nx.Graph(sorted(pairs))))
    assert len(parts) > 5
    assert found == {node: min(part) for part in parts for node in part}


def test_a_large_group_is_parted_where_it_is_thin() -> None:
    left, right = [f"a{number}" for number in range(6)], [f"b{number}" for number in range(6)]
    pairs = [*itertools.combinations(left, 2), *itertools.combinations(right, 2), ("a5", "b0")]
    both = [{"node": n, "other": o, "weight": 500_000} for pair in pairs for n, o in (pair, pair[::-1])]
    random.Random(5).shuffle(both)  # noqa: S311 - the order shall not matter
    con = open_engine(None, threads=1, memory_gb=1)
    fill(con, "edges", both, {"node": "string", "other": "string", "weight": "int64"})
    found = propagated(con, con.table("edges"), 12).to_pyarrow().to_pylist()
    labels = {row["node"]: row["label"] for row in found}
    assert {labels[node] for node in left}.isdisjoint(labels[node] for node in right)
    assert len({labels[node] for node in left}) == len({labels[node] for node in right}) == 1


def test_communities_are_numbered_by_risk_and_take_their_people_along() -> None:
    told = [tie(code(1), code(2), "branch"), tie(code(3), code(4), "branch"), tie("P1", code(3), "director")]
    firms = [firm(number, region_code=f"33010{number}") for number in (1, 2, 3, 4)] + [firm(5)]
    con = tied(firms, told)
    build_ties(con, MODEL, AS_OF)
    piece = {"factor": "police_report", "sub_index": "complaints", "risk_type": "", "strength": 1.0, "ref": "s"}
    fill(con, "fct_evidence", [piece | {"uscc": code(4), "known_on": AS_OF}], EVIDENCE)
    build_scores(con, MODEL, AS_OF, 4)
    build_nodes(con, AS_OF)
    first, second = rows(con, "dim_community", "community")
    assert (first["uscc"], first["members"], first["people"], first["region_code"], first["regions"]) == (
        (code(4), 2, 1, "3301", 2)
    )
    assert (second["highest"], second["people"]) == (0, 0)
    nodes = {row["node"]: row for row in rows(con, "dim_node", "node")}
    assert (nodes["P1"]["kind"], nodes["P1"]["name"], nodes["P1"]["community"]) == ("person", "名P1", 1)
    assert code(5) not in nodes
    assert con.table("dim_node").columns == tuple(FILES["nodes"].names)


def test_what_calls_itself_by_a_telephone_only_is_one() -> None:
    con = tied([firm(1), firm(2)], [tie("057188", code(1), "same_phone"), tie(code(2), "057188", "same_phone")])
    ties = ties_of(con)
    assert {row["other"] for row in ties if row["node"] == "057188" and row["outward"]} == {code(1), code(2)}
