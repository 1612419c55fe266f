"""One enterprise, as a leader and an analyst meet it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from layouts import portrait, shell
from layouts.links import portrait_href
from tests import populations
from tests.browser.looks import settled
from tests.browser.test_accessibility import violations
from tests.builders import COUNTY, LEADER
from tests.generations import NEIGHBOUR, enterprise, name_of_enterprise

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser
OWN = portrait_href(str(enterprise(1, 4)["uscc"]))


@pytest.mark.parametrize(("locale", "scheme"), [("zh_CN", "dark"), ("en", "light")])
def test_the_whole_page_stands_and_axe_finds_nothing(
    place: Place, at_desk: Callable[..., Page], locale: str, scheme: str
) -> None:
    page = at_desk(LEADER, place, OWN, locale=locale, scheme=scheme)
    settled(page)
    expect(page.locator(f"#{portrait.HEAD} h2")).to_have_text(name_of_enterprise(1, 4))
    expect(page.locator(f"#{portrait.HEAD}")).to_contain_text("86.4")
    expect(page.locator(f"#{portrait.EVIDENCE} mark").first).to_be_visible()
    expect(page.locator(f"#{portrait.WATERFALL} .barlayer path").first).to_be_visible()
    expect(page.locator(f"#{portrait.MAP} .leaflet-points-pane path").first).to_be_visible()
    expect(page.locator(f"#{shell.WHERE} [aria-current]")).to_be_visible()
    assert violations(page) == []


def test_a_bar_and_a_link_filter_the_evidence_and_back_undoes_it(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(LEADER, place, OWN)
    settled(page)
    rows = page.locator(f"#{portrait.EVIDENCE} tbody tr")
    expect(rows).to_have_count(5)
    page.locator(f"#{portrait.FILTERS} a", has_text="信访").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{place.address}{OWN}?factor=petition")
    expect(rows).to_have_count(1)
    page.go_back()
    expect(rows).to_have_count(5)
    page.locator(f"#{portrait.WATERFALL}").scroll_into_view_if_needed()
    box = page.locator(f"#{portrait.WATERFALL} .barlayer path").nth(3).bounding_box()
    assert box  # Plotly's own layer lies above the bars and takes the click
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(middle[0] - 3, middle[1])
    page.mouse.move(*middle, steps=3)  # Plotly knows what is clicked from where the pointer came to rest
    page.mouse.click(*middle)
    expect(page).to_have_url(f"{place.address}{OWN}?factor=promised_yield")
    expect(rows).to_have_count(1)


def test_ties_lead_on_and_the_dossier_comes_down(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(LEADER, place, OWN)
    settled(page)
    with page.expect_download() as document:
        page.click(f"#{portrait.DOCUMENT}")
    assert document.value.suggested_filename.endswith(".pdf")
    page.locator(f"#{portrait.TIES} td a").first.click()
    expect(page.locator(f"#{portrait.HEAD} h2")).to_have_text(name_of_enterprise(1, 5))


def test_one_without_evidence_says_so_and_a_neighbours_is_refused(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(COUNTY, place, portrait_href(str(populations.unwatched(1)["uscc"])), locale="en")
    settled(page)
    expect(page.locator(f"#{portrait.HEAD}")).to_contain_text("no piece of evidence")
    page = at_desk(COUNTY, place, portrait_href(str(enterprise(1, 101, NEIGHBOUR)["uscc"])), locale="en")
    expect(page.get_by_role("alert")).to_contain_text("There is no such enterprise")
    expect(page.locator(".portrait")).to_have_count(0)
