"""Search and networks through the server: who may ask, and that no answer tells of a neighbour's enterprises."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from layouts import network, shell
from layouts.links import network_href, portrait_href
from tests.builders import PERSONAS, WALL
from tests.generations import COUNTY, NEIGHBOUR, enterprise, name_of_enterprise
from tests.wiring.visitor import Visitor, request_of

if TYPE_CHECKING:
    from dashboard.access.viewer import Viewer

SEARCH, PATHNAME = f"{shell.LOCATION}.search", f"{shell.LOCATION}.pathname"
READERS = {"leader", "province", "city", "county", "analyst"}
MINE, THEIRS = str(enterprise(1, 1)["uscc"]), str(enterprise(1, 101, NEIGHBOUR)["uscc"])
LAST = str(enterprise(1, 40)["uscc"])  # of the county, and the holder of THEIRS


def found(visitor: Visitor, text: object) -> Any:  # noqa: ANN401 - a response
    known = visitor.known[visitor.writing(shell.FOUND)]
    return visitor.post(request_of(known, {f"{shell.SEARCH}.value": text}))


def drawn(visitor: Visitor, search: str) -> Any:  # noqa: ANN401 - a response
    known = visitor.known[visitor.writing(network.SIDE)]
    return visitor.post(request_of(known, {SEARCH: search, PATHNAME: "/network"}))


def told(answer: Any) -> str:  # noqa: ANN401 - a response
    """Return what an answer says, without the escapes of its JSON."""
    return json.dumps(answer.get_json(), ensure_ascii=False)


def searched_for(node: str, more: str = "") -> str:
    return network_href(node).removeprefix("/network") + more


@pytest.mark.parametrize("person", [*PERSONAS, WALL], ids=lambda person: person.name)
def test_only_who_reads_portraits_may_search(visitors: dict[str, Visitor], person: Viewer) -> None:
    answer = found(visitors[person.name], "禾青试验")
    assert answer.status_code == (200 if person.name in READERS else 403)
    box = visitors[person.name].client.get("/_dash-layout").text
    assert (f'"{shell.SEARCH}"' in box) is (person.name in READERS)


def test_a_county_never_finds_its_neighbours(visitors: dict[str, Visitor]) -> None:
    for text in (THEIRS, name_of_enterprise(1, 101), "试验1期101", "hqsy1q101"):
        assert portrait_href(THEIRS) not in told(found(visitors["county"], text))  # the text itself comes back
        assert portrait_href(THEIRS) in told(found(visitors["city"], text))


@pytest.mark.parametrize("text", ["", "禾", "有限公司", "没有这样的", "'; drop", "😀" * 400, 7, ["x"]])
def test_odd_text_has_a_clear_answer(visitors: dict[str, Visitor], text: object) -> None:
    assert found(visitors["leader"], text).status_code == 200


def test_a_tie_out_of_the_county_tells_where_and_not_whose(visitors: dict[str, Visitor]) -> None:
    answer = drawn(visitors["county"], searched_for(LAST))
    assert answer.status_code == 200
    assert "outside-0" in told(answer)
    assert THEIRS not in told(answer)
    assert name_of_enterprise(1, 101) not in told(answer)
    assert THEIRS in drawn(visitors["city"], searched_for(LAST)).text


@pytest.mark.parametrize(
    ("search", "status"),
    [
        (searched_for(MINE), 200),
        (searched_for(MINE, "&kinds=none&until=2020-01-01"), 200),
        (searched_for(MINE, f"&open={THEIRS}"), 200),  # what may not be seen is not opened
        (searched_for(THEIRS), 404),
        (searched_for(MINE, f"&to={THEIRS}"), 404),
        (searched_for("P000000020"), 404),  # a person of the neighbour's only
        (searched_for("no such party"), 404),
        ("?community=99", 404),
        ("?community=x", 422),
        (searched_for(MINE, "&until=tomorrow"), 422),
        (f"?region={COUNTY}", 200),
        (f"?region={NEIGHBOUR}", 403),
    ],
)
def test_a_county_sees_the_networks_of_its_own(visitors: dict[str, Visitor], search: str, status: int) -> None:
    answer = drawn(visitors["county"], search)
    assert answer.status_code == status
    assert portrait_href(THEIRS) not in told(answer)
    assert name_of_enterprise(1, 101) not in told(answer)


def test_a_list_that_is_taken_along_is_on_record(visitors: dict[str, Visitor]) -> None:
    leader = visitors["leader"]
    known = leader.known[leader.writing(network.DOWNLOAD)]
    answer = leader.post(request_of(known, {SEARCH: searched_for(MINE), f"{network.SAVE_LIST}.n_clicks": 1}))
    assert answer.get_json()["response"][network.DOWNLOAD]["data"]["filename"] == "network-1.xlsx"


def test_a_tapped_party_is_chosen_in_the_address(visitors: dict[str, Visitor]) -> None:
    leader = visitors["leader"]
    (output,) = [
        one
        for one in leader.known
        if "network--graph" in str(leader.known[one]["inputs"]) and "tap" in str(leader.known[one]["inputs"])
    ]
    body = request_of(leader.known[output], {SEARCH: searched_for(MINE), f"{network.GRAPH}.tapNodeData": {"id": "T1"}})
    assert leader.post(body).get_json()["response"][shell.LOCATION]["search"] == searched_for(MINE, "&at=T1")
