"""One case through all five levels and out of the house: from a town's report to what the model learns from its end."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import ibis
import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from dashboard import clock
from dashboard.db import sessions as make_sessions
from dashboard.i18n.case_terms import ATTACHMENT_WORDS, ORDER_STATE_WORDS, ORDER_WORDS, OUTCOME_WORDS
from dashboard.models.cases import CaseFile
from dashboard.workflow.load import workflow_for
from etl.case_outcomes import add_case_outcomes
from etl.engine import open_engine
from etl.learn.cases import known_cases
from geo.views import region_name
from layouts import case_findings_handover as handover
from layouts import case_findings_measures as measures
from layouts import case_findings_people as people
from layouts import case_findings_repayment as repayment
from layouts import case_findings_verdict as verdict
from layouts import case_head, case_orders, case_steps, case_work, cases_new, shell
from tests.attached import PDF_FILE
from tests.browser.story import Desk, seated
from tests.browser.test_accessibility import violations
from tests.builders import CITY, COUNTY, NEIGHBOUR, PROVINCE, TOWN, make_account
from tests.generations import enterprise, name_of_enterprise
from tests.integration.test_case_outcomes import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from playwright.sync_api import Page

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser
WORKFLOW = workflow_for(TOWN.home_region)
NUMBER = 5  # an enterprise of the town
NAME, CODE = name_of_enterprise(1, NUMBER), str(enterprise(1, NUMBER)["uscc"])
TOO_EARLY, ENOUGH = "材料不全，请补充投资人名单后再报", "已补充四十二名投资人名单和合同"
TASK, LAST = "走访四名投资人", "通知全体投资人到场登记"
MINE = "现场查实资金去向，另有两个账户"
"""What officers type is typed in Chinese in both languages."""


@dataclass(frozen=True)
class Cast:
    """Everybody in the story, each in a browser of their own."""

    town: Desk
    county: Desk
    city: Desk
    province: Desk
    today: date

    def stage(self, code: str) -> str:
        """Return a stage's name in the language of the story."""
        return WORKFLOW.stage(code).name.told(self.town.words.locale)

    def told(self, code: str) -> str:
        """Return what an order's state is called."""
        return self.town.words.term(ORDER_STATE_WORDS, code)

    def kind(self, code: str) -> str:
        """Return what a kind of order is called."""
        return self.town.words.term(ORDER_WORDS, code)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_five_levels(own_place: Place, at_desk: Callable[..., Page], locale: str) -> None:
    with make_sessions(own_place.engine)() as session:
        for person in (TOWN, NEIGHBOUR):
            make_account(session, person)
    desks = [seated(at_desk, TOWN, own_place, "/cases", locale)]
    desks += [seated(at_desk, one, own_place, "/inbox", locale) for one in (COUNTY, CITY, PROVINCE)]
    cast = Cast(*desks, today=clock.today("Asia/Shanghai"))
    number = open_by_hand(cast, own_place)
    refused_once(cast)
    verified_in_the_county(cast)
    taken_over_by_the_city(cast)
    pressed_by_the_province(cast, number)
    found_out(cast)
    determined_at_two_desks(cast, own_place, at_desk, number)
    sent_to_the_police(cast, number)
    repaid(cast)
    closed(cast)
    told_to_all(cast, own_place, at_desk, number)
    learned(own_place, number)


def open_by_hand(cast: Cast, place: Place) -> str:
    """Have the town open the case, once in spite of a double click, and report it up."""
    town, words = cast.town, cast.town.words
    town.part(cases_new.OPEN).click()
    expect(town.part(cases_new.REGION).locator("option").first).to_be_attached()
    town.fill({cases_new.USCC: CODE})
    town.part(cases_new.USCC).blur()
    town.says(cases_new.REGISTER, NAME)
    town.fill({cases_new.TYPE: "fundraising", cases_new.SOURCE: "manual", cases_new.TOLD: "群众到街道反映到期不兑付"})
    town.part(cases_new.SEND).dblclick()
    town.part(cases_new.DONE).locator("a").click()
    town.says(case_head.HEAD, NAME)
    town.stands_at(cast.stage("intake"))
    number = town.part(case_head.HEAD).locator(".case__number").inner_text()
    with make_sessions(place.engine)() as session:
        assert session.scalar(select(func.count(CaseFile.id))) == 1
    town.send("report_up", COUNTY.home_region, "涉嫌非法集资，超出本级权限", words("Report up"))
    town.says(case_orders.BODY, cast.told("pending"))
    return number


def refused_once(cast: Cast) -> None:
    """Have the county refuse with a reason; the town sees who, when and why, and reports again."""
    town, county, words = cast.town, cast.county, cast.town.words
    department = words(" · department %(n)s", n=1)
    county.waits(f"0{department}")
    county.open_waiting(NAME)
    county.fill({case_orders.ANSWER_HOW: case_orders.REFUSE})
    county.is_refused(case_orders.ANSWER_DO, words("Say why: the other side and everybody after you will read it"))
    county.answer(case_orders.REFUSE, TOO_EARLY, cast.told("refused"))
    county.waits("")
    answer = town.part(case_orders.BODY).locator("li").first
    for text in (cast.told("refused"), TOO_EARLY, COUNTY.name, region_name(COUNTY.home_region, words.locale)):
        expect(answer).to_contain_text(text)
    expect(answer.locator(".case-orders__answer")).to_contain_text(words.date(cast.today))
    town.waits("2")  # the case is the town's still, and so is the refusal
    town.send("report_up", COUNTY.home_region, ENOUGH, words("Report up"))
    town.go_to_work()
    county.waits(f"0{department}")


def verified_in_the_county(cast: Cast) -> None:
    """Have the county accept, and verify once the record of its inspection is there and a task is finished."""
    county, words = cast.county, cast.county.words
    county.answer(case_orders.ACCEPT, "", cast.told("accepted"))
    county.waits("1")
    cast.town.waits("")
    county.step("accept")
    county.stands_at(cast.stage("verification"))
    county.set_task(TASK, f"{COUNTY.home_region}:{COUNTY.id}", cast.today + timedelta(days=3), "做笔录\n复印合同")
    county.waits("2")
    county.finish_task(TASK)
    county.waits("1")
    found = {"visited_on": cast.today.isoformat(), "verified": "substantiated"}
    county.choose_step("investigate", found)
    county.is_refused(case_steps.STEP_SEND, words.term(ATTACHMENT_WORDS, "inspection_record"))
    expect(county.part(case_steps.answer_id("verified"))).to_have_value("substantiated")
    county.attach("inspection_record", "现场检查笔录.pdf", PDF_FILE)
    county.step("investigate", **found)
    county.stands_at(cast.stage("investigation"))


def taken_over_by_the_city(cast: Cast) -> None:
    """Have the county report up, and the city take the case over from its inbox."""
    county, city, words = cast.county, cast.city, cast.city.words
    county.send("report_up", CITY.home_region, "涉及两个区，建议市级提级办理", words("Report up"))
    city.waits("0" + words(" · department %(n)s", n=1))
    city.open_waiting(NAME)
    city.answer(case_orders.ACCEPT, "同意提级办理", cast.told("accepted"))
    city.waits("1")
    expect(county.part(case_steps.NEXT).locator("li")).to_have_count(0)
    county.waits("")
    county.go_to_work()


def pressed_by_the_province(cast: Cast, number: str) -> None:
    """Have the province press the city, which replies."""
    city, province, words = cast.city, cast.province, cast.city.words
    province.open_case(number)
    province.send("supervise", CITY.home_region, "十个工作日内报告进展", cast.kind("supervise"))
    city.waits("2")
    answer = city.part(case_orders.ANSWER_TEXT)
    expect(answer).to_be_visible()
    city.is_refused(case_orders.ANSWER_DO, words("Say why: the other side and everybody after you will read it"))
    city.answer(case_orders.ACCEPT, "已成立专班，本周完成取证", cast.told("answered"))
    city.waits("1")
    province.says(case_orders.BODY, cast.told("answered"), "已成立专班，本周完成取证")
    province.go_to_work()


def found_out(cast: Cast) -> None:
    """Have the city list people and evidence, move a piece on, and bring the case to its determination."""
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
    city.set_task(LAST, f"{CITY.home_region}:{CITY.id}", cast.today + timedelta(days=9))
    city.step("assess", facts="以养老项目为名吸收资金，承诺年化18%")
    city.stands_at(cast.stage("assessment"))
    city.attach("assessment_report", "研判报告.pdf", PDF_FILE + b"1")
    city.step("determine", opinion="构成非法集资")
    city.stands_at(cast.stage("determination"))


def determined_at_two_desks(cast: Cast, place: Place, at_desk: Callable[..., Page], number: str) -> None:
    """Write the determination at two desks: the later one is told who, when and what, and keeps what it typed."""
    city, words = cast.city, cast.city.words
    other = seated(at_desk, CITY, place, f"/case/{number}", words.locale)
    finding = {verdict.KIND: "fundraising", verdict.AMOUNT: "12600000", verdict.INCOME: "0", verdict.PEOPLE: "42"}
    for desk, sum_involved, basis in ((other, "15000000", MINE), (city, "12600000", "审计报告")):
        desk.unfold(verdict.FORM)
        typed = finding | {verdict.AMOUNT: sum_involved, verdict.PLACES: "西湖区、上城区", verdict.BASIS: basis}
        desk.fill(typed)
        desk.says(verdict.PLACES_TOLD, "330106", "330102")
    city.do(verdict.SAVE, words("The determination is written: version %(n)s", n=1))
    other.says(verdict.SHOWN, "审计报告")
    other.is_refused(verdict.SAVE, CITY.name, words.date(cast.today), words("Sum involved"))
    expect(other.part(verdict.BASIS)).to_have_value(MINE)
    other.part(verdict.REBASE).click()
    expect(other.part(verdict.BEHIND)).to_have_text("")
    other.do(verdict.SAVE, words("The determination is written: version %(n)s", n=2))
    city.says(verdict.SHOWN, MINE)
    other.page.close()


def sent_to_the_police(cast: Cast, number: str) -> None:
    """Decide on the disposal and hand the case to the police, with the package for them."""
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
    printed = city.download(city.part(handover.DOCUMENT))
    assert printed.startswith(b"%PDF")
    packed = zipfile.ZipFile(io.BytesIO(city.download(city.part(handover.PACKAGE))))
    assert {"manifest.csv", f"{number}.pdf"} <= set(packed.namelist())
    assert b"enclosed" in packed.read("manifest.csv")
    city.step("care")
    city.stands_at(cast.stage("aftercare"))


def repaid(cast: Cast) -> None:
    """Report the repayment in two parts: a part of it is not settled, all of it is."""
    city, words = cast.city, cast.city.words
    for part, served, told in (("6000000", "20", words("Money")), ("15000000", "42", words("All is repaid"))):
        city.unfold(repayment.FORM)
        city.fill({repayment.DAY: cast.today.isoformat(), repayment.OWED: "15000000", repayment.REPAID: part})
        city.fill({repayment.PEOPLE_OWED: "42", repayment.PEOPLE_REPAID: served, repayment.NOTE: "处置资产所得"})
        city.do(repayment.SAVE, words("The report is in the file; it counts from now on"))
        city.says(repayment.SHOWN, told)


def closed(cast: Cast) -> None:
    """Try to close with a task open; then close as transferred, and archive."""
    city, words = cast.city, cast.city.words
    summary = "已移送，资金全部清退"
    city.choose_step("close", {"summary": summary}, outcome="transferred")
    city.is_refused(case_steps.STEP_SEND, words("All tasks done or dropped; open: %(n)s", n=1))
    expect(city.part(case_steps.answer_id("summary"))).to_have_value(summary)
    assert violations(city.page) == []
    city.finish_task(LAST)
    expect(city.part(case_steps.STEP_OUTCOME)).to_have_value("transferred")
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
