"""A fine against its legal range, in words: the same in the form, in the list and in the hand-over package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.i18n import N_

if TYPE_CHECKING:
    from dashboard.i18n import Words
    from dashboard.workflow.definition import Penalty
    from dashboard.workflow.penalties import Verdict

KIND_WORDS = {
    "within": N_("Within the legal range"),
    "below": N_("Below the legal range"),
    "above": N_("Above the legal range"),
    "no_base": N_("The range cannot be told: the determination holds no sum to measure it by"),
    "no_rule": N_("No legal range is on file for this: say which rule it rests on"),
}


def range_words(verdict: Verdict, words: Words) -> str:
    """Return the legal range as numbers, with what it is measured by; '' where no rule is known."""
    if verdict.rule is None:
        return ""
    if verdict.low is None:
        return _rule(verdict.rule, words)
    low, high = words.number(verdict.low), words.number(verdict.high)
    told = words("Legal range: %(low)s to %(high)s CNY", low=low, high=high)
    return told if verdict.rule.of == "fixed" else f"{told} ({_rule(verdict.rule, words)})"


def _rule(rule: Penalty, words: Words) -> str:
    if rule.of == "amount":
        return words(
            "%(low)s to %(high)s of the sum raised", low=words.percent(rule.low), high=words.percent(rule.high)
        )
    return words("%(low)s to %(high)s times the illegal income", low=f"{rule.low:g}", high=f"{rule.high:g}")


def verdict_words(verdict: Verdict, words: Words) -> str:
    """Return whether a fine is plausible, as a sentence's part."""
    return words(KIND_WORDS[verdict.kind])


def hint(verdict: Verdict, fine: float | None, *, settled: bool, words: Words) -> list[str]:
    """Return what stands under the form while it is filled in: the range, the verdict, and that repayment is first."""
    lines = [range_words(verdict, words)]
    if verdict.kind in {"no_base", "no_rule"} or fine is not None:
        lines.append(verdict_words(verdict, words))
    if fine is not None and verdict.wants_justification:
        lines.append(words("It is accepted with a justification only, and marked wherever it is shown"))
    if not settled:
        lines.append(words("The repayment is not settled: repayment comes before fines"))
    return [line for line in lines if line]
