"""The way along ties in words: who is inside is named and linked, who is outside is a place and nothing more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dash import dcc

from dashboard.access.scope import Scope
from dashboard.i18n import words_for
from dashboard.queries.paths import with_paths
from dashboard.queries.population import Population
from layouts.portrait_paths import way_shown, way_words
from layouts.portrait_words import piece_words
from tests import populations
from tests.generations import NEIGHBOUR, WATCHED, enterprise
from tests.trees import parts, prop

if TYPE_CHECKING:
    from pathlib import Path

EN = words_for("en")
OWN: dict[str, Any] = enterprise(1, 1)
FRIEND: dict[str, Any] = enterprise(1, 2)
STRANGER: dict[str, Any] = enterprise(1, 101, NEIGHBOUR)


def evidence(tmp_path: Path, scope: str, ref: str) -> list[dict[str, Any]]:
    populations.write(tmp_path, 1)
    given = [{"ref": ref, "origin": "relations", "factor": "related_risk", "text": ""}]
    return with_paths(Population(tmp_path, 1), Scope(scope), OWN["uscc"], given)


def test_a_party_inside_is_named_with_its_index_and_leads_to_its_portrait(tmp_path: Path) -> None:
    assert WATCHED >= 2
    ref = json.dumps([FRIEND["uscc"], "legal_representative", "P000000000", "shareholder", OWN["uscc"]])
    (row,) = evidence(tmp_path, "33", ref)
    told = piece_words(row, EN)
    assert told.startswith(f"{FRIEND['name']} ({EN.grade(FRIEND['grade'])} ")
    assert told.endswith(" —legal representative— 试一 —shareholding— this enterprise")
    links = [part for part in parts(way_shown(row["path"], EN)) if isinstance(part, dcc.Link)]
    assert [prop(link, "href") for link in links] == [f"/enterprise/{FRIEND['uscc']}"]


def test_a_party_outside_has_neither_name_nor_code_nor_index(tmp_path: Path) -> None:
    (row,) = evidence(tmp_path, OWN["region_code"], json.dumps([STRANGER["uscc"], "same_phone", OWN["uscc"]]))
    told = way_words(row["path"], EN)
    assert told.startswith("Enterprise elsewhere · ")
    assert told.endswith(" —same telephone— this enterprise")
    assert not {STRANGER["uscc"], STRANGER["name"]} & {row["path"][0].party.node, row["path"][0].party.name}
    assert not any(isinstance(part, dcc.Link) for part in parts(way_shown(row["path"], EN)))


def test_a_person_between_strangers_is_not_named(tmp_path: Path) -> None:
    other = enterprise(1, 102, NEIGHBOUR)["uscc"]
    way = [
        STRANGER["uscc"],
        "director",
        "P000000001",
        "director",
        other,
        "director",
        "P000000002",
        "director",
        OWN["uscc"],
    ]
    (row,) = evidence(tmp_path, OWN["region_code"], json.dumps(way))
    assert [step.party.name for step in row["path"]] == ["", "", "", "试一", OWN["name"]]
    (whole,) = evidence(tmp_path / "whole", "0", json.dumps(way))
    assert [step.party.outside for step in whole["path"]] == [False] * 5


def test_a_chain_of_control_has_parties_only_and_what_is_no_way_stays_as_it_is(tmp_path: Path) -> None:
    (row,) = evidence(tmp_path, "33", json.dumps([OWN["uscc"], "P000000000", FRIEND["uscc"]]))
    assert way_words(row["path"], EN) == f"this enterprise — 试一 — {FRIEND['name']}"
    (plain,) = evidence(tmp_path, "33", "branches: 3 2026-01-01/2026-02-01")
    assert "path" not in plain
    assert piece_words({**plain, "factor": "branch_burst"}, EN) == "Many branches opened within a short time"
