"""What the inbox shows: its parts with their counts, the rows, one item in short, and who stands in for whom."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from dash import dcc, html

from dashboard.errors import SmokeError
from dashboard.i18n.case_terms import CLOCK_WORDS, ORDER_WORDS
from dashboard.i18n.marks import N_
from dashboard.queries.inbox import CLOCKS, MOST, Asked
from dashboard.queries.inbox_sources import GROUPS, KINDS
from dashboard.workflow.load import workflow_of
from dashboard.workflow.orders import causes_told
from geo.views import region_name
from layouts.inbox_asked import href_of
from layouts.links import case_href, portrait_href
from layouts.notices import told
from layouts.panels import aria, data, grade_mark, state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.inbox import Counts, Item
    from dashboard.queries.inbox_desk import Absence

GROUP_WORDS = {"me": N_("My own"), "department": N_("My department's"), "delegated": N_("Standing in")}
KIND_WORDS = {
    "case": N_("Case to bring on"),
    "task": N_("Task"),
    "order": N_("Order to answer"),
    "refused": N_("Refused or returned"),
    "mention": N_("Mention"),
    "warning": N_("Warning"),
}
ACT_WORDS = {
    "case": N_("Go on with the case"),
    "task": N_("Go to the task"),
    "order": N_("Answer it"),
    "refused": N_("Go to the case"),
    "mention": N_("Go to the comment"),
    "warning": N_("Go to the enterprise"),
}
SECTIONS = {
    "case": "",  # what the next step lacks stands at the top
    "task": "#case--task-list",
    "order": "#case--order-answer",
    "refused": "#case--orders",
    "mention": "#case--comment-list",
    "warning": "",
}
"""Where on the case page each kind of item is acted on."""


def views(asked: Asked, counts: Counts, words: Words) -> list[html.Div]:
    """Return the parts of the inbox as links with their counts: by group, and by kind within the chosen group."""
    groups = [("", words("All")), *((one, words(GROUP_WORDS[one])) for one in GROUPS)]
    links = [
        _view(
            text,
            counts.of(one, asked.kind),
            Asked(one, asked.kind),
            asked,
            counts.of(one, asked.kind, "overdue"),
            words,
        )
        for one, text in groups
    ]
    put_off = _view(words("Put off"), counts.snoozed, Asked(snoozed=True), asked, 0, words)
    kinds = [("", words("All kinds")), *((one, words(KIND_WORDS[one])) for one in KINDS)]
    by_kind = [
        _view(text, counts.of(asked.group, one), Asked(asked.group, one), asked, 0, words)
        for one, text in kinds
        if not one or counts.of(asked.group, one) or one == asked.kind
    ]
    return [
        html.Div([*links, put_off], className="inbox__groups"),
        html.Div([] if asked.snoozed else by_kind, className="inbox__kinds"),
    ]


def _view(text: str, count: int, to: Asked, asked: Asked, late: int, words: Words) -> dcc.Link:
    parts: list[Component] = [html.Span(text), html.Span(words.number(count), className="inbox__count")]
    if late:
        parts.append(html.Span(words("%(n)s overdue", n=late), className="is-red"))
    here = "is-asked" if to == asked else ""
    return dcc.Link(parts, href=href_of(to), className=f"inbox__view {here}".strip())


def rows(found: Sequence[Item], asked: Asked, counts: Counts, today: date, words: Words, timezone: str) -> Component:
    """Return the list, grouped by whose an item is, each group with its counts; or a sentence where nothing waits."""
    if not found:
        return state("zero", words("Nothing is put off") if asked.snoozed else words("Nothing waits here"))
    ordered = sorted(found, key=lambda one: GROUPS.index(one.whose))  # stable: the order by clock is kept
    parts: list[Component] = []
    place = 0
    for whose, members in groupby(ordered, key=lambda one: one.whose):
        listed = list(members)
        rows_of_group = [_row(place + at, one, today, words, timezone) for at, one in enumerate(listed)]
        place += len(listed)
        head = _group_head(whose, asked, counts, len(listed), words)
        label = words(GROUP_WORDS[whose])
        parts.append(html.Div([head, *rows_of_group], role="group", className="inbox__group", **aria(label=label)))
    if len(found) >= MOST:
        parts.append(html.P(words("The first %(n)s; choose a part to see more.", n=MOST), className="is-dim"))
    name = words("What waits, overdue first")
    listed_rows = html.Div(parts, className="inbox__rows", role="listbox", tabIndex=0, **aria(label=name))
    return html.Div([_labels(words), listed_rows])


def _labels(words: Words) -> html.Div:
    """Return what each column says; a screen reader hears it with the item instead."""
    names = (N_("Deadline"), N_("Kind"), N_("Item"), N_("Case"), N_("Place"), N_("Since"))
    return html.Div([html.Span(words(name)) for name in names], className="inbox__labels", **aria(hidden="true"))


def _group_head(whose: str, asked: Asked, counts: Counts, listed: int, words: Words) -> html.Div:
    """Return a group's name with how many items stand how to their deadline."""
    parts: list[Component] = [html.Span(words(GROUP_WORDS[whose]), className="inbox__title")]
    if asked.snoozed:
        return html.Div([*parts, html.Span(words.number(listed))], className="inbox__head", role="presentation")
    for clock in CLOCKS:
        number = counts.of(whose, asked.kind, clock)
        if number:
            look = {"overdue": "is-red", "near": "is-orange"}.get(clock, "is-dim")
            parts.append(html.Span(f"{words.term(CLOCK_WORDS, clock)} {words.number(number)}", className=look))
    return html.Div(parts, className="inbox__head", role="presentation")


def _row(place: int, one: Item, today: date, words: Words, timezone: str) -> html.Div:
    absent = [html.Span(words("for %(name)s", name=one.absent), className="inbox__absent")] if one.absent else []
    what = html.Span([*absent, html.Span(title_of(one, words))], className="inbox__what")
    of = " · ".join(part for part in (one.name, one.number) if part)
    return html.Div(
        [
            html.Span(due_told(one, today, words), className=f"inbox__due {_look(one)}".strip()),
            html.Span(words(KIND_WORDS[one.kind]), className="inbox__kind"),
            what,
            html.Span(of, className="inbox__of", title=of),
            html.Span(region_name(one.place, words.locale), className="inbox__place"),
            html.Span(_since(one, words, timezone), className="inbox__since"),
        ],
        id=f"inbox--row-{place}",
        className="inbox__row",
        role="option",
        **aria(selected="false"),
        **data(key=one.key, href=place_of(one)),
    )


def place_of(one: Item) -> str:
    """Return the address at which an item is acted on: a case's page at the part of it that the item is about."""
    return case_href(one.number) + SECTIONS[one.kind] if one.number else portrait_href(one.uscc)


def title_of(one: Item, words: Words) -> str:
    """Return what an item asks for, in one line."""
    if one.kind == "case":
        return stage_told(one, words)
    if one.kind == "mention":
        return words("%(name)s mentions you", name=one.author)
    if one.kind == "warning":
        return words("%(grade)s warning", grade=words.grade(one.grade)) if one.grade else words("Warning")
    if one.kind == "task":
        return one.text
    office = region_name(one.office, words.locale)
    order = words.term(ORDER_WORDS, one.sort)
    if one.kind == "refused" and one.sort != "return":
        return words("%(order)s refused by %(office)s", order=order, office=office)
    return words("%(order)s from %(office)s", order=order, office=office)


def stage_told(one: Item, words: Words) -> str:
    """Return the name of a case's stage, as its definition spells it; the code where the definition is gone."""
    try:
        return workflow_of(one.workflow, one.workflow_version).stage(one.sort).name.told(words.locale)
    except SmokeError:
        return one.sort


def due_told(one: Item, today: date, words: Words) -> str:
    """Return how an item stands to its deadline: how late it is, or its last day."""
    if one.clock == "overdue" and one.due_on:
        return words("%(n)s days overdue", n=(today - one.due_on).days)
    if one.clock == "near" and one.due_on:
        return words("Due %(date)s", date=words.date(one.due_on))
    return words.date(one.due_on) if one.clock == "running" else words.term(CLOCK_WORDS, one.clock)


def _look(one: Item) -> str:
    return {"overdue": "is-red", "near": "is-orange", "running": ""}.get(one.clock, "is-dim")


def _since(one: Item, words: Words, timezone: str) -> str:
    return words.instant(one.since_at, timezone) if one.since_at else words.date(one.since_on)


def detail(one: Item, today: date, words: Words, timezone: str) -> Component:
    """Return one item in short, with the link to where it is acted on."""
    facts: list[tuple[str, Component | str]] = [
        (
            words("Deadline"),
            html.Span(f"{words.date(one.due_on)} · {due_told(one, today, words)}", className=_look(one)),
        ),
        (words("Since"), _since(one, words, timezone)),
        (words("Enterprise"), one.name),
        (words("Case"), one.number),
        (words("Place"), region_name(one.place, words.locale)),
        (words("For whom"), words("for %(name)s", name=one.absent) if one.absent else words(GROUP_WORDS[one.whose])),
        (words("Put off until"), words.date(one.until_on) if one.until_on else ""),
    ]
    grade = [grade_mark(one.grade, words.grade(one.grade))] if one.grade else []
    head = html.Div([html.Span(words(KIND_WORDS[one.kind]), className="is-dim"), *grade], className="inbox__line")
    said = _said(one, words, timezone)
    text = [html.P(said, className="inbox__text")] if said else []
    link = dcc.Link(words(ACT_WORDS[one.kind]), href=place_of(one), className="button button--first inbox__go")
    listed = html.Dl(
        [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts if value], className="inbox__facts"
    )
    return html.Div([head, html.H3(title_of(one, words), className="inbox__name"), *text, listed, link])


def _said(one: Item, words: Words, timezone: str) -> str:
    """Return what somebody wrote, or what the scheduler's code of an escalation means; a task's text is its title."""
    if one.kind == "order" and one.sort == "escalation":
        try:
            causes = causes_told(one.text, workflow_of(one.workflow, one.workflow_version))
        except SmokeError:
            return ""
        return words("; ").join(told(cause, words, timezone) for cause in causes)
    return "" if one.kind == "task" else one.text


def nothing_chosen(words: Words) -> Component:
    """Return what stands beside the list while no item is chosen."""
    return state("none", words("Choose an item with j or a click"))


def absence_rows(found: Sequence[Absence], words: Words) -> Component:
    """Return the present and coming delegations, the viewer's own and those in which the viewer stands in."""
    if not found:
        return state("zero", words("Nobody stands in at present"))
    return html.Ul([html.Li(_absence(one, words)) for one in found], className="inbox__absences")


def _absence(one: Absence, words: Words) -> list[Component]:
    days = f"{words.date(one.begins_on)} – {words.date(one.ends_on)}"
    who = (
        words("%(name)s stands in for me", name=one.person.told)
        if one.mine
        else words("I stand in for %(name)s", name=one.person.told)
    )
    when = words("now") if one.running else words("coming")
    return [html.Span(days), html.Span(who), html.Span(f"{when} · {one.reason}", className="is-dim")]


def ending_options(found: Sequence[Absence], words: Words) -> list[dict[str, str]]:
    """Return the viewer's own delegations to choose from, each as id.version."""
    return [
        {
            "value": f"{one.id}.{one.version}",
            "label": f"{words.date(one.begins_on)} – {words.date(one.ends_on)} {one.person.told}",
        }
        for one in found
        if one.mine
    ]
