"""Models, as analysts and leaders meet them: move a number, see what it changes, propose, decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dashboard.access.permissions import Role
from dashboard.db import sessions as make_sessions
from layouts import models, models_editor, models_versions
from tests.browser.looks import settled
from tests.browser.test_accessibility import violations
from tests.builders import LEADER, make_account, viewer
from tests.populations import write

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser
MODELLER = viewer("modeller", "0", Role.ANALYST, Role.LEADER, number=80)
RED = f"#{models_editor.THRESHOLDS['red']}"
COMPLAINTS = f"#{models_editor.WEIGHTS['fundraising complaints']}"
RESULT = f"#{models_editor.RESULT}"


@pytest.fixture
def own_models(own_place: Place) -> Place:
    """Return an installation of this story's own, with the population's files and somebody who may propose."""
    write(own_place.files)
    with make_sessions(own_place.engine)() as session:
        make_account(session, MODELLER)
    return own_place


def at(page: Page, component: str) -> Locator:
    return page.locator(f"#{component}")


@pytest.mark.parametrize(("locale", "scheme"), [("zh_CN", "dark"), ("en", "light")])
def test_a_reader_sees_whether_the_index_is_any_good(
    place: Place, at_desk: Callable[..., Page], locale: str, scheme: str
) -> None:
    page = at_desk(LEADER, place, "/models", locale=locale, scheme=scheme)
    settled(page)
    expect(at(page, models.CARD)).to_contain_text("2026.1")
    expect(at(page, models.GOOD).locator("tbody tr")).to_have_count(3)
    expect(at(page, models.PRECISION).locator(".js-plotly-plot")).to_be_visible()
    expect(at(page, models.CUT["province"]).locator("tbody tr")).to_have_count(34)
    expect(at(page, models_editor.FORM)).to_be_hidden()
    assert violations(page) == []


def test_a_moved_number_shows_at_once_what_it_changes(own_models: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(MODELLER, own_models, "/models", locale="en")
    settled(page)
    expect(page.locator(RED)).to_have_value("80")
    expect(page.locator(RESULT)).to_contain_text("0 of 45 enterprises would change grade")
    page.locator(RED).fill("88")
    expect(page.locator(RESULT)).to_contain_text("11 of 45 enterprises would change grade")
    page.locator(COMPLAINTS).fill("0.3")
    expect(at(page, models_editor.SUMS)).to_contain_text("Σ 1.12 ≠ 1")
    expect(page.locator(f"{RESULT} .state--error")).to_be_visible()
    at(page, models_editor.REBALANCE).click()
    expect(at(page, models_editor.SUMS)).not_to_contain_text("≠")
    expect(page.locator(COMPLAINTS)).to_have_value("0.3")
    at(page, models_editor.RESET).click()
    expect(page.locator(RESULT)).to_contain_text("0 of 45 enterprises would change grade")


def test_what_one_proposes_only_another_approves(own_models: Place, at_desk: Callable[..., Page]) -> None:
    page = at_desk(MODELLER, own_models, "/models", locale="en")
    settled(page)
    at(page, models_editor.NOTE).fill("fewer false positives")
    at(page, models_editor.PROPOSE).click()
    expect(at(page, models_editor.SAID)).to_contain_text("Nothing was moved")
    page.locator(RED).fill("88")
    expect(page.locator(RESULT)).to_contain_text("11 of 45 enterprises would change grade")
    at(page, models_editor.NOTE).fill("")
    at(page, models_editor.PROPOSE).click()
    expect(at(page, models_editor.SAID)).to_contain_text("needs a note")
    at(page, models_editor.NOTE).fill("fewer false positives")
    at(page, models_editor.PROPOSE).click()
    expect(at(page, models_editor.SAID)).to_contain_text("2026.3 is proposed")
    expect(at(page, models_versions.LIST)).to_contain_text("Threshold Red 80 → 88")
    at(page, models_versions.APPROVE).click()
    expect(at(page, models_versions.DECIDED)).to_contain_text("A second person decides")
    second = at_desk(LEADER, own_models, "/models", locale="en")
    settled(second)
    at(second, models_versions.APPROVE).click()
    expect(at(second, models_versions.LIST)).to_contain_text("approved")
    expect(at(second, models.CARD)).to_contain_text("takes effect with the next run")
    expect(at(page, models.CARD)).to_contain_text("2026.3 is approved")  # the first one's page follows by its clock
    expect(at(second, models.CARD)).to_contain_text("2026.1")  # the live one; the editor starts from what is in force
    expect(second.locator(RED)).to_have_value("88")
    assert violations(second) == []
