"""Case page, the daily work as lists: what is due, who said what, which files and which evidence there are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.i18n.case_terms import (
    ATTACHMENT_WORDS,
    CLOCK_WORDS,
    EVIDENCE_WORDS,
    TASK_STATE_WORDS,
)
from dashboard.workflow.standing import ASSISTANT, HANDLER
from geo.views import region_name
from layouts.panels import aria, data, state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.models.casework import CaseAttachment, CaseCustody, CaseTask
    from dashboard.queries.case_seen import CaseSeen
    from dashboard.queries.case_work import Comment, Piece, Work

SOON = timedelta(days=2)  # before its day a task is called due soon
_BINARY = 1024
_TYPES = {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG", "document": "DOCX", "sheet": "XLSX", "plain": "TXT", "csv": "CSV"}


@dataclass(frozen=True)
class Shown:
    """What the lists are drawn from: the work, the case as the viewer sees it, the language, the day and the zone."""

    work: Work
    seen: CaseSeen
    words: Words
    today: date
    timezone: str

    def who(self, number: int | None) -> str:
        """Return a person's unit and name; what stands for nobody where there is none."""
        return self.work.people.get(number or 0, "") or self.words("Nobody yet")

    def at(self, instant: datetime | None) -> str:
        """Return an instant as the desk's clock shows it."""
        return self.words.instant(instant, self.timezone)

    def works_on(self, task: CaseTask) -> bool:
        """Tell whether the viewer's department may still change a task."""
        own = self.seen.standing == HANDLER or task.region_code == self.seen.viewer.home_region
        return task.state == "open" and own and self.seen.may("task:changed")


def clock_of(task: CaseTask, today: date) -> str:
    """Return how an open task stands to its day, one of CLOCKS."""
    if task.due_on is None or task.state != "open":
        return "none"
    if task.due_on < today:
        return "overdue"
    return "near" if task.due_on <= today + SOON else "running"


def tasks(shown: Shown) -> Component:
    """Return the tasks, open ones first, with what can be done to each."""
    if not shown.work.tasks:
        return state("zero", shown.words("No task is set"))
    return html.Ol([_task(shown, one) for one in shown.work.tasks], className="case-work__list", tabIndex="0")


def _task(shown: Shown, task: CaseTask) -> html.Li:
    words, clock, mine = shown.words, clock_of(task, shown.today), shown.works_on(task)
    due = words("due %(day)s", day=words.date(task.due_on)) if task.due_on else words("no day set")
    standing = words.term(CLOCK_WORDS, clock) if clock in {"near", "overdue"} else ""
    where = region_name(task.region_code, words.locale)
    told = [html.Span(shown.who(task.owner_id) if task.owner_id else f"{where} · {words('Nobody yet')}")]
    if task.state == "open":
        told.append(html.Span(" ".join(one for one in (due, standing) if one), className=f"case-work__due is-{clock}"))
    else:
        told.append(html.Span(f"{words.term(TASK_STATE_WORDS, task.state)} {shown.at(task.ended_at)}"))
    head: list[Component] = [html.Strong(task.title)]
    if mine:
        head.append(_act(words("Mark as done"), "end", task))
    body: list[Component] = [
        html.Div(head, className="case-work__head"),
        html.Div(told, className="case-work__facts"),
        html.Div([_item(task, at, mine=mine) for at in range(len(task.checklist))], className="case-work__items"),
    ]
    if task.reason:
        body.append(html.Div(words("Reason: %(text)s", text=task.reason), className="is-dim"))
    return html.Li(body, className=f"case-work__one is-{task.state}")


def _item(task: CaseTask, at: int, *, mine: bool) -> html.Button:
    done, text = bool(task.checklist[at]["done"]), str(task.checklist[at]["text"])
    ticking = data(act="tick", row=str(task.id), version=str(task.version), item=str(at), done=str(int(not done)))
    checked = aria(checked=str(done).lower())
    return html.Button(text, role="checkbox", disabled=not mine, className="case-work__item", **checked, **ticking)


def _act(text: str, act: str, task: CaseTask) -> html.Button:
    told = data(act=act, row=str(task.id), version=str(task.version))
    return html.Button(text, className="button case-work__act", **told)


def comments(shown: Shown) -> Component:
    """Return the comments, newest first, with whom they name marked; the unread ones can be marked as read."""
    words, listed = shown.words, shown.work.comments
    if not listed:
        return state("zero", words("Nobody has commented yet"))
    unread = sum(one.unread for one in listed)
    read = html.Button(words("Mark as read"), className="button case-work__act", **data(act="read"))
    told = html.Div(
        [html.Span(words("%(n)s comments name you", n=unread)), read], className="case-work__head is-unread"
    )
    return html.Div(
        [
            *([told] if unread else []),
            html.Ol([_comment(shown, one) for one in listed], className="case-work__list", tabIndex="0"),
        ]
    )


def _comment(shown: Shown, comment: Comment) -> html.Li:
    row = comment.row
    facts = html.Div(
        [html.Span(shown.who(row.made_by)), html.Span(shown.at(row.made_at))], className="case-work__facts"
    )
    look = "case-work__one is-unread" if comment.unread else "case-work__one"
    return html.Li([facts, html.P(marked(row.text, comment.names), className="case-work__text")], className=look)


def marked(text: str, names: Sequence[str]) -> list[Any]:
    """Return a comment's text with the names of those whom it names marked."""
    if not names:
        return [text]
    longest_first = sorted(names, key=len, reverse=True)
    pieces = re.split("(" + "|".join(re.escape(f"@{name}") for name in longest_first) + ")", text)
    named = {f"@{name}" for name in names}
    return [html.Mark(one) if one in named else one for one in pieces if one]


def files(shown: Shown) -> html.Div:
    """Return the attachments, and for the script that sends files which version of the case is shown."""
    words, listed = shown.words, shown.work.attachments
    seen = data(case_version=str(shown.seen.case.version), case_number=shown.seen.case.number)
    if not listed:
        return html.Div(state("zero", words("No file is attached")), **seen)
    heads = [words("File"), words("Kind"), words("Type"), words("Size"), "SHA-256", words("Virus scan"), words("Added")]
    numbers = {words("Size")}
    head = html.Tr([html.Th(one, className="is-number" if one in numbers else "") for one in heads])
    rows = [_file(shown, one) for one in listed]
    return html.Div(html.Table([html.Thead(head), html.Tbody(rows)], className="table case-work__files"), **seen)


def _file(shown: Shown, file: CaseAttachment) -> html.Tr:
    words = shown.words
    scan = words("Clean") if file.scan == "clean" else words("Not scanned")
    cells: list[Component] = [
        html.Td(_named(shown, file), className="case-work__name"),
        html.Td(words.term(ATTACHMENT_WORDS, file.kind)),
        html.Td(type_word(file.media_type), title=file.media_type),
        html.Td(size_word(file.bytes, words), className="is-number"),
        html.Td(html.Code(file.sha256[:12]), title=file.sha256),
        html.Td(scan, className="" if file.scan == "clean" else "is-dim"),
        html.Td([html.Div(shown.who(file.added_by)), html.Div(shown.at(file.added_at), className="is-dim")]),
    ]
    return html.Tr(cells, className="is-out" if file.removed_at else "")


def _named(shown: Shown, file: CaseAttachment) -> list[Component]:
    words, href = shown.words, f"/api/attachments/{file.id}"
    if file.removed_at is not None:
        why = words("Taken out by %(who)s: %(reason)s", who=shown.who(file.removed_by), reason=file.reason)
        return [html.S(file.name), html.Div(why, className="is-dim")]
    named: list[Component] = [html.A(file.name, href=href, download=file.name)]
    if shown.seen.standing == HANDLER:
        named.append(html.Div(html.A(words("Original"), href=f"{href}/original", download=file.name)))
    return named


def type_word(media_type: str) -> str:
    """Return the short name of a media type."""
    return _TYPES.get(re.split(r"[/.]", media_type)[-1], media_type)


def size_word(count: int, words: Words) -> str:
    """Return a size in bytes as people read it."""
    if count < _BINARY:
        return f"{count} B"
    kilo = count / _BINARY
    return f"{words.number(kilo)} KB" if kilo < _BINARY else f"{words.number(kilo / _BINARY, 1)} MB"


def evidence(shown: Shown) -> Component:
    """Return the evidence, each piece with its chain of custody."""
    if not shown.work.evidence:
        return state("zero", shown.words("No evidence is listed"))
    return html.Ol([_piece(shown, one) for one in shown.work.evidence], className="case-work__list", tabIndex="0")


def _piece(shown: Shown, piece: Piece) -> html.Li:
    words, row = shown.words, piece.row
    file = next((one for one in shown.work.attachments if one.id == row.attachment_id), None)
    facts = [
        html.Span(words.term(EVIDENCE_WORDS, row.kind)),
        html.Span(words("obtained %(day)s", day=words.date(row.obtained_on))),
        html.Span(words("kept by %(who)s", who=row.holder)),
        *([html.Span(file.name)] if file else []),
    ]
    chain = html.Ol([_hand(shown, one) for one in piece.chain], className="case-work__chain")
    head = html.Div(html.Strong(row.label), className="case-work__head")
    return html.Li([head, html.Div(facts, className="case-work__facts"), chain], className="case-work__one")


def _hand(shown: Shown, entry: CaseCustody) -> html.Li:
    told = f"{entry.from_holder} → {entry.to_holder}"
    why = f" · {entry.purpose}" if entry.purpose else ""
    by = html.Span(f"{shown.at(entry.at)} {shown.who(entry.by)}", className="is-dim")
    return html.Li([html.Span(told + why), by])


def departments(shown: Shown) -> list[str]:
    """Return the regions whose departments the viewer may set tasks for."""
    seated = sorted(code for code, role in shown.seen.seats.items() if role == ASSISTANT)
    every = list(dict.fromkeys([shown.seen.case.handler_code, *seated]))
    return every if shown.seen.standing == HANDLER else [one for one in every if one == shown.seen.viewer.home_region]
