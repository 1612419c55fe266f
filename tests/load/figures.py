"""One line of the bench, whoever measured it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, beside its bound ('' for none) and a floor or peer; `kept`: whether it is within its bound."""

    what: str
    value: str
    bound: str
    beside: str
    kept: bool = True
