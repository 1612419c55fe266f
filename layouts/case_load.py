"""A supervisor's tables: what waits with whom, and how late it is. The cases screen mounts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.i18n import NOTHING
from dashboard.queries.case_load import PersonLoad
from dashboard.queries.offices import office_name
from layouts.panels import state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.case_load import Load


def load_table(rows: Sequence[Load] | Sequence[PersonLoad], words: Words) -> Component:
    """Return the loads as a table, one line a person or a county as the rows are; days are calendar days."""
    if not rows:
        return state("zero", words("No open case and no open task here"))
    people = isinstance(rows[0], PersonLoad)
    head = [words("Person in charge") if people else words("Department"), *_heads(words, people=people)]
    first, *others = head
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(first), *(html.Th(name, className="is-number") for name in others)])),
            html.Tbody([_line(one, words) for one in rows]),
        ],
        className="table case-load__table",
    )


def _heads(words: Words, *, people: bool) -> list[str]:
    shared = [words("Open cases"), words("Due soon"), words("Overdue"), words("Mean days late"), words("Suspended")]
    shared += [words("Open tasks"), words("Overdue tasks")]
    return shared if people else [*shared, words("Orders waiting"), words("Answers overdue")]


def _line(row: Load | PersonLoad, words: Words) -> html.Tr:
    if isinstance(row, PersonLoad):
        load, name = row.load, _person(row, words)
    else:
        load, name = row, office_name(str(row.key), words.locale)
    cells = [
        _number(load.cases, words),
        _number(load.near, words),
        _number(load.overdue, words, late=True),
        html.Td(words.number(load.days_late, 1), className="is-number"),
        _number(load.suspended, words),
        _number(load.tasks, words),
        _number(load.tasks_late, words, late=True),
    ]
    if load is row:
        cells += [_number(load.orders, words), _number(load.orders_late, words, late=True)]
    return html.Tr([html.Td(name), *cells])


def _number(count: int, words: Words, *, late: bool = False) -> html.Td:
    return html.Td(words.number(count), className="is-number is-red" if late and count else "is-number")


def _person(row: PersonLoad, words: Words) -> Any:  # noqa: ANN401 - text, or text with a dim word
    if not row.name:
        return html.Span(words("Nobody yet"), className="is-dim")
    place = office_name(row.region, words.locale) if row.region else NOTHING
    return [row.name, " ", html.Span(row.unit or place, className="is-dim")]
