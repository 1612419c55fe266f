"""axe finds nothing serious or critical on any screen, in both languages, dark and light."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from layouts.links import network_href, portrait_href
from tests.browser.looks import settled
from tests.builders import LEADER
from tests.generations import enterprise

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser
LOOKS = pytest.mark.parametrize(("locale", "scheme"), [("zh_CN", "dark"), ("en", "light")])
ENTERPRISE = str(enterprise(1, 1)["uscc"])
GRAVE = {"serious", "critical"}


def violations(page: Page) -> list[str]:
    """Return the grave ones, each with where it is."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@LOOKS
@pytest.mark.parametrize(
    "path",
    [
        "/overview",
        "/riskmap",
        "/riskmap?region=330106",
        "/watchlist",
        portrait_href(ENTERPRISE),
        "/network",
        network_href(ENTERPRISE),
        "/models",
        "/runs",
        "/overview?region=99",
    ],
)
def test_desks(place: Place, at_desk: Callable[..., Page], path: str, locale: str, scheme: str) -> None:
    page = at_desk(LEADER, place, path, locale=locale, scheme=scheme)
    settled(page)
    assert violations(page) == []


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("screen", ["overview", "riskmap"])
def test_walls(place: Place, at_wall: Callable[..., Page], screen: str, locale: str) -> None:
    page = at_wall(place, screen=screen, locale=locale)
    settled(page)
    assert violations(page) == []


@LOOKS
def test_the_sign_in(
    place: Place, open_context: Callable[..., Any], console: list[str], locale: str, scheme: str
) -> None:
    context = open_context(scheme=scheme)
    context.add_cookies([{"name": "smoke_locale", "value": locale, "url": place.address}])
    page = context.new_page()
    page.goto(f"{place.address}/sign-in")
    assert violations(page) == []
    page.fill("input[name=username]", "nobody")
    page.fill("input[name=password]", "wrong")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("[role=alert]").is_visible()
    assert violations(page) == []
    assert [text for text in console if "401" not in text] == []
    console.clear()  # the browser itself notes that the sign-in was refused
