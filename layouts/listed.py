"""What the watchlist's rows, counts and strip say: pure functions of rows and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard.i18n import NOTHING
from dashboard.queries.filters import Filters
from dashboard.vocabulary import GRADES, SUB_INDEXES
from geo.codes import at_level
from geo.views import place_words, region_name
from layouts.filters import ANY, search_of, state_words, with_grade
from layouts.links import portrait_href
from layouts.panels import aria, grade_mark, state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.people import Handler
    from dashboard.queries.watched import Counts, Listed

MOST_NAMED = 8  # of many chosen


def ready_made(words: Words) -> list[tuple[str, Filters]]:
    """Return the filters that people ask for every day, by name."""
    serious = ("red", "orange")
    return [
        (words("All listed"), Filters()),
        (words("Red and orange to be handled"), Filters(grades=serious, state="open")),
        (words("New this week"), Filters(new=True, sort="entered")),
        (words("Overdue"), Filters(overdue=True, sort="due", descending=False)),
        (words("Mine"), Filters(who="mine", sort="due", descending=False)),
        (words("White list"), Filters(exempt="white")),
    ]


def view_links(region: str, filters: Filters, words: Words) -> list[Component]:
    """Return the ready-made filters as links; the present one is no link."""
    return [
        html.Span(name, **aria(current="true"))
        if wanted == filters
        else dcc.Link(name, href="/watchlist" + search_of(region, wanted))
        for name, wanted in ready_made(words)
    ]


def count_links(region: str, filters: Filters, counts: Counts, words: Words) -> html.Div:
    """Return how many rows there are, and by grade; each grade is a link that asks for it or lets go of it."""
    links = [
        dcc.Link(
            grade_mark(grade, f"{words.grade(grade)} {words.number(counts.by_grade[grade])}"),
            href="/watchlist" + search_of(region, with_grade(filters, grade)),
            className="counts__grade" + (" is-asked" if grade in filters.grades else ""),
            title=words("Only this grade, or all again"),
        )
        for grade in GRADES
    ]
    total = html.Span(words("%(n)s enterprises", n=words.number(counts.total)), className="counts__total")
    return html.Div([total, *links], className="counts")


def who_options(people: Sequence[Handler], words: Words) -> list[dict[str, str]]:
    """Return whose warnings may be asked for."""
    fixed = [(ANY, words("All")), ("mine", words("Mine")), ("nobody", words("Nobody"))]
    return [{"value": value, "label": label} for value, label in [*fixed, *((str(p.id), _named(p)) for p in people)]]


def assignee_options(people: Sequence[Handler], rows: Sequence[Listed], words: Words) -> list[dict[str, str]]:
    """Return to whom all of the rows may be assigned: those whose jurisdiction covers every one."""
    able = [one for one in people if all(one.covers(row.region_code) for row in rows)]
    return [
        {"value": "nobody", "label": words("Nobody")},
        *({"value": str(one.id), "label": _named(one)} for one in able),
    ]


def _named(one: Handler) -> str:
    return " · ".join(part for part in (one.name, one.unit) if part)


def record_of(row: Listed, today: date, words: Words) -> dict[str, Any]:
    """Return one row as the grid takes it: in words, with the key and the version of its warning."""
    owner = row.owner_code or at_level(row.region_code, "county") or row.region_code
    assignee = " · ".join(part for part in (row.assignee, row.assignee_unit) if part)
    department = words("%(place)s lead department", place=region_name(owner, words.locale))
    waits = row.week_on is not None
    return {
        "uscc": row.uscc,
        "grade": [row.grade, words.grade(row.grade)],
        "index": words.number(row.smoke_index, 1),
        "change": words.signed(row.change, 1),
        "name": {
            "first": row.name,
            "href": portrait_href(row.uscc),
            "second": f"{place_words(row.region_code, words.locale)} · {words.sector(row.sector)}",
        },
        "type": words.risk_type(row.risk_type) if row.smoke_index else NOTHING,
        "reasons": [words.factor(factor) for factor, _points in row.reasons],
        "owner": {"first": department, "second": assignee or words("not assigned")} if waits else {"first": NOTHING},
        "due": _due(row, today, words),
        "state": {"first": state_words(row.state, words), "second": list_words(row, words)},
        "entered": words.date(row.entered_on),
        "probability": words.percent(row.probability),
    }


def _due(row: Listed, today: date, words: Words) -> dict[str, str]:
    if row.due_on is None:
        return {"first": NOTHING}
    if not row.is_overdue:
        return {"first": words.date(row.due_on)}
    days = (today - row.due_on).days
    return {"first": words.date(row.due_on), "second": words("%(n)s days overdue", n=days), "tone": "is-overdue"}


def list_words(row: Listed, words: Words) -> str:
    """Return on which list the enterprise stands, and what the next generation will change about it."""
    kind = row.entry.kind if row.entry else ""
    if kind and kind != row.exempt:
        return words("%(list)s (from the next generation)", list=words.exemption(kind))
    if row.exempt and not kind:
        return words("%(list)s (until the next generation)", list=words.exemption(row.exempt))
    return words.exemption(row.exempt) if row.exempt else ""


def strip(rows: Sequence[Listed], today: date, words: Words) -> Component:
    """Return what is chosen: a hint, one enterprise in detail, or many in short."""
    if not rows:
        return state("none", words("Choose a row, or several, to see why and to act"))
    return _one(rows[0], today, words) if len(rows) == 1 else _many(rows, words)


def _many(rows: Sequence[Listed], words: Words) -> html.Div:
    names = [html.Li([grade_mark(row.grade, words.number(row.smoke_index, 1)), row.name]) for row in rows[:MOST_NAMED]]
    left = len(rows) - len(names)
    more = [html.Li(words("and %(n)s more", n=left), className="is-dim")] if left else []
    without = sum(row.week_on is None for row in rows)
    if without:
        more.append(html.Li(words("%(n)s of them without a warning to act on", n=without), className="is-dim"))
    title = html.H3(words("%(n)s enterprises chosen", n=len(rows)), className="strip__name")
    return html.Div([title, html.Ul([*names, *more], className="strip__names")], className="strip")


def _one(row: Listed, today: date, words: Words) -> html.Div:
    record = record_of(row, today, words)
    return html.Div(
        [
            html.Div(
                [
                    html.Span(words.number(row.smoke_index, 1), className=f"strip__index is-{row.grade}"),
                    html.Div(
                        [
                            html.H3(dcc.Link(row.name, href=portrait_href(row.uscc)), className="strip__name"),
                            html.Div(row.uscc, className="strip__code"),
                        ]
                    ),
                ],
                className="strip__head",
            ),
            html.P(sentence(row, words), className="strip__why"),
            html.Ul(
                [_bar(sub, points, words) for sub, points in zip(SUB_INDEXES, row.contributions, strict=True)],
                className="strip__bars",
                **aria(label=words("Contributions of the five sub-indexes, in points")),
            ),
            html.Dl([part for fact in _facts(row, record, words) for part in fact], className="strip__facts"),
            dcc.Link(words("Open the portrait"), href=portrait_href(row.uscc), className="strip__more"),
        ],
        className="strip",
    )


def sentence(row: Listed, words: Words) -> str:
    """Return why it stands here, in one sentence: grade, leading type, reasons with their points, change."""
    reasons = words(", ").join(f"{words.factor(factor)} {words.number(points, 1)}" for factor, points in row.reasons)
    if not reasons:
        return words("Nothing speaks against it at present.")
    return words(
        "%(grade)s, %(type)s leads. Most of the index comes from: %(reasons)s. %(change)s since last week.",
        grade=words.grade(row.grade),
        type=words.risk_type(row.risk_type),
        reasons=reasons,
        change=words.signed(row.change, 1),
    )


def _bar(sub: str, points: float, words: Words) -> html.Li:
    return html.Li(
        [
            html.Span(words.sub_index(sub)),
            html.Div(html.Div(className="bar", style={"width": f"{min(points, 100):.1f}%"}), className="strip__track"),
            html.Span(words.number(points, 1), className="strip__points"),
        ]
    )


def _facts(row: Listed, record: dict[str, Any], words: Words) -> list[tuple[html.Dt, html.Dd]]:
    due, owner = record["due"], record["owner"]
    told = [
        (words("Place"), record["name"]["second"]),
        (words("Legal representative"), row.legal_representative or NOTHING),
        (words("State"), " · ".join(part for part in (record["state"]["first"], row.reason, row.case_number) if part)),
        (words("Owner"), " · ".join(part for part in (owner["first"], owner.get("second")) if part)),
        (words("Due"), " · ".join(part for part in (due["first"], due.get("second")) if part)),
        (words("Learned probability"), record["probability"]),
    ]
    if row.entry:
        reason = f"{words.exemption_reason(row.entry.reason)}: {row.entry.text}"
        until = words("until %(on)s, by %(who)s", on=words.date(row.entry.ends_on), who=row.entry.by)
        told.append((list_words(row, words), f"{reason} · {until}"))
    return [(html.Dt(name), html.Dd(value)) for name, value in told]


def possible(rows: Sequence[Listed]) -> dict[str, bool]:
    """Return which acts every chosen warning allows: acknowledge, dismiss, assign, reopen, case."""
    states = [row.state for row in rows if row.week_on is not None]
    allowed = {
        "acknowledge": {"open"},
        "dismiss": {"open", "acknowledged"},
        "assign": {"open", "acknowledged"},
        "reopen": {"acknowledged", "dismissed"},
        "case": {"open", "acknowledged"},
    }
    given = {act: bool(states) and set(states) <= before for act, before in allowed.items()}
    return given | {"case": given["case"] and len(states) == 1}


def chosen_of(rows: Sequence[Listed]) -> dict[str, Any]:
    """Return what an act needs to know of the rows as they are shown: keys and versions, for the page's store."""
    entry = rows[0].entry if len(rows) == 1 else None
    return {
        "uscc": [row.uscc for row in rows],
        "warnings": [[row.uscc, row.week_on.isoformat(), row.version] for row in rows if row.week_on is not None],
        "entry": [entry.id, entry.version] if entry else None,
    }
