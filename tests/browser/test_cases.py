"""The cases screen: from a mark of the pipeline to the list behind it to the case, and back; board; a file."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dashboard import clock
from dashboard.db import sessions
from layouts import cases, cases_pipeline, overview, shell
from tests.browser.looks import settled
from tests.browser.test_accessibility import violations
from tests.builders import COUNTY, WORKER
from tests.casefiles import make_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser
ROWS = f"#{cases.GRID} .ag-center-cols-container .ag-row"


@pytest.fixture
def worked(own_place: Place) -> Place:
    """Return an installation with fifteen intakes, one of them overdue, and an investigation."""
    today = clock.today("Asia/Shanghai")
    with sessions(own_place.engine)() as session:
        for number in range(15):
            due_on = today + timedelta(days=9 if number else -3)
            make_case(session, opened_on=today - timedelta(days=number), name=f"禾青案例{number}号", due_on=due_on)
        make_case(session, stage="investigation", opened_on=today, name="禾青调查")
    return own_place


def test_from_a_number_to_its_list_to_the_case_and_back(worked: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(COUNTY, worked, "/cases")
    settled(page)
    standing = page.locator(f"#{cases_pipeline.STANDING}")
    expect(standing.get_by_role("row").filter(has_text="受理")).to_contain_text("15")
    bar = page.locator(f"#{cases_pipeline.FUNNEL} .point path").nth(2)
    expect(bar).to_be_visible()
    bar.click(force=True)  # the chart hears of it through the layer above its marks
    expect(page.locator(f"#{cases.COUNTS}")).to_contain_text("共1件")
    expect(page).to_have_url(re.compile("tab=list.*reached=investigation"))
    expect(page.locator(ROWS)).to_have_count(1)
    page.locator(f"{ROWS} a").click()
    expect(page).to_have_url(re.compile("/case/330106-2025-"))
    page.go_back()
    expect(page.locator(ROWS)).to_have_count(1)
    page.go_back()
    expect(standing).to_be_visible()
    page.locator(f"#{cases_pipeline.STANDING} a.is-overdue").first.click()
    expect(page.locator(f"#{cases.COUNTS}")).to_contain_text("共1件")
    expect(page.locator(ROWS)).to_contain_text("超期3天")
    with page.expect_download() as taken:
        page.click(f"#{cases.EXPORT}")
    assert taken.value.suggested_filename.startswith("cases-330106-")


def test_the_board_shows_some_and_leads_to_the_rest(worked: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(COUNTY, worked, "/cases?tab=board")
    settled(page)
    column = page.locator(".board__column").first
    expect(column.locator(".board__card")).to_have_count(12)
    expect(column.locator(".board__card").first).to_contain_text("超期3天")
    assert violations(page) == []
    column.locator(".board__more").click()
    expect(page.locator(f"#{cases.COUNTS}")).to_contain_text("共15件")
    page.select_option(f"#{cases.CLOCK}", "overdue")
    expect(page.locator(f"#{cases.COUNTS}")).to_contain_text("共1件")
    page.go_back()
    expect(page.locator(f"#{cases.CLOCK}")).to_have_value("any")


def test_the_overview_leads_to_the_cases_of_those_who_may_read_them(
    worked: Place, at_desk: Callable[..., Page]
) -> None:
    page = at_desk(COUNTY, worked, "/overview")
    settled(page)
    page.locator(f"#{overview.CASES} a").first.click()
    expect(page.locator(f"#{cases.COUNTS}")).to_contain_text("共15件")
    expect(page.locator(f"#{shell.WHERE}")).to_contain_text("西湖区")
    other = at_desk(WORKER, worked, "/overview")
    settled(other)
    expect(other.locator(f"#{overview.CASES} a")).to_have_count(0)


@pytest.mark.parametrize(("locale", "scheme"), [("zh_CN", "dark"), ("en", "light")])
def test_everybody_can_read_the_pipeline(worked: Place, at_desk: Callable[..., Page], locale: str, scheme: str) -> None:
    page = at_desk(COUNTY, worked, "/cases", locale=locale, scheme=scheme)
    settled(page)
    expect(page.locator(f"#{cases_pipeline.STANDING} table")).to_be_visible()
    assert violations(page) == []
