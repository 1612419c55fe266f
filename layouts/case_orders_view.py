"""The linkage as the case page shows it: who has the case, the chain of orders, and what the forms offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.errors import Invalid
from dashboard.i18n import NOTHING
from dashboard.i18n.case_terms import ORDER_STATE_WORDS, ORDER_WORDS
from dashboard.queries.offices import office_name
from dashboard.workflow.orders import causes_told
from layouts.asked import LARGEST
from layouts.notices import told
from layouts.panels import data, state
from layouts.terms import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.models.cases import CaseOrder
    from dashboard.queries.case_orders import Linkage, OrderSeen
    from dashboard.queries.offices import Office


def now(linkage: Linkage, words: Words) -> list[Component]:
    """Return who assists; who handles the case and who is in charge there stand in the headline."""
    if not linkage.assistants:
        return []
    names = [office_name(code, words.locale) for code in linkage.assistants]
    return [html.Dl([html.Dt(words("Assisting")), html.Dd(listed(names, words))])]


def chain(linkage: Linkage, words: Words, timezone: str) -> Component:
    """Return all orders about the case, newest first: who to whom, what was asked, the clock, and the answer."""
    if not linkage.orders:
        return state("zero", words("No order has passed between departments about this case"))
    return html.Ol([_order(one, linkage, words, timezone) for one in linkage.orders], className="case-orders__chain")


def _order(one: OrderSeen, linkage: Linkage, words: Words, timezone: str) -> html.Li:
    order = one.order
    kind, ways = words.term(ORDER_WORDS, order.kind), _way(order, words)
    head = [html.Strong(kind), html.Span(ways, className="case-orders__way"), _mark(one, words)]
    lines = [html.Div(head, className="case-orders__head"), html.P(_asked(order, linkage, words, timezone))]
    lines.append(html.P(_sent(one, words, timezone), className="case-orders__when"))
    if order.answered_at is not None:
        lines += _answer(one, words, timezone)
    return html.Li(lines, **data(state=order.state))


def _way(order: CaseOrder, words: Words) -> str:
    return f"{office_name(order.from_code, words.locale)} → {office_name(order.to_code, words.locale)}"


def _mark(one: OrderSeen, words: Words) -> html.Span:
    state_word = words.term(ORDER_STATE_WORDS, one.order.state)
    text = words("%(state)s, overdue", state=state_word) if one.late else state_word
    look = {"pending": "is-waiting", "refused": "is-refused"}.get(one.order.state, "")
    return html.Span(text, className=f"case-orders__state {'is-red' if one.late else look}".strip())


def _asked(order: CaseOrder, linkage: Linkage, words: Words, timezone: str) -> str:
    if order.kind != "escalation":
        return order.text
    return words("; ").join(told(cause, words, timezone) for cause in causes_told(order.text, linkage.seen.workflow))


def _sent(one: OrderSeen, words: Words, timezone: str) -> str:
    order = one.order
    parts = [one.sender or words("By the system"), words.instant(order.made_at, timezone)]
    if order.answer_due_on is not None:
        parts.append(words("answer by %(due)s", due=words.date(order.answer_due_on)))
    if order.escalated_on is not None:
        parts.append(words("told to the level above on %(day)s", day=words.date(order.escalated_on)))
    return " · ".join(parts)


def _answer(one: OrderSeen, words: Words, timezone: str) -> list[Component]:
    order = one.order
    by = f"{one.answerer or NOTHING} · {words.instant(order.answered_at, timezone)}"
    said: list[Component] = [html.P(order.answer)] if order.answer else []
    return [html.Div([*said, html.P(by, className="case-orders__when")], className="case-orders__answer")]


def waiting(orders: Iterable[CaseOrder], words: Words) -> list[dict[str, str]]:
    """Return orders to choose from; each value names the order and the version in which it was seen."""
    return [
        {"value": f"{one.id}:{one.version}", "label": f"{words.term(ORDER_WORDS, one.kind)} · {_way(one, words)}"}
        for one in orders
    ]


def kinds(linkage: Linkage, words: Words) -> list[dict[str, str]]:
    """Return the kinds of orders that may be sent now, to choose from."""
    return [{"value": kind, "label": words.term(ORDER_WORDS, kind)} for kind in linkage.kinds]


def departments(offices: Sequence[Office], words: Words) -> list[dict[str, str]]:
    """Return departments to choose from; where nobody has an account, that is said."""
    return [
        {"value": one.code, "label": one.name if one.staffed else words("%(name)s (nobody there)", name=one.name)}
        for one in offices
    ]


def regions(codes: Iterable[str], words: Words) -> list[dict[str, str]]:
    """Return the departments of regions to choose from."""
    return [{"value": code, "label": office_name(code, words.locale)} for code in codes]


def chosen(options: Sequence[dict[str, str]], before: object) -> str | None:
    """Return what stays chosen among new options: what was, or the first; None where there is nothing to choose."""
    values = [one["value"] for one in options]
    return before if isinstance(before, str) and before in values else next(iter(values), None)


def order_in(value: Any) -> tuple[int, int]:  # noqa: ANN401 - whatever JSON a client sends
    """Return the order that was chosen and the version in which it was seen; Invalid for anything else."""
    number, _, version = value.partition(":") if isinstance(value, str) else ("", "", "")
    # Nine digits and no more: what is longer than any id must not become a number at all.
    if not all(part.isascii() and part.isdigit() and len(part) <= len(str(LARGEST)) for part in (number, version)):
        raise Invalid("that is no order")
    if not all(0 < int(part) <= LARGEST for part in (number, version)):
        raise Invalid("that is no order")
    return int(number), int(version)


def text_in(value: Any) -> str:  # noqa: ANN401 - as above
    """Return what was typed or chosen, '' for nothing; Invalid for what is no text."""
    if not isinstance(value, str | None):
        raise Invalid("that is no text")
    return value or ""
