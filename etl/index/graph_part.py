"""The model file's numbers about ties: how much of a risk passes along them, and what a chain or a crowd is."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from dashboard.vocabulary import RELATION_KINDS

Share = Annotated[float, Field(ge=0, le=1)]
Below = Annotated[float, Field(ge=0, lt=1)]


class Graph(BaseModel):
    """The table `[graph]` of a model file (docs/relations.md says what each number does)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: dict[str, Share]  # kind of tie → how much of a risk passes along it where nobody crowds
    unknown_share: Share  # taken for a shareholding whose share no bureau told
    roomy: Annotated[int, Field(ge=1)]  # ties of a kind at one party up to which each keeps its whole weight
    crowded: Annotated[int, Field(ge=1)]  # beyond so many ties of a kind at one party, all of them are cut
    whole: Annotated[int, Field(ge=1)]  # enterprises up to which a connected group is one community
    rounds: Annotated[int, Field(ge=1, le=50)]  # of label propagation, at most, in larger groups
    control_share: Share  # integrated share above which a holder is called the controller
    chain: Annotated[int, Field(ge=1, le=12)]  # shareholdings in a row, at most
    least_share: Annotated[float, Field(gt=0, le=1)]  # a chain that is worth less is followed no further
    branches: Annotated[int, Field(ge=2)]  # opened within `branch_days`: a burst
    branch_days: Annotated[int, Field(ge=1)]
    hops: Annotated[int, Field(ge=1, le=3)]  # enterprises that a risk passes, at most
    damping: Below  # what is left of a risk at each enterprise it reaches
    orange: Share  # strength of a source that has reached orange
    red: Share  # the same, red
    sources: Annotated[int, Field(ge=1, le=20)]  # how many sources may count against one enterprise: the strongest
    least: Annotated[float, Field(gt=0, le=1)]  # what arrives weaker is nothing

    @field_validator("weights")
    @classmethod
    def _every_kind(cls, value: dict[str, float]) -> dict[str, float]:
        if wrong := sorted(set(value) ^ set(RELATION_KINDS)):
            raise ValueError(f"unknown or missing kinds of ties: {', '.join(wrong)}")
        return value


SILENT = Graph(
    weights=dict.fromkeys(RELATION_KINDS, 0.0),
    unknown_share=0,
    roomy=1,
    crowded=1,
    whole=1,
    rounds=1,
    control_share=1,
    chain=1,
    least_share=1,
    branches=1_000_000,
    branch_days=1,
    hops=1,
    damping=0,
    orange=0,
    red=0,
    sources=1,
    least=1,
)
"""What a model file without `[graph]` means: ties are listed, and nothing follows from them."""
