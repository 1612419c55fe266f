"""One versioned definition of a jurisdiction's case workflow, as its TOML file says it; validated by `load`."""

from __future__ import annotations

from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from dashboard.access.permissions import Role
from dashboard.i18n.names import Name

Level = Literal["nation", "province", "city", "county", "town", "village"]
Phase = Literal[
    "intake",
    "verification",
    "investigation",
    "assessment",
    "determination",
    "disposal",
    "aftercare",
    "closed",
    "archived",
]
Record = Literal["owner", "people", "evidence", "determination", "measure", "police_transfer", "repayment_settled"]
"""What a step may demand that the case's file holds; `repayment_settled` also holds where nothing is owed."""
Outcome = Literal["confirmed", "rectified", "transferred", "unfounded", "false_positive"]
OrderKind = Literal["assign_down", "report_up", "transfer", "assist", "return", "supervise"]


Coded = TypeVar("Coded", "Stage", "Step", "Question")


class Part(BaseModel):
    """A piece of a definition: frozen, and nothing in it that the program does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Group(Part):
    """Who: any of these roles, in a department of any of these levels."""

    roles: tuple[Role, ...] = Field(min_length=1)
    levels: tuple[Level, ...] = Field(min_length=1)


class Choice(Part):
    """One answer to choose from."""

    code: str = Field(pattern=r"^[a-z_]{1,20}$")
    name: Name


class Question(Part):
    """One field of a step's form."""

    code: str = Field(pattern=r"^[a-z_]{1,20}$")
    kind: Literal["text", "choice", "date", "number", "money"]
    name: Name
    choices: tuple[Choice, ...] = ()
    longest: int = Field(2000, ge=1, le=4000)  # characters of a text
    past: bool = False  # a date that lies not in the future


class Stage(Part):
    """One stage: its name here, the phase that it counts as everywhere, and its deadline."""

    code: str = Field(pattern=r"^[a-z_]{1,20}$")
    phase: Phase
    name: Name
    days: int | None = Field(None, ge=1, le=750)  # Chinese working days; None: no clock


class Step(Part):
    """One transition: from any of the stages `of` to the stage `to`."""

    code: str = Field(pattern=r"^[a-z_]{1,20}$")
    name: Name
    of: tuple[str, ...] = Field(min_length=1)
    to: str
    who: tuple[str, ...] = Field(min_length=1)  # names of groups
    back: bool = False  # a return to an earlier stage
    reason: bool = False  # wants a reason
    questions: tuple[str, ...] = ()  # fields that its form must answer
    attachments: tuple[str, ...] = ()  # kinds of which one at least must be attached
    records: tuple[Record, ...] = ()
    tasks_done: bool = False  # no task may be open
    orders_done: bool = False  # no order between offices may wait for an answer
    outcomes: tuple[Outcome, ...] = ()  # of which one must be chosen; only steps to a closed stage have any


class OrderRule(Part):
    """One kind of the five-level linkage here: who may send it, and by when it wants an answer."""

    kind: OrderKind
    who: tuple[str, ...] = Field(min_length=1)
    answer_days: int | None = Field(None, ge=1, le=60)  # working days; None: it takes effect at once


class Suspension(Part):
    """Stopping the clock: who may, and for how long at most in calendar days."""

    who: tuple[str, ...] = Field(min_length=1)
    longest_days: int = Field(ge=1, le=366)


class Penalty(Part):
    """The legal range of one penalty: CNY, a share of the sum raised, or a multiple of the illegal income."""

    subject: Literal["organiser", "responsible", "assister", "institution", "institution_person"]
    of: Literal["fixed", "amount", "illegal_income"]
    low: float = Field(ge=0)
    high: float = Field(ge=0)


class Afterwards(Part):
    """What an outcome leads to: an entry in the white or grey list for so many days."""

    outcome: Outcome
    list: Literal["white", "grey"]
    reason: Literal["false_positive", "rectified", "licensed", "known"]
    days: int = Field(ge=1, le=366)


class Workflow(Part):
    """A whole definition. `jurisdictions` are region codes; the longest that a case's place begins with decides."""

    code: str = Field(pattern=r"^[a-z_]{1,20}$")
    version: str = Field(pattern=r"^\d{4}\.\d{1,3}$")
    name: Name
    source: str  # where its stages and deadlines come from
    jurisdictions: tuple[str, ...]
    amber_share: float = Field(gt=0, lt=1)  # of the deadline, after which it is called near
    groups: dict[str, Group]
    questions: tuple[Question, ...]
    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]
    orders: tuple[OrderRule, ...]
    suspension: Suspension
    penalties: tuple[Penalty, ...]
    afterwards: tuple[Afterwards, ...]

    @property
    def first(self) -> Stage:
        """The stage in which a case begins."""
        return self.stages[0]

    def stage(self, code: str) -> Stage:
        """Return a stage; raise LookupError where there is none of that code (`merged` is none)."""
        return _of(self.stages, code)

    def step(self, code: str) -> Step:
        """Return a step; raise LookupError where there is none of that code."""
        return _of(self.steps, code)

    def steps_of(self, stage: str) -> tuple[Step, ...]:
        """Return the steps that lead on from a stage, in the order of the definition."""
        return tuple(step for step in self.steps if stage in step.of)

    def question(self, code: str) -> Question:
        """Return a field; raise LookupError where there is none of that code."""
        return _of(self.questions, code)

    def order(self, kind: str) -> OrderRule:
        """Return the rule of one kind of order; raise LookupError where it is not used here."""
        found = [rule for rule in self.orders if rule.kind == kind]
        if not found:
            raise LookupError(kind)
        return found[0]

    def allows(self, who: tuple[str, ...], roles: frozenset[Role], level: str) -> bool:
        """Tell whether somebody with these roles in a department of that level belongs to one of the groups."""
        groups = (self.groups[name] for name in who)
        return any(roles & set(group.roles) and level in group.levels for group in groups)


def _of(parts: tuple[Coded, ...], code: str) -> Coded:
    for part in parts:
        if part.code == code:
            return part
    raise LookupError(code)
