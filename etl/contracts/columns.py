"""The contracts themselves: every column with its type, bounds, vocabulary and one sentence of meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboard.vocabulary import (
    LICENCES,
    OUTCOMES,
    RATES,
    RELATION_KINDS,
    RISK_TYPES,
    SECTORS,
    SIGNAL_KINDS,
    SIGNAL_SOURCES,
    STATUSES,
)

Kind = Literal["code", "text", "date", "money", "number", "word", "words"]


@dataclass(frozen=True)
class Column:
    """One column of a contract.

    `kind` says how its text is read; `low` and `high` are inclusive bounds of numbers (money in CNY); `vocabulary`
    holds the allowed words; `otherwise` is the text taken where the cell is empty; `longest` is in characters.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    low: float | None = None
    high: float | None = None
    vocabulary: tuple[str, ...] = ()
    otherwise: str = ""
    longest: int | None = None
    pattern: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Contract:
    """One kind of input: its columns in order, and the columns that together name a row (for duplicates)."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    newest: str = ""  # the date by which the newest of several rows of one identity is kept; '' none

    def column(self, name: str) -> Column:
        """Return the column of this name; raises KeyError when the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


# The largest registered capital in China is near 2e12 CNY; a hundred times that can only be a slip of units.
MOST_CAPITAL = 2e14
MOST_PEOPLE = 1e8

_PLACE = (
    Column("region_code", "text", "Administrative division code of the place, 2 to 12 digits.", longest=12),
    Column("province", "text", "Province of the place, in words.", longest=60),
    Column("city", "text", "City of the place, in words; its short name will do.", longest=60),
    Column("address", "text", "Address in words; district and town are looked for in it.", longest=500),
)

ENTERPRISES = Contract(
    "enterprises",
    (
        Column("uscc", "code", "Unified social credit code, 18 characters (GB 32100-2015).", required=True),
        Column("name", "text", "Registered name.", required=True, longest=200),
        *_PLACE,
        Column("legal_representative", "text", "Name of the legal representative.", longest=100),
        Column("established_on", "date", "Date of registration."),
        Column("registered_capital", "money", "Registered capital.", low=0, high=MOST_CAPITAL, unit="CNY"),
        Column("paid_in_capital", "money", "Paid-in capital.", low=0, high=MOST_CAPITAL, unit="CNY"),
        Column("industry", "text", "Industry, a GB/T 4754 code such as J6760.", pattern=r"^[A-T]?\d{0,4}$"),
        Column("sector", "word", "What the enterprise offers.", vocabulary=SECTORS, otherwise="other"),
        Column("business_scope", "text", "Registered business scope, as printed on the licence."),
        Column("status", "word", "Registration status.", vocabulary=STATUSES, otherwise="active"),
        Column("licences", "words", "Licences held, joined by semicolons.", vocabulary=LICENCES),
        Column("lon", "number", "Longitude, WGS84.", low=-180, high=180, unit="degrees"),
        Column("lat", "number", "Latitude, WGS84.", low=-90, high=90, unit="degrees"),
        Column("reported_on", "date", "When the row was cut from the register; empty: it was always known."),
    ),
    key=("uscc",),
    newest="reported_on",
)

SIGNALS = Contract(
    "signals",
    (
        Column(
            "signal_id", "text", "The bureau's own number of the signal; made from the content if empty.", longest=80
        ),
        Column("uscc", "code", "Code of the enterprise meant; empty if only its name is known."),
        Column("name", "text", "Name of the enterprise meant; needed where the code is empty.", longest=200),
        *_PLACE,
        Column(
            "kind",
            "word",
            "What happened.",
            required=True,
            vocabulary=tuple(kind for kinds in SIGNAL_KINDS.values() for kind in kinds),
        ),
        Column("occurred_on", "date", "When it happened."),
        Column("reported_on", "date", "When a bureau learned of it; the index knows it from then on.", required=True),
        Column("origin", "word", "Who reported it.", vocabulary=SIGNAL_SOURCES, otherwise="other"),
        Column("severity", "number", "How grave, 0 to 1.", low=0, high=1, otherwise="0.5"),
        Column("amount", "money", "Money involved.", low=0, high=MOST_CAPITAL, unit="CNY"),
        Column("text", "text", "What was said or written."),
        Column("url", "text", "Where it can be seen."),
    ),
    key=("signal_id",),
)

RELATIONS = Contract(
    "relations",
    (
        Column("from_id", "text", "One party: a credit code, or an id of its own.", required=True, longest=60),
        Column("from_name", "text", "Name of the one party.", longest=200),
        Column("to_id", "text", "The other party: a credit code, or an id of its own.", required=True, longest=60),
        Column("to_name", "text", "Name of the other party.", longest=200),
        Column("kind", "word", "How they are tied.", required=True, vocabulary=RELATION_KINDS),
        Column("share", "number", "Share held, 0 to 1.", low=0, high=1),
        Column("since_on", "date", "Since when the tie exists."),
        Column("reported_on", "date", "When a bureau learned of the tie.", required=True),
    ),
    key=("from_id", "to_id", "kind"),
)

OUTCOME_REPORTS = Contract(
    "outcomes",
    (
        Column("case_id", "text", "The bureau's own number of the case.", required=True, longest=80),
        Column("uscc", "code", "Code of the enterprise that the case is about.", required=True),
        Column("risk_type", "word", "What it is suspected of, or was found to have done.", vocabulary=RISK_TYPES),
        Column("opened_on", "date", "When the case was opened.", required=True),
        Column("closed_on", "date", "When it was closed; empty while it is open."),
        Column("outcome", "word", "How it ended; empty while it is open.", vocabulary=OUTCOMES),
        Column("amount", "money", "Money involved, as far as is known.", low=0, high=MOST_CAPITAL, unit="CNY"),
        Column("people", "number", "People involved, as far as is known.", low=0, high=MOST_PEOPLE),
        Column("reported_on", "date", "When the bureau told so; it is known from then on.", required=True),
    ),
    # A case is told of more than once, open first and closed later: each report is a row, and none replaces another.
    key=("case_id", "reported_on"),
)

REFERENCE_RATES = Contract(
    "rates",
    (
        Column("rate", "word", "Which rate.", required=True, vocabulary=RATES),
        Column("effective_on", "date", "From which day on it is in force.", required=True),
        # The least keeps out "13.8%", which reads as 0.138: the column is in per cent already.
        Column(
            "pct",
            "number",
            "The rate in per cent a year, as a bare number.",
            required=True,
            low=0.4,
            high=100,
            unit="%",
        ),
        Column("reported_on", "date", "When it was announced; the day it takes effect if empty."),
    ),
    # A rate that is corrected is told of again: each report is a row, and what was known on a day stays known.
    key=("rate", "effective_on", "reported_on"),
)

CONTRACTS: dict[str, Contract] = {
    contract.name: contract for contract in (ENTERPRISES, SIGNALS, RELATIONS, OUTCOME_REPORTS, REFERENCE_RATES)
}
