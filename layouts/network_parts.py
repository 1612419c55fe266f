"""What the network screen says beside its picture: choices, the chosen party, communities and their figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard.access.scope import NATION, is_region_code
from dashboard.i18n import N_, NOTHING
from dashboard.queries.network import DEEPEST
from dashboard.vocabulary import RELATION_KINDS
from geo.views import place_words, region_name
from layouts.links import community_href, portrait_href
from layouts.panels import aria, grade_mark, state
from layouts.terms import STATUS_WORDS, TIE_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.models.network import Net, Party, Tie
    from dashboard.models.reporting import Community
    from dashboard.queries.search import Found
    from layouts.network_view import View

PARTY_WORDS = {
    "enterprise": N_("Enterprise"),
    "person": N_("Person"),
    "door": N_("Address"),
    "telephone": N_("Telephone"),
}
SOURCE_WORDS = {
    "register": N_("register of enterprises"),
    "relations_register": N_("register of relations"),
    "relations_web": N_("web monitoring"),
}
"""Sources of ties under the names that the demo gives them; another installation's show as it calls them."""
MOST_TIES = 60  # rows beside the picture: a crowded address has thousands, and the workbook has them all
BACK = ((91, N_("3 months earlier")), (365, N_("a year earlier")), (730, N_("two years earlier")))
"""Days before the generation's date that the picture can be drawn as of."""
YOUNG = ((182, N_("last half year")), (365, N_("last year")), (1095, N_("last three years")))
"""Days within which ties have begun."""


def texts_of(net: Net, words: Words) -> dict[str, str]:
    """Return how parties, kinds of ties and their sources are called; who is outside is called by county only."""
    named = {party.node: _elsewhere(party, words) if party.outside else party.name for party in net.parties}
    return named | {code: words(text) for code, text in (TIE_WORDS | SOURCE_WORDS | STATUS_WORDS).items()}


def _elsewhere(party: Party, words: Words) -> str:
    return words("Enterprise elsewhere · %(region)s", region=_region(party.region_code, words))


def filters(view: View, as_of: date, words: Words) -> list[Component]:
    """Return what may be chosen, each choice a link; the present ones are marked."""
    kinds = [
        _toggle(words(TIE_WORDS[kind]), view.toggling(kind), pressed=kind in view.kinds, mark=f"line line--{kind}")
        for kind in RELATION_KINDS
    ]
    known = [(words("today"), None), *((words(text), as_of - timedelta(days=days)) for days, text in BACK)]
    begun = [(words("ever"), None), *((words(text), as_of - timedelta(days=days)) for days, text in YOUNG)]
    if view.to:
        cut = _toggle(words("crowded ones too"), replace(view, hubs=not view.hubs), pressed=view.hubs, mark="line")
        kinds.append(cut)
    return [
        _row(words("Ties"), kinds),
        _row(words("Known"), [_one(text, replace(view, until=day), view) for text, day in known]),
        _row(words("Begun"), [_one(text, replace(view, since=day), view) for text, day in begun]),
    ]


def title(view: View, texts: dict[str, str], words: Words) -> str:
    """Return what the picture shows."""
    if view.community is not None and not view.node:
        return words("Community no. %(n)s", n=view.community)
    names = {"start": texts.get(view.node, view.node), "end": texts.get(view.to, view.to)}
    return words("Way from %(start)s to %(end)s", **names) if view.to else names["start"]


def note(net: Net, view: View, words: Words) -> list[Component | str]:
    """Return how much is drawn and what is not, with the way back to the start."""
    said: list[Component | str] = [
        words("%(n)s parties, %(ties)s ties", n=words.number(len(net.parties)), ties=words.number(len(net.ties)))
    ]
    if net.undrawn:
        said.append(words(" · %(n)s more are not drawn", n=words.number(net.undrawn)))
    if view != view.begun:
        said += [" · ", dcc.Link(words("Back to the start"), href=view.begun.href)]
    return said


def chosen(party: Party, net: Net, view: View, words: Words) -> list[Component]:
    """Return the facts of the chosen party, what can be done from it, and its ties in this picture."""
    return [
        html.H3(texts_of(net, words)[party.node], className="network__name"),
        _facts(_facts_of(party, words)),
        html.Div(_ways_on(party, view, words), className="network__ways"),
        _ties(party, net, view, words),
    ]


def _facts_of(party: Party, words: Words) -> list[tuple[str, Component | str]]:
    facts: list[tuple[str, Component | str]] = [(words("Kind"), words(PARTY_WORDS.get(party.kind, party.kind)))]
    if party.kind == "enterprise":
        facts.append((words("Region"), _region(party.region_code, words)))
    if party.outside:
        return [*facts, (words("Seen"), words("that a tie leads there, not whose it is"))]
    if party.grade:
        text = f"{words.grade(party.grade)} {words.number(party.smoke_index, 1)}"
        facts.append((words("Smoke Index"), grade_mark(party.grade, text)))
    elif party.status in STATUS_WORDS:
        facts.append((words("Status"), words(STATUS_WORDS[party.status])))
    if party.controller:
        share = words.percent(party.control_share)
        facts.append((words("Actual controller"), f"{party.controller} · {share}"))
    facts.append((words("Ties"), words.number(party.degree)))
    if party.community is not None:
        number = words("no. %(n)s", n=party.community)
        facts.append((words("Community"), dcc.Link(number, href=community_href(party.community))))
    return facts


def _ways_on(party: Party, view: View, words: Words) -> list[Component]:
    """Return where one can go from a party: its portrait, its own ties, the way between the start and it."""
    if party.outside:
        return []
    ways: list[Component] = []
    if party.kind == "enterprise":
        ways.append(dcc.Link(words("Portrait"), href=portrait_href(party.node)))
    if party.node not in (view.node, *view.opened) and view.node and not view.to:
        ways.append(dcc.Link(words("Expand"), href=view.opening(party.node).href))
    if party.node != view.node:
        ways.append(dcc.Link(words("Start here"), href=replace(view.begun, node=party.node, community=None).href))
        if view.node and view.to != party.node:
            ways.append(dcc.Link(words("Way from the start"), href=replace(view, to=party.node, chosen="").href))
    return ways


def _ties(party: Party, net: Net, view: View, words: Words) -> Component:
    texts = texts_of(net, words)
    mine = [tie for tie in net.ties if party.node in (tie.holder, tie.held)]
    if not mine:
        return state("zero", words("No tie of the chosen kinds and dates"))
    rows = [html.Tr([html.Td(cell) for cell in _tie_cells(tie, party, view, texts, words)]) for tie in mine[:MOST_TIES]]
    if len(mine) > MOST_TIES:
        more = words("%(n)s more ties stand in the list (XLSX)", n=words.number(len(mine) - MOST_TIES))
        rows.append(html.Tr(html.Td(more, colSpan=4, className="is-dim")))
    heads = (words("Party"), words("Tie"), words("Since"), words("Source"))
    return html.Table(
        [html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])), html.Tbody(rows)],
        className="table network__ties",
    )


def _tie_cells(
    tie: Tie, party: Party, view: View, texts: dict[str, str], words: Words
) -> tuple[Component | str, Component | str, str, str]:
    other = tie.held if tie.holder == party.node else tie.holder
    name = texts.get(other, NOTHING)
    share = "" if tie.share is None else f" {words.percent(tie.share)}"
    cut = words(" · crowded, carries no risk") if not tie.weight else ""
    source = texts.get(tie.origin, tie.origin)
    known = "" if tie.reported_on is None else words(", known %(day)s", day=tie.reported_on.isoformat())
    return (
        dcc.Link(name, href=replace(view, chosen=other).href),
        texts.get(tie.kind, tie.kind) + share + cut,
        NOTHING if tie.since_on is None else tie.since_on.isoformat(),
        source + known,
    )


def no_way(words: Words) -> Component:
    """Return what stands where two parties are not connected."""
    return state("none", words("No way of at most %(n)s ties leads from one to the other", n=DEEPEST))


def summary(found: Community | None, words: Words) -> Component:
    """Return a community's figures, or why they are not told."""
    if found is None:
        return state("none", words("This community reaches beyond your jurisdiction; its sums are not shown"))
    return _facts(
        [
            (words("Enterprises"), words.number(found.members)),
            (words("Persons"), words.number(found.people)),
            *(
                (words.grade(grade), grade_mark(grade, words.number(getattr(found, grade))))
                for grade in ("red", "orange", "yellow")
            ),
            (words("Highest index"), words.number(found.highest, 1)),
            (words("Mean index"), words.number(found.mean_index, 1)),
            (words("Money told of, CNY"), words.compact(found.amount)),
            (words("Counties"), words.number(found.regions)),
        ]
    )


def communities(found: Sequence[Community], words: Words) -> list[dict[str, Any]]:
    """Return the communities of a region as rows of the grid, riskiest first, each with the way to its network."""
    return [
        {
            "name": one.name,
            "href": community_href(one.community),
            "region": _place(one.region_code, words),
            "highest": one.highest,
            **{count: getattr(one, count) for count in ("red", "orange", "yellow", "members", "people", "regions")},
            "amount": one.amount,
            "told": words.compact(one.amount),
        }
        for one in found
    ]


def targets(found: Sequence[Found], view: View, words: Words) -> Component:
    """Return enterprises that the way may lead to, each a link."""
    if not found:
        return state("none", words("Nothing in your jurisdiction is called so."))
    return html.Ul(
        [html.Li(dcc.Link(one.name, href=replace(view, to=one.uscc, chosen="").href)) for one in found],
        className="network__targets",
    )


def _facts(facts: Sequence[tuple[str, Component | str]]) -> html.Dl:
    return html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="facts")


def _row(title: str, choices: Sequence[Component]) -> html.Div:
    return html.Div([html.Span(title, className="network__filter"), *choices], className="network__row")


def _toggle(text: str, wanted: View, *, pressed: bool, mark: str) -> Component:
    said: list[Component | str] = [html.I(className=mark), text]
    return dcc.Link(said, href=wanted.href, className="network__kind" + (" is-pressed" if pressed else ""))


def _one(text: str, wanted: View, view: View) -> Component:
    return html.Span(text, **aria(current="true")) if wanted == view else dcc.Link(text, href=wanted.href)


def _place(code: str, words: Words) -> str:
    """Return the smallest region that a community lies whole in."""
    if code == NATION:
        return words("several provinces")
    return place_words(code, words.locale) if is_region_code(code) else NOTHING


def _region(code: str, words: Words) -> str:
    return region_name(code, words.locale) if is_region_code(code) else NOTHING
