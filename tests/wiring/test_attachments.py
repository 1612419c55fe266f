"""Files into a case and out of it, through the server: who may, and what a forger gets."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from dashboard.access.gate import CSRF_COOKIE, CSRF_HEADER
from dashboard.app import create_app
from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from dashboard.settings import Settings
from layouts import case_work as part
from layouts import shell
from layouts.case_forms import SEEN
from tests.attached import PDF_FILE, photograph
from tests.builders import CITY, COUNTY, LEADER, NEIGHBOUR, STRANGER, make_account
from tests.casefiles import make_case, seat
from tests.wiring.visitor import Visitor, request_of

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

HELPER = NEIGHBOUR
PEOPLE = (LEADER, CITY, COUNTY, HELPER, STRANGER)
KEY = "a-key-of-this-test-"


class Place:
    """An installation with one case of the county's, at which the neighbour assists, and another without."""

    def __init__(self, settings: Settings) -> None:
        """Store accounts and cases, and sign everybody in."""
        engine = make_engine(settings.database)
        with make_sessions(engine)() as session:
            for person in PEOPLE:
                make_account(session, person)
            case, other = make_case(session), make_case(session, place="330110", handler=CITY)
            seat(session, case, HELPER)
            self.number, self.other, self.case_id = case.number, other.number, case.id
        engine.dispose()
        self.var_dir = settings.var_dir
        app = create_app(settings)
        self.nobody = Visitor(app.server.test_client())
        self.visitors = {person.name: Visitor(app.server.test_client()) for person in PEOPLE}
        for person in PEOPLE:
            self.visitors[person.name].sign_in(person)
        self.sent = 0

    def send(self, who: str, content: bytes = PDF_FILE, name: str = "报告.pdf", **changes: Any) -> TestResponse:  # noqa: ANN401 - whatever a form may hold
        """Send a file as the page's script does; `changes` replace fields, and `number` the case."""
        self.sent += 1
        number = changes.pop("number", self.number)
        form = {"kind": "other", "version": "1", "key": f"{KEY}{self.sent}", **changes}
        client = self.visitors[who].client
        token = client.get_cookie(CSRF_COOKIE)
        headers = {CSRF_HEADER: token.value} if token else {}
        form["file"] = FileStorage(io.BytesIO(content), name)
        # The client's own way of large forms leaves a temporary file open.
        body, _, boundary = stream_encode_multipart(form, use_tempfile=False)
        address, kind = f"/api/cases/{number}/attachments", f"multipart/form-data; boundary={boundary}"
        return client.post(address, data=body.read(), content_type=kind, headers=headers)

    def kept(self) -> int:
        """Return how many files lie in the store."""
        return sum(1 for path in (self.var_dir / "attachments").rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Place:
    """Return the installation; its tests send different files."""
    var = tmp_path_factory.mktemp("attachments")
    shutil.copyfile(migrated_sqlite, var / "smoke.db")
    settings = Settings(environment="development", var_dir=var, locale="zh_CN", cache="memory", attachment_mb=5)
    return Place(settings)


def fetched(visitor: Visitor, address: str) -> TestResponse:
    """Fetch an address and close its file."""
    return visitor.client.get(address, buffered=True)


def test_those_who_work_on_a_case_send_files_and_those_who_see_it_fetch_them(place: Place) -> None:
    sent = {who: place.send(who, PDF_FILE + who.encode() + b"%%EOF") for who in place.visitors}
    assert {who: one.status_code for who, one in sent.items()} == {
        "leader": 403,
        "city": 403,
        "county": 201,
        "neighbour": 201,
        "stranger": 403,
    }
    assert sent["city"].get_json()["error"] == "NotAllowed"
    assert sent["city"].get_json()["message"]
    address = f"/api/attachments/{sent['county'].get_json()['id']}"
    assert {who: fetched(one, address).status_code for who, one in place.visitors.items()} == {
        "leader": 200,
        "city": 200,
        "county": 200,
        "neighbour": 200,
        "stranger": 403,
    }
    originals = {who: fetched(one, f"{address}/original").status_code for who, one in place.visitors.items()}
    assert originals == {"leader": 403, "city": 403, "county": 200, "neighbour": 403, "stranger": 403}
    assert place.nobody.client.get(address).status_code == 401
    assert place.nobody.client.post(f"/api/cases/{place.number}/attachments").status_code == 401


def test_a_file_of_a_case_that_one_does_not_see_is_not_there(place: Place) -> None:
    number = place.send("city", number=place.other).get_json()["id"]
    for who in ("county", "neighbour"):
        assert fetched(place.visitors[who], f"/api/attachments/{number}").status_code == 404
        assert place.send(who, b"another text", "a.txt", number=place.other).status_code == 404
    for tail in ("0", "99999", str(10**30), "../1", "%2e%2e/1", "1/../2", "-1", "x"):
        assert "Content-Disposition" not in fetched(place.visitors["county"], f"/api/attachments/{tail}").headers, tail


def test_the_copy_is_a_download_that_no_browser_draws_and_tells_no_place(place: Place) -> None:
    number = place.send("county", photograph(), "门店; 照片.jpg").get_json()["id"]
    county, address = place.visitors["county"], f"/api/attachments/{number}"
    shown, original = fetched(county, address), fetched(county, f"{address}/original")
    for answer in (shown, original):
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.mimetype == "image/jpeg"
    assert original.data == photograph()
    assert not Image.open(io.BytesIO(shown.data)).getexif()


def test_sent_twice_it_is_attached_once(place: Place) -> None:
    content = PDF_FILE + b"twice%%EOF"
    first, again = (place.send("county", content, key=f"{KEY}twice") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    anew = place.send("county", content)
    assert (anew.status_code, "已上传" in anew.get_json()["message"]) == (422, True)


def test_what_is_refused_is_told_in_the_viewers_language_and_not_kept(place: Place) -> None:
    before = place.kept()
    for name, content, told in (
        ("a.pdf", b"MZ" + b"\0" * 200, "与扩展名不符"),
        ("a.exe", b"MZ", "仅接收"),
        ("a.txt", b"", "为空"),
        ("a.pdf", PDF_FILE + b"x" * 5 * 1024 * 1024, "超过 5 MB"),
    ):
        answer = place.send("county", content, name)
        assert (answer.status_code, told in answer.get_json()["message"]) == (422, True), name
    for changes in ({"version": "x"}, {"version": "9" * 30}):
        assert place.send("county", b"a text", "a.txt", **changes).status_code == 422
    assert place.kept() == before


def test_more_than_a_form_may_hold_is_not_even_read(place: Place) -> None:
    answer = place.send("county", b"x" * 6 * 1024 * 1024, "a.txt")
    assert (answer.status_code, answer.get_json()["message"]) == (413, "文件超过 5 MB")


def test_without_the_pages_token_nothing_is_taken(place: Place) -> None:
    form = {"kind": "other", "version": "1", "key": f"{KEY}none", "file": (io.BytesIO(PDF_FILE), "a.pdf")}
    answer = place.visitors["county"].client.post(f"/api/cases/{place.number}/attachments", data=form)
    assert answer.status_code == 400


# -- the page ----------------------------------------------------------------------------------------------------------


def given_to(place: Place, who: str, component: str, **values: object) -> TestResponse:
    """Run the callback that writes to a component, as the case's page would."""
    visitor = place.visitors[who]
    known = visitor.known[visitor.writing(component)]
    page: dict[str, object] = {f"{shell.LOCATION}.pathname": f"/case/{place.number}"}
    page[f"{SEEN}.data"] = {"id": place.case_id, "version": 1}
    return visitor.post(request_of(known, page | values))


def test_each_form_is_offered_to_those_who_may_send_it(place: Place) -> None:
    def hidden(who: str) -> dict[str, bool]:
        answer = given_to(place, who, part.TASKS).get_json()["response"]
        return {name: answer[name]["hidden"] for name in (part.TASK_FORM, part.FILE_FORM, part.COMMENT_FORM)}

    assert hidden("county") == {part.TASK_FORM: False, part.FILE_FORM: False, part.COMMENT_FORM: False}
    assert hidden("neighbour") == hidden("county")
    assert hidden("city") == {part.TASK_FORM: True, part.FILE_FORM: True, part.COMMENT_FORM: False}


def test_a_task_is_set_changed_ticked_and_done_on_the_page(place: Place) -> None:
    fields = {f"{part.TASK_TITLE}.value": "核查", f"{part.TASK_WHO}.value": "330106:4"}
    fields |= {f"{part.TASK_DUE}.value": "2026-12-01", f"{part.TASK_ITEMS}.value": "查门店\n\n"}
    sent = given_to(place, "county", part.TASK_KEY, **fields, **_clicked(part.TASK_ADD, part.TASK_KEY, "set"))
    assert (sent.status_code, sent.get_json()["response"][part.TASK_TITLE]["value"]) == (200, "")
    filled = given_to(place, "county", part.CHANGE_SEEN, **{f"{part.CHANGE_WHICH}.value": "1"}).get_json()["response"]
    assert filled[part.CHANGE_TITLE]["value"] == "核查"
    assert filled[part.CHANGE_SEEN]["data"] == {"1": 1}
    for at, act in enumerate(({"act": "tick", "text": "查门店", "done": "1"}, {"act": "end"}), 1):
        acted = {**act, "row": "1", "version": str(at), "key": f"{KEY}act-{at}"}
        assert given_to(place, "county", part.DID, **{f"{part.ACTED}.data": acted}).status_code == 200
    late = {f"{part.CHANGE_WHICH}.value": "1", f"{part.CHANGE_SEEN}.data": {"1": 1}}
    late |= {f"{part.CHANGE_WHO}.value": "330106:", f"{part.CHANGE_TITLE}.value": "别的"}
    refused = given_to(place, "county", part.CHANGE_KEY, **late, **_clicked(part.CHANGE_SAVE, part.CHANGE_KEY, "late"))
    answer = refused.get_json()
    assert part.CHANGE_TITLE not in str(answer.get("response", {}))  # what was typed is kept
    assert answer["sideUpdate"][part.CHANGE_SEEN] == {"data": {"1": 3}}  # and can be sent after all
    assert "已完成" in answer["sideUpdate"][shell.TOAST]["children"]


def _clicked(button: str, key: str, name: str) -> dict[str, object]:
    return {f"{button}.n_clicks": 1, f"{key}.data": f"{KEY}{name}"}


def test_a_comment_names_people_and_evidence_changes_hands_on_the_page(place: Place) -> None:
    said = {f"{part.COMMENT_TEXT}.value": "@city 请看", **_clicked(part.COMMENT_ADD, part.COMMENT_KEY, "say")}
    assert given_to(place, "county", part.COMMENT_TEXT, **said).status_code == 200
    listed = str(given_to(place, "city", part.COMMENTS).get_json()["response"][part.COMMENTS])
    assert ("@city" in listed, "标为已读" in listed) == (True, True)
    read = {f"{part.ACTED}.data": {"act": "read", "key": f"{KEY}read"}}
    assert given_to(place, "city", part.DID, **read).status_code == 200
    assert "标为已读" not in str(given_to(place, "city", part.COMMENTS).get_json()["response"][part.COMMENTS])
    piece = {part.PIECE_LABEL: "账簿", part.PIECE_KIND: "physical", part.PIECE_ON: "2026-11-01"}
    piece |= {part.PIECE_FROM: "门店", part.PIECE_HOLDER: "陈晓"}
    fields = {f"{name}.value": value for name, value in piece.items()}
    listing = _clicked(part.PIECE_ADD, part.PIECE_KEY, "piece")
    assert given_to(place, "county", part.PIECE_KEY, **fields, **listing).status_code == 200
    moved = {f"{part.MOVE_WHICH}.value": "1", f"{part.MOVE_TO}.value": "证据室", f"{part.MOVE_FOR}.value": "入库"}
    moving = {f"{part.MOVE_SEEN}.data": {"1": 1}, **_clicked(part.MOVE_DO, part.MOVE_KEY, "move")}
    assert given_to(place, "county", part.MOVE_KEY, **moved, **moving).status_code == 200
    assert "陈晓 → 证据室" in str(given_to(place, "city", part.EVIDENCE).get_json()["response"][part.EVIDENCE])
