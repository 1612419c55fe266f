"""The wall and the overview, as people meet them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from dashboard.figures.ramp import COLOURS_DARK
from dashboard.i18n import words_for
from geo.views import view_of
from layouts import overview, shell
from layouts.maps import layer_url
from tests.browser.looks import OVERFLOW, SMALL, click_area, fills, settled, texts
from tests.builders import COUNTY, LEADER, WORKER

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160), (2560, 1080)], ids=["1080p", "4k", "ultrawide"])
SMALLEST = 15
WORDS = words_for("zh_CN")
RED = f"#{overview.KPI} .kpi__figure.is-red"


def generation(number: int) -> str:
    """Return how the header names a generation."""
    return WORDS("Generation %(n)s", n=number)


def test_a_wall_opens_by_its_address_and_shows_everything(place: Place, at_wall: Callable[..., Page]) -> None:
    page = at_wall(place)
    expect(page).to_have_url(f"{place.address}/wall/overview")
    settled(page)
    assert texts(page.locator(f"#{overview.KPI} .kpi__figure")) == ["37", "212", "1,904", "1,000"]
    assert len(fills(page, overview.MAP) & set(COLOURS_DARK)) >= 3
    expect(page.locator(f"#{overview.RANKING} li")).to_have_count(overview.MOST_RANKED)
    expect(page.locator(f"#{overview.NEWEST} li")).to_have_count(overview.MOST_NEWEST)
    expect(page.locator(f"#{overview.TYPES} li")).to_have_count(3)
    expect(page.locator(f"#{overview.TREND} .scatterlayer path.js-line").first).to_be_attached()
    expect(page.locator(f"#{shell.META}")).to_contain_text(generation(1))
    expect(page.locator(f"#{shell.TIME}")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    expect(page.locator(f"#{shell.NAV}")).to_be_hidden()


@SIZES
@pytest.mark.parametrize("screen", ["overview", "riskmap"])
def test_a_wall_has_no_scroll_bars_and_nothing_too_small(
    place: Place, at_wall: Callable[..., Page], size: tuple[int, int], screen: str
) -> None:
    page = at_wall(place, size=size, screen=screen)
    settled(page)
    assert page.evaluate(OVERFLOW) == []
    assert page.evaluate(SMALL, SMALLEST * size[1] / 1080 - 0.01) == []


def test_the_same_page_in_english(place: Place, at_wall: Callable[..., Page]) -> None:
    page = at_wall(place, locale="en")
    settled(page)
    assert page.get_attribute("html", "lang") == "en"
    assert texts(page.locator(f"#{overview.KPI} .grade")) == ["Red", "Orange", "Yellow", "Enterprises watched"]
    expect(page.locator(f"#{overview.MAP_TITLE}")).to_contain_text("Mean Smoke Index")


def test_figures_change_without_a_reload_and_geometry_is_not_fetched_again(
    own_place: Place, at_wall: Callable[..., Page]
) -> None:
    page = at_wall(own_place)
    settled(page)
    expect(page.locator(RED)).to_have_text("37")
    page.evaluate("window.untouched = true")
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((urlsplit(request.url).path, request.post_data or "")))
    own_place.publish(2)
    expect(page.locator(RED)).to_have_text("38")
    expect(page.locator(f"#{shell.META}")).to_contain_text(generation(2))
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.untouched")
    assert {path for path, _body in asked} == {"/clock", "/_dash-update-component"}
    written = [json.loads(body)["output"] for _path, body in asked if body]
    assert len(written) == len(set(written)) == 2  # one for the screen, one for the header
    assert {output.strip(".").partition("--")[0] for output in written} == {"overview", "shell"}


def test_nothing_is_fetched_but_the_clock_while_nothing_moves(place: Place, at_wall: Callable[..., Page]) -> None:
    page = at_wall(place)
    settled(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(place.address)))
    for _tick in range(2):
        with page.expect_response("**/clock"):
            expect(page.locator(RED)).to_have_text("37")
    assert set(asked) == {"/clock"}


def test_a_server_that_is_away_leaves_the_last_picture_and_comes_back_by_itself(
    place: Place, at_wall: Callable[..., Page], console: list[str]
) -> None:
    page = at_wall(place)
    settled(page)
    page.route("**/clock", lambda route: route.abort())
    expect(page.locator(f"#{shell.OFFLINE}")).to_be_visible()
    expect(page.locator(f"#{shell.OFFLINE}")).to_have_text(re.compile(r"\d\d:\d\d"))
    expect(page.locator(RED)).to_have_text("37")
    page.unroute("**/clock")
    expect(page.locator(f"#{shell.OFFLINE}")).to_be_hidden()
    assert {text for text in console if "ERR_FAILED" not in text} == set()
    console.clear()  # the browser itself notes each answer that was lost; nothing can keep it from that


def test_old_data_turn_the_header(place: Place, at_wall: Callable[..., Page]) -> None:
    page = at_wall(place)
    settled(page)
    until = page.locator(".meta__until")
    fresh = until.evaluate("one => getComputedStyle(one).color")
    assert not page.locator(".meta__age").is_visible()
    page.clock.set_fixed_time("2031-01-01T00:00:00Z")
    expect(page.locator(".meta__age")).to_be_visible()
    expect(page.locator(".meta__age")).to_contain_text(re.compile(r"\d"))
    assert until.evaluate("one => getComputedStyle(one).color") != fresh


def test_a_desk_signs_in_and_finds_its_way(place: Place, open_context: Callable[..., Any]) -> None:
    page = open_context().new_page()
    page.goto(f"{place.address}/riskmap?region=33")
    page.fill("input[name=username]", LEADER.name)
    page.fill("input[name=password]", "a long enough 密码 for tests")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{place.address}/riskmap?region=33")
    settled(page)
    page.click(f"#{shell.NAV} >> text=总览")
    expect(page).to_have_url(f"{place.address}/overview?region=33")
    expect(page.locator(f"#{shell.WHERE}")).to_contain_text("浙江省")
    settled(page)


def test_the_language_changes_on_the_same_page(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(LEADER, place, "/overview?region=33")
    settled(page)
    page.click(f"#{shell.LANGUAGE}")
    expect(page.locator(f"#{shell.WHERE}")).to_contain_text("Zhejiang")
    expect(page).to_have_url(f"{place.address}/overview?region=33")
    settled(page)


def test_a_county_officer_is_refused_another_region_with_a_notice(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(COUNTY, place, "/overview?region=33")
    notice = page.get_by_role("alert")
    expect(notice).to_be_visible()
    expect(page.locator(".overview")).to_have_count(0)
    notice.get_by_role("link").click()
    settled(page)
    expect(page.locator(f"#{shell.WHERE}")).to_contain_text("西湖区")


def test_a_town_worker_sees_figures_but_no_names(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(WORKER, place, "/overview")
    settled(page)
    expect(page.locator(f"#{overview.NEWEST} .state--none")).to_be_visible()
    assert "有限公司" not in page.content()


def test_a_place_without_data_says_so(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(LEADER, place, "/overview?region=4401")
    settled(page)
    expect(page.locator(f"#{overview.KPI} .state--none")).to_be_visible()
    expect(page.locator(f"#{overview.RANKING} .state--none")).to_be_visible()
    assert "NaN" not in page.inner_text("body")


def test_a_leader_goes_down_by_the_map_and_by_every_figure(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(LEADER, place, "/overview")
    settled(page)
    click_area(page, overview.MAP, layer_url(view_of("0", "city").layer), "3301")
    expect(page).to_have_url(f"{place.address}/overview?region=3301")
    expect(page.locator(f"#{shell.WHERE} [aria-current]")).to_have_text("杭州市")
    page.click(f"#{shell.WHERE} >> text=浙江省")
    expect(page).to_have_url(f"{place.address}/overview?region=33")
    highest = page.locator(f"#{overview.RANKING} a").first
    expect(highest).to_have_attribute("href", re.compile(r"region=33\d\d$"))  # the province's own ranking by now
    highest.click()
    expect(page).to_have_url(re.compile(r"/overview\?region=33\d\d$"))
    page.go_back()
    expect(page.locator(f"#{shell.WHERE} [aria-current]")).to_have_text("浙江省")
    expect(page.locator(f"{RED} a")).to_have_attribute("href", "/riskmap?region=33&measure=high")
    page.click(f"{RED} a")
    expect(page).to_have_url(f"{place.address}/riskmap?region=33&measure=high")
    settled(page)


def test_a_refresh_that_fails_says_so_and_keeps_the_picture(
    own_place: Place, at_wall: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = at_wall(own_place)
    settled(page)

    def broken(*_: object) -> None:
        raise RuntimeError("a row that nobody may read")

    monkeypatch.setattr("callbacks.overview.weekly_warnings_line", broken)
    own_place.publish(2)
    expect(page.locator(f"#{shell.TOAST}")).to_contain_text("刷新失败")
    expect(page.locator(RED)).to_have_text("37")
