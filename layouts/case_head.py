"""Case page: the headline that stays in sight, and how the case's enterprise stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from dashboard.i18n import N_, NOTHING
from dashboard.i18n.case_terms import CLOCK_WORDS, OUTCOME_WORDS, PHASE_WORDS
from dashboard.queries.offices import office_name
from dashboard.vocabulary import MERGED
from geo.views import place_words
from layouts.links import case_href, portrait_href
from layouts.panels import aria, grade_mark, loading, panel, state

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.case_head import CaseHead, Enterprise

HEAD = "case--head"
ENTERPRISE = "case--enterprise"
ENTERPRISE_NOTE = "case--enterprise-note"
LOOK = {"overdue": "is-red", "near": "is-orange"}
LEFT_WORDS = {
    "running": N_("%(days)s working days left"),
    "near": N_("%(days)s working days left"),
    "overdue": N_("%(days)s working days over"),
    "stopped": N_("%(days)s working days left when it stopped"),
}


def enterprise_panel(words: Words) -> html.Section:
    """Return the panel of the enterprise."""
    note = html.Span(id=ENTERPRISE_NOTE)
    return panel(words("Enterprise"), html.Div(loading(words), id=ENTERPRISE), note=note, area="case__enterprise")


def headline(head: CaseHead, words: Words) -> list[Component]:
    """Return name, number and marks in the first line; stage, clock, who has it and what it is about in the second."""
    case = head.seen.case
    name: Component = html.H2(
        dcc.Link(case.name, href=portrait_href(case.uscc)) if head.opens else case.name, className="case__name"
    )
    facts: list[tuple[str, Component | str]] = [
        (words("Stage"), html.B(stage_of(head, words))),
        (words("Clock"), _clock(head, words)),
        (words("Handling department"), office_name(case.handler_code, words.locale)),
        (words("Person in charge"), head.owner or words("Nobody yet")),
        (words("Risk type"), words.risk_type(case.risk_type)),
        (words("Grade of the warning"), _grade(case.grade, words)),
    ]
    return [
        html.Div(
            [name, html.Span(case.number, className="case__number"), *_marks(head, words)], className="case__title"
        ),
        html.Dl(
            [html.Div([html.Dt(term), html.Dd(value)], className="case__fact") for term, value in facts],
            className="case__facts",
        ),
    ]


def stage_of(head: CaseHead, words: Words) -> str:
    """Return the name of the case's stage."""
    known = {stage.code: stage.name.told(words.locale) for stage in head.seen.workflow.stages}
    return known.get(head.seen.case.stage) or words.term(PHASE_WORDS, head.seen.case.phase)


def _clock(head: CaseHead, words: Words) -> Component:
    case, clock = head.seen.case, head.clock
    # The days say it all, but for how near the last one is; a clock that stands has none: resuming sets a new one.
    says = clock.days_left is None or clock.code == "near"
    parts = [words.term(CLOCK_WORDS, clock.code)] if says else []
    if clock.days_left is not None:
        parts.append(words(LEFT_WORDS[clock.code], days=words.number(abs(clock.days_left))))
    if case.due_on and clock.code != "stopped":
        parts.append(words("until %(day)s", day=words.date(case.due_on)))
    told = " · ".join(parts)
    return html.Span(told, className=LOOK.get(clock.code, ""), title=case.due_on.isoformat() if case.due_on else "")


def _grade(grade: str, words: Words) -> Component | str:
    return grade_mark(grade, words.grade(grade)) if grade else NOTHING


def _marks(head: CaseHead, words: Words) -> list[Component]:
    """Return what sets a case apart: how it ended, that it stands still, which it went into or came from."""
    case = head.seen.case
    marks: list[Component] = []
    if case.outcome:
        marks.append(html.Span(words.term(OUTCOME_WORDS, case.outcome), className="case__mark"))
    if case.suspended_on:
        since, until = words.date(case.suspended_on), words.date(case.suspended_until)
        told = words("since %(since)s, until %(until)s at the latest", since=since, until=until)
        marks.append(html.Span(f"{words.term(CLOCK_WORDS, 'stopped')} {told}", className="case__mark"))
    if case.stage == MERGED:
        marks.append(_other(words("Merged into"), head.merged_into))
    if head.split_from:
        marks.append(_other(words("Split from"), head.split_from))
    return marks


def _other(text: str, number: str) -> html.Span:
    return html.Span([text, " ", dcc.Link(number, href=case_href(number))], className="case__mark")


def standing(head: CaseHead, words: Words) -> Component:
    """Return how the enterprise stands in the live generation; one that is not listed or not registered says so."""
    case, one = head.seen.case, head.enterprise
    place = place_words(case.region_code, words.locale)
    if not case.uscc:
        return html.Div(
            [html.P(place), state("none", words("Not in the register of enterprises: known by its name only"))]
        )
    told = html.P(f"{case.uscc} · {place}", className="is-dim")
    if one is None:
        sentence = words("Not listed now: no evidence in this generation, or below what is listed")
        return html.Div([told, state("none", sentence if head.live else words("No generation has been published yet"))])
    return html.Div([told, _index(one, words), *_reasons(one, words)])


def _index(one: Enterprise, words: Words) -> html.Div:
    lists = [html.Span(words.exemption(one.exempt), className="case__mark")] if one.exempt else []
    who = [words.sector(one.sector), words("leading type: %(type)s", type=words.risk_type(one.risk_type))]
    if one.legal_representative:
        who.append(words("Legal representative: %(name)s", name=one.legal_representative))
    return html.Div(
        [
            html.Div(
                [
                    html.Span(words.number(one.smoke_index, 1), className=f"case__index is-{one.grade}"),
                    grade_mark(one.grade, words.grade(one.grade)),
                    html.Span(words("%(change)s in a week", change=words.signed(one.change, 1)), className="is-dim"),
                    *lists,
                ],
                className="case__score",
            ),
            html.P(" · ".join(who), className="is-dim"),
        ]
    )


def _reasons(one: Enterprise, words: Words) -> list[Component]:
    if not one.reasons:
        return []
    rows = [
        html.Li([html.Span(words.factor(factor)), html.Span(words.number(points, 1), className="is-number")])
        for factor, points in one.reasons
    ]
    return [html.Ul(rows, className="case__reasons", **aria(label=words("Reasons, in points")))]


def enterprise_note(head: CaseHead, words: Words) -> str:
    """Return of which day and generation the enterprise's standing is."""
    if not (head.live and head.seen.case.uscc):
        return ""
    return words("%(day)s, generation %(n)s", day=words.date(head.live.as_of), n=head.live.generation)
