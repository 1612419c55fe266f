"""Who may open whose portrait, through the server: a stranger must not learn whether an enterprise exists."""

from __future__ import annotations

import base64
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from dashboard.app import create_app
from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from dashboard.models.audit import AuditEntry
from layouts import portrait, shell
from layouts import portrait_acts as acts
from layouts.links import portrait_href
from tests import populations
from tests.builders import ANALYST, COUNTY
from tests.generations import NEIGHBOUR, enterprise, name_of_enterprise
from tests.trees import walk
from tests.wiring.visitor import Visitor, request_of

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.settings import Settings

OWN = str(enterprise(1, 4)["uscc"])
THEIRS = str(enterprise(1, 101, NEIGHBOUR)["uscc"])
NOBODYS = "91330106000009999X"
SEARCH, PATHNAME = f"{shell.LOCATION}.search", f"{shell.LOCATION}.pathname"


def ask(visitor: Visitor, component: str, uscc: str, search: str = "") -> Any:  # noqa: ANN401 - a response
    known = visitor.known[visitor.writing(component)]
    return visitor.post(request_of(known, {PATHNAME: portrait_href(uscc), SEARCH: search}))


def test_a_county_opens_its_own_and_learns_nothing_of_its_neighbours(visitors: dict[str, Visitor]) -> None:
    county = visitors["county"]
    assert "'portrait--" in str(ask(county, shell.CONTENT, OWN).get_json())
    refusals = [ask(county, shell.CONTENT, uscc).get_json() for uscc in (THEIRS, NOBODYS, "x", "9133010600000000４4")]
    assert all(refusal == refusals[0] for refusal in refusals)
    assert "没有这家企业" in list(walk(refusals[0]))
    answers = [ask(county, portrait.HEAD, uscc) for uscc in (THEIRS, NOBODYS, "x")]
    assert {(answer.status_code, answer.get_data()) for answer in answers} == {(404, answers[0].get_data())}
    assert ask(visitors["city"], portrait.HEAD, THEIRS).status_code == 200


def test_on_the_way_to_another_screen_nothing_is_read_and_nothing_refused(visitors: dict[str, Visitor]) -> None:
    known = visitors["county"].known[visitors["county"].writing(portrait.HEAD)]
    asked = request_of(known, {PATHNAME: "/network", SEARCH: f"?node={OWN}"})
    assert visitors["county"].post(asked).status_code == 204
    assert visitors["wall"].post(asked).status_code == 403


@pytest.mark.parametrize("name", ["worker", "stranger", "administrator", "wall"])
@pytest.mark.parametrize("uscc", [OWN, NOBODYS])
def test_who_reads_no_names_opens_no_portrait(visitors: dict[str, Visitor], name: str, uscc: str) -> None:
    assert "'portrait--" not in str(ask(visitors[name], shell.CONTENT, uscc).get_json())
    assert ask(visitors[name], portrait.HEAD, uscc).status_code == 403


def test_the_header_leads_to_the_enterprises_own_region_and_the_language_back_to_it(
    visitors: dict[str, Visitor],
) -> None:
    header = ask(visitors["leader"], shell.WHERE, OWN).get_json()["response"]
    assert "西湖区" in list(walk(header[shell.WHERE]))
    assert "/riskmap?region=3301" in list(walk(header[shell.WHERE]))
    assert header[shell.LANGUAGE]["href"].endswith(f"next=%2Fenterprise%2F{OWN}")
    assert portrait_href("<uscc>") not in list(walk(header[shell.NAV]))


def test_an_enterprise_without_evidence_opens_though_no_list_has_it(visitors: dict[str, Visitor]) -> None:
    uscc = str(populations.unwatched(1)["uscc"])
    answer = ask(visitors["leader"], portrait.HEAD, uscc).get_json()["response"]
    assert "未发现对其不利的情况：没有任何证据上报。" in list(walk(answer[portrait.HEAD]))
    assert "state state--zero" in list(walk(answer[portrait.EVIDENCE]))


def test_the_address_filters_the_evidence(visitors: dict[str, Visitor]) -> None:
    everything = str(ask(visitors["leader"], portrait.EVIDENCE, OWN).get_json())
    petitions = str(ask(visitors["leader"], portrait.EVIDENCE, OWN, "?factor=petition").get_json()["response"])
    assert "原始股" in everything
    assert ask(visitors["leader"], portrait.EVIDENCE, OWN, "?factor=a;b").status_code == 422
    evidence = ask(visitors["leader"], portrait.EVIDENCE, OWN, "?factor=petition").get_json()["response"]
    assert "到期不兑付，涉及四十余人" in list(walk(evidence[portrait.EVIDENCE]))
    assert "原始股" not in list(walk(evidence[portrait.EVIDENCE]))
    assert petitions


@pytest.mark.parametrize(("button", "magic"), [(portrait.DOCUMENT, b"%PDF"), (portrait.WORKBOOK, b"PK")])
def test_a_dossier_is_handed_out_and_written_down(
    visitors: dict[str, Visitor], installation: Settings, button: str, magic: bytes
) -> None:
    leader = visitors["leader"]
    (output,) = [one for one, known in leader.known.items() if button in {read["id"] for read in known["inputs"]}]
    answer = leader.run(output, **{f"{button}.n_clicks": 1, PATHNAME: portrait_href(OWN)})
    (file,) = answer.get_json()["response"].values()
    assert base64.b64decode(file["data"]["content"]).startswith(magic)
    assert file["data"]["filename"].startswith(OWN)
    with make_sessions(make_engine(installation.database))() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.position.desc()).limit(1)).one()
    assert (entry.action, entry.subject) == ("dossier:exported", f"enterprise:{OWN}")
    assert leader.run(output, **{PATHNAME: portrait_href(OWN)}).status_code == 204
    assert (
        visitors["county"].run(output, **{f"{button}.n_clicks": 1, PATHNAME: portrait_href(THEIRS)}).status_code == 404
    )


def test_a_portraits_answer_names_the_enterprise_of_the_live_generation(visitors: dict[str, Visitor]) -> None:
    answer = ask(visitors["leader"], portrait.HEAD, OWN).get_json()
    assert name_of_enterprise(1, 4) in list(walk(answer))


def test_an_officer_acknowledges_and_an_analyst_is_not_offered_to(installation: Settings, tmp_path: Path) -> None:
    shutil.copytree(installation.var_dir, tmp_path / "var")
    app = create_app(installation.model_copy(update={"var_dir": tmp_path / "var"}))
    county, analyst = Visitor(app.server.test_client()), Visitor(app.server.test_client())
    county.sign_in(COUNTY)
    analyst.sign_in(ANALYST)
    before = ask(county, portrait.HEAD, OWN).get_json()["response"]
    assert (before[acts.ACTS]["hidden"], before[acts.ACKNOWLEDGE]["disabled"], before[acts.REOPEN]["disabled"]) == (
        False,
        False,
        True,
    )
    seen = {f"{acts.ACKNOWLEDGE}.n_clicks": 1, f"{acts.SEEN}.data": before[acts.SEEN]["data"]}
    output = county.writing(acts.REASON)
    assert county.run(output, **seen).status_code == 200
    after = ask(county, portrait.HEAD, OWN).get_json()["response"]
    assert "已签收" in list(walk(after[portrait.STANDING]))
    assert after[acts.ACKNOWLEDGE]["disabled"] is True
    assert ask(analyst, portrait.HEAD, OWN).get_json()["response"][acts.ACTS]["hidden"] is True
    assert analyst.run(output, **seen).status_code == 403
