"""What a step wants of a case's file, and what of it is not there yet: one answer for the action and for the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dashboard.errors import Sentence
from dashboard.i18n import N_
from dashboard.i18n.case_terms import ATTACHMENT_WORDS
from dashboard.vocabulary import PROVEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboard.workflow.definition import Record, Step
    from dashboard.workflow.facts import Facts

Need = Literal[
    "clock",
    "hand_over",
    "owner",
    "people",
    "evidence",
    "determination",
    "measure",
    "police_transfer",
    "repayment_settled",
    "attachment",
    "tasks",
    "orders",
    "finding",
    "rectification",
    "no_finding",
    "no_sanction",
]
"""Everything that a step can lack."""
Where = Literal["steps", "orders", "findings", "work"]
"""The part of the case page on which a lack is mended."""

RECORDS: dict[Record, tuple[Where, str]] = {
    "owner": ("steps", N_("A person in charge")),
    "people": ("findings", N_("At least one person listed")),
    "evidence": ("work", N_("At least one piece of evidence listed")),
    "determination": ("findings", N_("The determination written")),
    "measure": ("findings", N_("At least one measure taken")),
    "police_transfer": ("findings", N_("The transfer to the police, as a measure")),
    "repayment_settled": ("findings", N_("The repayment settled")),
}
SANCTIONS = frozenset({"penalty", "police_transfer"})
"""Measures that say that there was something."""


@dataclass(frozen=True)
class Demand:
    """One thing that a step wants: what, where on the page it is mended, in words, and whether it is there."""

    need: Need
    where: Where
    told: Sentence
    met: bool


def demands(step: Step, facts: Facts, outcome: str = "") -> tuple[Demand, ...]:
    """Return all that a step wants of the file, in the order in which people should look at it.

    `outcome` is the chosen one: each wants something of its own. '' where none is chosen yet, or the step closes
    nothing. Fields of the step's form are not among them (`dashboard.workflow.answers`), nor who may take it.
    """
    return (
        *_standing(facts),
        *_records(step, facts),
        *_files(step, facts),
        *_done(step, facts),
        *_end(step, outcome, facts),
    )


def lacks(step: Step, facts: Facts, outcome: str = "") -> tuple[Demand, ...]:
    """Return what is not there yet of all that a step wants; () where the step can be taken."""
    return tuple(one for one in demands(step, facts, outcome) if not one.met)


def _standing(facts: Facts) -> Iterator[Demand]:
    """Yield what every step wants; told only while it is not so, because it is the ordinary state of things."""
    if facts.suspended:
        told = Sentence(N_("The case is suspended: resume it first"))
        yield Demand("clock", "steps", told, met=False)
    if facts.hand_over:
        told = Sentence(N_("A hand-over of the case waits for its answer: it is answered or withdrawn first"))
        yield Demand("hand_over", "orders", told, met=False)


def _records(step: Step, facts: Facts) -> Iterator[Demand]:
    there: dict[Record, bool] = {
        "owner": facts.owner,
        "people": facts.people > 0,
        "evidence": facts.evidence > 0,
        "determination": facts.determined is not None,
        "measure": bool(facts.measures),
        "police_transfer": "police_transfer" in facts.measures,
        "repayment_settled": facts.repayment_settled,
    }
    for record in step.records:
        where, message = RECORDS[record]
        yield Demand(record, where, Sentence(message), met=there[record])


def _files(step: Step, facts: Facts) -> Iterator[Demand]:
    if not step.attachments:
        return
    kinds = tuple(Sentence(ATTACHMENT_WORDS[kind]) for kind in step.attachments)
    message = N_("Attached: %(kinds)s") if len(kinds) == 1 else N_("One of these attached: %(kinds)s")
    met = not facts.attachments.isdisjoint(step.attachments)
    yield Demand("attachment", "work", Sentence(message, {"kinds": kinds}), met=met)


def _done(step: Step, facts: Facts) -> Iterator[Demand]:
    if step.tasks_done:
        told = Sentence(N_("All tasks done or dropped; open: %(n)s"), {"n": facts.tasks_open})
        yield Demand("tasks", "work", told, met=not facts.tasks_open)
    if step.orders_done:
        told = Sentence(N_("All orders answered; waiting: %(n)s"), {"n": facts.orders_pending})
        yield Demand("orders", "orders", told, met=not facts.orders_pending)


def _end(step: Step, outcome: str, facts: Facts) -> Iterator[Demand]:
    """Yield what an outcome wants, so that the file and the outcome tell the same story."""
    if outcome in {"confirmed", "transferred"}:
        told = Sentence(N_("A determination that names the risk type"))
        yield Demand("finding", "findings", told, met=bool(facts.determined))
    if outcome == "transferred" and "police_transfer" not in step.records:
        where, message = RECORDS["police_transfer"]
        yield Demand("police_transfer", where, Sentence(message), met="police_transfer" in facts.measures)
    if outcome == "rectified":
        told = Sentence(N_("The order to rectify, as a measure or attached"))
        met = "rectification_order" in facts.measures | facts.attachments
        yield Demand("rectification", "findings", told, met=met)
    if outcome and outcome not in PROVEN:
        told = Sentence(N_("No determination that names a risk type"))
        yield Demand("no_finding", "findings", told, met=not facts.determined)
        told = Sentence(N_("No penalty and no transfer to the police in force"))
        yield Demand("no_sanction", "findings", told, met=facts.measures.isdisjoint(SANCTIONS))
