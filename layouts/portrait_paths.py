"""How a way along ties is told: which party, by what tie, to which party, and so on to the enterprise itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from geo.views import place_words
from layouts.links import portrait_href
from layouts.panels import grade_mark
from layouts.terms import TIE_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.models.network import Party
    from dashboard.queries.paths import Step


def way_words(path: Sequence[Step], words: Words) -> str:
    """Return a way as one line of text; parties outside the jurisdiction are called by county only."""
    told = [_name(step, words) for step in path]
    rest = [_tie(step, words) + name for step, name in zip(path[1:], told[1:], strict=True)]
    return "".join([told[0], _standing(path[0], words), *rest])


def way_shown(path: Sequence[Step], words: Words) -> list[Component | str]:
    """Return a way as a line of components: enterprises inside the jurisdiction lead to their portraits."""
    shown: list[Component | str] = []
    for place, step in enumerate(path):
        name = _name(step, words)
        if place:
            shown.append(html.Span(_tie(step, words), className="is-dim"))
        leads = step.party.kind == "enterprise" and step.party.node and not step.own
        shown.append(dcc.Link(name, href=portrait_href(step.party.node)) if leads else name)
        if place == 0 and step.party.grade and not step.own:
            level = words.number(step.party.smoke_index, 1)
            shown.append(html.Span(grade_mark(step.party.grade, level), className="evidence__from"))
    return shown


def _tie(step: Step, words: Words) -> str:
    """Return what leads to a step: the kind of tie between two dashes, along a chain of control a dash alone."""
    return f" —{words(TIE_WORDS[step.by])}— " if step.by else " — "


def _name(step: Step, words: Words) -> str:
    if step.own:
        return words("this enterprise")
    return _elsewhere(step.party, words) if step.party.outside else step.party.name


def _elsewhere(party: Party, words: Words) -> str:
    if not party.region_code:
        return words("Party elsewhere")
    return words("Enterprise elsewhere · %(region)s", region=place_words(party.region_code, words.locale))


def _standing(first: Step, words: Words) -> str:
    """Return grade and index of the party that a risk comes from, in brackets; nothing where they are not known."""
    party = first.party
    if first.own or not party.grade:
        return ""
    return words(" (%(grade)s %(index)s)", grade=words.grade(party.grade), index=words.number(party.smoke_index, 1))
