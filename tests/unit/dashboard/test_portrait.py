"""The portrait's words, panels and figures, over rows that are written down here."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from dash import dcc, html

from dashboard.figures.portrait import contribution_waterfall, index_history, waterfall_height
from dashboard.figures.theme import Look
from dashboard.i18n import words_for
from dashboard.models.exemptions import Exemption
from dashboard.models.performance import Learned
from dashboard.queries.generations import Live
from dashboard.queries.portrait import Earlier, Facts, Known, Made, PeerLine, Ties
from dashboard.queries.record import Record
from dashboard.queries.weighing import by_factor
from dashboard.settings import HOUSE
from dashboard.vocabulary import SUB_INDEXES
from etl.index.model import load_model
from etl.index.scalar import score_of
from layouts import portrait_learned, portrait_map, portrait_parts, portrait_rows
from layouts.portrait_dossier import dossier_of
from layouts.portrait_timeline import marks, timeline
from layouts.portrait_view import Portrait
from layouts.portrait_words import sentence
from tests.trees import of_class, parts, prop, said

EN, ZH = words_for("en"), words_for("zh_CN")
TODAY = date(2026, 11, 22)
REGISTER: dict[str, Any] = {
    "uscc": "913301060000000004",
    "name": "禾青试验有限公司",
    "region_code": "330106",
    "address": "文三路1号",
    "legal_representative": "试一",
    "established_on": date(2021, 3, 4),
    "registered_capital": 5e7,
    "paid_in_capital": None,
    "industry": "J6760",
    "sector": "wealth_management",
    "business_scope": "投资咨询",
    "status": "active",
    "licences": "pawn;training",
    "lon": None,
    "lat": None,
    "source": "register",
}
LIVE = Live(2, "run", TODAY, datetime(2026, 11, 22, tzinfo=UTC), TODAY, "2026.2", 2, 2, 10, 10, 0, 9)


def piece(factor: str, sub: str, points: str, ref: str = "S1", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - a row
    return {
        "uscc": REGISTER["uscc"],
        "factor": factor,
        "sub_index": sub,
        "risk_type": "",
        "known_on": TODAY - timedelta(days=9),
        "occurred_on": None,
        "strength": 1.0,
        "contribution": Decimal(points),
        "ref": ref,
        "origin": "web_monitoring",
        "amount": None,
        "text": "保本高息，年化18%",
        "hits": "",
        "url": "",
        "source": "web_monitoring",
        "file": "a.csv",
        "line": 7,
        **more,
    }


EVIDENCE = [
    piece("promised_yield", "yield_lure", "30.05", "S1"),
    piece("petition", "complaints", "20.00", "S2", amount=120_000.0, known_on=TODAY - timedelta(days=90)),
    piece("petition", "complaints", "15.00", "S3", amount=80_000.0),
]


def portrait(evidence: list[dict[str, Any]] | None = None, **changes: Any) -> Portrait:  # noqa: ANN401 - fields
    pieces = EVIDENCE if evidence is None else evidence
    whole = sum((row["contribution"] for row in pieces), Decimal("0.00"))
    score = {"smoke_index": whole, "grade": "orange", "risk_type": "fundraising" if pieces else "", "probability": 0.31}
    score |= {
        f"contribution_{sub}": sum((row["contribution"] for row in pieces if row["sub_index"] == sub), Decimal(0))
        for sub in SUB_INDEXES
    }
    week = {"week_on": date(2026, 11, 16), "smoke_index": whole, "grade": "orange"}
    known = Known(Facts(REGISTER, score), pieces, [week] if pieces else [], Ties(0, [], "", "", None))
    given: dict[str, Any] = {
        "known": known,
        "earlier": None,
        "peers": {},
        "warnings": [],
        "made": [Made(1, TODAY - timedelta(days=7), "2026.1"), Made(2, TODAY, "2026.2")],
        "learned": None,
        "record": Record([], [], [], {}),
        "model": None,
        "live": LIVE,
        "today": TODAY,
    }
    return Portrait(**(given | changes))


def test_the_sentence_names_type_factors_points_counts_money_and_since_when() -> None:
    seen = portrait()
    assert sentence(seen.facts, seen.weights, EN) == (
        "Illegal fundraising leads: Petition 35.0 points (2 pieces, amounts of CNY 200K), Promised yield 30.1 points "
        "(1 piece) make up 100% of the index; known since 2026-08-24."
    ).replace("30.1", EN.number(30.05, 1))
    chinese = sentence(seen.facts, seen.weights, ZH)
    assert chinese.startswith("非法集资为主导：信访 35.0 分（2 条、涉及 20万元）")
    assert chinese.endswith("。")


def test_no_evidence_and_not_in_operation_are_two_sentences() -> None:
    nothing = portrait([])
    assert "no piece of evidence" in sentence(nothing.facts, nothing.weights, EN)
    closed = Facts(REGISTER | {"status": "revoked"}, None)
    assert "licence revoked" in sentence(closed, [], EN)
    assert of_class(portrait_parts.peers(None, {}, EN), "state--none")


def test_weights_add_up_to_the_index_and_money_of_one_signal_counts_once() -> None:
    twice = [*EVIDENCE, piece("petition", "complaints", "0.95", "S3", amount=80_000.0)]
    weights = by_factor(twice)
    assert sum(weight.points for weight in weights) == sum(row["contribution"] for row in twice)
    petition = weights[0]
    assert (petition.factor, petition.count, petition.amount) == ("petition", 2, 200_000.0)


def test_changes_add_up_exactly_and_say_why() -> None:
    before = [
        piece("promised_yield", "yield_lure", "31.00", "S1"),
        EVIDENCE[1],
        piece("gift", "yield_lure", "2.00", "S9"),
    ]
    seen = portrait(earlier=Earlier(1, Decimal("53.00"), before))
    assert sum(change.points for change in seen.changes) == Decimal("65.05") - Decimal("53.00")
    shown = said(portrait_parts.changes(seen.changes, seen.earlier, seen.index, EN))
    assert "From 53.00 to 65.05: +15.00 by new and heavier evidence, −2.95 by evidence that faded." in shown
    assert {"new", "faded", "no longer counts"} <= set(shown)


def test_smaller_moves_are_summed_up_not_left_out() -> None:
    many = [piece("complaint", "complaints", "1.25", f"S{at}") for at in range(40)]
    seen = portrait(many, earlier=Earlier(1, Decimal("0.00"), []))
    shown = said(portrait_parts.changes(seen.changes, seen.earlier, seen.index, EN))
    assert "and 28 smaller moves" in shown
    assert "+35.00" in shown


def test_feature_words_are_marked_where_they_stand() -> None:
    hits = json.dumps([[0, 4, "保本高息"], [7, 3, "18%"]], ensure_ascii=False)
    shown = portrait_rows.said(piece("promised_yield", "yield_lure", "1", hits=hits), ZH)
    assert [part.children for part in shown if isinstance(part, html.Mark)] == ["保本高息", "18%"]
    assert "".join(said(shown)) == "保本高息，年化18%"


@pytest.mark.parametrize("hits", ["", "x", "[1]", "[[9, 90, 'x']]", '[[3, 99, "x"]]', '[[-4, 2, "x"]]', "null"])
def test_marks_that_make_no_sense_leave_the_text_whole(hits: str) -> None:
    assert "".join(said(portrait_rows.said(piece("gift", "yield_lure", "1", hits=hits), ZH))) == "保本高息，年化18%"


def test_of_many_pieces_the_page_lists_some_and_says_how_many() -> None:
    many = [piece("complaint", "complaints", "0.10", f"S{at}") for at in range(500)]
    table = portrait_rows.evidence_table(many, EN)
    assert len([part for part in parts(table) if isinstance(part, html.Tr)]) == 1 + portrait_rows.MOST_PIECES
    assert portrait_rows.evidence_note(many, EN) == "200 of 500 pieces, all in the dossier; 50.00 points in all"


def test_the_present_factor_is_no_link_and_the_others_are() -> None:
    shown = portrait_rows.filters(portrait().weights, "petition", "/enterprise/X", EN)
    links = [prop(part, "href") for part in shown if isinstance(part, dcc.Link)]
    assert links == ["/enterprise/X", "/enterprise/X?factor=promised_yield"]


def test_peers_are_told_with_their_quantiles_and_a_missing_group_says_so() -> None:
    line = PeerLine("sector", "wealth_management", 120, 3.0, 9.5)
    seen = portrait(peers={sub: [line] for sub in SUB_INDEXES})
    shown = said(portrait_parts.peers(seen.facts.score, seen.peers, EN))
    assert "sector median 3.0 · p90 9.5" in shown
    assert "35.00" in shown
    assert "No peers were measured in this generation" in said(portrait_parts.peers(seen.facts.score, {}, EN))


def test_the_way_down_speaks_of_days_and_of_pieces() -> None:
    model = load_model(HOUSE / "etl/index/models/2026.2.toml")
    heavy = [
        piece(factor, sub, "20.00", f"{factor}{at}", risk_type="fundraising" if sub == "keywords" else "")
        for factor, sub in (("promised_yield", "yield_lure"), ("petition", "complaints"), ("advert", "spread"))
        for at in range(3)
    ]
    guessed = portrait(
        heavy, model=model
    )  # its score is the sum of what the rows say, not what the model makes of them
    assert (guessed.recomputed, guessed.way_down, guessed.silence) == (False, None, None)
    assert "does not give the published index again" in " ".join(said(portrait_parts.down(guessed, EN)))
    again = score_of(heavy, model, TODAY)
    score = {"smoke_index": again.smoke_index, "grade": again.grade, "probability": 0.31}
    seen = portrait(heavy, model=model, known=replace(guessed.known, facts=Facts(REGISTER, score)))
    assert seen.way_down is not None
    assert seen.silence is not None
    shown = " ".join(said(portrait_parts.down(seen, EN)))
    assert f"{seen.silence} days without anything new" in shown
    assert f"{len(seen.way_down.rows)} pieces" in shown
    assert "not on record" in " ".join(said(portrait_parts.down(replace(seen, model=None), EN)))


def test_the_probability_stands_beside_the_index_or_says_that_nothing_was_learned() -> None:
    seen = portrait()
    assert of_class(portrait_learned.learned(seen.facts, None, (), EN), "state--none")
    card = Learned(
        generation=2, state="trained", horizon_days=180, confirmed=40, dismissed=60, trained_until=TODAY,
        calibrated_until=TODAY, tested_until=TODAY, card={},
    )  # fmt: skip
    shown = " ".join(said(portrait_learned.learned(seen.facts, card, [("petition", 0.12), ("advert", 0.0)], EN)))
    assert "31.0%" in shown
    assert "180 days" in shown
    assert "−12.0 without Petition" in shown
    assert "without Advertising" not in shown
    card.state = "too_few"
    assert of_class(portrait_learned.learned(seen.facts, card, (), EN), "state--none")


def test_the_timeline_knows_the_register_the_warnings_and_the_lists_newest_first() -> None:
    entry = Exemption(
        id=1, uscc=REGISTER["uscc"], region_code="330106", kind="white", risk_type="", reason="licensed: 有牌照",
        begins_on=TODAY, ends_on=TODAY + timedelta(days=30), created_by=3,
        created_at=datetime(2026, 11, 20, 2, tzinfo=UTC),
    )  # fmt: skip
    warning = {
        "raised_on": TODAY, "week_on": TODAY, "grade": "red", "previous_grade": "blue", "reason": "petition",
        "owner_code": "330106", "due_on": TODAY,
    }  # fmt: skip
    ended = {"opened_on": date(2026, 9, 1), "reported_on": TODAY, "outcome": "confirmed", "risk_type": "pyramid"}
    twice = [*EVIDENCE, piece("keyword_hit", "keywords", "0.00", "S1")]
    before = portrait(twice)
    seen = replace(
        before, known=replace(before.known, outcomes=[ended]), record=Record([], [entry], [], {3: "李四"}),
        warnings=[warning],
    )  # fmt: skip
    assert seen.held is entry
    events = seen.events(EN)
    assert [event.on for event in events] == sorted((event.on for event in events), reverse=True)
    assert {event.kind for event in events} == {"evidence", "warning", "decision", "register", "case"}
    assert [event.text for event in events if event.kind == "evidence" and "," in event.text] == [
        "Promised yield, Keyword hit"
    ]
    assert "Case ended: confirmed Pyramid selling · opened 2026-09-01" in " ".join(said(timeline(events, EN)))
    assert "李四" in " ".join(said(timeline(events, EN)))
    assert ("model", "model 2026.2") in {(kind, text) for _on, kind, text in marks(events, EVIDENCE, seen.made, EN)}
    shown = portrait_parts.standing(seen.warnings, seen.held, [], portrait_parts.handled(seen, EN), EN)
    assert "White list until 2026-12-22" in " ".join(said(shown))


def test_the_waterfall_ends_at_the_index_and_names_every_factor() -> None:
    weights = portrait().weights
    figure = contribution_waterfall(weights, grade="orange", chosen="", words=EN, look=Look())
    (bar,) = figure.data
    assert bar.x[-1] == pytest.approx(65.05)
    assert list(bar.customdata) == ["yield_lure", "promised_yield", "complaints", "petition", ""]
    ends = [base + width for base, width in zip(bar.base, bar.x, strict=True)]
    assert ends[1] == pytest.approx(bar.base[2])  # the next sub-index begins where the last factor ended
    assert ends[3] == pytest.approx(bar.x[-1])
    assert waterfall_height(weights * 30) > waterfall_height(weights)


def test_the_history_stands_without_weeks_with_one_and_with_events_before_it() -> None:
    assert len(index_history([], {}, [], as_of=TODAY, words=EN, look=Look()).data) == 0
    week = {"week_on": date(2026, 11, 16), "smoke_index": Decimal("12.50"), "grade": "blue"}
    early = [(date(2020, 1, 1), "warning", "long ago"), (TODAY, "warning", "now")]
    figure = index_history([week], {"red": 80.0}, early, as_of=TODAY, words=EN, look=Look())
    line, warned = figure.data
    assert line.mode == "markers"
    assert list(warned.customdata) == ["now"]
    assert "Red 80" in {note.text for note in figure.layout.annotations}


def test_the_map_shows_the_enterprise_and_its_branches_and_says_what_it_cannot() -> None:
    branch = {"kind": "branch", "outward": True, "name": "分号", "lon": 120.1, "lat": 30.2, "grade": None}
    ties = Ties(1, [branch], "", "", None)
    placed = Facts(REGISTER | {"lon": 120.2, "lat": 30.3}, None)
    names = [one["properties"]["n"] for one in portrait_map.points(placed, ties, EN)["features"]]
    assert names == ["分号", REGISTER["name"]]
    assert portrait_map.note(placed, ties, EN) == "1 branches"
    assert "no coordinates" in portrait_map.note(portrait().facts, ties, EN)
    assert portrait_map.ground("", ZH)[1]["selected"] == ""


def test_a_dossier_holds_every_row_and_the_screens_totals() -> None:
    many = [piece("complaint", "complaints", "0.10", f"S{at}") for at in range(500)]
    seen = portrait(many)
    made = dossier_of(seen, EN, by="leader", at=datetime(2026, 11, 22, 6, tzinfo=UTC), timezone="Asia/Shanghai")
    tables = {part.title: part for part in made.parts}
    evidence = tables["Evidence"]
    assert len(evidence.rows) == 500
    assert sum(Decimal(str(row[0])) for row in evidence.rows) == Decimal("50.00")
    assert tables["What the index is made of"].rows[-1][2] == 50.0
    assert ("Made by", "leader") in made.cover
    assert "Generation 2" in made.pages
