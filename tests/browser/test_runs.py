"""Data and runs, as those meet it who tend the machinery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from layouts import runs, shell
from tests.browser.looks import settled
from tests.builders import ADMINISTRATOR, PROVINCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser


def test_an_administrator_sees_what_came_in_and_what_was_kept_out(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(ADMINISTRATOR, place, "/runs", locale="en")
    settled(page)
    expect(page.locator(f"#{runs.FACTS}")).to_contain_text("2026.1")
    expect(page.locator(f"#{runs.RUNS}")).to_contain_text("published")
    expect(page.locator(f"#{runs.FILES} .ag-row").first).to_contain_text("balances")
    expect(page.locator(f"#{runs.QUARANTINE} .ag-row").first).to_contain_text("91330106")
    expect(page.locator(f"#{runs.JOBS} .state--none")).to_be_visible()


def test_who_sees_one_province_is_not_offered_the_files_of_all(place: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(PROVINCE, place, "/runs", locale="en")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(f"#{shell.NAV}")).to_contain_text("Overview")
    expect(page.locator(f"#{shell.NAV}")).not_to_contain_text("Data and runs")
