"""Case page: the way through the stages, the next steps with what they lack, the form of the chosen one, the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.workflow.load import workflows
from layouts.case_forms import field, fold, key_store
from layouts.panels import loading, panel

if TYPE_CHECKING:
    from dashboard.i18n import Words
    from dashboard.workflow.definition import Question

BODY = "case--steps"
NEXT = "case--steps-next"
STEP = "case--step"
STEP_FORM = "case--step-form"
STEPPING = "case--stepping"
STEP_LACKS = "case--step-lacks"
STEP_REASON = "case--step-reason"
STEP_WHY = "case--step-why"
STEP_OUTCOME = "case--step-outcome"
STEP_END = "case--step-end"
STEP_SEND = "case--step-send"
STEP_KEY = "case--step-key"
SUSPENSION = "case--suspension"
SUSPEND_UNTIL = "case--suspend-until"
SUSPEND_REASON = "case--suspend-reason"
SUSPEND_SEND = "case--suspend-send"
SUSPEND_KEY = "case--suspend-key"
RESUMPTION = "case--resumption"
RESUME_REASON = "case--resume-reason"
RESUME_SEND = "case--resume-send"
RESUME_KEY = "case--resume-key"
CHARGE = "case--charge"
OWNER = "case--owner"
OWNER_SEND = "case--owner-send"
OWNER_KEY = "case--owner-key"
KEYS = (STEP_KEY, SUSPEND_KEY, RESUME_KEY, OWNER_KEY)

QUESTIONS: dict[str, Question] = {one.code: one for workflow in workflows() for one in workflow.questions}
"""Every field that a step of a shipped definition asks for; the same code is the same field in all of them."""


def answer_id(code: str) -> str:
    """Return the field of a question."""
    return f"case--answer-{code.replace('_', '-')}"


def asks_id(code: str) -> str:
    """Return the frame around the field of a question: hidden unless the chosen step asks it."""
    return f"case--asks-{code.replace('_', '-')}"


ANSWERS = {code: answer_id(code) for code in QUESTIONS}
FORMS: dict[str, dict[str, str]] = {
    "step": {"step": STEP, "reason": STEP_REASON, "outcome": STEP_OUTCOME, **ANSWERS},
    "suspend": {"until": SUSPEND_UNTIL, "reason": SUSPEND_REASON},
    "resume": {"reason": RESUME_REASON},
    "owner": {"owner": OWNER},
}
"""Each form's fields by name, with the component whose value each is: what drafts keep."""


def parts(words: Words) -> list[html.Section]:
    """Return the panels of this part of the page: the way, and the next steps with the chosen one's form beside."""
    way: list[Any] = [html.Div(loading(words), id=BODY), html.Div(_folds(words), className="case-steps__folds")]
    ahead = html.Div(html.Div(loading(words), id=NEXT), className="case-steps__ahead")
    beside = html.Div(_chooser(words), id=STEPPING, className="case-steps__form", hidden=True)
    return [
        panel(words("Stages"), way, area="case__path case-steps"),
        panel(
            words("Next steps"),
            html.Div([ahead, beside], className="case-steps__next"),
            area="case-steps",
        ),
    ]


def _chooser(words: Words) -> list[Any]:
    return [
        key_store(STEP_KEY),
        field(words("Step to take"), _select(words, [], id=STEP)),
        html.Div(_form(words), id=STEP_FORM, className="case-steps__form", hidden=True),
    ]


def _form(words: Words) -> list[Any]:
    why = field(words("Reason"), dbc.Textarea(id=STEP_REASON, value="", rows=2, maxlength=1000, size="sm"))
    end = field(words("Outcome"), _select(words, [], id=STEP_OUTCOME))
    return [
        *(
            html.Div(field(question.name.told(words.locale), _control(question, words)), id=asks_id(code), hidden=True)
            for code, question in QUESTIONS.items()
        ),
        html.Div(why, id=STEP_WHY, hidden=True),
        html.Div(end, id=STEP_END, hidden=True),
        html.Div(id=STEP_LACKS),
        html.Div(html.Button(words("Take the step"), id=STEP_SEND, className="button button--first")),
    ]


def _control(question: Question, words: Words) -> Any:  # noqa: ANN401 - any of Bootstrap's controls
    shared = {"id": answer_id(question.code), "size": "sm"}
    if question.kind == "choice":
        options = [{"value": one.code, "label": one.name.told(words.locale)} for one in question.choices]
        return _select(words, options, id=shared["id"])
    if question.kind == "text":
        return dbc.Textarea(value="", rows=3, maxlength=question.longest, **shared)
    if question.kind == "date":
        return dbc.Input(type="date", value="", **shared)
    step = "0.01" if question.kind == "money" else "1"
    return dbc.Input(type="number", value=None, min=0, step=step, **shared)


def _select(words: Words, options: list[dict[str, str]], **named: str) -> dbc.Select:
    return dbc.Select(options, "", placeholder=words("Choose"), size="sm", **named)


def _folds(words: Words) -> list[html.Details]:
    until = dbc.Input(id=SUSPEND_UNTIL, type="date", value="", size="sm")
    stop = [
        key_store(SUSPEND_KEY),
        field(words("Until, at the latest"), until),
        field(words("Reason"), dbc.Textarea(id=SUSPEND_REASON, value="", rows=2, maxlength=1000, size="sm")),
        html.Button(words("Suspend"), id=SUSPEND_SEND, className="button"),
    ]
    go_on = [
        key_store(RESUME_KEY),
        field(words("Reason"), dbc.Textarea(id=RESUME_REASON, value="", rows=2, maxlength=1000, size="sm")),
        html.Button(words("Resume"), id=RESUME_SEND, className="button"),
    ]
    charge = [
        key_store(OWNER_KEY),
        field(words("Person in charge"), _select(words, [], id=OWNER)),
        html.Button(words("Put in charge"), id=OWNER_SEND, className="button"),
    ]
    return [
        fold(words("Change the person in charge"), charge, CHARGE, words),
        fold(words("Suspend the case"), stop, SUSPENSION, words),
        fold(words("Resume the case"), go_on, RESUMPTION, words),
    ]
