"""One case at an officer's desk: its head and sections, its timeline, and drafts that outlive the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dashboard.actions.case_comments import AddComment, add_comment
from dashboard.db import sessions
from layouts import case_drafts, case_head, case_timeline, case_work
from layouts.links import case_href
from tests.browser.looks import settled
from tests.browser.test_accessibility import violations
from tests.builders import COUNTY
from tests.casefiles import WHEN, act_on, make_case
from tests.generations import enterprise, name_of_enterprise

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Response

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser
FIELD = case_work.FORMS["comment"]["text"]
MARK = case_drafts.mark_id("comment")


def is_kept(answer: Response) -> bool:
    """Tell whether the server has answered that it kept or dropped a draft."""
    return case_drafts.KEEP in (answer.request.post_data or "") and case_drafts.KEPT in (answer.request.post_data or "")


def opened(place: Place) -> str:
    """Store a case with one comment and return its page's path."""
    with sessions(place.engine)() as session:
        one = make_case(
            session, stage="investigation", uscc=str(enterprise(1, 4)["uscc"]), name=name_of_enterprise(1, 4)
        )
        add_comment(session, COUNTY, AddComment(act_on(one), "已约谈法定代表人"), WHEN)
        return case_href(one.number)


@pytest.mark.parametrize(("locale", "scheme"), [("zh_CN", "dark"), ("en", "light")])
def test_the_page_stands_digits_lead_to_its_sections_and_axe_finds_nothing(
    own_place: Place, at_desk: Callable[..., Page], locale: str, scheme: str
) -> None:
    page = at_desk(COUNTY, own_place, opened(own_place), locale=locale, scheme=scheme)
    expect(page.locator(f"#{case_head.HEAD} h2")).to_have_text(name_of_enterprise(1, 4))
    expect(page.locator(f"#{case_head.ENTERPRISE}")).to_contain_text("86.4")
    settled(page)
    page.keyboard.press("3")
    expect(page.locator("#case--work")).to_be_focused()
    entries = page.locator(f"#{case_timeline.LIST} li")
    expect(entries).to_have_count(1)
    page.locator(f"#{case_timeline.KIND} label").nth(1).click()
    expect(page.locator(f"#{case_timeline.LIST} .state--zero")).to_be_visible()
    page.locator(f"#{case_timeline.KIND} label").nth(4).click()
    expect(entries).to_contain_text(["已约谈法定代表人"])
    assert violations(page) == []


def test_what_is_typed_survives_a_closed_browser_and_is_gone_once_it_is_sent(
    own_place: Place, at_desk: Callable[..., Page]
) -> None:
    path = opened(own_place)
    first = at_desk(COUNTY, own_place, path)
    settled(first)
    with first.expect_response(is_kept):
        first.fill(f"#{FIELD}", "明日上午再次现场核查")
    first.context.close()

    other = at_desk(COUNTY, own_place, path)  # another profile: nothing of the first is left in it
    expect(other.locator(f"#{FIELD}")).to_have_value("明日上午再次现场核查")
    expect(other.locator(f"#{MARK}")).to_contain_text("草稿已恢复")
    other.click(f"#{case_drafts.discard_id('comment')}")
    expect(other.locator(f"#{FIELD}")).to_have_value("")
    expect(other.locator(f"#{MARK}")).to_be_hidden()
    other.fill(f"#{FIELD}", "改为下午")
    with other.expect_response(is_kept):
        other.locator(f"#{FIELD}").blur()
    other.reload()
    expect(other.locator(f"#{FIELD}")).to_have_value("改为下午")
    with other.expect_response(is_kept):
        other.click(f"#{case_work.COMMENT_ADD}")
    expect(other.locator(f"#{FIELD}")).to_have_value("")
    other.reload()
    settled(other)
    expect(other.locator(f"#{FIELD}")).to_have_value("")
