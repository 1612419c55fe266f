"""Whether a fine is plausible: the legal range that the case's definition gives for whoever is fined, in CNY.

The ranges are those of the Regulation on Preventing and Handling Illegal Fundraising; for another risk type, and for a
subject that the definition does not name, no range is known, and the fine rests on what its justification says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from dashboard.models.findings import CaseDetermination
    from dashboard.workflow.definition import Penalty, Workflow

COVERED = "fundraising"
"""The risk type that the ranges are for."""
Kind = Literal["within", "below", "above", "no_base", "no_rule"]


@dataclass(frozen=True)
class Verdict:
    """What the range says about a fine: `low` and `high` in CNY, None where they cannot be told; `rule` as defined."""

    kind: Kind
    rule: Penalty | None = None
    base: float = 0.0
    low: float | None = None
    high: float | None = None

    @property
    def wants_justification(self) -> bool:
        """Whether the fine is accepted only with a reason, and flagged wherever it is shown."""
        return self.kind != "within"


def rule_for(workflow: Workflow, risk_type: str, subject: str) -> Penalty | None:
    """Return the range that the definition gives for a subject; None for another risk type or an unnamed subject."""
    if risk_type != COVERED:
        return None
    return next((rule for rule in workflow.penalties if rule.subject == subject), None)


def base_of(rule: Penalty | None, determination: CaseDetermination | None) -> float:
    """Return what the determination holds of the rule's base, CNY; 0 where it has none or the rule needs none."""
    if rule is None or determination is None or rule.of == "fixed":
        return 0.0
    return float(determination.amount if rule.of == "amount" else determination.illegal_income)


def verdict_on(fine: float, base: float, rule: Penalty | None) -> Verdict:
    """Return whether a fine lies in its range, both in CNY and to the fen; the bounds themselves lie inside."""
    if rule is None:
        return Verdict("no_rule")
    if rule.of != "fixed" and base <= 0:
        return Verdict("no_base", rule)
    measure = 1.0 if rule.of == "fixed" else base
    low, high = round(rule.low * measure, 2), round(rule.high * measure, 2)
    kind: Kind = "below" if fine < low else "above" if fine > high else "within"
    return Verdict(kind, rule, 0.0 if rule.of == "fixed" else base, low, high)
