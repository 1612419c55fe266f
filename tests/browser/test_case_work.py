"""The daily work in a real browser: files sent by the page's script, an item ticked, somebody named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, expect

from dashboard.actions.case_tasks import AddTask, add_task
from dashboard.db import sessions as make_sessions
from layouts import case_work as part
from layouts import shell
from layouts.links import case_href
from tests.attached import photograph
from tests.browser.test_accessibility import violations
from tests.builders import CITY, COUNTY
from tests.casefiles import WHEN, act_on, make_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Place

pytestmark = pytest.mark.browser


def test_files_are_sent_items_ticked_and_people_named(own_place: Place, at_desk: Callable[..., Page]) -> None:
    with make_sessions(own_place.engine)() as session:
        case = make_case(session, stage="investigation")
        task = AddTask(act_on(case), "现场核查", COUNTY.home_region, COUNTY.id, None, ("拍摄招牌",))
        add_task(session, COUNTY, task, WHEN)
        number = case.number
    page = at_desk(COUNTY, own_place, case_href(number))
    item = page.locator(f"#{part.TASKS} [role=checkbox]")
    item.click()
    expect(page.locator(f"#{part.TASKS} [role=checkbox][aria-checked=true]")).to_be_visible()

    page.locator(f"#{part.FILE_FORM} summary").click()
    page.locator(f"#{part.FILE_KIND}").select_option("photo")
    with page.expect_file_chooser() as chooser:
        page.locator(f"#{part.FILE_DROP}").press("Enter")
    chooser.value.set_files(FilePayload(name="门店.jpg", mimeType="image/jpeg", buffer=photograph()))
    expect(page.locator(f"#{shell.TOAST}")).to_contain_text("门店.jpg")
    link = page.locator(f"#{part.FILES} a", has_text="门店.jpg")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "门店.jpg"

    page.locator(f"#{part.COMMENT_NAME}").select_option(CITY.name)
    expect(page.locator(f"#{part.COMMENT_TEXT}")).to_have_value(f"@{CITY.name} ")
    page.locator(f"#{part.COMMENT_ADD}").click()
    expect(page.locator(f"#{part.COMMENTS} mark")).to_have_text(f"@{CITY.name}")
    assert violations(page) == []
