"""Networks as screens and workbooks pass them on: parties, and the ties between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Party:
    """One party; `outside` ones have a county and nothing else: no name, code, grade or index, and `node` is a mask."""

    node: str
    kind: str  # NODE_KINDS
    name: str
    region_code: str = ""
    grade: str = ""
    smoke_index: float | None = None
    degree: int = 0
    community: int | None = None
    controller: str = ""  # the name, of a person only
    control_share: float | None = None
    outside: bool = False
    status: str = ""  # of the register, an enterprise's


@dataclass(frozen=True)
class Tie:
    """One tie; `holder` is the one that represents, holds, or is branched from. `weight` 0: a crowded hub's, cut."""

    holder: str
    held: str
    kind: str
    share: float | None
    weight: float
    since_on: date | None
    reported_on: date | None
    origin: str


@dataclass(frozen=True)
class Net:
    """Parties in the order of their importance, the ties between them, and how many parties there are beside them."""

    parties: tuple[Party, ...]
    ties: tuple[Tie, ...]
    undrawn: int = 0
