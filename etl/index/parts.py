"""The tables of the model file, each with what its numbers mean; `etl.index.model` puts them together.

A table that may be absent weighs nothing where it is: a model keeps its meaning when the index learns something new.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dashboard.vocabulary import LICENCES, RISK_TYPES, SECTORS, SIGNAL_KINDS, SIGNAL_SOURCES

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Days = Annotated[int, Field(ge=1)]
Kind = Literal[tuple(kind for kinds in SIGNAL_KINDS.values() for kind in kinds)]  # type: ignore[valid-type]  # from the vocabulary
T = TypeVar("T")


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
        return exactly(value, RISK_TYPES, "risk types")


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
    """Where the feature words stand, in what they are looked for, and what a word counts."""

    file: str  # relative to the model file: word, risk_type, weight, lure
    elsewhere: Share  # share of its strength that a word keeps for a type other than its own
    unmatched: Share  # strength of a keyword hit whose text holds no word of the lexicon
    denials: str = ""  # relative to the model file: place, phrase, reach; '' none
    kinds: tuple[Kind, ...] = ("keyword_hit", "advert")  # signals whose texts are searched
    wording: Share = 0.0  # share of its strength that a word adds to the lure that it words


class AgainstRates(Part):
    """How a promise is held against the reference rates in force when it was reported (contract `rates`)."""

    excess_pct: Positive  # so many points above what money honestly earns, and the strength is the whole severity
    over_cap_pct: Positive  # the same above the lending cap, for what a text asks of borrowers
    lending_words: tuple[str, ...]  # a text with one of these speaks of what a loan costs


class YieldLure(Part):
    """How a promised yield becomes a strength."""

    reference_pct: Positive  # per year; without a rate in force the strength is the whole severity from here on
    against: AgainstRates | None = None


class Complaints(Part):
    """How much a complaint weighs: who passed it on, who else complains, how much money, how late."""

    origins: dict[str, Share]  # SIGNAL_SOURCES → weight
    window_days: Days  # in which other reports corroborate
    alone: Share  # weight of a single report without an amount; the rest is earned
    half_reports: Positive  # further reports that earn half of the rest
    amount_from: Positive  # CNY, from which money earns
    amount_full: Positive  # CNY, at which it earns all
    delay_half_days: Positive  # between the harm and its report, at which a report weighs half
    delay_floor: Share  # a report weighs at least this share, however late

    @field_validator("origins")
    @classmethod
    def _every_origin(cls, value: dict[str, float]) -> dict[str, float]:
        return exactly(value, SIGNAL_SOURCES, "origins")

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if self.amount_full <= self.amount_from:
            raise ValueError("amount_full must lie above amount_from")
        return self


class SharedAddress(Part):
    """When sharing one address becomes a fact to weigh."""

    enterprises: Annotated[int, Field(ge=2)]


class CapitalUnpaid(Part):
    """When unpaid capital becomes a fact to weigh."""

    grace_days: Annotated[int, Field(ge=0)]  # after founding; capital may lawfully be paid in later
    registered_at_least: Positive  # CNY
    paid_share_below: Share


class YoungPromise(Part):
    """When a large promise comes from so young an enterprise that it is a fact of its own."""

    days: Days  # after founding
    strength_at_least: Share  # of the promise as evidence of the yield lure


class RepresentativeChurn(Part):
    """When changes of the legal representative come so fast that they are a fact of their own."""

    changes: Annotated[int, Field(ge=2)]  # on so many different days
    within_days: Days


class SpreadGrowth(Part):
    """When spreading grows so fast that it is a fact of its own."""

    weeks: Annotated[int, Field(ge=1, le=26)]  # the span that is compared with the one before
    least: Annotated[int, Field(ge=2)]  # signals in the newer span
    ratio: Annotated[float, Field(ge=1)]  # the newer span must hold at least so many times the older


class ManyPlaces(Part):
    """When spreading reaches so many counties that it is a fact of its own."""

    counties: Annotated[int, Field(ge=2)]
    within_days: Days


class Licence(Part):
    """Who needs one licence: by sector, by words in the business scope, or by words in offers to the public."""

    name: Literal[LICENCES]  # type: ignore[valid-type]  # the tuple is the vocabulary
    sectors: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()

    @field_validator("sectors")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(value) - set(SECTORS):
            raise ValueError(f"unknown sectors {sorted(unknown)}")
        return value


class Word(Part):
    """One feature word of the lexicon."""

    word: Annotated[str, Field(pattern=r'^[^"\\\s]{2,}$')]  # it is written into JSON
    risk_type: Literal[RISK_TYPES]  # type: ignore[valid-type]  # the tuple is the vocabulary
    weight: Annotated[float, Field(gt=0, le=1)]
    lure: Literal["", "capital_guarantee", "gift", "referral_reward"] = ""  # the lure that it words


class Denial(Part):
    """One phrase that turns a feature word near it into a warning or a denial."""

    place: Literal["before", "after"]
    phrase: Annotated[str, Field(min_length=1)]
    reach: Annotated[int, Field(ge=0, le=60)]  # characters of the same sentence that may stand between


def exactly(value: dict[str, T], names: tuple[str, ...], what: str) -> dict[str, T]:
    """Return `value` if its keys are exactly `names`; a missing or an unknown one is named in the error."""
    if unknown := sorted(set(value) - set(names)):
        raise ValueError(f"unknown {what}: {', '.join(unknown)}")
    if missing := sorted(set(names) - set(value)):
        raise ValueError(f"missing {what}: {', '.join(missing)}")
    return value
