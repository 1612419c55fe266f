"""The model file: every number of the index, versioned, validated before anything is computed with it."""

from __future__ import annotations

import csv
import tomllib
from typing import TYPE_CHECKING, Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from dashboard.errors import Invalid
from dashboard.vocabulary import LICENCES, REGISTRY_FACTORS, RISK_TYPES, SECTORS, SIGNAL_KINDS, SUB_INDEXES

if TYPE_CHECKING:
    from pathlib import Path

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
T = TypeVar("T")
WEIGHT_GRAIN = 10_000  # weights are whole ten-thousandths, so that a full sub-index is a whole hundredth of the index

SUB_INDEX_OF: dict[str, str] = {
    **{kind: sub for sub, kinds in SIGNAL_KINDS.items() for kind in kinds},
    **REGISTRY_FACTORS,
}
"""Every factor that may weigh in the index, with the sub-index that it feeds."""


class Part(BaseModel):
    """A table of the model file; a key that the index does not know is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Factor(Part):
    """What one piece of evidence of a kind is worth, and how it fades."""

    points: Annotated[float, Field(gt=0, le=200)]
    half_life_days: Annotated[int, Field(ge=30)] | None = None  # None: a standing fact of the register
    relevance: dict[str, Share]  # risk type → share of the points that count for it

    @field_validator("relevance")
    @classmethod
    def _every_type(cls, value: dict[str, float]) -> dict[str, float]:
        return _exactly(value, RISK_TYPES, "risk types")


class Thresholds(Part):
    """From which index on a grade is entered."""

    red: float
    orange: float
    yellow: float

    @model_validator(mode="after")
    def _descend(self) -> Self:
        if not 100 >= self.red > self.orange > self.yellow > 0:  # noqa: PLR2004 - the index ends at 100
            raise ValueError("thresholds must descend from red over orange to yellow, within 0-100")
        return self


class Lexicon(Part):
    """Where the feature words stand, and how a word of one risk type counts for the other types."""

    file: str  # relative to the model file
    elsewhere: Share  # share of its strength that a word keeps for a type other than its own
    unmatched: Share  # strength of a keyword hit whose text holds no word of the lexicon


class YieldLure(Part):
    """How a promised yield becomes a strength."""

    reference_pct: Positive  # promised per year; from here on the strength is the signal's whole severity


class SharedAddress(Part):
    """When sharing one address becomes a fact to weigh."""

    enterprises: Annotated[int, Field(ge=2)]


class CapitalUnpaid(Part):
    """When unpaid capital becomes a fact to weigh."""

    grace_days: Annotated[int, Field(ge=0)]  # after founding; capital may lawfully be paid in later
    registered_at_least: Positive  # CNY
    paid_share_below: Share


class Licence(Part):
    """Who needs one licence: by sector, or by words in the business scope."""

    name: Literal[LICENCES]  # type: ignore[valid-type]  # the tuple is the vocabulary
    sectors: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @field_validator("sectors")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(value) - set(SECTORS):
            raise ValueError(f"unknown sectors {sorted(unknown)}")
        return value


class Word(Part):
    """One feature word of the lexicon."""

    word: Annotated[str, Field(min_length=2)]
    risk_type: Literal[RISK_TYPES]  # type: ignore[valid-type]  # the tuple is the vocabulary
    weight: Annotated[float, Field(gt=0, le=1)]


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
    licence: tuple[Licence, ...]
    weights: dict[str, dict[str, Share]]  # risk type → sub-index → weight
    scales: dict[str, dict[str, Positive]]  # risk type → sub-index → points at which the sub-index reaches 63
    factors: dict[str, Factor]
    learning: Learning | None = None
    words: tuple[Word, ...] = ()

    @field_validator("weights", "scales")
    @classmethod
    def _every_pair(cls, value: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for subs in _exactly(value, RISK_TYPES, "risk types").values():
            _exactly(subs, SUB_INDEXES, "sub-indexes")
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


def _exactly(value: dict[str, T], names: tuple[str, ...], what: str) -> dict[str, T]:
    """Return `value` if its keys are exactly `names`; a missing or an unknown one is named in the error."""
    if unknown := sorted(set(value) - set(names)):
        raise ValueError(f"unknown {what}: {', '.join(unknown)}")
    if missing := sorted(set(names) - set(value)):
        raise ValueError(f"missing {what}: {', '.join(missing)}")
    return value


def load_model(path: Path) -> Model:
    """Read, validate and return the model at `path` with its lexicon; Invalid with one line if it cannot be used."""
    try:
        model = Model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        with (path.parent / model.lexicon.file).open(encoding="utf-8", newline="") as lines:
            words = tuple(Word.model_validate(row) for row in csv.DictReader(lines))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"model {path}: {place}: {first['msg']}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error) as error:
        raise Invalid(f"model {path}: {error}") from error
    if len({word.word for word in words}) != len(words):
        raise Invalid(f"model {path}: {model.lexicon.file} names a word twice")
    return model.model_copy(update={"words": words})
