"""Signals: the noise that every economy makes, and what schemes add to it on their way to the break."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from dashboard.vocabulary import RISK_TYPES
from etl.demo.seasons import DELAYS, RUN_UP_DAYS, Season, day_number, months_before, reported
from etl.demo.tables import table
from etl.demo.texts import FLAVOURS, KINDS

if TYPE_CHECKING:
    from datetime import date

    from etl.demo.register import Identity, Register
    from etl.demo.streams import Bools, Floats, Ints, Streams

ORIGINS = tuple(DELAYS)
SLOTS = 4096
"""Numbers kept free for the signals of one enterprise: the lower half for noise, the upper for schemes."""

_QUIET, _TOUCHED, SLOPPY = range(3)
_RATES = np.array([0.08, 5.2, 20.0])  # signals of an average firm of each class in a year
_FRAILTY = np.array([0.4, 0.9, 0.3])  # spread of the logarithm between firms of a class
_TOUCHED_SHARE = 0.115
_EPISODIC = 0.55
_RISING_MORE, _RISING_NOW = 1.2, 0.22
_EPISODE_VOLUME, _RISING_VOLUME = 0.6, 0.5
_SLOWEST_DAYS = 120
"""Events even before the run-up are made too: slow offices report them inside it."""
_BINS = 24
_LAST_STAGE = 1.2
_ACCELERATION = 2.2
_ROLE_VOLUME = np.array([1.5, 1.0, 0.45])


@dataclass(frozen=True)
class Signals:
    """Signals of one chunk; arrays of one length."""

    firm: Ints  # position in the chunk's identity
    number: Ints  # enterprise number · SLOTS + slot: unique in the whole demo
    kind: Ints  # position in KINDS
    origin: Ints  # position in ORIGINS
    flavour: Ints  # position in texts.FLAVOURS
    occurred: Ints  # day numbers
    reported: Ints
    severity: Floats

    def where(self, keep: Bools | Ints) -> Signals:
        """Return the chosen signals; given positions, in their order."""
        return Signals(*(getattr(self, field.name)[keep] for field in fields(self)))


def of_chunk(register: Register, identity: Identity, *, months: int, as_of: date) -> Signals:
    """Return all signals about these enterprises that were reported in the window or its run-up, by enterprise."""
    start, end = day_number(months_before(as_of, months)) - RUN_UP_DAYS, day_number(as_of)
    established = register.established(identity)
    noise = _noise(register, identity, established, Season.over(start - _SLOWEST_DAYS, end))
    planted = _planted(register, identity)
    both = Signals(*(np.concatenate([getattr(part, f.name) for part in (noise, planted)]) for f in fields(Signals)))
    both = both.where((both.occurred <= end) & (both.occurred >= established[both.firm]))
    late = both.where((both.reported >= start) & (both.reported <= end))
    return late.where(np.argsort(late.number, kind="stable"))


def _noise(register: Register, identity: Identity, established: Ints, season: Season) -> Signals:
    """Return ordinary complaints, adverts, penalties … : few firms have many, most have none."""
    streams = register.streams
    line = classes(register, identity)
    years = len(season.steps) / 365.25
    rate = np.array([float(sector["rate"]) for sector in table("sectors").values()])[identity.sector]
    rate = np.where(line == SLOPPY, 1.0, rate) * _RATES[line] * years * _regional(register, identity.county)
    spread = _FRAILTY[line]
    begins, length = _episodes(register, identity, season)
    recent = int(table("places")["rising"]["days"])
    brief = np.where(length == 0, 1.0, np.where(length == recent, _RISING_VOLUME, _EPISODE_VOLUME))
    rate = (
        rate
        * np.where(line == SLOPPY, brief, 1.0)
        * np.exp(spread * streams.normal("frailty", identity.row) - spread**2 / 2)
    )
    count = np.minimum(streams.poisson("noise", identity.row, rate), SLOTS // 2 - 1)
    at, number = _expand(identity.row, count)
    kind = streams.choice_by("noise.kind", number, _noise_table(), (line[at] == SLOPPY).astype(np.int64))
    origin = _origins(streams, number, kind)
    occurred = season.days(streams.uniform("noise.day", number), established[at])
    within = begins[at] + (streams.uniform("noise.day", number) * length[at]).astype(np.int64)
    occurred = np.where((line[at] == SLOPPY) & (length[at] > 0), within, occurred)
    severity = np.where(
        line[at] == SLOPPY,
        0.15 + 0.5 * streams.uniform("noise.severity", number),
        0.05 + 0.45 * streams.uniform("noise.severity", number) ** 2,
    )
    day = reported(streams, number, origin, occurred)
    return Signals(at, number, kind, origin, np.zeros_like(at), occurred, day, _rounded(severity))


def classes(register: Register, identity: Identity) -> Ints:
    """Return quiet, touched or sloppy for each enterprise."""
    share = register.streams.uniform("class", identity.row)
    sloppy = np.array([float(sector["sloppy"]) for sector in table("sectors").values()])[identity.sector]
    sloppy = sloppy * np.where(_rising(register, identity), _RISING_MORE, 1.0)
    return np.where(share < sloppy, SLOPPY, np.where(share < sloppy + _TOUCHED_SHARE, _TOUCHED, _QUIET))


def _rising(register: Register, identity: Identity) -> Bools:
    """Tell which enterprises lie in a province where the last weeks see more."""
    provinces = [int(code) for code in table("places")["rising"]["provinces"]]
    return np.isin(register.places.province[identity.county], provinces)


def _regional(register: Register, county: Ints) -> Floats:
    """Return how talkative each county is: citizens and bureaux differ between cities."""
    places = register.places
    return np.exp(0.3 * register.streams.normal("regional", places.city[county]))


def _episodes(register: Register, identity: Identity, season: Season) -> tuple[Ints, Ints]:
    """Return first day and length in days of each firm's episode of sloppiness; length 0: it is so all the time."""
    streams, rows = register.streams, identity.row
    recent = int(table("places")["rising"]["days"])
    days = len(season.steps)
    begins = season.first + streams.below("episode.begins", rows, days)
    length = 40 + streams.below("episode.length", rows, 120)
    now = _rising(register, identity) & (streams.uniform("episode.now", rows) < _RISING_NOW)
    begins = np.where(now, season.first + days - recent + streams.below("episode.recent", rows, 14), begins)
    length = np.where(now, recent, length)
    chronic = (streams.uniform("episode", rows) >= _EPISODIC) & ~now
    return begins, np.where(chronic, 0, length)


def _planted(register: Register, identity: Identity) -> Signals:
    """Return what the members of schemes give rise to: kinds by stage, ever faster, quiet soon after the break."""
    streams, plan = register.streams, register.plan
    members = np.flatnonzero(identity.member >= 0)
    position = identity.member[members]
    volume = np.array([float(table("schemes")[name]["volume"]) for name in RISK_TYPES])
    rate = volume[plan.risk_type[plan.scheme[position]]] * _ROLE_VOLUME[plan.role[position]]
    rate = rate * np.exp(0.35 * streams.normal("planted.volume", identity.row[members]))
    count = np.minimum(streams.poisson("planted", identity.row[members], rate), SLOTS // 2 - 1)
    inner, number = _expand(identity.row[members], count)
    number = number + SLOTS // 2
    scheme = plan.scheme[position[inner]]
    share = streams.uniform("planted.stage", number)
    stage = np.log1p(share * np.expm1(_ACCELERATION * _LAST_STAGE)) / _ACCELERATION
    line = plan.risk_type[scheme] * _BINS + np.minimum((stage / _LAST_STAGE * _BINS).astype(np.int64), _BINS - 1)
    kind = streams.choice_by("planted.kind", number, _stage_table(), line)
    origin = _origins(streams, number, kind)
    occurred = plan.buildup[scheme] + (stage * (plan.breaks[scheme] - plan.buildup[scheme])).astype(np.int64)
    severity = 0.3 + 0.35 * np.minimum(stage, 1.0) + 0.3 * streams.uniform("planted.severity", number)
    flavour = plan.risk_type[scheme] + FLAVOURS.index(RISK_TYPES[0])
    day = reported(streams, number, origin, occurred)
    return Signals(members[inner], number, kind, origin, flavour, occurred, day, _rounded(severity))


def _rounded(severity: Floats) -> Floats:
    """Return severities in hundredths."""
    return np.asarray(np.round(severity, 2), dtype=np.float64)


def _expand(rows: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Return, for each of `count` signals of each row, the row's position and the signal's own number."""
    at = np.repeat(np.arange(len(rows)), count)
    slot = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
    return at, rows[at] * SLOTS + slot


def _origins(streams: Streams, number: Ints, kind: Ints) -> Ints:
    """Return who reports each signal."""
    weights = np.zeros((len(KINDS), len(ORIGINS)))
    for name, origins in table("signals")["origin"].items():
        for origin, weight in origins.items():
            weights[KINDS.index(name), ORIGINS.index(origin)] = weight
    return streams.choice_by("origin", number, weights, kind)


def _noise_table() -> Floats:
    """Return the weights of kinds for ordinary and for sloppy firms."""
    mixes = table("signals")["noise"]
    return np.array([[float(mixes[mix].get(kind, 0.0)) for kind in KINDS] for mix in ("ordinary", "sloppy")])


def _stage_table() -> Floats:
    """Return the weights of kinds for each type of scheme and each of 24 stages, from the start past the break."""
    stage = (np.arange(_BINS) + 0.5) / _BINS * _LAST_STAGE
    weights = np.zeros((len(RISK_TYPES), _BINS, len(KINDS)))
    for line, name in enumerate(RISK_TYPES):
        for kind, (centre, width, weight) in table("schemes")[name]["stages"].items():
            weights[line, :, KINDS.index(kind)] = weight * np.exp(-(((stage - centre) / width) ** 2) / 2)
    return weights.reshape(len(RISK_TYPES) * _BINS, len(KINDS))
