"""The watchlist: filtered by link and by typing, read deep, acted on by one and by two at once, taken out as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from layouts import shell, watchlist
from tests.browser.looks import settled
from tests.browser.test_accessibility import violations
from tests.builders import ANALYST, COUNTY, LEADER, PROVINCE, WORKER
from tests.generations import NEIGHBOURS, WATCHED, name_of_enterprise

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser
ROWS = f"#{watchlist.GRID} .ag-center-cols-container .ag-row"


def row(page: Page, number: int) -> Locator:
    """Return the row of an enterprise of tests/generations.py."""
    return page.locator(ROWS).filter(has_text=name_of_enterprise(1, number))


def ready(page: Page) -> None:
    """Wait until the list has its first rows."""
    settled(page)
    expect(page.locator(ROWS).first).to_contain_text("禾青试验")


def test_filters_are_links_fields_and_addresses(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(PROVINCE, place, "/watchlist")
    ready(page)
    expect(page.locator(f"#{watchlist.COUNTS}")).to_contain_text(f"共{WATCHED + NEIGHBOURS}家")
    page.click(f"#{watchlist.VIEWS} >> text=待处理红橙")
    expect(page).to_have_url(f"{place.address}/watchlist?region=33&grade=red.orange&state=open")
    expect(page.locator(f"#{watchlist.COUNTS}")).to_contain_text("共22家")
    page.fill(f"#{watchlist.TEXT}", "期4号")
    page.press(f"#{watchlist.TEXT}", "Enter")
    expect(page.locator(f"#{watchlist.COUNTS}")).to_contain_text("共1家")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(ROWS)).to_contain_text(name_of_enterprise(1, 4))
    page.go_back()
    expect(page.locator(f"#{watchlist.COUNTS}")).to_contain_text("共22家")
    expect(page.locator(f"#{watchlist.TEXT}")).to_have_value("")
    page.reload()
    ready(page)
    expect(page.locator(f"#{watchlist.STATE}")).to_have_value("open")


def test_orders_and_depth(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(PROVINCE, place, "/watchlist")
    ready(page)
    expect(page.locator(ROWS).first.locator("[col-id=index]")).to_have_text("86.4")
    page.select_option(f"#{watchlist.SORT}", "index.up")
    expect(page).to_have_url(f"{place.address}/watchlist?region=33&sort=index.up")
    expect(page.locator(f"{ROWS}[row-index='0'] [col-id=index]")).to_have_text("12.5")
    page.locator(f"#{watchlist.GRID} .ag-body-viewport").evaluate("one => one.scrollTo(0, one.scrollHeight)")
    last = page.locator(f"{ROWS}[row-index='{WATCHED + NEIGHBOURS - 1}'] [col-id=index]")
    expect(last).to_have_text("86.4")


def test_a_columns_head_orders_and_the_way_up_keeps_what_is_asked(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(PROVINCE, place, "/watchlist?region=330106&grade=red.orange")
    ready(page)
    page.click(f"#{watchlist.GRID} .ag-header-cell[col-id=due] .ag-header-cell-label")
    expect(page).to_have_url(f"{place.address}/watchlist?region=330106&grade=red.orange&sort=due.up")
    expect(page.locator(f"#{watchlist.SORT}")).to_have_value("due.up")
    page.go_back()
    head = page.locator(f"#{watchlist.GRID} .ag-header-cell[col-id=index]")
    expect(head).to_have_attribute("aria-sort", "descending")
    page.click(f"#{shell.WHERE} >> text=浙江省")
    expect(page).to_have_url(f"{place.address}/watchlist?region=33&grade=red.orange")


def test_a_row_is_chosen_by_keyboard_and_says_why(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(COUNTY, place, "/watchlist", locale="en")
    ready(page)
    page.locator(f"{ROWS}[row-index='0'] [col-id=grade]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{watchlist.STRIP}")).to_contain_text("Most of the index comes from: Promised yield")
    expect(page.locator(f"#{watchlist.ACTS}")).to_be_visible()
    expect(page.locator(f"#{watchlist.STRIP} a").first).to_have_attribute("href", "/enterprise/913301060000000008")


def test_two_rows_are_assigned_and_the_list_says_so(own_place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(COUNTY, own_place, "/watchlist")
    ready(page)
    row(page, 4).click()
    row(page, 8).locator("input[type=checkbox]").check()
    expect(page.locator(f"#{watchlist.STRIP}")).to_contain_text("已选2家企业")
    page.select_option(f"#{watchlist.ASSIGNEE}", label="county")
    page.click(f"#{watchlist.ASSIGN}")
    expect(page.locator(f"#{shell.TOAST}")).to_contain_text("已指派2条预警")
    for number in (4, 8):
        expect(row(page, number).locator("[col-id=owner]")).to_contain_text("county")
    page.click(f"#{watchlist.VIEWS} >> text=我的")
    expect(page.locator(f"#{watchlist.COUNTS}")).to_contain_text("共2家")


def test_the_second_of_two_officers_sees_the_difference(own_place: Place, at_desk: Callable[..., Page]) -> None:
    first, second = at_desk(COUNTY, own_place, "/watchlist"), at_desk(LEADER, own_place, "/watchlist?region=330106")
    second.route("**/clock", lambda route: route.fulfill(status=304))  # so that nothing tells this page meanwhile
    for page in (first, second):
        ready(page)
        row(page, 4).click()
        expect(page.locator(f"#{watchlist.ACTS}")).to_be_visible()
    first.click(f"#{watchlist.ACKNOWLEDGE}")
    expect(first.locator(f"#{shell.TOAST}")).to_contain_text("已确认")
    second.fill(f"#{watchlist.REASON}", "广告已下架")
    second.click(f"#{watchlist.DISMISS}")
    expect(second.locator(f"#{shell.TOAST}")).to_contain_text("county")
    expect(second.locator(f"#{watchlist.REASON}")).to_have_value("广告已下架")
    expect(row(second, 4).locator("[col-id=state]")).to_contain_text("已确认")
    second.click(f"#{watchlist.DISMISS}")
    expect(row(second, 4).locator("[col-id=state]")).to_contain_text("已排除")
    expect(second.locator(f"#{watchlist.REASON}")).to_have_value("")


def test_a_case_is_opened(own_place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(COUNTY, own_place, "/watchlist")
    ready(page)
    row(page, 4).click()
    page.click(f"#{watchlist.CASE}")
    expect(page.locator(f"#{shell.TOAST}")).to_contain_text("330106-")
    expect(row(page, 4).locator("[col-id=state]")).to_contain_text("已立案")
    expect(page.locator(f"#{watchlist.CASE}")).to_be_disabled()


def test_what_is_listed_is_taken_out_as_a_file(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(COUNTY, place, "/watchlist?region=330106&grade=red")
    ready(page)
    with page.expect_download() as taken:
        page.click(f"#{watchlist.EXPORT}")
    assert taken.value.suggested_filename.startswith("watchlist-330106-")


def test_an_analyst_reads_and_a_worker_is_refused(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(ANALYST, place, "/watchlist")
    ready(page)
    page.locator(ROWS).first.click()
    expect(page.locator(f"#{watchlist.STRIP}")).to_contain_text("查看企业画像")
    expect(page.locator(f"#{watchlist.ACTS}")).to_be_hidden()
    refused = at_desk(WORKER, place, "/watchlist")
    expect(refused.get_by_role("alert").first).to_be_visible()
    expect(refused.locator(".watchlist")).to_have_count(0)


def test_an_address_that_cannot_be_meant_is_a_notice(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(COUNTY, place, "/watchlist?region=330106&grade=purple")
    expect(page.get_by_role("alert").first).to_be_visible()


@pytest.mark.parametrize(("locale", "scheme"), [("zh_CN", "dark"), ("en", "light")])
def test_everybody_can_read_it(place: Place, at_desk: Callable[..., Page], locale: str, scheme: str) -> None:
    page = at_desk(COUNTY, place, "/watchlist", locale=locale, scheme=scheme)
    ready(page)
    page.locator(ROWS).first.click()
    expect(page.locator(f"#{watchlist.ACTS}")).to_be_visible()
    assert violations(page) == []
