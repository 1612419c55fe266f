"""Case page: how the stages, the clock, the next steps and what they lack are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.i18n import N_
from dashboard.i18n.case_terms import OUTCOME_WORDS
from dashboard.workflow.gates import demands, lacks
from layouts.notices import told
from layouts.panels import aria, state

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.i18n import Words
    from dashboard.queries.case_steps import Progress
    from dashboard.workflow.definition import Stage, Step
    from dashboard.workflow.gates import Demand, Where

AREAS: dict[Where, tuple[str, str]] = {
    "steps": ("case--path", N_("Stages")),
    "orders": ("case--act", N_("What to do")),
    "findings": ("case--file", N_("Case file")),
    "work": ("case--work", N_("Work")),
}
"""The area of the page in which a lack is mended: its id, and what it is called."""


def way(progress: Progress, words: Words) -> html.Ol:
    """Return the stages in order, done, present and to come; the clock and who is in charge stand in the headline."""
    workflow, stage = progress.seen.workflow, progress.seen.case.stage
    codes = [one.code for one in workflow.stages]
    here = codes.index(stage) if stage in codes else -1
    rows = [_stage(one, place - here, progress, words) for place, one in enumerate(workflow.stages)]
    return html.Ol(rows, className="case-steps__way")


def _stage(stage: Stage, after: int, progress: Progress, words: Words) -> html.Li:
    look = "is-now" if after == 0 else "is-done" if stage.code in progress.taken else "is-ahead"
    allowed, taken = stage.days, progress.taken.get(stage.code)
    if taken is not None and allowed:
        days = words("%(taken)s of %(allowed)s days", taken=taken, allowed=allowed)
    elif allowed:
        days = words("%(allowed)s days", allowed=allowed)
    else:
        days = ""
    late = taken is not None and allowed is not None and taken > allowed
    body = [
        html.Span(stage.name.told(words.locale), className="case-steps__stage"),
        html.Span(days, className=f"case-steps__days {'is-red' if late else ''}".strip()),
    ]
    marks = aria(current="step") if after == 0 else {}
    return html.Li(body, className=look, title=words("Working days, without pauses"), **marks)


def ahead(progress: Progress, words: Words, timezone: str) -> html.Ol | html.Div:
    """Return the next steps, each with the stage that it leads to and with what it wants, or why there is none."""
    if not progress.steps:
        return state("none", words("The department that works on the case takes its steps"))
    return html.Ol([html.Li(_card(step, progress, words, timezone)) for step in progress.steps])


def _card(step: Step, progress: Progress, words: Words, timezone: str) -> list[Any]:
    to = progress.seen.workflow.stage(step.to)
    head = [html.Strong(step.name.told(words.locale)), html.Span(f"→ {to.name.told(words.locale)}")]
    if not progress.seen.allows(step.who):
        head.append(html.Span(words("Not for your role or the level of your department")))
    return [html.Div(head, className="case-steps__head"), lacking(demands(step, progress.facts), words, timezone)]


def options(progress: Progress, words: Words) -> list[dict[str, str]]:
    """Return the steps that the viewer may take now; each says how much it still lacks."""
    if progress.facts.suspended or progress.facts.hand_over:
        return []
    found = []
    for step in progress.steps:
        if progress.seen.allows(step.who):
            name, missing = step.name.told(words.locale), len(lacks(step, progress.facts))
            label = words("%(step)s (lacks %(n)s)", step=name, n=missing) if missing else name
            found.append({"value": step.code, "label": label})
    return found


def lacking(wanted: Iterable[Demand], words: Words, timezone: str) -> html.Ul:
    """Return what a step wants, ticked or crossed, and where on the page each lack is mended."""
    return html.Ul(
        [
            html.Li(
                [
                    html.Span("✓" if one.met else "✗", className="case-steps__mark", **aria(hidden="true")),
                    html.Span(words("there:") if one.met else words("lacking:"), className="is-unseen"),
                    html.Span(told(one.told, words, timezone)),
                    *([] if one.met else [_mended(one.where, words)]),
                ],
                className="is-met" if one.met else "is-lacking",
            )
            for one in wanted
        ],
        className="case-steps__lacks",
    )


def _mended(where: Where, words: Words) -> html.A:
    area, name = AREAS[where]
    return html.A(words("see %(area)s", area=words(name)), href=f"#{area}")


def outcomes(step: Step, words: Words) -> list[dict[str, str]]:
    """Return the outcomes that a step may end a case with."""
    return [{"value": one, "label": words.term(OUTCOME_WORDS, one)} for one in step.outcomes]


def people(progress: Progress) -> list[dict[str, str]]:
    """Return who may be put in charge."""
    return [{"value": str(number), "label": name} for number, name in progress.workers.items()]
