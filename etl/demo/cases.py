"""Cases: what offices opened against schemes and against innocent firms, and how those ended.

A scheme is found as a whole, mostly after it breaks and sometimes before; its members follow one after another, and
some are never found. Sloppy but lawful firms get cases too, nearly all of which end in nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.vocabulary import OUTCOMES, RISK_TYPES
from etl.demo.register import iso_dates
from etl.demo.seasons import RUN_UP_DAYS, day_number, months_before
from etl.demo.signals import SLOPPY, classes

if TYPE_CHECKING:
    from datetime import date

    from etl.demo.register import Identity, Register
    from etl.demo.streams import Bools, Floats, Ints, Streams

SOURCE = "finance_office"
TYPE_WORDS = {"fundraising": "非法集资", "pyramid": "网络传销", "lending": "非法放贷"}
OUTCOME_WORDS = {
    "confirmed": "查实",
    "rectified": "责令整改",
    "transferred": "移送司法",
    "unfounded": "查无实据",
    "false_positive": "误报",
}
"""What the office calls the risk types and the outcomes."""
COLUMNS = {
    "case_id": "案件编号",
    "uscc": "统一社会信用代码",
    "risk_type": "涉嫌类型",
    "opened_on": "立案日期",
    "closed_on": "结案日期",
    "outcome": "处理结果",
    "amount": "涉案金额(万元)",
    "people": "涉及人数",
    "reported_on": "报送日期",
}
"""Contract column → the office's own, in the file's order."""

_EARLY, _EARLIEST_STAGE = 0.3, 0.55
"""Share of schemes found before they break, and the part of the build-up before which none is."""
_LATE_DAYS, _FOLLOW_DAYS, _CLOSE_DAYS, _DISMISS_DAYS, _SPREAD = 18.0, 16.0, 75.0, 45.0, 0.6
"""Medians in days: break to case, first case to a member's, opening to closing; the logarithm's spread of each."""
_FOUND = np.array([0.92, 0.78, 0.6])  # share of core, members, shells that get a case
_SUSPECTED = 0.07  # share of sloppy firms that get one
_ENDS_PLANTED = np.array([0.68, 0.08, 0.24, 0.0, 0.0])
_ENDS_INNOCENT = np.array([0.0, 0.05, 0.0, 0.55, 0.4])
"""Weights of OUTCOMES."""
_MEDIAN_SUM, _SUM_SPREAD, _EACH = 3e6, 1.2, 60_000.0  # CNY, of its logarithm, CNY a person


@dataclass(frozen=True)
class Cases:
    """Cases of one chunk; arrays of one length, days as day numbers."""

    firm: Ints  # position in the chunk's identity
    planted: Bools
    risk_type: Ints  # position in RISK_TYPES
    opened: Ints
    closed: Ints
    outcome: Ints  # position in OUTCOMES


def of_chunk(register: Register, identity: Identity, *, months: int, as_of: date) -> Cases:
    """Return all cases against these enterprises that are opened in the window or its run-up, by enterprise."""
    start, end = day_number(months_before(as_of, months)) - RUN_UP_DAYS, day_number(as_of)
    streams, plan = register.streams, register.plan
    firm = np.flatnonzero((identity.member >= 0) | (classes(register, identity) == SLOPPY))
    rows, member = identity.row[firm], identity.member[firm]
    planted = member >= 0
    risk_type = streams.below("case.type", rows, len(RISK_TYPES))
    opened = start + streams.below("case.opened", rows, end - start)
    found = streams.uniform("case.found", rows) < _SUSPECTED
    own = member[planted]
    if len(own):
        scheme = plan.scheme[own]
        risk_type[planted] = plan.risk_type[scheme]
        follow = _delay(streams, "case.follow", rows[planted], _FOLLOW_DAYS)
        opened[planted] = _scheme_found(register)[scheme] + follow
        found[planted] = streams.uniform("case.found", rows[planted]) < _FOUND[plan.role[own]]
    closed = opened + _delay(streams, "case.closed", rows, np.where(planted, _CLOSE_DAYS, _DISMISS_DAYS)) + 7
    outcome = streams.choice_by("case.outcome", rows, np.array([_ENDS_INNOCENT, _ENDS_PLANTED]), planted.astype(int))
    kept = found & (opened >= start) & (opened <= end)
    return Cases(firm[kept], planted[kept], risk_type[kept], opened[kept], closed[kept], outcome[kept])


def _scheme_found(register: Register) -> Ints:
    """Return the day on which each scheme is found out."""
    streams, plan = register.streams, register.plan
    schemes = np.arange(len(plan.breaks))
    length = plan.breaks - plan.buildup
    stage = _EARLIEST_STAGE + (1 - _EARLIEST_STAGE) * streams.uniform("scheme.found stage", schemes)
    late = plan.breaks + _delay(streams, "scheme.found", schemes, _LATE_DAYS)
    early = plan.buildup + (stage * length).astype(np.int64)
    return np.where(streams.uniform("scheme.found early", schemes) < _EARLY, early, late)


def _delay(streams: Streams, stream: str, rows: Ints, median: float | Floats) -> Ints:
    return (median * np.exp(_SPREAD * streams.normal(stream, rows))).astype(np.int64)


def reports(register: Register, identity: Identity, cases: Cases) -> tuple[dict[str, pa.Array], Ints, Bools]:
    """Return the office's reports known by the as-of date, a number unique for each, and which are of schemes.

    Columns are those of the contract, as text; dates ISO, money in 万元. A case is reported when it opens, and again
    when it closes.
    """
    streams, rows = register.streams, identity.row[cases.firm]
    tell = np.stack([1 + streams.below("case.told", rows, 6), 1 + streams.below("case.told closed", rows, 6)])
    day = (np.stack([cases.opened, cases.closed]) + tell).ravel(order="F")
    at = np.repeat(np.arange(len(rows)), 2)
    ended = np.tile([False, True], len(rows))
    kept = np.flatnonzero(day <= register.as_of)
    at, ended, day = at[kept], ended[kept], day[kept]
    median = np.log(_MEDIAN_SUM) + _SUM_SPREAD * streams.normal("case.amount", rows)
    told = cases.planted[at] & ended
    wan = np.rint(np.exp(median) / 1e4).astype(np.int64)[at]
    people = np.maximum(1, np.rint(np.exp(median) / _EACH).astype(np.int64))[at]
    number = pc.utf8_lpad(pa.array(rows[at]).cast(pa.string()), 8, "0")
    return (
        {
            "case_id": pc.binary_join_element_wise("AJ", number, ""),
            "uscc": identity.uscc.take(pa.array(cases.firm[at])),
            "risk_type": pa.array([TYPE_WORDS[name] for name in RISK_TYPES]).take(pa.array(cases.risk_type[at])),
            "opened_on": iso_dates(cases.opened[at]),
            "closed_on": pc.if_else(pa.array(ended), iso_dates(cases.closed[at]), ""),
            "outcome": pc.if_else(pa.array(ended), _ends(cases.outcome[at]), ""),
            "amount": pc.if_else(pa.array(told), pa.array(wan).cast(pa.string()), ""),
            "people": pc.if_else(pa.array(told), pa.array(people).cast(pa.string()), ""),
            "reported_on": iso_dates(day),
        },
        rows[at] * 2 + ended,
        cases.planted[at],
    )


def _ends(outcome: Ints) -> pa.Array:
    return pa.array([OUTCOME_WORDS[name] for name in OUTCOMES]).take(pa.array(outcome))
