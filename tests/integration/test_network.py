"""Networks out of a generation's files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.access.scope import Scope
from dashboard.errors import NotFound
from dashboard.models.population import FILES
from dashboard.queries.network import network_around, network_of_community, path_between
from dashboard.queries.population import Population
from dashboard.queries.ties import Filter
from tests import populations

if TYPE_CHECKING:
    from pathlib import Path

HERE, THERE = "330106", "330105"
NATION, COUNTY = Scope("0"), Scope(HERE)
TIES = (
    # holder, held, kind, weight, since
    ("A", "B", "shareholder", 0.6, date(2020, 1, 1)),
    ("B", "C", "shareholder", 0.6, date(2024, 1, 1)),
    ("P", "C", "legal_representative", 0.5, date(2024, 1, 1)),
    ("P", "D", "legal_representative", 0.5, date(2024, 1, 1)),
    ("C", "X", "branch", 0.5, date(2024, 1, 1)),
    ("X", "E", "shareholder", 0.6, date(2024, 1, 1)),
    ("X", "Y", "shareholder", 0.6, date(2024, 1, 1)),
    ("Q", "X", "director", 0.5, date(2024, 1, 1)),
    ("H", "A", "same_phone", 0.0, date(2024, 1, 1)),  # a crowd's telephone
    ("H", "D", "same_phone", 0.0, date(2024, 1, 1)),
)
ENTERPRISES = {"A": HERE, "B": HERE, "C": HERE, "D": HERE, "E": HERE, "X": THERE, "Y": THERE, "Z": HERE}


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Population:
    """Return a small country: A holds B holds C, P runs C and D, X and Y lie elsewhere, H is a hub, Z is alone."""
    folder = tmp_path_factory.mktemp("generations")
    populations.write(folder)
    ties = [
        {"node": node, "other": other, "outward": out, "kind": kind, "share": None, "weight": weight}
        | {"since_on": since, "reported_on": date(2024, 6, 1), "origin": "register"}
        for one, two, kind, weight, since in TIES
        for node, other, out in ((one, two, True), (two, one, False))
    ]
    kinds = {"P": "person", "Q": "person", "H": "telephone"}
    ends = sorted({str(tie["node"]) for tie in ties})
    nodes = [
        {"node": node, "kind": kinds.get(node, "enterprise"), "name": node, "degree": 1, "community": 1}
        for node in ends
    ]
    firms = [{"uscc": code, "name": f"试{code}", "region_code": region} for code, region in ENTERPRISES.items()]
    _put(folder, "ties", sorted(ties, key=lambda tie: str(tie["node"])))
    _put(folder, "nodes", nodes)
    _put(folder, "enterprises", firms)
    return Population(folder, 1)


def _put(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    schema = FILES[name]
    whole = [dict.fromkeys(schema.names) | row for row in rows]
    pq.write_table(pa.Table.from_pylist(whole, schema=schema), folder / "1" / f"{name}.parquet")


def around(population: Population, start: str, *opened: str, scope: Scope = NATION, most: int = 300) -> list[str]:
    net = network_around(population, scope, start, opened, Filter(), most)
    return sorted(party.node for party in net.parties)


def test_one_step_at_a_time(population: Population) -> None:
    assert around(population, "A") == ["A", "B", "H"]
    assert around(population, "A", "B") == ["A", "B", "C", "H"]
    assert around(population, "Z") == ["Z"]


def test_ties_among_those_drawn_are_drawn_once(population: Population) -> None:
    net = network_around(population, NATION, "B", ("A", "C"), Filter(), 300)
    assert sorted((tie.holder, tie.held) for tie in net.ties) == [
        ("A", "B"),
        ("B", "C"),
        ("C", "X"),
        ("H", "A"),
        ("P", "C"),
    ]


def test_what_is_not_drawn_is_counted(population: Population) -> None:
    net = network_around(population, NATION, "C", (), Filter(), 2)
    assert (len(net.parties), net.undrawn) == (2, 2)


def test_only_ties_of_the_kind_and_time_count(population: Population) -> None:
    def nodes(given: Filter) -> set[str]:
        return {party.node for party in network_around(population, NATION, "B", (), given, 300).parties}

    assert nodes(Filter(kinds=("branch",))) == {"B"}
    assert nodes(Filter(since=date(2023, 1, 1))) == {"B", "C"}
    assert nodes(Filter(until=date(2024, 1, 1))) == {"B"}
    assert nodes(Filter(kinds=())) == {"B"}


def test_outside_the_jurisdiction_there_is_a_mask_and_no_way_on(population: Population) -> None:
    net = network_around(population, COUNTY, "C", ("X",), Filter(), 300)
    (masked,) = [party for party in net.parties if party.outside]
    assert (masked.node, masked.name, masked.region_code, masked.grade) == ("outside-0", "", THERE, "")
    assert {party.node for party in net.parties} == {"C", "B", "P", "outside-0"}
    assert "X" not in str(net)


@pytest.mark.parametrize("start", ["X", "Q", "nobody"])
def test_who_is_nobodys_here_is_not_told_from_nobody(population: Population, start: str) -> None:
    with pytest.raises(NotFound):
        network_around(population, COUNTY, start, (), Filter(), 300)


def way(population: Population, start: str, end: str, scope: Scope = NATION, *, hubs: bool = False) -> list[str]:
    net = path_between(population, scope, start, end, Filter(), hubs=hubs)
    return [party.node for party in net.parties]


def test_the_shortest_way_shuns_hubs_unless_asked(population: Population) -> None:
    assert way(population, "A", "D") == ["A", "B", "C", "P", "D"]
    assert way(population, "D", "A") == ["D", "P", "C", "B", "A"]
    assert way(population, "A", "D", hubs=True) == ["A", "H", "D"]
    assert way(population, "A", "A") == ["A"]
    assert way(population, "A", "Z") == ["A", "Z"]


def test_no_way_leads_through_a_stranger(population: Population) -> None:
    assert way(population, "C", "E") == ["C", "X", "E"]
    assert way(population, "C", "E", COUNTY) == ["C", "E"]


def test_the_ties_of_a_way_join_its_parties(population: Population) -> None:
    net = path_between(population, NATION, "A", "D", Filter(), hubs=False)
    assert [{tie.holder, tie.held} for tie in net.ties] == [{"A", "B"}, {"B", "C"}, {"C", "P"}, {"P", "D"}]


def test_a_community_shows_enterprises_first(population: Population) -> None:
    net = network_of_community(population, NATION, 1, Filter(), 8)
    assert [party.kind for party in net.parties] == ["enterprise"] * 7 + ["telephone"]
    assert net.undrawn == 2
    with pytest.raises(NotFound):
        network_of_community(population, Scope("32"), 1, Filter(), 300)


def test_a_community_across_borders_tells_nothing_of_the_strangers_people(population: Population) -> None:
    net = network_of_community(population, COUNTY, 1, Filter(), 300)
    assert {party.node for party in net.parties if not party.outside} == {"A", "B", "C", "D", "E", "P", "H"}
    assert "Q" not in {end for tie in net.ties for end in (tie.holder, tie.held)}
    assert "Q" in {party.node for party in network_of_community(population, NATION, 1, Filter(), 300).parties}
