"""The story of one case, its first half: a town reports, a county refuses once and verifies, a city, a province."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlalchemy import func, select

from dashboard import clock
from dashboard.db import sessions as make_sessions
from dashboard.i18n.case_terms import ATTACHMENT_WORDS, ORDER_STATE_WORDS, ORDER_WORDS
from dashboard.models.cases import CaseFile
from dashboard.workflow.load import workflow_for
from geo.views import region_name
from layouts import case_head, case_orders, case_steps, cases_new
from tests.attached import PDF_FILE
from tests.browser.story import seated
from tests.builders import CITY, COUNTY, NEIGHBOUR, PROVINCE, TOWN, make_account
from tests.generations import enterprise, name_of_enterprise

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from playwright.sync_api import Page

    from tests.browser.conftest import Place
    from tests.browser.story import Desk

WORKFLOW = workflow_for(TOWN.home_region)
NUMBER = 5  # an enterprise of the town
NAME, CODE = name_of_enterprise(1, NUMBER), str(enterprise(1, NUMBER)["uscc"])
TOO_EARLY, ENOUGH = "材料不全，请补充投资人名单后再报", "已补充四十二名投资人名单和合同"
TASK = "走访四名投资人"
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


def seated_all(place: Place, at_desk: Callable[..., Page], locale: str) -> Cast:
    """Give everybody an account and a desk."""
    with make_sessions(place.engine)() as session:
        for person in (TOWN, NEIGHBOUR):
            make_account(session, person)
    desks = [seated(at_desk, TOWN, place, "/cases", locale)]
    desks += [seated(at_desk, one, place, "/inbox", locale) for one in (COUNTY, CITY, PROVINCE)]
    return Cast(*desks, today=clock.today("Asia/Shanghai"))


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


def accepted_by_the_county(cast: Cast) -> None:
    """Have the county accept: from then on the case is one of its own, and no longer the town's."""
    county = cast.county
    county.answer(case_orders.ACCEPT, "", cast.told("accepted"))
    county.waits("1")
    cast.town.waits("")
    county.step("accept")
    county.stands_at(cast.stage("verification"))


def a_task_is_set_and_done(cast: Cast) -> None:
    """Have the county set itself a task, tick its list off and finish it; the badge counts along."""
    county = cast.county
    county.set_task(TASK, f"{COUNTY.home_region}:{COUNTY.id}", cast.today + timedelta(days=3), "做笔录\n复印合同")
    county.waits("2")
    county.finish_task(TASK)
    county.waits("1")


def verified_in_the_county(cast: Cast, *, try_early: bool = False) -> None:
    """Have the county verify; tried before the record of the inspection is there, it is told that this is lacking."""
    county, words = cast.county, cast.county.words
    found = {"visited_on": cast.today.isoformat(), "verified": "substantiated"}
    if try_early:
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
