"""What the panels of a case's joins say: its sources, its kin, what may be a duplicate, and what the forms offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard.i18n.case_terms import PEOPLE_WORDS, PHASE_WORDS, SOURCE_WORDS
from dashboard.vocabulary import OPEN_PHASES
from geo.views import place_words
from layouts import case_joins as part
from layouts.case_joins_places import place_options
from layouts.links import case_href, portrait_href
from layouts.panels import state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.models.cases import CaseFile, CaseSource
    from dashboard.queries.case_joins import Joined
    from dashboard.queries.duplicates import Reason, Suggestion


def shown(found: Joined, words: Words, timezone: str) -> dict[str, Any]:
    """Return what the panels and forms show, by component."""
    seen = found.seen
    open_now = seen.case.phase in OPEN_PHASES
    return {
        part.BODY: sources(found, words, timezone),
        part.KIN: kin(found, words),
        part.DUPLICATES: suggestions(found.suggestions, words),
        part.SOURCE: not (open_now and seen.may("case:source_added")),
        part.MERGE: not (open_now and seen.may("case:merged") and _mergeable(found)),
        part.SPLIT: not (open_now and seen.may("case:split")),
        part.SOURCE_WARNING: [
            {
                "value": f"{one.uscc}:{one.week_on}:{one.version}",
                "label": words("%(grade)s, week of %(day)s", grade=words.grade(one.grade), day=words.date(one.week_on)),
            }
            for one in found.undecided
        ],
        part.MERGE_INTO: [
            {"value": f"{one.id}:{one.version}", "label": f"{one.number} · {one.name}"} for one in _mergeable(found)
        ],
        part.SPLIT_REGION: _places(found, words) if seen.may("case:split") else [],
        part.SPLIT_SOURCES: [{"value": one.id, "label": _short(one, words)} for one in found.sources],
        part.SPLIT_PEOPLE: [
            {"value": one.id, "label": f"{one.name} · {words.term(PEOPLE_WORDS, one.role)}"} for one in found.people
        ],
    }


def sources(found: Joined, words: Words, timezone: str) -> Component:
    """Return what the case came from, oldest first."""
    if not found.sources:
        return state("zero", words("Its sources went to another case"))
    rows = [
        html.Li(
            [
                html.Span(words.term(SOURCE_WORDS, one.kind), className="case-joins__kind"),
                html.Span(_known_by(one), className="case-joins__key"),
                html.Span(one.told, className="case-joins__told"),
                html.Span(
                    f"{words.instant(one.added_at, timezone)} · {found.names.get(one.added_by, '')}",
                    className="case-joins__by",
                ),
            ]
        )
        for one in found.sources
    ]
    return html.Ul(rows, className="case-joins__list")


def kin(found: Joined, words: Words) -> list[Component]:
    """Return a line for each case that this one was merged or split with, with a link to it."""
    case = found.seen.case
    return [
        html.P([_relation(one, case, words), " ", dcc.Link(one.number, href=case_href(one.number)), f" {one.name}"])
        for one in found.kin
    ]


def suggestions(found: Sequence[Suggestion], words: Words) -> Component:
    """Return the cases that may be about the same, each with its reasons."""
    if not found:
        return state("zero", words("No other case that you see has this enterprise, these people or a like name here"))
    return html.Ul([_suggestion(one, words) for one in found], className="case-joins__list")


def _suggestion(one: Suggestion, words: Words) -> html.Li:
    case = one.case
    reasons = words("; ").join(_reason(reason, words) for reason in one.reasons)
    return html.Li(
        [
            dcc.Link(case.number, href=case_href(case.number), className="case-joins__key"),
            html.Span(case.name, className="case-joins__told"),
            html.Span(
                f"{place_words(case.region_code, words.locale)} · {words.term(PHASE_WORDS, case.phase)}",
                className="case-joins__by",
            ),
            html.Span(reasons, className="case-joins__why"),
            html.Span(
                words.number(one.score), className="case-joins__score", title=words("Likeness, 0–100: a hint, no proof")
            ),
        ]
    )


def _reason(reason: Reason, words: Words) -> str:
    if reason.kind == "enterprise":
        return words("same enterprise")
    if reason.kind == "person":
        return words("somebody of the same name: %(name)s", name=reason.detail)
    return words("name in the same county, %(share)s%% alike", share=reason.detail)


def _relation(one: CaseFile, case: CaseFile, words: Words) -> str:
    if one.id == case.merged_into:
        return words("Merged into case")
    if one.merged_into == case.id:
        return words("Took in case")
    return words("Split from case") if one.id == case.split_from else words("Split off as case")


def _known_by(one: CaseSource) -> Component | str:
    if one.kind != "warning":
        return one.key
    uscc, _, week = one.key.partition(":")
    return dcc.Link(week, href=portrait_href(uscc))


def _short(one: CaseSource, words: Words) -> str:
    return " · ".join(text for text in (words.term(SOURCE_WORDS, one.kind), one.key, one.told) if text)


def _places(found: Joined, words: Words) -> list[dict[str, str]]:
    """Return where the part may have happened: in the jurisdiction, or where the case did."""
    own = found.seen.case.region_code
    places = place_options(found.seen.viewer.home_region, words.locale)
    known = {one["value"] for one in places}
    return [*([] if own in known else [{"value": own, "label": place_words(own, words.locale)}]), *places]


def _mergeable(found: Joined) -> list[CaseFile]:
    """Return the suggested cases into which this one may go: open ones with the same handler."""
    handler = found.seen.case.handler_code
    cases = [one.case for one in found.suggestions]
    return [one for one in cases if one.handler_code == handler and one.phase in OPEN_PHASES]
