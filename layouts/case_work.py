"""Case page, the daily work: tasks, comments, attachments and evidence, each with its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.i18n.case_terms import ATTACHMENT_WORDS, EVIDENCE_WORDS
from layouts.case_forms import field, fold, new_key
from layouts.panels import data, loading, panel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash.development.base_component import Component

    from dashboard.i18n import Words

ACTED, DID = "case--work-acted", "case--work-did"  # what assets/17_case_work.js says was clicked, and that it is done
TASKS, COMMENTS, FILES, EVIDENCE = "case--task-list", "case--comment-list", "case--file-list", "case--evidence-list"
TASK_FORM, TASK_KEY, TASK_ADD = "case--task-form", "case--task-key", "case--task-add"
TASK_TITLE, TASK_WHO, TASK_DUE = "case--task-title", "case--task-who", "case--task-due"
TASK_ITEMS = "case--task-items"
CHANGE_FORM, CHANGE_KEY, CHANGE_SEEN = "case--change-form", "case--change-key", "case--change-seen"
CHANGE_WHICH, CHANGE_TITLE, CHANGE_WHO = "case--change-which", "case--change-title", "case--change-who"
CHANGE_DUE, CHANGE_ITEMS, CHANGE_SAVE = "case--change-due", "case--change-items", "case--change-save"
CHANGE_REASON, CHANGE_DROP = "case--change-reason", "case--change-drop"
COMMENT_FORM, COMMENT_KEY, COMMENT_ADD = "case--comment-form", "case--comment-key", "case--comment-add"
COMMENT_TEXT, COMMENT_NAME = "case--comment-text", "case--comment-name"
FILE_FORM, FILE_KIND, FILE_DROP = "case--file-form", "case--file-kind", "case--file-drop"
FILE_PROGRESS = "case--file-progress"
OUT_FORM, OUT_KEY, OUT_WHICH = "case--out-form", "case--out-key", "case--out-which"
OUT_REASON, OUT_DO = "case--out-reason", "case--out-do"
PIECE_FORM, PIECE_KEY, PIECE_ADD = "case--piece-form", "case--piece-key", "case--piece-add"
PIECE_LABEL, PIECE_KIND, PIECE_FILE = "case--piece-label", "case--piece-kind", "case--piece-file"
PIECE_ON, PIECE_FROM, PIECE_HOLDER = "case--piece-on", "case--piece-from", "case--piece-holder"
MOVE_FORM, MOVE_KEY, MOVE_DO = "case--move-form", "case--move-key", "case--move-do"
MOVE_WHICH, MOVE_TO, MOVE_FOR = "case--move-which", "case--move-to", "case--move-for"
MOVE_SEEN = "case--move-seen"

FORMS: dict[str, dict[str, str]] = {
    "task": {"title": TASK_TITLE, "who": TASK_WHO, "due": TASK_DUE, "items": TASK_ITEMS},
    "comment": {"text": COMMENT_TEXT},
    "piece": {
        "label": PIECE_LABEL,
        "kind": PIECE_KIND,
        "file": PIECE_FILE,
        "on": PIECE_ON,
        "from": PIECE_FROM,
        "holder": PIECE_HOLDER,
    },
    "move": {"which": MOVE_WHICH, "to": MOVE_TO, "for": MOVE_FOR},
}
"""Each form's fields by name, with the component whose value each is: what drafts keep.

A task that is being changed is not among them: its form begins with what others may have written meanwhile.
"""


def parts(words: Words) -> list[html.Div]:
    """Return the panels of this part of the page."""
    left = [
        panel(words("Tasks"), [_list(TASKS, words), _task(words), _change(words)], area="case-work__panel"),
    ]
    right = [
        panel(words("Comments"), [_comment(words), _list(COMMENTS, words)], area="case-work__panel"),
        panel(words("Evidence"), [_list(EVIDENCE, words), _piece(words), _move(words)], area="case-work__panel"),
    ]
    files = [_list(FILES, words), _file(words), _out(words)]
    wide = panel(words("Attachments"), files, area="case-work__panel case-work__panel--wide")
    columns = [html.Div(panels, className="case-work__column") for panels in (left, right)]
    return [html.Div([dcc.Store(id=ACTED), dcc.Store(id=DID), *columns, wide], className="case-work")]


def choices(codes: Mapping[str, str], words: Words) -> list[dict[str, str]]:
    """Return the options of a select over a vocabulary."""
    return [{"value": code, "label": words.term(codes, code)} for code in codes]


def _list(component_id: str, words: Words) -> html.Div:
    return html.Div(loading(words), id=component_id)


def _key(component_id: str) -> dcc.Store:
    # Each opening of the page gives its forms their first keys; what sends a form gives it the next.
    return dcc.Store(id=component_id, data=new_key())


def _text(component_id: str, longest: int) -> dbc.Input:
    return dbc.Input(id=component_id, maxlength=longest, size="sm", value="")


def _area(component_id: str, longest: int, rows: int = 3) -> dbc.Textarea:
    return dbc.Textarea(id=component_id, maxlength=longest, rows=rows, size="sm", value="")


def _day(component_id: str) -> dbc.Input:
    return dbc.Input(id=component_id, type="date", size="sm", value="")


def _select(component_id: str, options: list[dict[str, str]], value: str) -> dbc.Select:
    return dbc.Select(options, value, id=component_id, size="sm")


def _open(component_id: str, empty: str) -> dbc.Select:
    """Return a select whose options each refresh gives; `empty` stands in it while nothing is chosen."""
    return dbc.Select([], "", id=component_id, size="sm", placeholder=empty)


def _row(*fields: Component) -> html.Div:
    return html.Div(list(fields), className="case-work__row")


def _button(text: str, component_id: str, *, first: bool = True) -> html.Button:
    return html.Button(text, id=component_id, className="button button--first" if first else "button")


def _task_fields(words: Words, title: str, who: str, due: str, items: str) -> list[Component]:
    return [
        field(words("What is to be done"), _text(title, 200)),
        _row(field(words("Who does it"), _open(who, words("Choose"))), field(words("Due"), _day(due))),
        field(words("Checklist"), _area(items, 6000), words("One item a line")),
    ]


def _task(words: Words) -> html.Details:
    fields = _task_fields(words, TASK_TITLE, TASK_WHO, TASK_DUE, TASK_ITEMS)
    body = [_key(TASK_KEY), *fields, _row(_button(words("Set the task"), TASK_ADD))]
    return fold(words("Set a task"), body, TASK_FORM, words)


def _change(words: Words) -> html.Details:
    fields = _task_fields(words, CHANGE_TITLE, CHANGE_WHO, CHANGE_DUE, CHANGE_ITEMS)
    body = [
        _key(CHANGE_KEY),
        dcc.Store(id=CHANGE_SEEN),
        field(words("Task"), _open(CHANGE_WHICH, words("Choose"))),
        *fields,
        _row(_button(words("Save the task"), CHANGE_SAVE)),
        field(words("Why it is dropped"), _text(CHANGE_REASON, 500)),
        _row(_button(words("Drop the task"), CHANGE_DROP, first=False)),
    ]
    return fold(words("Change or drop a task"), body, CHANGE_FORM, words)


def _comment(words: Words) -> html.Div:
    body = [
        _key(COMMENT_KEY),
        field(words("Write a comment; @name tells somebody of it"), _area(COMMENT_TEXT, 4000, 2)),
        _row(
            field(words("Name somebody"), _open(COMMENT_NAME, words("Choose"))),
            _button(words("Say it"), COMMENT_ADD),
        ),
    ]
    return html.Div(body, id=COMMENT_FORM, hidden=True, className="form case-work__say")


def _file(words: Words) -> html.Details:
    told: dict[str, Any] = data(
        done=words("Done"),
        refused=words("Not done"),
        attached=words("The file is attached"),
        large=words("The file is too large"),
        failed=words("The file did not arrive. Try again"),
        sending=words("Sending"),
    )
    ask = html.Span(words("Drop files here, or press to choose"))
    accepted = words(
        "PDF, JPEG, PNG, DOCX, XLSX, TXT, CSV. Copies of pictures are shown without where they were taken."
    )
    body: list[Component] = [
        field(words("Kind of file"), _select(FILE_KIND, choices(ATTACHMENT_WORDS, words), "other")),
        html.Div(
            [ask, html.Span(accepted, className="field__hint")],
            id=FILE_DROP,
            className="case-work__drop",
            role="button",
            tabIndex=0,
            **told,
        ),
        html.Div(id=FILE_PROGRESS, className="case-work__progress", role="status"),
    ]
    return fold(words("Attach files"), body, FILE_FORM, words)


def _out(words: Words) -> html.Details:
    body = [
        _key(OUT_KEY),
        field(words("File"), _open(OUT_WHICH, words("Choose"))),
        field(words("Reason"), _text(OUT_REASON, 500)),
        _row(_button(words("Take it out"), OUT_DO, first=False)),
    ]
    return fold(words("Take a file out"), body, OUT_FORM, words)


def _piece(words: Words) -> html.Details:
    kinds = _select(PIECE_KIND, choices(EVIDENCE_WORDS, words), "document")
    body = [
        _key(PIECE_KEY),
        field(words("What it is"), _text(PIECE_LABEL, 200)),
        _row(field(words("Kind"), kinds), field(words("File"), _open(PIECE_FILE, words("None")))),
        _row(field(words("Obtained on"), _day(PIECE_ON)), field(words("Obtained from"), _text(PIECE_FROM, 200))),
        field(words("Keeper"), _text(PIECE_HOLDER, 120)),
        _row(_button(words("List the piece"), PIECE_ADD)),
    ]
    return fold(words("List a piece of evidence"), body, PIECE_FORM, words)


def _move(words: Words) -> html.Details:
    body = [
        _key(MOVE_KEY),
        dcc.Store(id=MOVE_SEEN),
        field(words("Piece"), _open(MOVE_WHICH, words("Choose"))),
        _row(field(words("New keeper"), _text(MOVE_TO, 120)), field(words("What for"), _text(MOVE_FOR, 300))),
        _row(_button(words("Write it down"), MOVE_DO)),
    ]
    return fold(words("A piece changes hands"), body, MOVE_FORM, words)
