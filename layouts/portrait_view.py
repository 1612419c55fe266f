"""Everything that a portrait and its dossier show of one enterprise, read once, so that both show the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dashboard.queries.model_used import floors_of
from dashboard.queries.weighing import Weight, by_factor
from etl.index.counterfactual import WayDown, silence_days, way_down
from etl.index.reasons import Change, changes
from etl.index.scalar import score_of
from etl.learn import explain_evidence
from layouts.portrait_timeline import Event, events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboard.i18n import Words
    from dashboard.models.exemptions import Exemption
    from dashboard.models.performance import Learned
    from dashboard.queries.generations import Live
    from dashboard.queries.portrait import Earlier, Facts, Known, Made, PeerLine, Ties
    from dashboard.queries.record import Record
    from etl.index.model import Model

Row = dict[str, Any]
AGREES = 0.0005  # by how little a probability reckoned again may differ from the published one


@dataclass(frozen=True)
class Portrait:
    """One enterprise in one generation, as one viewer may see it."""

    known: Known
    earlier: Earlier | None
    peers: Mapping[str, Sequence[PeerLine]]
    warnings: Sequence[Row]  # newest first
    made: Sequence[Made]  # the published generations up to this one, oldest first
    learned: Learned | None
    record: Record
    model: Model | None  # that the generation was computed with; None: it is not on record any more
    live: Live
    today: date

    @property
    def facts(self) -> Facts:
        """What the register and the index say."""
        return self.known.facts

    @property
    def evidence(self) -> Sequence[Row]:
        """Its evidence, most points first."""
        return self.known.evidence

    @property
    def weeks(self) -> Sequence[Row]:
        """Its weeks, oldest first."""
        return self.known.weeks

    @property
    def ties(self) -> Ties:
        """Its ties, one step around."""
        return self.known.ties

    @property
    def index(self) -> float:
        """The Smoke Index; 0 where it is not scored."""
        return float(self.facts.index or 0)

    @property
    def grade(self) -> str:
        """Its grade; '' where it is not scored."""
        return str(self.facts.score["grade"]) if self.facts.score else ""

    @cached_property
    def weights(self) -> list[Weight]:
        """What each factor weighs."""
        return by_factor(self.evidence)

    @cached_property
    def changes(self) -> list[Change]:
        """What weighs more or less than in the generation before; nothing without one."""
        return changes(self.earlier.evidence, self.evidence) if self.earlier else []

    @cached_property
    def floors(self) -> dict[str, float]:
        """The thresholds of the generation's model, by grade."""
        return floors_of(self.model)

    @cached_property
    def recomputed(self) -> bool:
        """Whether the model on record gives the published index from this evidence: only then it may foretell."""
        if self.model is None or self.facts.score is None:
            return False
        again = score_of(self.evidence, self.model, self.live.as_of)
        return (again.smoke_index, again.grade) == (self.facts.index, self.grade)

    @cached_property
    def way_down(self) -> WayDown | None:
        """The fewest pieces without which it would stand a grade lower; None where there is no lower grade."""
        return way_down(self.evidence, self.model, self.live.as_of) if self.model and self.recomputed else None

    @cached_property
    def silence(self) -> int | None:
        """After how many days without anything new the grade falls; None where it would not in ten years."""
        return silence_days(self.evidence, self.model, self.live.as_of) if self.model and self.recomputed else None

    @cached_property
    def learned_effects(self) -> list[tuple[str, float]]:
        """By how much the learned probability would be lower without each factor, 0-1, strongest first."""
        if self.learned is None or self.model is None or not self.recomputed:
            return []
        said = explain_evidence(self.learned.card, self.evidence, self.model, self.live.as_of)
        published = self.facts.score["probability"] if self.facts.score else None
        agrees = said is not None and published is not None and abs(said.probability - published) < AGREES
        return said.without() if said and agrees else []

    @property
    def held(self) -> Exemption | None:
        """The list that it stands on today."""
        return self.record.in_force(self.today)

    def events(self, words: Words) -> list[Event]:
        """Return everything that happened, newest first."""
        return events(self.known, self.warnings, self.record, words)

    def of_factor(self, factor: str) -> list[Row]:
        """Return the evidence of one factor or of one sub-index; all of it for ''."""
        return [piece for piece in self.evidence if factor in {"", piece["factor"], piece["sub_index"]}]
