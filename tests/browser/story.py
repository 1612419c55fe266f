"""What an officer does at the case page and in the inbox, as verbs: for stories in which a case passes many desks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.sync_api import FilePayload, expect

from dashboard.access.gate import CALLBACKS
from dashboard.i18n import words_for
from layouts import case_head, case_orders, case_steps, case_timeline, case_work, inbox, shell
from layouts.case_forms import SEEN
from layouts.links import case_href

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from playwright.sync_api import Locator, Page, Request

    from dashboard.access.viewer import Viewer
    from dashboard.i18n import Words
    from tests.browser.conftest import Place


def reads_anew(request: Request) -> bool:
    """Tell whether the page asks for the case as it is now, because something was just done."""
    if CALLBACKS not in request.url:
        return False
    asked: dict[str, Any] = json.loads(request.post_data or "{}")
    return f"{SEEN}.data" in asked["output"] and '"acted"' in (request.post_data or "")


@dataclass(frozen=True)
class Desk:
    """One officer's browser, in one language."""

    page: Page
    place: Place
    words: Words

    def part(self, component_id: str) -> Locator:
        """Return a component of the page."""
        return self.page.locator(f"#{component_id}")

    def says(self, component_id: str, *texts: str) -> None:
        """Wait until a component says all of this."""
        for text in texts:
            expect(self.part(component_id)).to_contain_text(text)

    def fill(self, fields: dict[str, str]) -> None:
        """Type into fields and choose in selects, by their ids."""
        for component_id, value in fields.items():
            field = self.part(component_id)
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def unfold(self, fold_id: str) -> None:
        """Open a form that is behind its title."""
        fold = self.part(fold_id)
        expect(fold).to_be_visible()
        if fold.get_attribute("open") is None:
            fold.locator("summary").first.click()

    def do(self, button_id: str, done: str, *, twice: bool = False) -> None:
        """Press a button of a form, wait until it is said that it was done and until the page shows the case anew."""
        button = self.part(button_id)
        with self.page.expect_request_finished(reads_anew):
            if twice:
                button.dblclick()
            else:
                button.click()
        self.says(shell.TOAST, done)

    def is_refused(self, button_id: str, *sentence: str) -> None:
        """Press a button of a form and wait for the sentence that says why nothing was done."""
        self.part(button_id).click()
        self.says(shell.TOAST, self.words("Not done"), *sentence)

    # -- my work -------------------------------------------------------------------------------------------------------

    def waits(self, badge: str) -> None:
        """Wait until the badge in the header says so; '' for none."""
        found = self.page.locator(f"#{shell.NAV} .nav__badge")
        if badge:
            expect(found).to_have_text(badge)
        else:
            expect(found).to_have_count(0)

    def go_to_work(self) -> None:
        """Open my work by its link."""
        self.page.locator(f"#{shell.NAV} a[href^='/inbox']").click()
        expect(self.part(inbox.LIST).locator("[role=listbox], .state--zero")).to_be_visible()

    def open_waiting(self, text: str) -> None:
        """Choose what waits in the inbox and open it."""
        row = self.part(inbox.LIST).locator(".inbox__row", has_text=text)
        row.click()
        self.part(inbox.DETAIL).locator("a").first.click()
        expect(self.part(case_head.HEAD)).to_be_visible()

    # -- the case ------------------------------------------------------------------------------------------------------

    def open_case(self, number: str) -> None:
        """Open a case by its address."""
        self.page.goto(self.place.address + case_href(number))

    def stands_at(self, stage: str) -> None:
        """Wait until the head of the case names this stage."""
        expect(self.part(case_head.HEAD).locator("b").first).to_have_text(stage)

    def send(self, kind: str, to: str, text: str, done: str) -> None:
        """Send an order to a department."""
        self.unfold(case_orders.SEND)
        self.fill({case_orders.SEND_KIND: kind, case_orders.SEND_TO: to, case_orders.SEND_TEXT: text})
        self.do(case_orders.SEND_DO, done)
        expect(self.part(case_orders.SEND_TEXT)).to_have_value("")

    def answer(self, how: str, text: str, done: str) -> None:
        """Answer the order that waits: the form is open already."""
        expect(self.part(case_orders.ANSWER_TEXT)).to_be_visible()
        self.fill({case_orders.ANSWER_HOW: how, case_orders.ANSWER_TEXT: text})
        self.do(case_orders.ANSWER_DO, done)

    def choose_step(self, code: str, answers: dict[str, str], outcome: str = "") -> None:
        """Choose a step and fill in what it asks."""
        self.fill({case_steps.STEP: code})
        if outcome:
            self.fill({case_steps.STEP_OUTCOME: outcome})
        self.fill({case_steps.answer_id(name): value for name, value in answers.items()})

    def step(self, code: str, **answers: str) -> None:
        """Take a step."""
        self.choose_step(code, answers)
        self.do(case_steps.STEP_SEND, self.words("The step is taken"))

    def attach(self, kind: str, name: str, content: bytes) -> None:
        """Attach a file."""
        self.unfold(case_work.FILE_FORM)
        self.fill({case_work.FILE_KIND: kind})
        with self.page.expect_file_chooser() as chooser:
            self.part(case_work.FILE_DROP).click()
        chooser.value.set_files(FilePayload(name=name, mimeType="application/pdf", buffer=content))
        self.says(shell.TOAST, name)
        self.says(case_work.FILES, name)

    def set_task(self, title: str, who: str, due: date, items: str = "") -> None:
        """Set a task."""
        self.unfold(case_work.TASK_FORM)
        fields = {case_work.TASK_TITLE: title, case_work.TASK_WHO: who, case_work.TASK_DUE: due.isoformat()}
        self.fill(fields | {case_work.TASK_ITEMS: items})
        self.do(case_work.TASK_ADD, self.words("The task is set"))

    def finish_task(self, title: str) -> None:
        """Tick everything on a task's list and mark the task as done."""
        task = self.part(case_work.TASKS).locator("li.case-work__one", has_text=title)
        items = task.locator("[role=checkbox]")
        for place in range(items.count()):
            items.nth(place).click()
        expect(task.locator("[role=checkbox][aria-checked=false]")).to_have_count(0)
        task.locator("[data-act=end]").click()
        self.says(shell.TOAST, self.words("The task is done"))
        expect(task.locator("[data-act=end]")).to_have_count(0)

    def download(self, press: Locator) -> bytes:
        """Press what makes a file and return its content."""
        with self.page.expect_download() as taken:
            press.click()
        return taken.value.path().read_bytes()

    def timeline(self) -> list[str]:
        """Return the entries of the timeline as they read, the first that happened first."""
        rows = self.part(case_timeline.LIST).locator("li")
        expect(rows.first).to_be_visible()
        return [text.replace("\n", " ") for text in rows.all_inner_texts()][::-1]


def seated(at_desk: Callable[..., Page], person: Viewer, place: Place, path: str, locale: str) -> Desk:
    """Return somebody's desk, opened at a path."""
    return Desk(at_desk(person, place, path, locale=locale), place, words_for(locale))
