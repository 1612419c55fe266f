"""Networks and the search of the header, as an officer meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from layouts import network, shell
from layouts.links import network_href
from tests import populations, searched
from tests.browser.conftest import installed
from tests.browser.looks import settled
from tests.builders import COUNTY, LEADER
from tests.generations import enterprise, name_of_enterprise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser

START = str(enterprise(1, 1)["uscc"])


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Place]:
    """Yield an installation with the full population's files and their search index."""
    var = tmp_path_factory.mktemp("register")
    populations.write(var / "generations")
    searched.write(var / "generations")
    with installed(var, migrated_sqlite) as place:
        yield place


def test_a_party_is_chosen_and_its_network_taken_along(register: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(COUNTY, register, network_href(START), locale="en")
    settled(page)
    expect(page.locator(f"#{network.SIDE}")).to_contain_text(name_of_enterprise(1, 1))
    page.locator(f"#{network.SIDE} table a").first.click()
    expect(page.locator(f"#{network.SIDE} h3")).not_to_contain_text(name_of_enterprise(1, 1))
    page.go_back()
    expect(page.locator(f"#{network.SIDE} h3")).to_contain_text(name_of_enterprise(1, 1))
    with page.expect_download() as taken:
        page.locator(f"#{network.SAVE_LIST}").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    with page.expect_download() as drawn:
        page.locator(f"#{network.SAVE_PICTURE}").click()
    assert drawn.value.suggested_filename.endswith(".png")


def test_the_search_is_worked_with_the_keyboard_alone(register: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(LEADER, register, "/overview", locale="en")
    settled(page)
    page.keyboard.press("/")
    page.keyboard.type("试验1")
    options = page.locator(f"#{shell.FOUND} [role=option]")
    expect(options.first).to_be_visible()
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{register.address}/enterprise/*")


def test_going_back_from_a_portrait_leaves_the_console_empty(register: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(LEADER, register, "/overview")
    settled(page)
    page.keyboard.press("/")
    page.keyboard.type("试验1")
    expect(page.locator(f"#{shell.FOUND} [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{register.address}/enterprise/*")
    settled(page)
    page.go_back()
    page.wait_for_url(f"{register.address}/overview")
    settled(page)
