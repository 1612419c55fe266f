"""A supervisor's tables: what waits with whom, and how late it is. The cases screen mounts them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard.i18n import NOTHING
from dashboard.queries.case_filters import OPEN, CaseFilters
from dashboard.queries.case_load import PersonLoad
from dashboard.queries.offices import office_name
from geo.codes import LENGTHS
from geo.divisions import is_artificial
from geo.views import region_name
from layouts.cases_filters import CasesView, cases_href
from layouts.panels import state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.case_load import Load


def load_table(rows: Sequence[Load] | Sequence[PersonLoad], region: str, words: Words) -> Component:
    """Return the loads of a region as a table, one line a person or a county as the rows are; days are calendar days.

    Numbers of cases lead to the list of just those cases.
    """
    if not rows:
        return state("zero", words("No open case and no open task here"))
    people = isinstance(rows[0], PersonLoad)
    head = [words("Person in charge") if people else words("Department"), *_heads(words, people=people)]
    first, *others = head
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(first), *(html.Th(name, className="is-number") for name in others)])),
            html.Tbody([_line(one, region, words) for one in rows]),
        ],
        className="table case-load__table",
    )


def _heads(words: Words, *, people: bool) -> list[str]:
    shared = [words("Open cases"), words("Due soon"), words("Overdue"), words("Mean days late"), words("Suspended")]
    shared += [words("Open tasks"), words("Overdue tasks")]
    return shared if people else [*shared, words("Orders waiting"), words("Answers overdue")]


def _line(row: Load | PersonLoad, region: str, words: Words) -> html.Tr:
    if isinstance(row, PersonLoad):
        load, name = row.load, _person(row, words)
    else:
        load, name = row, _department(str(row.key), words)
    where, filters = _behind(row, region)

    def cases(count: int, clock: str = "") -> html.Td:
        href = cases_href(where, CasesView().listing(replace(filters, clock=clock)))
        late = "is-overdue" if clock == "overdue" else ""
        return html.Td(dcc.Link(words.number(count), href=href, className=late), className="is-number")

    cells = [
        cases(load.cases) if load.cases else _number(0, words),
        cases(load.near, "near") if load.near else _number(0, words),
        cases(load.overdue, "overdue") if load.overdue else _number(0, words),
        html.Td(words.number(load.days_late, 1), className="is-number"),
        cases(load.suspended, "stopped") if load.suspended else _number(0, words),
        _number(load.tasks, words),
        _number(load.tasks_late, words, late=True),
    ]
    if load is row:
        cells += [_number(load.orders, words), _number(load.orders_late, words, late=True)]
    return html.Tr([html.Td(name, className="case-load__name"), *cells])


def _behind(row: Load | PersonLoad, region: str) -> tuple[str, CaseFilters]:
    """Return the region and the filters of the list that holds just the cases that a row counts."""
    if isinstance(row, PersonLoad):
        who = "nobody" if row.load.key is None else str(row.load.key)
        return region, CaseFilters(phase=OPEN, reach="handled", who=who)
    key = str(row.key)
    return key, CaseFilters(phase=OPEN, reach="handled" if len(key) == LENGTHS["county"] else "office")


def _department(code: str, words: Words) -> str:
    """Return a department's name; a city that stands for all districts of a municipality is named with it."""
    name = office_name(code, words.locale)
    return f"{region_name(code[: LENGTHS['province']], words.locale)} · {name}" if is_artificial(code) else name


def _number(count: int, words: Words, *, late: bool = False) -> html.Td:
    if not count:
        return html.Td("0", className="is-number is-dim")
    return html.Td(words.number(count), className="is-number is-red" if late else "is-number")


def _person(row: PersonLoad, words: Words) -> Any:  # noqa: ANN401 - text, or text with a dim word
    if not row.name:
        return html.Span(words("Nobody yet"), className="is-dim")
    place = office_name(row.region, words.locale) if row.region else NOTHING
    return [row.name, " ", html.Span(row.unit or place, className="is-dim")]
