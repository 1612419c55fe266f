"""My work by keyboard alone: choose, open, come back to the same place, put off; and the badge that counts along."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dashboard import clock
from dashboard.db import sessions as make_sessions
from layouts import inbox, shell
from tests.browser.looks import settled
from tests.browser.test_accessibility import violations
from tests.builders import COUNTY
from tests.casefiles import make_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser
ROWS = f"#{inbox.LIST} .inbox__row"
CHOSEN = f"{ROWS}[aria-selected=true]"
BADGE = f"#{shell.NAV} .nav__badge"


def test_a_day_by_keyboard(own_place: Place, at_desk: Callable[..., Page]) -> None:
    today = clock.today("Asia/Shanghai")
    with make_sessions(own_place.engine)() as session:
        numbers = [
            make_case(session, handler=COUNTY, due_on=today + days * timedelta(days=1), amber_on=today).number
            for days in (-5, 3, 9)
        ]
    page = at_desk(COUNTY, own_place, "/inbox?group=me")
    expect(page.locator(ROWS)).to_have_count(3)
    expect(page.locator(BADGE)).to_have_text("3 · 1项超期")
    page.keyboard.press("j")
    expect(page.locator(CHOSEN)).to_contain_text(numbers[0])
    page.keyboard.press("ArrowDown")
    expect(page.locator(CHOSEN)).to_contain_text(numbers[1])
    expect(page.locator(f"#{inbox.DETAIL}")).to_contain_text(numbers[1])
    settled(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{own_place.address}/case/{numbers[1]}")
    expect(page.locator(".case")).to_be_visible()
    page.go_back()
    expect(page.locator(CHOSEN)).to_contain_text(numbers[1])
    assert "group=me" in page.url
    page.keyboard.press("k")
    expect(page.locator(f"#{inbox.DETAIL}")).to_contain_text(numbers[0])
    page.keyboard.press("s")
    expect(page.locator(f"#{inbox.UNTIL}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#{shell.TOAST}")).to_contain_text("已暂缓至")
    expect(page.locator(ROWS)).to_have_count(2)
    expect(page.locator(CHOSEN)).to_contain_text(numbers[1])  # the next has moved up
    expect(page.locator(f"#{inbox.DETAIL}")).to_contain_text(numbers[1])
    expect(page.locator(BADGE)).to_have_text("2")
    settled(page)
    assert violations(page) == []
