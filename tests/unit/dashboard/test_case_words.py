"""Every verb has a sentence in both languages and a line in the documents; drafts are asked for as the page does."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dashboard.errors import Invalid
from dashboard.i18n import words_for
from dashboard.i18n.case_events import EVENT_KINDS, EVENT_WORDS
from dashboard.queries.case_timeline import what_of
from dashboard.settings import HOUSE, Settings
from dashboard.workflow.load import workflow_for
from dashboard.workflow.standing import VERBS
from layouts import case
from layouts.case_drafts import asked
from layouts.case_timeline_view import MOST_PAGES, pages_of
from layouts.notices import told
from layouts.registry import screen_at
from layouts.shell import title_of

TOLD = {
    "step": "verify",
    "to": "3301",
    "region": "330105",
    "kind": "assist",
    "into": "330106-2026-0001",
    "source": "tip",
}
FORM = next(iter(case.FORMS))


@pytest.mark.parametrize("verb", [*VERBS, "case:opened"])
@pytest.mark.parametrize("details", [TOLD, {}], ids=["told", "bare"])
def test_every_verb_has_a_sentence_in_both_languages(verb: str, details: dict[str, Any]) -> None:
    said = what_of(verb, details, workflow_for("330106"))
    texts = {locale: told(said, words_for(locale), "Asia/Shanghai") for locale in ("zh_CN", "en")}
    assert texts["zh_CN"] != texts["en"]
    assert verb not in texts.values()
    assert not any("%" in text for text in texts.values())


def test_every_verb_is_of_one_kind() -> None:
    for verb in EVENT_WORDS:
        assert sum(verb.startswith(prefixes) for prefixes, _ in EVENT_KINDS.values() if prefixes) == 1, verb


def test_the_documents_table_of_standings_is_the_one_in_force() -> None:
    page = (HOUSE / "docs" / "cases.md").read_text(encoding="utf-8")
    section = page.split("## Who may do what")[1].split("\n## ")[0]
    lines = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines() if line.startswith("| `")
    ]
    standings = ("handler", "above", "assistant", "onlooker")
    assert [(cells[0].strip("`"), *(cell == "yes" for cell in cells[1:])) for cells in lines] == [
        (verb, *(one in rule.by for one in standings), rule.exclusive) for verb, rule in VERBS.items()
    ]


def test_each_form_has_fields_of_its_own_and_a_name_that_drafts_can_have() -> None:
    fields = [one for form in case.FORMS.values() for one in form.values()]
    assert len(fields) == len(set(fields))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", form) for form in case.FORMS)


def test_a_draft_is_asked_for_with_fields_of_its_form_only() -> None:
    field = next(iter(case.FORMS[FORM]))
    given = {"number": "330106-2026-0001", "form": FORM, "held": {field: "x"}, "turn": 1}
    assert asked(given, case.FORMS) == ("330106-2026-0001", FORM, {field: "x"}, 1)
    assert asked(given | {"held": None}, case.FORMS)[2] is None
    wrongs: tuple[dict[str, Any], ...] = (
        {"form": "x"},
        {"held": {"x": 1}},
        {"held": 5},
        {"held": [[]]},
        {"turn": "1"},
        {"number": 5},
    )
    for wrong in wrongs:
        with pytest.raises(Invalid):
            asked(given | wrong, case.FORMS)


@pytest.mark.parametrize(("clicks", "pages"), [(None, 1), (0, 1), (2, 3), (10**30, MOST_PAGES), ("x", 1), (True, 1)])
def test_a_click_shows_a_page_more_up_to_a_bound(clicks: object, pages: int) -> None:
    assert pages_of(clicks) == pages


def test_a_cases_page_is_titled_by_its_number(settings: Settings) -> None:
    path = "/case/330106-2026-0001"
    title = title_of(words_for("en"), path, screen_at(path), settings)
    assert title.startswith("330106-2026-0001 · Case · ")
