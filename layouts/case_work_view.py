"""Case page, the daily work: what one refresh writes, and which forms whoever looks is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Output

from dashboard.vocabulary import OPEN_PHASES
from geo.views import region_name
from layouts import case_work as part
from layouts import case_work_lists as lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.workflow.people import Person
    from layouts.case_work_lists import Shown

OFFERED = {
    part.TASK_FORM: "task:added",
    part.CHANGE_FORM: "task:changed",
    part.COMMENT_FORM: "comment:added",
    part.FILE_FORM: "attachment:added",
    part.OUT_FORM: "attachment:removed",
    part.PIECE_FORM: "evidence:added",
    part.MOVE_FORM: "evidence:moved",
}
"""What each form does: it is hidden from those who may not."""
LISTS = (part.TASKS, part.COMMENTS, part.FILES, part.EVIDENCE)
SELECTS = (
    part.TASK_WHO,
    part.CHANGE_WHO,
    part.CHANGE_WHICH,
    part.COMMENT_NAME,
    part.OUT_WHICH,
    part.PIECE_FILE,
    part.MOVE_WHICH,
)
OUTPUTS = {
    **{name: Output(name, "children") for name in LISTS},
    **{name: Output(name, "hidden") for name in OFFERED},
    **{name: Output(name, "options") for name in SELECTS},
    part.MOVE_SEEN: Output(part.MOVE_SEEN, "data"),
}
"""What one refresh writes, by component."""


def drawn(shown: Shown, workers: Sequence[Person], people: Sequence[Person]) -> dict[str, Any]:
    """Return OUTPUTS' values; `workers` may own a task, `people` see the case."""
    made = {part.TASKS: lists.tasks, part.COMMENTS: lists.comments, part.FILES: lists.files}
    return {
        **{name: draw(shown) for name, draw in made.items()},
        part.EVIDENCE: lists.evidence(shown),
        **{name: not _is_offered(shown, name) for name in OFFERED},
        **_options(shown, workers, people),
        part.MOVE_SEEN: {str(one.row.id): one.row.version for one in shown.work.evidence},
    }


def _is_offered(shown: Shown, form: str) -> bool:
    work, closed = shown.work, shown.seen.case.phase not in OPEN_PHASES
    there = {
        part.CHANGE_FORM: any(shown.works_on(one) for one in work.tasks),
        part.OUT_FORM: any(one.removed_at is None for one in work.attachments),
        part.MOVE_FORM: bool(work.evidence),
    }
    still = not closed or form in {part.COMMENT_FORM, part.MOVE_FORM}
    return shown.seen.may(OFFERED[form]) and still and there.get(form, True)


def _options(shown: Shown, workers: Sequence[Person], people: Sequence[Person]) -> dict[str, list[dict[str, str]]]:
    words, work = shown.words, shown.work
    who = []
    for code in lists.departments(shown):
        where = region_name(code, words.locale)
        who.append(_option(f"{code}:", words("%(place)s, nobody yet", place=where)))
        who += [_option(f"{code}:{one.id}", f"{where} {one.told}") for one in workers if one.region == code]
    open_tasks = [_option(str(one.id), one.title) for one in work.tasks if shown.works_on(one)]
    here = [_option(str(one.id), one.name) for one in work.attachments if one.removed_at is None]
    kept = [_option(str(one.row.id), f"{one.row.label} ({one.row.holder})") for one in work.evidence]
    named = [_option(one.name, one.told) for one in people if one.id != shown.seen.viewer.id]
    nothing = [_option("", words("Choose"))]
    return {
        part.TASK_WHO: nothing + who,
        part.CHANGE_WHO: nothing + who,
        part.CHANGE_WHICH: nothing + open_tasks,
        part.COMMENT_NAME: nothing + named,
        part.OUT_WHICH: nothing + here,
        part.PIECE_FILE: [_option("", words("None")), *here],
        part.MOVE_WHICH: nothing + kept,
    }


def _option(value: str, label: str) -> dict[str, str]:
    return {"value": value, "label": label}
