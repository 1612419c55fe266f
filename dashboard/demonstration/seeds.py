"""Which cases the demo has: those that the finance office reported, and those that officers opened from warnings."""

from __future__ import annotations

import csv
import math
import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
from sqlalchemy import select

from dashboard.actions.case_files import COUNTY
from dashboard.models.reporting import Pointer, RaisedWarning
from dashboard.vocabulary import GRADES
from etl.demo.cases import COLUMNS, OUTCOME_WORDS, SOURCE, TYPE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from dashboard.queries.population import Population

MONTHS = 14
WINDOW = timedelta(days=MONTHS * 30 + 6)
_TAKEN_UP = {"red": 0.6, "orange": 0.5, "yellow": 0.08}
"""Share of warnings that officers open a case from; near the personas' desks every second yellow one too."""
_NEAR, _NEAR_SHARE = ("3301",), 0.5
_MEDIAN_SUM, _EACH = 2_400_000.0, 60_000.0  # CNY, CNY a person


_OURS = {theirs: ours for ours, theirs in COLUMNS.items()}
_TYPES = {word: code for code, word in TYPE_WORDS.items()}
_ENDS = {word: code for code, word in OUTCOME_WORDS.items()}


@dataclass(frozen=True)
class _Reported:
    case_id: str
    uscc: str
    risk_type: str
    opened_on: date
    closed_on: date | None
    outcome: str
    amount: float
    people: int


@dataclass(frozen=True)
class Seed:
    """What is known of one case before its history is told; `closed_on` and `outcome` are empty while it is open."""

    uscc: str
    name: str
    representative: str
    region_code: str
    risk_type: str
    grade: str
    opened_on: date
    closed_on: date | None
    outcome: str
    planted: bool
    amount: float  # CNY
    people: int
    foreign_number: str | None
    warned_week_on: date | None


def seeds(session: Session, population: Population, folder: Path, today: date) -> list[Seed]:
    """Return the demo's cases of the last fourteen months, in the order of their opening.

    Reads the landing files and the truth under `folder`, and the live generation's warnings. Nobody has two.
    """
    planted = set(pq.read_table(folder / "truth" / "members.parquet", columns=["uscc"])["uscc"].to_pylist())
    warnings = _warnings(session)
    reported = [one for one in _reported(folder) if one.opened_on >= today - WINDOW]
    codes = sorted({one.uscc for one in reported} | set(warnings))
    register = {
        row["uscc"]: row
        for row in population.rows(
            "SELECT uscc, name, region_code, legal_representative FROM {enterprises} "
            "WHERE uscc IN (SELECT unnest($codes))",
            {"codes": codes},
        )
    }
    made = {seed.uscc: seed for seed in _from_reports(reported, register, warnings, planted)}
    for seed in _from_warnings(warnings, register, planted, today):
        made.setdefault(seed.uscc, seed)
    return sorted(made.values(), key=lambda seed: (seed.opened_on, seed.uscc))


def _warnings(session: Session) -> dict[str, list[RaisedWarning]]:
    live = select(Pointer.generation).scalar_subquery()
    found: dict[str, list[RaisedWarning]] = {}
    rows = session.scalars(
        select(RaisedWarning)
        .where(RaisedWarning.generation == live)
        .order_by(RaisedWarning.uscc, RaisedWarning.raised_on)
    )
    for row in rows:
        found.setdefault(row.uscc, []).append(row)
    return found


def _reported(folder: Path) -> list[_Reported]:
    """Return the office's cases, each as it was reported last; spoilt lines are left to the ETL's quarantine."""
    last: dict[str, _Reported] = {}
    for file in sorted((folder / "landing" / SOURCE).glob("*.csv")):
        with file.open(encoding="gb18030", newline="") as stream:
            for line in csv.DictReader(stream):
                row = _read({_OURS[name]: text or "" for name, text in line.items() if name in _OURS})
                if row is not None:
                    last[row.case_id] = row
    return list(last.values())


def _read(row: dict[str, str]) -> _Reported | None:
    try:
        return _Reported(
            row["case_id"],
            row["uscc"],
            _TYPES[row["risk_type"]],
            date.fromisoformat(row["opened_on"]),
            date.fromisoformat(row["closed_on"]) if row["closed_on"] else None,
            _ENDS[row["outcome"]] if row["closed_on"] else "",
            float(row["amount"] or 0) * 1e4,
            int(row["people"] or 0),
        )
    except (LookupError, ValueError):
        return None


def _from_reports(
    reported: list[_Reported],
    register: Mapping[str, dict[str, Any]],
    warnings: Mapping[str, list[RaisedWarning]],
    planted: set[str],
) -> Iterator[Seed]:
    for one in reported:
        firm = register.get(one.uscc)
        if firm is None or len(firm["region_code"] or "") < COUNTY:
            continue
        warned = [raised for raised in warnings.get(one.uscc, []) if raised.raised_on <= one.opened_on]
        last = warned[-1] if warned else None
        yield _seed(one.uscc, firm, last, one.opened_on, planted, one)


def _from_warnings(
    warnings: Mapping[str, list[RaisedWarning]],
    register: Mapping[str, dict[str, Any]],
    planted: set[str],
    today: date,
) -> Iterator[Seed]:
    """Yield cases that officers opened from warnings; how they end agrees with what was planted."""
    for uscc, raised in warnings.items():
        firm, dice = register.get(uscc), random.Random(f"warning {uscc}")  # noqa: S311 - a demo's dice
        if firm is None or len(firm["region_code"] or "") < COUNTY:
            continue
        worst = min(raised, key=lambda one: (GRADES.index(one.grade), one.raised_on))
        near = firm["region_code"].startswith(_NEAR)
        opened = worst.raised_on + timedelta(days=dice.randint(0, 6))
        taken_up = max(_TAKEN_UP.get(worst.grade, 0), _NEAR_SHARE if near else 0)
        if dice.random() < taken_up and today - WINDOW <= opened <= today:
            yield _seed(uscc, firm, worst, opened, planted, None)


def _seed(
    uscc: str,
    firm: Mapping[str, Any],
    warned: RaisedWarning | None,
    opened_on: date,
    planted: set[str],
    told: _Reported | None,
) -> Seed:
    dice = random.Random(f"seed {uscc}")  # noqa: S311 - as above
    amount = round(_MEDIAN_SUM * math.exp(dice.gauss(0, 1.1)) / 1e4) * 1e4
    if told is not None and told.amount:
        amount = told.amount
    return Seed(
        uscc=uscc,
        name=firm["name"],
        representative=firm["legal_representative"] or "",
        region_code=firm["region_code"],
        risk_type=told.risk_type if told else warned.risk_type if warned else "fundraising",
        grade=warned.grade if warned else "",
        opened_on=opened_on,
        closed_on=told.closed_on if told else None,
        outcome=told.outcome if told else "",
        planted=uscc in planted,
        amount=amount,
        people=told.people if told and told.people else max(3, round(amount / _EACH)),
        foreign_number=told.case_id if told else None,
        warned_week_on=warned.week_on if warned else None,
    )
