"""Steps of a case from stage to stage, its clock stopped and started again, and who is in charge of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.actions.casework import Act

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class TakeStep:
    """Take a step of the case's definition: `answers` by question, as typed; `outcome` '' where it closes nothing.

    Dates are written 2026-11-22, amounts in CNY and numbers without separators.
    """

    act: Act
    step: str
    reason: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    outcome: str = ""


@dataclass(frozen=True)
class Suspend:
    """Stop the clock, with a reason, until `until_on` at the latest."""

    act: Act
    reason: str
    until_on: date


@dataclass(frozen=True)
class Resume:
    """Let the clock go on from where it stopped; the reason may be ''."""

    act: Act
    reason: str


@dataclass(frozen=True)
class SetOwner:
    """Put somebody of the handling department in charge."""

    act: Act
    owner_id: int
