"""What the search of the header answers: options of a listbox, or a sentence why there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.access.scope import is_region_code
from dashboard.i18n import NOTHING
from geo.views import region_name
from layouts.links import portrait_href
from layouts.panels import aria, data, grade_mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.search import Found

MOST = 12


def options(found: Sequence[Found], text: str, words: Words) -> list[Component]:
    """Return one option for each enterprise, each with the portrait's address; `text` says what they answer."""
    if not found:
        return [_sentence(words("Nothing in your jurisdiction is called so."))]
    head = [_sentence(words("Not found as typed; with one character different:"))] if found[0].why == "nearly" else []
    rest = [_sentence(words("The first %(n)s; type more to narrow it.", n=MOST))] if len(found) >= MOST else []
    listed = html.Ul(
        [_option(place, one, words) for place, one in enumerate(found)],
        className="search__options",
        role="listbox",
        **aria(label=words("Enterprises found")),
        **data(asked=text),
    )
    return [*head, listed, *rest]


def too_little(words: Words) -> list[Component]:
    """Return what stands under a text that asks for nothing yet."""
    return [_sentence(words("Two characters at least that tell a name from others, or six of a credit code."))]


def without_index(words: Words) -> list[Component]:
    """Return what stands where the live generation was published without an index."""
    return [_sentence(words("This generation has no search index."))]


def marked(name: str, hits: Sequence[tuple[int, int]]) -> list[html.Mark | str]:
    """Return a name with the parts that matched marked; hits that overlap are marked once."""
    parts: list[html.Mark | str] = []
    at = 0
    for start, end in hits:
        first = max(start, at)
        if end > first:
            parts += [name[at:first], html.Mark(name[first:end])]
            at = end
    return [part for part in (*parts, name[at:]) if part]


def _option(place: int, one: Found, words: Words) -> html.Li:
    index = (
        html.Span(words("not in operation"), className="is-dim")
        if one.smoke_index is None
        else grade_mark(one.grade, f"{words.grade(one.grade)} {words.number(one.smoke_index, 1)}")
    )
    person = [html.Mark(one.representative)] if one.why == "representative" else [one.representative]
    code = [html.Mark(one.uscc)] if one.why == "code" else [one.uscc]
    return html.Li(
        [
            html.Span(marked(one.name, one.hits), className="search__name"),
            index,
            html.Span(
                [html.Span(code), html.Span(_region(one.region_code, words)), html.Span(person)],
                className="search__facts",
            ),
        ],
        id=f"search-option-{place}",
        role="option",
        className="search__option",
        **aria(selected="false"),
        **data(href=portrait_href(one.uscc)),
    )


def _region(code: str, words: Words) -> str:
    return region_name(code, words.locale) if is_region_code(code) else NOTHING


def _sentence(text: str) -> html.P:
    return html.P(text, className="search__note", role="status")
