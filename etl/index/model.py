"""The model file: every number of the index, versioned, validated before anything is computed with it.

A released file is never edited: a change makes a new version (`tests/unit/etl/test_index_model.py` holds the sums of
the released ones). Approved versions may come as text from the database instead of a file: `parse_model`.
"""

from __future__ import annotations

import csv
import tomllib
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import Field, ValidationError, field_validator

from dashboard.errors import Invalid
from dashboard.vocabulary import REGISTRY_FACTORS, RISK_TYPES, SIGNAL_KINDS, SUB_INDEXES
from etl.index.graph_part import SILENT, Graph
from etl.index.parts import (
    CapitalUnpaid,
    Complaints,
    Denial,
    Factor,
    Lexicon,
    Licence,
    ManyPlaces,
    Part,
    Positive,
    RepresentativeChurn,
    Share,
    SharedAddress,
    SpreadGrowth,
    Thresholds,
    Word,
    YieldLure,
    YoungPromise,
    exactly,
)
from etl.index.rules import WarningRules

if TYPE_CHECKING:
    from pathlib import Path

P = TypeVar("P", bound=Part)
WEIGHT_GRAIN = 10_000  # weights are whole ten-thousandths, so that a full sub-index is a whole hundredth of the index

SUB_INDEX_OF: dict[str, str] = {
    **{kind: sub for sub, kinds in SIGNAL_KINDS.items() for kind in kinds},
    **REGISTRY_FACTORS,
}
"""Every factor that may weigh in the index, with the sub-index that it feeds."""


class Learning(Part):
    """How the probability beside the index is learned (etl.learn); a model without this table learns nothing."""

    horizon_days: Annotated[int, Field(ge=30, le=720)]  # it speaks of a confirmed case opened within so many days
    settle_days: Annotated[int, Field(ge=0, le=720)]  # after a horizon, until most of its cases are closed
    every_days: Annotated[int, Field(ge=7)]  # between the days on which the past is looked at
    snapshots: Annotated[int, Field(ge=1, le=26)]  # such days to train on, where the past reaches that far
    fewest: Annotated[int, Field(ge=2)]  # confirmed cases needed to train, and as many to calibrate
    negatives: Annotated[int, Field(ge=100)]  # enterprises without a case that each such day is trained on
    bins: Annotated[int, Field(ge=2, le=64)]  # steps of one factor's effect
    rounds: Annotated[int, Field(ge=1, le=2000)]
    rate: Annotated[float, Field(gt=0, le=1)]
    leaves: Annotated[int, Field(ge=2, le=64)]
    smallest_leaf: Annotated[int, Field(ge=1)]


class Model(Part):
    """A whole model: what `load_model` returns."""

    version: Annotated[str, Field(min_length=1, max_length=40)]
    thresholds: Thresholds
    lexicon: Lexicon
    yield_lure: YieldLure
    shared_address: SharedAddress
    capital_unpaid: CapitalUnpaid
    complaints: Complaints | None = None
    young_promise: YoungPromise | None = None
    representative_churn: RepresentativeChurn | None = None
    spread_growth: SpreadGrowth | None = None
    many_places: ManyPlaces | None = None
    licence: tuple[Licence, ...]
    weights: dict[str, dict[str, Share]]  # risk type → sub-index → weight
    scales: dict[str, dict[str, Positive]]  # risk type → sub-index → points at which the sub-index reaches 63
    factors: dict[str, Factor]
    warnings: WarningRules = WarningRules()
    learning: Learning | None = None
    words: tuple[Word, ...] = ()
    denials: tuple[Denial, ...] = ()
    graph: Graph = SILENT

    @field_validator("weights", "scales")
    @classmethod
    def _every_pair(cls, value: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for subs in exactly(value, RISK_TYPES, "risk types").values():
            exactly(subs, SUB_INDEXES, "sub-indexes")
        return value

    @field_validator("weights")
    @classmethod
    def _sum_to_one(cls, value: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for risk_type, subs in value.items():
            grains = [weight * WEIGHT_GRAIN for weight in subs.values()]
            if any(abs(grain - round(grain)) > 1e-6 for grain in grains):  # noqa: PLR2004 - float dust
                raise ValueError(f"a weight of {risk_type} has more than four decimals")
            if sum(map(round, grains)) != WEIGHT_GRAIN:
                raise ValueError(f"the weights of {risk_type} sum to {sum(subs.values()):g}, not 1")
        return value

    @field_validator("factors")
    @classmethod
    def _every_factor(cls, value: dict[str, Factor]) -> dict[str, Factor]:
        if unknown := sorted(set(value) - set(SUB_INDEX_OF)):
            raise ValueError(f"unknown factors: {', '.join(unknown)}")
        return value

    def worth(self, factor: str, risk_type: str) -> float:
        """Return points · relevance: what one piece of evidence at full strength adds to `risk_type`'s raw sum."""
        known = self.factors[factor]
        return known.points * known.relevance[risk_type]


def load_model(path: Path) -> Model:
    """Read, validate and return the model at `path` with its lexicon; Invalid with one line if it cannot be used."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"model {path}: {error}") from error
    return parse_model(text, path.parent, str(path))


def parse_model(text: str, folder: Path, name: str = "text") -> Model:
    """Return the model that a TOML text describes; Invalid with one line, which calls it `name`, if it cannot be used.

    `folder` is where model files stand: the lexicon and the denials are named relative to it, and must stand beside it
    or below.
    """
    try:
        model = Model.model_validate(tomllib.loads(text))
        words = _rows(folder, model.lexicon.file, Word)
        denials = _rows(folder, model.lexicon.denials, Denial) if model.lexicon.denials else ()
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"model {name}: {place}: {first['msg']}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error) as error:
        raise Invalid(f"model {name}: {error}") from error
    if len({word.word for word in words}) != len(words):
        raise Invalid(f"model {name}: {model.lexicon.file} names a word twice")
    return model.model_copy(update={"words": words, "denials": denials})


def _rows(folder: Path, file: str, kind: type[P]) -> tuple[P, ...]:
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve().parent):
        raise Invalid(f"model: {file} lies outside the folder of the models")
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(kind.model_validate(row) for row in csv.DictReader(lines))
