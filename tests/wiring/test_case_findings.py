"""Findings through the server: forms that are offered and sent, refusals that keep what was typed, the package."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import shutil
import zipfile
import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from dashboard.app import create_app
from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from dashboard.models.audit import AuditEntry
from dashboard.models.cases import CaseOrder
from dashboard.models.casework import CaseAttachment, CaseCustody, CaseEvidence
from dashboard.models.findings import CaseDetermination, CaseMeasure, CasePerson, CaseRepayment
from layouts import case_findings_handover as handover
from layouts import case_findings_measures as measures
from layouts import case_findings_people as people
from layouts import case_findings_repayment as repayment
from layouts import case_findings_verdict as verdict
from layouts import shell
from layouts.case_forms import SEEN
from layouts.links import case_href
from tests.builders import ANALYST, CITY, COUNTY, NEIGHBOUR, NOW, TOWN
from tests.casefiles import TODAY, make_case, seat
from tests.wiring.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from dashboard.settings import Settings

PATHNAME = f"{shell.LOCATION}.pathname"
LETTER = "移送函正文".encode()
LOST = hashlib.sha256(b"lost").hexdigest()
KINDS = {"open": "investigation", "over": "disposal"}


@dataclass
class Desk:
    """An installation of its own with two cases of the county, and everybody who comes to see them."""

    session: Session
    numbers: dict[str, str]
    ids: dict[str, int]
    people: dict[str, Visitor]

    def run(
        self, who: str, button: str, case: str = "open", typed: dict[str, Any] | None = None, key: str = ""
    ) -> TestResponse:
        """Click a button, or choose in a field, with values typed; clicks, key, case and path are filled in."""
        visitor = self.people[who]
        (output,) = visitor.listening(button)
        known = visitor.known[output]
        values: dict[str, Any] = {f"{name}.value": value for name, value in (typed or {}).items()}
        values |= {f"{SEEN}.data": {"id": self.ids[case], "version": 1}, PATHNAME: case_href(self.numbers[case])}
        keys = [one["id"] for one in known["state"] if one["id"].endswith("-key")]
        return visitor.run(output, **values, **{f"{name}.data": key for name in keys}, **{f"{button}.n_clicks": 1})

    def shown(self, who: str, case: str) -> TestResponse:
        """Ask for the panels."""
        visitor = self.people[who]
        return visitor.run(visitor.writing(people.LIST), **{PATHNAME: case_href(self.numbers[case])})


@pytest.fixture(scope="module")
def desk(installation: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    var = tmp_path_factory.mktemp("desk") / "var"
    shutil.copytree(installation.var_dir, var)
    settings = installation.model_copy(update={"var_dir": var})
    engine = make_engine(settings.database)
    with make_sessions(engine)() as session:
        cases = {
            name: make_case(session, stage=stage, opened_on=TODAY - timedelta(days=100))
            for name, stage in KINDS.items()
        }
        for case in cases.values():
            seat(session, case, TOWN)
        _fill(session, cases["over"].id)
        kept = var / "attachments" / hashlib.sha256(LETTER).hexdigest()[:2]
        kept.mkdir(parents=True)
        (kept / hashlib.sha256(LETTER).hexdigest()).write_bytes(LETTER)
        app = create_app(settings)
        visitors = {}
        for person in (COUNTY, CITY, ANALYST, TOWN, NEIGHBOUR):
            visitors[person.name] = Visitor(app.server.test_client())
            visitors[person.name].sign_in(person)
        numbers, ids = ({name: getattr(case, part) for name, case in cases.items()} for part in ("number", "id"))
        yield Desk(session, numbers, ids, visitors)
    engine.dispose()


def _fill(session: Session, case_id: int) -> None:
    """Give a case a finding, evidence with its custody, and three attachments: kept, lost, taken out."""
    stamp = {"made_at": NOW, "made_by": COUNTY.id, "version": 1}
    found = {"risk_type": "fundraising", "amount": 1e7, "illegal_income": 0.0, "people": 9, "basis": "查明事实甲"}
    session.add(CaseDetermination(case_id=case_id, places=["330106"], **found, **stamp))
    session.add(CasePerson(case_id=case_id, name="张建国", role="organiser", note="", added_at=NOW, added_by=COUNTY.id))
    shared = {"case_id": case_id, "added_at": NOW, "added_by": COUNTY.id}
    files = [
        ("../../移送函.txt", hashlib.sha256(LETTER).hexdigest(), None),
        ("丢失.pdf", LOST, None),
        ("误传.pdf", LOST, NOW),
    ]
    session.add_all(
        CaseAttachment(
            kind="transfer_letter", name=name, media_type="text/plain", bytes=len(LETTER), sha256=sha256, scan="clean",
            removed_at=gone, reason="", **shared,
        )
        for name, sha256, gone in files
    )  # fmt: skip
    kept = {
        "label": "银行流水",
        "kind": "document",
        "obtained_from": "开户行",
        "holder": "档案室",
        "obtained_on": TODAY,
    }
    piece = CaseEvidence(**kept, **shared)
    session.add(piece)
    late = {"kind": "escalation", "from_code": "330106", "to_code": "3301", "state": "pending", "answer": ""}
    session.add(CaseOrder(case_id=case_id, text="stage:disposal:2026-11-20", made_at=NOW, **late))
    session.flush()
    moves = {"from_holder": "开户行", "to_holder": "档案室", "purpose": "调取", "at": NOW, "by": COUNTY.id}
    session.add(CaseCustody(evidence_id=piece.id, position=1, **moves))
    session.commit()


def person(name: str = "李四") -> dict[str, object]:
    return {
        people.WHOM: "0",
        people.VERSION: "",
        people.NAME: name,
        people.ROLE: "other",
        people.NOTE: "",
        people.REASON: "",
    }


def test_forms_are_offered_to_whom_they_are_for(desk: Desk) -> None:
    def hidden(who: str, case: str) -> list[str]:
        told = desk.shown(who, case).get_json()["response"]
        forms = (people.FORM, verdict.FORM, measures.FORM, measures.WITHDRAWAL, repayment.FORM, handover.PANEL)
        return [name for name in forms if told[name]["hidden"]]

    assert hidden("county", "open") == [measures.WITHDRAWAL, repayment.FORM]
    assert hidden("county", "over") == [measures.WITHDRAWAL]
    for who in ("city", "analyst"):
        assert hidden(who, "over") == [people.FORM, verdict.FORM, measures.FORM, measures.WITHDRAWAL, repayment.FORM]
    assert len(hidden("town", "over")) == 6
    assert desk.shown("neighbour", "over").status_code == 404


def test_a_person_is_sent_in_once_and_mended(desk: Desk) -> None:
    for _ in range(2):  # a double click
        assert desk.run("county", people.SAVE, typed=person(), key="person-key-1").status_code == 200
    row = desk.session.scalars(select(CasePerson).where(CasePerson.case_id == desk.ids["open"])).one()
    assert row.name == "李四"
    filled = desk.run("county", people.WHOM, typed={people.WHOM: str(row.id)}).get_json()["response"]
    assert (filled[people.NAME]["value"], filled[people.VERSION]["value"]) == ("李四", "1")


def test_a_determination_is_written_and_a_late_one_keeps_what_was_typed(desk: Desk) -> None:
    typed = {
        verdict.VERSION: "", verdict.KIND: "none", verdict.AMOUNT: 1e7, verdict.INCOME: 0, verdict.PEOPLE: 3,
        verdict.PLACES: "西湖区", verdict.BASIS: "依据",
    }  # fmt: skip
    assert desk.run("county", verdict.SAVE, typed=typed, key="verdict-key-1").status_code == 200
    late = desk.run("county", verdict.SAVE, typed=typed, key="verdict-key-2")
    assert verdict.BASIS not in late.text
    assert "认定已由county" in str(late.get_json())
    row = desk.session.get_one(CaseDetermination, desk.ids["open"])
    assert (row.risk_type, row.places, row.version) == ("", ["330106"], 1)
    behind = desk.shown("county", "open")
    assert behind.get_json()["response"][verdict.LOAD]["hidden"] is False
    loaded = desk.run("county", verdict.LOAD).get_json()["response"]
    assert (loaded[verdict.PLACES]["value"], loaded[verdict.VERSION]["value"]) == ("330106", "1")
    assert desk.run("county", verdict.REBASE).get_json()["response"][verdict.VERSION]["value"] == "1"


def test_measures_and_repayment_go_through_their_forms(desk: Desk) -> None:
    fine = {measures.KIND: "penalty", measures.SUBJECT: "organiser", measures.FINE: 1_000_000, measures.BASE: None}
    hint = str(desk.run("county", measures.SUBJECT, "over", fine).get_json()["response"])
    assert "2,000,000" in hint
    assert "低于法定幅度" in hint
    assert "清退先于罚款" in hint
    day = TODAY.isoformat()
    rest = {measures.NAME: "禾青", measures.DAY: day, measures.DOCUMENT: "", measures.ORGAN: "", measures.TEXT: "罚"}
    assert (
        "justifies"
        not in desk.run("county", measures.SAVE, "over", fine | rest | {measures.WHY: ""}, "measure-key-1").text
    )
    assert desk.session.scalars(select(CaseMeasure)).all() == []
    assert (
        desk.run("county", measures.SAVE, "over", fine | rest | {measures.WHY: "从轻"}, "measure-key-1").status_code
        == 200
    )
    row = desk.session.scalars(select(CaseMeasure)).one()
    which = {measures.WHICH: f"{row.id}.1", measures.REASON: "误"}
    assert desk.run("county", measures.WITHDRAW, "over", which, "withdrawal-key-1").status_code == 200
    report = {
        repayment.DAY: day, repayment.OWED: 10, repayment.REPAID: 4, repayment.PEOPLE_OWED: 2,
        repayment.PEOPLE_REPAID: 1, repayment.NOTE: "",
    }  # fmt: skip
    assert desk.run("county", repayment.SAVE, "over", report, "repayment-key-1").status_code == 200
    assert desk.session.scalars(select(CaseRepayment)).one().repaid == 4


@pytest.mark.parametrize("button", [handover.DOCUMENT, handover.PACKAGE])
def test_only_those_who_answer_for_a_case_take_it_out_and_it_is_written_down(desk: Desk, button: str) -> None:
    assert desk.run("neighbour", button, "over").status_code == 404
    assert handover.DOWNLOAD not in desk.run("town", button, "over").text
    for who in ("county", "city", "analyst"):
        file = desk.run(who, button, "over").get_json()["response"][handover.DOWNLOAD]["data"]
        content = base64.b64decode(file["content"])
        assert content.startswith(b"%PDF" if button == handover.DOCUMENT else b"PK")
        entry = desk.session.scalars(select(AuditEntry).order_by(AuditEntry.position.desc()).limit(1)).one()
        told = json.loads(entry.details)
        assert (entry.action, entry.subject) == ("case:handed_over", f"case:{desk.ids['over']}")
        assert (told["sha256"], told["missing"]) == (hashlib.sha256(content).hexdigest(), 1)


def test_the_package_holds_what_is_there_and_lists_what_is_not(desk: Desk) -> None:
    file = desk.run("county", handover.PACKAGE, "over").get_json()["response"][handover.DOWNLOAD]["data"]
    pack = zipfile.ZipFile(io.BytesIO(base64.b64decode(file["content"])))
    listed = list(csv.DictReader(io.StringIO(pack.read("manifest.csv").decode("utf-8-sig"))))
    assert [one["state"] for one in listed] == ["enclosed", "enclosed", "missing", "removed"]
    assert set(pack.namelist()) == {one["file"] for one in listed if one["state"] == "enclosed"} | {"manifest.csv"}
    for one in listed[:2]:
        assert hashlib.sha256(pack.read(one["file"])).hexdigest() == one["sha256"]
    letter = listed[1]["file"]
    assert letter.startswith("attachments/0")
    assert ".." not in letter.split("/")
    assert pack.read(letter) == LETTER


def test_the_printed_file_is_in_chinese_and_names_generation_people_and_what_is_missing(desk: Desk) -> None:
    file = desk.run("county", handover.DOCUMENT, "over").get_json()["response"][handover.DOWNLOAD]["data"]
    text = printed(base64.b64decode(file["content"]))
    for word in ("移送材料包", "查明事实甲", "张建国", "银行流水", "开户行", "批次", "缺失：存储中没有该文件"):
        assert word in text, word
    assert "stage:" not in text


def printed(document: bytes) -> str:
    """Return the texts of a PDF of ours, in reading order: each is UTF-16 between brackets in a packed stream."""
    texts = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", document, re.DOTALL):
        page = zlib.decompress(base64.a85decode(b"<~" + stream.strip(), adobe=True))
        texts += [_unescaped(text) for text in re.findall(rb"\(((?:\\.|[^\\()])*)\) Tj", page, re.DOTALL)]
    return b"".join(texts).decode("utf-16-be")


def _unescaped(text: bytes) -> bytes:
    return re.sub(rb"\\(\d{3}|.)", lambda found: _byte(found[1]), text, flags=re.DOTALL)


def _byte(code: bytes) -> bytes:
    named = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    return bytes([int(code, 8)]) if code.isdigit() else named.get(code, code)
