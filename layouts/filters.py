"""The watchlist's filters in the address: parsed, printed, and said in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from dashboard.errors import Invalid
from dashboard.i18n import FACTOR_WORDS
from dashboard.queries.filters import ASCENDING, EXEMPTS, SORTS, STATES, Filters
from dashboard.vocabulary import GRADES, RISK_TYPES, SECTORS
from layouts.links import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboard.i18n import Words

TEXT_LONGEST = 22  # with everything else it fits into the characters of a query string that are looked at
ID_LONGEST = 9  # digits of an account's id
ANY = "any"  # what a select of the form says for no condition: the browser's own '' means that nothing is chosen
HIGHEST = 100.0  # of the Smoke Index
_CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "type": ("risk_type", RISK_TYPES),
    "sector": ("sector", SECTORS),
    "factor": ("factor", tuple(FACTOR_WORDS)),
    "state": ("state", STATES),
    "exempt": ("exempt", EXEMPTS),
}
"""Names in the address, the field that each is, and the values that it may have."""


def filters_in(search: str | None) -> Filters:
    """Parse a query string; what is absent is no condition. Raises Invalid for what cannot be meant."""
    if not isinstance(search, str | None):
        raise Invalid("a query string is text")
    given = {name: values[-1] for name, values in parse_qs((search or "")[:LONGEST].removeprefix("?")).items()}
    return filters_of(given)


def filters_of(given: Mapping[str, str]) -> Filters:
    """Return the filters that names and values as in an address mean; empty values are no condition."""
    selects = {name: "" if given.get(name) == ANY else given.get(name, "") for name in (*_CHOICES, "who")}
    chosen = {field: one_of(selects[name], known) for name, (field, known) in _CHOICES.items()}
    grades = [grade for grade in given.get("grade", "").split(".") if grade]
    if not set(grades) <= set(GRADES):
        raise Invalid("there is no such grade")
    sort, _, way = given.get("sort", "").partition(".")
    sort = one_of(sort, SORTS) or SORTS[0]
    return Filters(
        grades=tuple(grade for grade in GRADES if grade in grades),
        who=who_of(selects["who"], ("mine", "nobody")),
        text=text_of(given.get("text", "")),
        low=_number(given.get("low", "")),
        high=_number(given.get("high", "")),
        overdue=one_of(given.get("overdue", ""), ("1",)) == "1",
        new=one_of(given.get("new", ""), ("1",)) == "1",
        sort=sort,
        descending=(one_of(way, ("up", "down")) or _usual(sort)) == "down",
        **chosen,
    )


def search_of(region: str, filters: Filters) -> str:
    """Return the query string of filters over a region, with only what differs from no condition."""
    form = form_of(filters)
    if form["sort"] == f"{filters.sort}.{_usual(filters.sort)}":
        form["sort"] = "" if filters.sort == SORTS[0] else filters.sort
    flags = {"overdue": "1" if filters.overdue else "", "new": "1" if filters.new else ""}
    given = {"region": region, "grade": ".".join(filters.grades)} | form | flags
    return "?" + urlencode({name: value for name, value in given.items() if value and (value != ANY or name == "text")})


def form_of(filters: Filters) -> dict[str, str]:
    """Return what the form shows, by the names in the address; the order is written out in full."""
    return {
        **{name: getattr(filters, field) or ANY for name, (field, _known) in _CHOICES.items()},
        "who": filters.who or ANY,
        "text": filters.text,
        "low": "" if filters.low is None else f"{filters.low:g}",
        "high": "" if filters.high is None else f"{filters.high:g}",
        "sort": f"{filters.sort}.{'down' if filters.descending else 'up'}",
    }


def with_grade(filters: Filters, grade: str) -> Filters:
    """Return the filters with a grade more, or without it where it was asked for."""
    kept = set(filters.grades) ^ {grade}
    return replace(filters, grades=tuple(one for one in GRADES if one in kept))


def in_words(filters: Filters, words: Words, who: str) -> str:
    """Return the conditions in words, for the cover of what is exported; `who` names the assignee asked for."""
    said = [
        " / ".join(words.grade(grade) for grade in filters.grades),
        *(say(words)(value) for field, say in _SAID.items() if (value := getattr(filters, field))),
        words("Text: %(text)s", text=filters.text) if filters.text else "",
        words("Index from %(low)s", low=words.number(filters.low, 1)) if filters.low is not None else "",
        words("Index to %(high)s", high=words.number(filters.high, 1)) if filters.high is not None else "",
        words("With %(who)s", who=who) if filters.who else "",
        words("Overdue") if filters.overdue else "",
        words("New this week") if filters.new else "",
    ]
    return " · ".join(one for one in said if one) or words("All listed enterprises")


_SAID: dict[str, Callable[[Words], Callable[[str], str]]] = {
    "risk_type": lambda words: words.risk_type,
    "sector": lambda words: words.sector,
    "factor": lambda words: words.factor,
    "state": lambda words: lambda code: state_words(code, words),
    "exempt": lambda words: lambda code: words.exemption(code) if code != "none" else words("On no list"),
}


def state_words(state: str, words: Words) -> str:
    """Return the words of what became of a row's warning."""
    return words("No warning") if state == "none" else words.handling(state)


def text_of(value: str) -> str:
    """Return a text to look for, without spaces around it; Invalid for one that is too long or cannot be typed."""
    text = value.strip()
    if len(text) > TEXT_LONGEST or not text.isprintable():
        raise Invalid("that is no text to look for")
    return text


def one_of(value: str, known: tuple[str, ...]) -> str:
    """Return the value, '' or one of those known; Invalid for any other."""
    if value and value not in known:
        raise Invalid(f"there is no {value[:20]!r} to ask for")
    return value


def who_of(value: str, groups: tuple[str, ...]) -> str:
    """Return whose things are asked for: '', one of the groups, or the id of an account; Invalid for any other."""
    number = value.isascii() and value.isdigit() and len(value) <= ID_LONGEST
    if value and value not in groups and not number:
        raise Invalid(f"{value[:20]!r} is nobody")
    return value


def _number(value: str) -> float | None:
    if not value:
        return None
    try:
        number = float(value)
    except ValueError as error:
        raise Invalid(f"{value[:20]!r} is no index") from error
    if not 0 <= number <= HIGHEST:
        raise Invalid(f"{value[:20]!r} is no index")
    return number


def _usual(sort: str) -> str:
    return "up" if sort in ASCENDING else "down"
