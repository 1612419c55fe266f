"""The story of one case, its second half: findings, the police, repayment, the end, and what is told of it."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING

import ibis
from playwright.sync_api import expect

from dashboard import clock
from dashboard.db import sessions as make_sessions
from dashboard.i18n.case_terms import OUTCOME_WORDS
from etl.case_outcomes import add_case_outcomes
from etl.engine import open_engine
from etl.learn.cases import known_cases
from layouts import case_findings_handover as handover
from layouts import case_findings_measures as measures
from layouts import case_findings_people as people
from layouts import case_findings_repayment as repayment
from layouts import case_findings_verdict as verdict
from layouts import case_head, case_steps, case_work, shell
from tests.attached import PDF_FILE
from tests.browser.story import seated
from tests.browser.story_levels import CODE, NAME, TOO_EARLY, WORKFLOW
from tests.browser.test_accessibility import violations
from tests.builders import CITY, COUNTY, NEIGHBOUR, PROVINCE, TOWN
from tests.integration.test_case_outcomes import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Place
    from tests.browser.story import Desk
    from tests.browser.story_levels import Cast

LAST = "通知全体投资人到场登记"
MINE, SUMMARY = "现场查实资金去向，另有两个账户", "已移送，资金全部清退"


def found_out(cast: Cast) -> None:
    """Have the city list a person and a piece of evidence, which then changes hands."""
    city, words = cast.city, cast.city.words
    city.unfold(people.FORM)
    city.fill({people.NAME: "试一", people.ROLE: "organiser", people.NOTE: "实际控制人"})
    city.do(people.SAVE, words("The person is in the file"))
    city.says(people.LIST, "试一")
    city.unfold(case_work.PIECE_FORM)
    piece = {case_work.PIECE_LABEL: "银行流水光盘", case_work.PIECE_KIND: "electronic"}
    piece |= {case_work.PIECE_ON: cast.today.isoformat(), case_work.PIECE_FROM: "开户行"}
    city.fill(piece | {case_work.PIECE_HOLDER: "证据室"})
    city.do(case_work.PIECE_ADD, words("The piece is listed"))
    city.unfold(case_work.MOVE_FORM)
    city.part(case_work.MOVE_WHICH).select_option(index=1)
    city.fill({case_work.MOVE_TO: "鉴定机构", case_work.MOVE_FOR: "司法审计"})
    city.do(case_work.MOVE_DO, words("The chain of custody is written down"))
    city.says(case_work.EVIDENCE, "开户行 → 证据室", "证据室 → 鉴定机构")


def brought_to_its_determination(cast: Cast) -> None:
    """Have the city finish its investigation and its assessment, whose report is attached."""
    city = cast.city
    city.step("assess", facts="以养老项目为名吸收资金，承诺年化18%")
    city.stands_at(cast.stage("assessment"))
    city.attach("assessment_report", "研判报告.pdf", PDF_FILE + b"1")
    city.step("determine", opinion="构成非法集资")
    city.stands_at(cast.stage("determination"))


def determined(cast: Cast, other: Desk | None = None) -> None:
    """Write the determination, with its sum and places.

    `other` writes it at the same time: it is told who, when and what, keeps what it typed, and puts it on top.
    """
    city, words = cast.city, cast.city.words
    finding = {verdict.KIND: "fundraising", verdict.INCOME: "0", verdict.PEOPLE: "42", verdict.PLACES: "西湖区、上城区"}
    typed = {city: finding | {verdict.AMOUNT: "12600000", verdict.BASIS: "审计报告"}}
    if other:
        typed[other] = finding | {verdict.AMOUNT: "15000000", verdict.BASIS: MINE}
    for desk, fields in typed.items():
        desk.unfold(verdict.FORM)
        desk.fill(fields)
        desk.says(verdict.PLACES_TOLD, "330106", "330102")
    city.do(verdict.SAVE, words("The determination is written: version %(n)s", n=1))
    city.says(verdict.SHOWN, "审计报告")
    if other:
        other.says(verdict.SHOWN, "审计报告")
        other.is_refused(verdict.SAVE, CITY.name, words.date(cast.today), words("Sum involved"))
        expect(other.part(verdict.BASIS)).to_have_value(MINE)
        other.part(verdict.REBASE).click()
        expect(other.part(verdict.BEHIND)).to_have_text("")
        other.do(verdict.SAVE, words("The determination is written: version %(n)s", n=2))
        city.says(verdict.SHOWN, MINE)
        other.page.close()


def sent_to_the_police(cast: Cast) -> None:
    """Decide on the disposal and hand the case to the police; a double click writes one measure."""
    city, words = cast.city, cast.city.words
    city.attach("determination_letter", "认定书.pdf", PDF_FILE + b"2")
    city.step("dispose", plan="移送公安机关，同步督促清退")
    city.stands_at(cast.stage("disposal"))
    city.unfold(measures.FORM)
    city.fill({measures.KIND: "police_transfer", measures.NAME: "试一", measures.DAY: cast.today.isoformat()})
    told = {measures.DOCUMENT: "杭处非移〔2026〕3号", measures.TEXT: "全案移送"}
    city.fill(told | {measures.ORGAN: "杭州市公安局经侦支队"})
    city.do(measures.SAVE, words("The measure is in the file"), twice=True)
    expect(city.part(measures.LIST).locator("tbody tr")).to_have_count(1)
    city.step("care")
    city.stands_at(cast.stage("aftercare"))


def taken_as_a_package(cast: Cast, number: str) -> None:
    """Take the hand-over package for the police, printed and with the attachments."""
    city = cast.city
    assert city.download(city.part(handover.DOCUMENT)).startswith(b"%PDF")
    packed = zipfile.ZipFile(io.BytesIO(city.download(city.part(handover.PACKAGE))))
    assert {"manifest.csv", f"{number}.pdf"} <= set(packed.namelist())
    assert b"enclosed" in packed.read("manifest.csv")


def repaid(cast: Cast) -> None:
    """Report the repayment in two parts: a part of it is not settled, all of it is."""
    city, words = cast.city, cast.city.words
    for part, served, told in (("6000000", "20", words("Money")), ("15000000", "42", words("All is repaid"))):
        city.unfold(repayment.FORM)
        city.fill({repayment.DAY: cast.today.isoformat(), repayment.OWED: "15000000", repayment.REPAID: part})
        city.fill({repayment.PEOPLE_OWED: "42", repayment.PEOPLE_REPAID: served, repayment.NOTE: "处置资产所得"})
        city.do(repayment.SAVE, words("The report is in the file; it counts from now on"))
        city.says(repayment.SHOWN, told)


def not_closed_with_a_task_open(cast: Cast) -> None:
    """Try to close with a task open: refused with a sentence; what was typed stays while the task is finished."""
    city, words = cast.city, cast.city.words
    city.choose_step("close", {"summary": SUMMARY}, outcome="transferred")
    city.is_refused(case_steps.STEP_SEND, words("All tasks done or dropped; open: %(n)s", n=1))
    assert violations(city.page) == []
    city.finish_task(LAST)
    expect(city.part(case_steps.answer_id("summary"))).to_have_value(SUMMARY)
    expect(city.part(case_steps.STEP_OUTCOME)).to_have_value("transferred")


def closed(cast: Cast) -> None:
    """Close as transferred to the police what is chosen and filled in already, and archive."""
    city, words = cast.city, cast.city.words
    city.do(case_steps.STEP_SEND, words("The step is taken"))
    city.stands_at(cast.stage("closed"))
    city.says(case_head.HEAD, words.term(OUTCOME_WORDS, "transferred"))
    city.waits("")
    city.step("archive")
    city.stands_at(cast.stage("archived"))


def told_to_all(cast: Cast, place: Place, at_desk: Callable[..., Page], number: str) -> None:
    """Compare what all who had the case read: who did what and when; the neighbour finds nothing at the address."""
    words = cast.province.words
    for desk in (cast.town, cast.province):
        desk.open_case(number)
    told = cast.province.timeline()
    assert cast.town.timeline() == told
    assert all(words.date(cast.today) in entry for entry in told)
    steps = ("accept", "investigate", "assess", "determine", "dispose", "care", "close", "archive")
    names = [next(one.name for one in WORKFLOW.steps if one.code == code).told(words.locale) for code in steps]
    expected = [words("Case opened"), TOO_EARLY, *names]
    places = [next(at for at, entry in enumerate(told) if text in entry) for text in expected]
    assert places == sorted(places)
    for person in (TOWN, COUNTY, CITY, PROVINCE):
        assert any(person.name in entry for entry in told)
    neighbour = seated(at_desk, NEIGHBOUR, place, f"/case/{number}", words.locale)
    neighbour.says(shell.CONTENT, words("There is no such case"))
    expect(neighbour.part(shell.CONTENT)).not_to_contain_text(NAME)


def learned(place: Place, number: str) -> None:
    """Read what the next run is told of how the case ended."""
    con = open_engine(None, threads=1, memory_gb=1)
    con.create_table("stg_outcomes", schema=ibis.schema(COLUMNS))
    today = clock.today("Asia/Shanghai")
    add_case_outcomes(con, make_sessions(place.engine), clock.now() + timedelta(days=1), today)
    (known,) = known_cases(con.table("stg_outcomes"), today).to_pyarrow().to_pylist()
    found = tuple(known[column] for column in ("case_id", "uscc", "outcome", "closed_on"))
    assert found == (number, CODE, "transferred", today)
