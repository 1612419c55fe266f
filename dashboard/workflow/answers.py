"""What a step's form was given: each question answered, and each answer of its kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from dashboard.errors import Invalid
from dashboard.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.workflow.definition import Question, Step, Workflow

MOST_NUMBER = 10**9
MOST_MONEY = Decimal(10) ** 13  # CNY, as everywhere in a case
EARLIEST = date(1990, 1, 1)

Answer = str | int | float


def answers_in(workflow: Workflow, step: Step, given: Sequence[tuple[str, str]], today: date) -> dict[str, Answer]:
    """Return a step's answers by question: texts trimmed, dates as 2026-11-22, numbers and CNY as numbers.

    Raises Invalid, with a sentence that names the field, for one that is missing or cannot be meant; Invalid for an
    answer that the step does not ask for.
    """
    typed = dict(given)
    if len(typed) < len(given) or not typed.keys() <= set(step.questions):
        raise Invalid(f"the form of {step.code} holds something else")
    return {code: _answer(workflow.question(code), typed.get(code, "").strip(), today) for code in step.questions}


def _answer(question: Question, text: str, today: date) -> Answer:
    if not text:
        raise Invalid.telling(N_("%(field)s is still empty"), field=question.name)
    if question.kind == "date":
        return _date(question, text, today)
    if question.kind == "number":
        return int(_number(question, text, Decimal(1), Decimal(MOST_NUMBER)))
    if question.kind == "money":
        return float(_number(question, text, Decimal("0.01"), MOST_MONEY))
    if question.kind == "choice":
        if text not in {choice.code for choice in question.choices}:
            raise Invalid.telling(N_("%(field)s: choose one of the answers"), field=question.name)
        return text
    if len(text) > question.longest or "\x00" in text:
        raise Invalid.telling(
            N_("%(field)s is longer than %(longest)s characters"), field=question.name, longest=question.longest
        )
    return text


def _date(question: Question, text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid.telling(N_("%(field)s: that is no date"), field=question.name) from None
    if day < EARLIEST or (question.past and day > today):
        raise Invalid.telling(N_("%(field)s: that day cannot be meant"), field=question.name)
    return day.isoformat()


def _number(question: Question, text: str, unit: Decimal, most: Decimal) -> Decimal:
    try:
        number = Decimal(text) if text.isascii() else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or not 0 <= number <= most or number % unit:
        raise Invalid.telling(N_("%(field)s: that is no such number"), field=question.name)
    return number
