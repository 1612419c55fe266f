"""The risk map: down by click, back by breadcrumb and Back, everything in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from geo.views import view_of
from layouts import riskmap, shell
from layouts.maps import layer_url
from tests.browser.looks import AREAS, click_area, point_in, settled, texts
from tests.builders import COUNTY, LEADER, WORKER
from tests.generations import WATCHED

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser


def click(page: Page, region: str, code: str) -> None:
    """Click the area `code` on the map of `region`."""
    click_area(page, riskmap.MAP, layer_url(view_of(region).layer), code)


def test_a_leader_goes_down_to_a_county_by_clicks_and_back_up(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(LEADER, place, "/riskmap")
    settled(page)
    for region, code, name in (("0", "33", "浙江省"), ("33", "3301", "杭州市"), ("3301", "330106", "西湖区")):
        click(page, region, code)
        expect(page).to_have_url(f"{place.address}/riskmap?region={code}")
        expect(page.locator(f"#{shell.WHERE} [aria-current]")).to_have_text(name)
        page.wait_for_load_state("networkidle")
    expect(page.locator(f"#{riskmap.LIST}")).to_be_visible()
    expect(page.locator(f"#{riskmap.LIST_NOTE}")).to_contain_text(str(WATCHED))
    row = page.locator(f"#{riskmap.GRID} .ag-row").first
    expect(row).to_contain_text("禾青试验")
    expect(row.locator("[col-id=index]")).to_have_text("86.4")
    expect(row.locator("[col-id=change]")).to_have_text("+3.5")
    expect(page.locator(f"#{riskmap.MAP} .leaflet-points-pane path").first).to_be_visible()
    assert "三墩" in " ".join(texts(page.locator(f"#{riskmap.SIDE} .places__name")))
    page.reload()
    expect(page.locator(f"#{shell.WHERE} [aria-current]")).to_have_text("西湖区")
    page.click(f"#{shell.WHERE} >> text=浙江省")
    expect(page).to_have_url(f"{place.address}/riskmap?region=33")
    expect(page.locator(f"#{riskmap.LIST}")).to_be_hidden()
    page.go_back()
    expect(page).to_have_url(f"{place.address}/riskmap?region=330106")
    expect(page.locator(f"#{shell.WHERE} [aria-current]")).to_have_text("西湖区")
    expect(page.locator(f"#{riskmap.LIST}")).to_be_visible()
    settled(page)


def test_measure_and_grain_are_chosen_and_stand_in_the_address(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(LEADER, place, "/riskmap", locale="en")
    settled(page)
    page.click(f"#{riskmap.MEASURES} >> text=Warnings per 10 000")
    expect(page.locator(f"#{riskmap.SIDE_TITLE}")).to_contain_text("Warnings per 10 000 enterprises")
    page.click(f"#{riskmap.GRAINS} >> text=City")
    expect(page).to_have_url(f"{place.address}/riskmap?region=0&measure=rate&grain=city")
    expect(page.locator(f"#{riskmap.SIDE_TITLE}")).to_contain_text("City", ignore_case=True)
    expect(page.locator(f"#{riskmap.MAP} {AREAS}")).not_to_have_count(0)
    page.go_back()
    expect(page).to_have_url(f"{place.address}/riskmap?region=0&measure=rate")
    settled(page)


def test_the_pointer_finds_numerator_and_denominator(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(LEADER, place, "/riskmap", locale="en")
    settled(page)
    page.mouse.move(*point_in(page, riskmap.MAP, layer_url(view_of("0").layer), "33"))
    tip = page.locator(".map__tip")
    expect(tip).to_contain_text("Zhejiang")
    expect(tip).to_contain_text("red or orange of 1,033 enterprises")


def test_an_area_without_data_says_so(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(LEADER, place, "/riskmap?region=44")
    settled(page)
    expect(page.locator(f"#{riskmap.SIDE} .state--none")).to_be_visible()


def test_a_county_officer_sees_neighbours_as_ground_only(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(COUNTY, place, "/riskmap")
    settled(page)
    expect(page.locator(f"#{shell.WHERE} li:not(.is-wall-only)")).to_have_count(1)
    click(page, "330106", "330105")
    page.wait_for_load_state("networkidle")
    expect(page.locator(f"#{shell.WHERE} [aria-current]")).to_have_text("西湖区")
    assert "330105" not in page.url


def test_a_county_officer_is_refused_a_province_with_a_notice(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(COUNTY, place, "/riskmap?region=33")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".riskmap")).to_have_count(0)
    expect(page.locator(f"#{shell.WHERE}")).to_be_empty()


def test_a_town_worker_sees_no_enterprises(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(WORKER, place, "/riskmap")
    settled(page)
    expect(page.locator(f"#{riskmap.LIST}")).to_be_hidden()
    expect(page.locator(f"#{riskmap.MAP} .leaflet-points-pane path")).to_have_count(0)
    assert "有限公司" not in page.content()
