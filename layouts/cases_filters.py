"""The address of the cases screen: the tab, the period and the filters, parsed, printed, and said in words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from dashboard.errors import Invalid
from dashboard.i18n.case_terms import CLOCK_WORDS, OUTCOME_WORDS, PHASE_WORDS, SOURCE_WORDS
from dashboard.queries.case_filters import (
    ALL_PHASES,
    ASCENDING,
    ENDED,
    OPEN,
    OUTSIDE,
    REACHES,
    RETURNED,
    SORTS,
    START,
    STEP_ENDS,
    CaseFilters,
    Stay,
    Step,
)
from dashboard.queries.cases import PERIODS, USUAL_PERIOD
from dashboard.vocabulary import CASE_SOURCES, CLOCKS, GRADES, OPEN_PHASES, OUTCOMES, RISK_TYPES
from layouts.filters import ANY, one_of, text_of, who_of
from layouts.links import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.i18n import Words

TABS = ("pipeline", "board", "list")
WHOSE = ("mine", "department", "nobody")
NO_GRADE = "none"
_CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "phase": ("phase", (OPEN, ENDED, *ALL_PHASES)),
    "clock": ("clock", CLOCKS),
    "type": ("risk_type", RISK_TYPES),
    "grade": ("grade", (*GRADES, NO_GRADE)),
    "outcome": ("outcome", OUTCOMES),
    "source": ("source", CASE_SOURCES),
    "reach": ("reach", REACHES),
}
"""Names in the address that the form shows as choices, the field that each is, and the values that it may have."""


@dataclass(frozen=True)
class CasesView:
    """What the address of the cases screen says beside the region."""

    tab: str = TABS[0]
    weeks: int = USUAL_PERIOD
    filters: CaseFilters = field(default_factory=CaseFilters)

    def listing(self, filters: CaseFilters) -> CasesView:
        """Return the list of other cases, over the same period."""
        return replace(self, tab="list", filters=filters)


def cases_in(search: str | None) -> CasesView:
    """Parse a query string; what is absent is no condition. Raises Invalid for what cannot be meant."""
    if not isinstance(search, str | None):
        raise Invalid("a query string is text")
    given = {name: values[-1] for name, values in parse_qs((search or "")[:LONGEST].removeprefix("?")).items()}
    weeks = one_of(given.get("weeks", ""), tuple(str(weeks) for weeks in PERIODS))
    tab = one_of(given.get("tab", ""), TABS) or TABS[0]
    return CasesView(tab, int(weeks or USUAL_PERIOD), case_filters_of(given))


def case_filters_of(given: Mapping[str, str]) -> CaseFilters:
    """Return the filters that names and values as in an address mean; empty values are no condition."""
    selects = {name: "" if given.get(name) == ANY else given.get(name, "") for name in (*_CHOICES, "who")}
    sort, _, way = given.get("sort", "").partition(".")
    sort = one_of(sort, SORTS) or SORTS[0]
    return CaseFilters(
        **{field: one_of(selects[name], known) for name, (field, known) in _CHOICES.items()},
        who=who_of(selects["who"], WHOSE),
        text=text_of(given.get("text", "")),
        opened_from=_day(given.get("from", "")),
        opened_to=_day(given.get("to", "")),
        reached=one_of(given.get("reached", ""), ALL_PHASES),
        step=_step(given.get("step", "")),
        stay=_stay(given.get("stay", "")),
        sort=sort,
        descending=(one_of(way, ("up", "down")) or _usual(sort)) == "down",
    )


def cases_search(region: str, view: CasesView) -> str:
    """Return the query string of a view of a region, with only what differs from the usual."""
    filters, form = view.filters, case_form_of(view.filters)
    if form["sort"] == f"{filters.sort}.{_usual(filters.sort)}":
        form["sort"] = "" if filters.sort == SORTS[0] else filters.sort
    given = {
        "region": region,
        "tab": "" if view.tab == TABS[0] else view.tab,
        "weeks": "" if view.weeks == USUAL_PERIOD else str(view.weeks),
        **form,
        "reached": filters.reached,
        "step": _joined(filters.step.before, filters.step.after, filters.step) if filters.step else "",
        "stay": _joined(filters.stay.phase, "late" if filters.stay.late else "all", filters.stay)
        if filters.stay
        else "",
    }
    return "?" + urlencode({name: value for name, value in given.items() if value and (value != ANY or name == "text")})


def cases_href(region: str, view: CasesView) -> str:
    """Return the address of a view of a region."""
    return "/cases" + cases_search(region, view)


def case_form_of(filters: CaseFilters) -> dict[str, str]:
    """Return what the form shows, by the names in the address; the order is written out in full."""
    return {
        **{name: getattr(filters, field) or ANY for name, (field, _known) in _CHOICES.items()},
        "who": filters.who or ANY,
        "text": filters.text,
        "from": filters.opened_from.isoformat() if filters.opened_from else "",
        "to": filters.opened_to.isoformat() if filters.opened_to else "",
        "sort": f"{filters.sort}.{'down' if filters.descending else 'up'}",
    }


def cases_in_words(filters: CaseFilters, words: Words, who: str) -> str:
    """Return the conditions in words, for the list's title and for the cover of an export; `who` names the person."""
    said = [
        phase_words(filters.phase, words) if filters.phase else "",
        words.term(CLOCK_WORDS, filters.clock) if filters.clock else "",
        words.risk_type(filters.risk_type) if filters.risk_type else "",
        grade_words(filters.grade, words) if filters.grade else "",
        words.term(OUTCOME_WORDS, filters.outcome) if filters.outcome else "",
        words.term(SOURCE_WORDS, filters.source) if filters.source else "",
        reach_words(filters.reach, words) if filters.reach else "",
        words("With %(who)s", who=who) if filters.who else "",
        words("Text: %(text)s", text=filters.text) if filters.text else "",
        words("opened from %(on)s", on=filters.opened_from.isoformat()) if filters.opened_from else "",
        words("opened to %(on)s", on=filters.opened_to.isoformat()) if filters.opened_to else "",
        *_histories(filters, words),
    ]
    return " · ".join(one for one in said if one) or words("All cases")


def _histories(filters: CaseFilters, words: Words) -> list[str]:
    said = []
    if filters.reached:
        said.append(words("has been in %(phase)s", phase=phase_words(filters.reached, words)))
    if (step := filters.step) is not None:
        what = words("returned") if step.before == RETURNED else _step_words(step, words)
        said.append(words("%(what)s between %(first)s and %(last)s", what=what, first=step.first, last=step.last))
    if (stay := filters.stay) is not None:
        phase = phase_words(stay.phase, words)
        what = words("left %(phase)s late", phase=phase) if stay.late else words("left %(phase)s", phase=phase)
        said.append(words("%(what)s between %(first)s and %(last)s", what=what, first=stay.first, last=stay.last))
    return said


def _step_words(step: Step, words: Words) -> str:
    return f"{phase_words(step.before, words)} → {phase_words(step.after, words)}"


def phase_words(phase: str, words: Words) -> str:
    """Return the words of a phase, or of several at once."""
    several = {
        OPEN: words("Open cases"),
        ENDED: words("Ended cases"),
        START: words("New cases"),
        OUTSIDE: words("Not open"),
    }
    return several.get(phase) or words.term(PHASE_WORDS, phase)


def grade_words(grade: str, words: Words) -> str:
    """Return the words of a grade, or of none."""
    return words("Without a warning") if grade == NO_GRADE else words.grade(grade)


def reach_words(reach: str, words: Words) -> str:
    """Return how a case belongs to the region."""
    return {
        "place": words("Happened here"),
        "unplaced": words("Here, no finer place known"),
        "elsewhere": words("From elsewhere"),
        "handled": words("Handled here"),
        "office": words("Handled by this department itself"),
    }[reach]


def _joined(first: str, second: str, span: Step | Stay) -> str:
    return f"{first}.{second}.{span.first.isoformat()}.{span.last.isoformat()}"


def _step(text: str) -> Step | None:
    if not text:
        return None
    before, after, first, last = _four(text)
    one_of(before, (RETURNED, *STEP_ENDS))
    one_of(after, STEP_ENDS)
    if not before or not after:
        raise Invalid("that is no step between two phases")
    return Step(before, after, first, last)


def _stay(text: str) -> Stay | None:
    if not text:
        return None
    phase, late, first, last = _four(text)
    if not one_of(phase, OPEN_PHASES) or not one_of(late, ("late", "all")):
        raise Invalid("that is no stay in a phase")
    return Stay(phase, late == "late", first, last)


def _four(text: str) -> tuple[str, str, date, date]:
    parts = text.split(".")
    first, last = (_day(part) for part in (parts[2:] if len(parts) == 4 else ("", "")))  # noqa: PLR2004 - two names, two days
    if first is None or last is None:
        raise Invalid(f"{text[:20]!r} names no span of days")
    return parts[0], parts[1], first, last


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{text[:20]!r} is no day") from error


def _usual(sort: str) -> str:
    return "up" if sort in ASCENDING else "down"
