"""What the list, the counts and the board of cases say: pure functions of rows and words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard.i18n import NOTHING
from dashboard.i18n.case_terms import CLOCK_WORDS, OUTCOME_WORDS
from dashboard.queries.case_filters import OPEN, CaseFilters
from dashboard.vocabulary import CLOCKS, OPEN_PHASES
from dashboard.workflow.load import workflow_of
from geo.views import place_words, region_name
from layouts.cases_filters import CasesView, cases_href, phase_words
from layouts.filters import ANY
from layouts.links import case_href
from layouts.panels import aria, grade_mark, state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.case_pages import CaseCounts, ListedCase
    from dashboard.queries.people import Handler


def tab_links(region: str, view: CasesView, words: Words) -> list[Component]:
    """Return the three ways to look at cases, as links; the present one is no link."""
    listed = replace(view.filters, phase=view.filters.phase or OPEN) if view.tab == "pipeline" else view.filters
    wanted = {
        "pipeline": (words("Pipeline"), replace(view, tab="pipeline", filters=CaseFilters())),
        "board": (words("Board"), replace(view, tab="board", filters=replace(view.filters, phase=""))),
        "list": (words("Case list"), view.listing(listed)),
    }
    return [
        html.Span(name, **aria(current="page")) if tab == view.tab else dcc.Link(name, href=cases_href(region, there))
        for tab, (name, there) in wanted.items()
    ]


def view_links(region: str, view: CasesView, words: Words) -> list[Component]:
    """Return the lists that people ask for every day, as links; the present one is no link."""
    ready = [
        (words("All open"), CaseFilters(phase=OPEN)),
        (words("Mine"), CaseFilters(phase=OPEN, who="mine")),
        (words("My department's"), CaseFilters(phase=OPEN, who="department")),
        (words("Overdue"), CaseFilters(phase=OPEN, clock="overdue")),
        (words("Due soon"), CaseFilters(phase=OPEN, clock="near")),
        (words("Nobody's"), CaseFilters(phase=OPEN, who="nobody")),
        (words("From elsewhere"), CaseFilters(phase=OPEN, reach="elsewhere")),
    ]
    if view.tab == "board":
        ready = [(name, replace(filters, phase="")) for name, filters in ready]
    return [
        html.Span(name, **aria(current="true"))
        if filters == view.filters
        else dcc.Link(name, href=cases_href(region, replace(view, filters=filters)))
        for name, filters in ready
    ]


def count_links(region: str, view: CasesView, counts: CaseCounts, words: Words) -> html.Div:
    """Return how many cases there are, and by clock; each clock is a link that asks for it or lets go of it."""

    def link(clock: str) -> dcc.Link:
        asked = clock == view.filters.clock
        wanted = replace(view.filters, clock="" if asked else clock)
        late = " is-overdue" if clock == "overdue" and counts.by_clock[clock] else ""
        return dcc.Link(
            f"{words.term(CLOCK_WORDS, clock)} {words.number(counts.by_clock[clock])}",
            href=cases_href(region, replace(view, filters=wanted)),
            className="counts__grade" + (" is-asked" if asked else "") + late,
            title=words("Only these, or all again"),
        )

    total = html.Span(words("%(n)s cases", n=words.number(counts.total)), className="counts__total")
    return html.Div([total, *(link(clock) for clock in CLOCKS)], className="counts")


def stage_words(row: ListedCase, words: Words) -> str:
    """Return the name of a case's stage as its definition has it; a merged case's phase is in no definition."""
    stages = {stage.code: stage for stage in workflow_of(row.workflow, row.workflow_version).stages}
    return stages[row.stage].name.told(words.locale) if row.stage in stages else phase_words(row.phase, words)


def due_words(row: ListedCase, today: date, words: Words) -> dict[str, str]:
    """Return when a case is due and how it stands to that, as the grid takes it."""
    clock = words.term(CLOCK_WORDS, row.clock)
    if row.clock == "stopped":
        return {"first": clock, "second": words("since %(on)s", on=words.date(row.suspended_on))}
    if row.due_on is None or row.clock == "none":
        return {"first": NOTHING}
    days = (row.due_on - today).days
    if row.clock == "overdue":
        return {
            "first": words.date(row.due_on),
            "second": words("%(n)s days overdue", n=words.number(-days)),
            "tone": "is-overdue",
        }
    left = words("%(n)s days left", n=words.number(days))
    return {"first": words.date(row.due_on), "second": f"{clock} · {left}" if row.clock == "near" else left}


def owner_words(row: ListedCase, words: Words) -> tuple[str, str]:
    """Return whose department works on a case, and who is in charge there."""
    department = words("%(place)s lead department", place=region_name(row.handler_code, words.locale))
    return department, " · ".join(part for part in (row.owner, row.owner_unit) if part) or words("nobody in charge")


def case_record(row: ListedCase, today: date, words: Words) -> dict[str, Any]:
    """Return one case as the grid takes it, in words."""
    department, person = owner_words(row, words)
    ended = {"first": words.date(row.closed_on), "second": words.term(OUTCOME_WORDS, row.outcome or None)}
    return {
        "number": row.number,
        "name": {
            "first": row.name,
            "href": case_href(row.number),
            "second": f"{row.number} · {place_words(row.region_code, words.locale)}",
        },
        "grade": [row.grade, words.grade(row.grade)] if row.grade else None,
        "type": words.risk_type(row.risk_type),
        "stage": {"first": stage_words(row, words), "second": words("since %(on)s", on=words.date(row.entered_on))},
        "owner": {"first": department, "second": person},
        "due": due_words(row, today, words) if row.phase in OPEN_PHASES else ended,
        "opened": {
            "first": words.date(row.opened_on),
            "second": words("%(n)s days ago", n=words.number((today - row.opened_on).days)),
        },
    }


def board_columns(
    region: str,
    view: CasesView,
    columns: Mapping[str, Sequence[ListedCase]],
    counts: CaseCounts,
    told: tuple[date, Words],
) -> list[Component]:
    """Return a column of cards for each open phase, with how many there are and a link to those that it leaves out."""
    return [_column(region, view, phase, rows, counts.by_phase[phase], told) for phase, rows in columns.items()]


def _column(
    region: str, view: CasesView, phase: str, rows: Sequence[ListedCase], total: int, told: tuple[date, Words]
) -> html.Section:
    today, words = told
    rest, href = total - len(rows), cases_href(region, view.listing(replace(view.filters, phase=phase)))
    more = dcc.Link(words("%(n)s more", n=words.number(rest)), href=href, className="board__more") if rest > 0 else None
    head = html.H2([dcc.Link(phase_words(phase, words), href=href), html.Span(words.number(total))])
    cards = html.Ol([_card(row, today, words) for row in rows], className="board__cards")
    return html.Section(
        [head, cards if rows else state("zero", words("No case")), more],
        className="board__column panel",
        **aria(label=phase_words(phase, words)),
    )


def _card(row: ListedCase, today: date, words: Words) -> html.Li:
    due, (_department, person) = due_words(row, today, words), owner_words(row, words)
    clock = " · ".join(part for part in (due["first"], due.get("second")) if part and part != NOTHING)
    grade = [grade_mark(row.grade, words.grade(row.grade))] if row.grade else []
    return html.Li(
        [
            dcc.Link(row.name, href=case_href(row.number), className="board__name"),
            html.Div([html.Span(row.number), *grade], className="board__line is-dim"),
            html.Div(
                [
                    html.Span(clock or words.term(CLOCK_WORDS, row.clock), className=due.get("tone", "")),
                    html.Span(words("day %(n)s", n=words.number((today - row.opened_on).days + 1))),
                ],
                className="board__line",
            ),
            html.Div(person, className="board__who is-dim"),
        ],
        className="board__card" + (" is-late" if row.clock == "overdue" else ""),
    )


def whose_options(people: Sequence[Handler], words: Words) -> list[dict[str, str]]:
    """Return whose cases may be asked for."""
    fixed = [
        (ANY, words("All")),
        ("mine", words("Mine")),
        ("department", words("My department's")),
        ("nobody", words("Nobody's")),
    ]
    named = [(str(one.id), " · ".join(part for part in (one.name, one.unit) if part)) for one in people]
    return [{"value": value, "label": label} for value, label in (*fixed, *named)]
