"""The network's address, and how a network is drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dashboard.errors import Invalid
from dashboard.figures.network import CLEAR, network_elements, network_stylesheet
from dashboard.figures.theme import LIGHT, Look
from dashboard.i18n import words_for
from dashboard.models.network import Net, Party, Tie
from layouts.network_parts import texts_of
from layouts.network_view import MOST_OPENED, View, view_in

EN = words_for("en")
NET = Net(
    (
        Party("A", "enterprise", "Alpha", "330106", "red", 86.4),
        Party("outside-0", "enterprise", "", "330105", outside=True),
        Party("P", "person", "Somebody"),
        Party("Z", "enterprise", "Alone", "330106", "blue", 0.0),
    ),
    (
        Tie("A", "outside-0", "shareholder", 0.6, 0.6, None, None, "register"),
        Tie("P", "A", "legal_representative", None, 0.0, None, None, "register"),
        Tie("P", "not drawn", "director", None, 0.5, None, None, "register"),
    ),
)


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View(node="91330106MA27XK1A2B", chosen="P1", opened=("P1", "D/2&x"), to="T 3"),
        View(community=7, kinds=("branch",), until=date(2026, 1, 2), since=date(2025, 1, 2), hubs=True),
        View(node="A", kinds=()),
    ],
)
def test_an_address_says_what_was_meant(view: View) -> None:
    assert view_in(view.search) == view


@pytest.mark.parametrize("search", ["?community=-1", "?community=x", "?until=2026-13-01", "?node=" + "x" * 101])
def test_what_cannot_be_meant_is_refused(search: str) -> None:
    with pytest.raises(Invalid):
        view_in(search)


def test_a_picture_is_opened_at_so_many_parties_at_most() -> None:
    view = View(node="A")
    for number in range(MOST_OPENED + 3):
        view = view.opening(str(number))
    assert len(view.opened) == MOST_OPENED
    assert view_in(view.search) == view
    assert view.begun == View(node="A")


def test_a_network_is_drawn_the_same_each_time_and_tells_grades_in_words() -> None:
    drawn = network_elements(NET, EN, start="A", chosen="P", texts=texts_of(NET, EN))
    assert drawn == network_elements(NET, EN, start="A", chosen="P", texts=texts_of(NET, EN))
    by_id = {one["data"]["id"]: one for one in drawn}
    assert by_id["A"]["data"]["label"] == "Alpha\nRed 86"
    assert by_id["A"]["classes"] == "enterprise red start"
    assert by_id["P"]["classes"] == "person ungraded chosen"
    assert by_id["outside-0"]["classes"] == "outside"
    assert by_id["outside-0"]["data"]["label"].startswith("Enterprise elsewhere")
    assert [one["classes"] for one in drawn if "source" in one["data"]] == [
        "solid shareholder",
        "dashed legal_representative hub near",
    ]
    places = {(one["position"]["x"], one["position"]["y"]) for one in drawn if "position" in one}
    assert len(places) == len(NET.parties)


def test_no_party_stands_upon_another_and_only_the_chosen_ones_ties_are_told() -> None:
    parties = [Party("P", "person", "Somebody"), *(Party(f"E{n}", "enterprise", f"Firm {n}") for n in range(40))]
    ties = [Tie("P", f"E{n}", "shareholder", 0.5, 0.5, None, None, "register") for n in range(40)]
    ties += [Tie(f"E{n}", f"E{n + 1}", "same_phone", None, 0.8, None, None, "web") for n in range(39)]
    net = Net(tuple(parties), tuple(ties))
    drawn = network_elements(net, EN, start="P", chosen="E7", texts=texts_of(net, EN))
    places = [one["position"] for one in drawn if "position" in one]
    wide, high = CLEAR
    assert all(
        abs(one["x"] - two["x"]) > wide - 2 or abs(one["y"] - two["y"]) > high - 2
        for at, one in enumerate(places)
        for two in places[:at]
    )
    told = [one["data"] for one in drawn if one["data"].get("label") and "source" in one["data"]]
    assert sorted((one["source"], one["target"]) for one in told) == [("E6", "E7"), ("E7", "E8"), ("P", "E7")]


def test_who_is_no_longer_in_operation_says_so_where_others_have_a_grade() -> None:
    net = Net((Party("A", "enterprise", "Alpha", "330106", status="revoked"),), ())
    (drawn,) = network_elements(net, EN, texts=texts_of(net, EN))
    assert drawn["data"]["label"] == "Alpha\nlicence revoked"


def test_a_way_stands_in_a_row() -> None:
    drawn = network_elements(replace(NET, ties=()), EN, texts=texts_of(NET, EN), in_line=True)
    assert {one["position"]["y"] for one in drawn} == {0.0}
    assert network_elements(Net((), ()), EN, texts={}) == []


def test_only_grades_are_coloured() -> None:
    style = {rule["selector"]: rule["style"] for rule in network_stylesheet(Look(LIGHT))}
    assert style[".red"]["background-color"] == LIGHT.red
    assert style["node"]["background-color"] == LIGHT.panel
