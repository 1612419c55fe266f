"""Ties: who represents, owns, neighbours and answers the same telephone."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.demo.names import person_names
from etl.demo.register import Identity, Register, iso_dates
from etl.demo.streams import Bools, Floats, Ints

SCHEMA = pa.schema(
    [
        (name, pa.string())
        for name in ("from_id", "from_name", "to_id", "to_name", "kind", "share", "since_on", "reported_on")
    ]
)

Ties = tuple[pa.Table, Ints]
"""Rows of ties, and a number for each that is unique in its source."""

_KINDS_PER_FIRM = 8

_OWN_SHAREHOLDER, _INVESTOR, _BRANCH, _PHONE, _ADDRESS = 0.5, 0.06, 0.02, 0.015, 0.01


def of_register(register: Register, identity: Identity) -> Ties:
    """Return what the register tells: representatives of all, shareholders, owning firms, branches."""
    rows, uniform = identity.row, register.streams.uniform
    planted = identity.member >= 0
    person = register.person(identity)
    holds = planted | (uniform("shareholder", rows) < _OWN_SHAREHOLDER)
    stake = np.round(0.1 + 0.9 * uniform("stake", rows), 2)
    parts = [
        _people(register, identity, person, "legal_representative", np.ones(len(rows), dtype=bool), None),
        _people(register, identity, person, "shareholder", holds, stake),
        _firms(register, identity, "shareholder", _others(register, identity, _INVESTOR), 1.0 - stake),
        _firms(register, identity, "branch", _others(register, identity, _BRANCH), None),
    ]
    return _by_enterprise(parts)


def of_web(register: Register, identity: Identity) -> Ties:
    """Return what is seen on the web: the same telephone, the same door, and directors named on sites."""
    plan, rows = register.plan, identity.row
    person = register.person(identity)
    # A scheme's telephones and doors lead from each member to the scheme's next one.
    following = np.full(len(rows), -1, dtype=np.int64)
    planted = np.flatnonzero(identity.member >= 0)
    by_scheme = np.lexsort((plan.slot, plan.scheme))
    place = np.empty_like(by_scheme)
    place[by_scheme] = np.arange(len(by_scheme))
    after = np.minimum(place[identity.member[planted]] + 1, max(len(by_scheme) - 1, 0))
    same = plan.scheme[by_scheme[after]] == plan.scheme[identity.member[planted]]
    following[planted] = np.where(same, plan.row[by_scheme[after]], -1)
    phone = np.where(following >= 0, following, _others(register, identity, _PHONE))
    door = np.where(following >= 0, following, _others(register, identity, _ADDRESS))
    director = register.streams.uniform("director", rows) < np.where(identity.member >= 0, 0.6, 0.05)
    parts = [
        _firms(register, identity, "same_phone", np.where(phone == rows, -1, phone), None),
        _firms(register, identity, "same_address", np.where(door == rows, -1, door), None),
        _people(register, identity, person, "director", director, None),
    ]
    return _by_enterprise(parts)


def _by_enterprise(parts: list[Ties]) -> Ties:
    """Return all ties by enterprise, so that their order does not depend on how many enterprises came at once."""
    number = np.concatenate([rows * _KINDS_PER_FIRM + place for place, (_, rows) in enumerate(parts)])
    order = np.argsort(number, kind="stable")
    return pa.concat_tables([ties for ties, _ in parts]).take(pa.array(order)), number[order]


def _others(register: Register, identity: Identity, share: float) -> Ints:
    """Return another enterprise's number for a share of the innocent, -1 for the rest."""
    streams, rows = register.streams, identity.row
    other = streams.below(f"partner {share}", rows, register.enterprises)
    tied = (streams.uniform(f"tied {share}", rows) < share) & (identity.member < 0) & (other != rows)
    return np.where(tied, other, -1)


def _people(
    register: Register, identity: Identity, person: Ints, kind: str, which: Bools, stake: Floats | None
) -> Ties:
    """Return ties from persons to the chosen enterprises."""
    at = np.flatnonzero(which)
    number = pc.utf8_lpad(pa.array(person[at]).cast(pa.string()), 9, "0")
    ids = pc.binary_join_element_wise("P", number, "")
    return _table(register, identity, at, (ids, person_names(register.streams, person[at])), kind, stake)


def _firms(register: Register, identity: Identity, kind: str, other: Ints, stake: Floats | None) -> Ties:
    """Return ties from other enterprises to these, where there is another."""
    at = np.flatnonzero(other >= 0)
    partner = register.identity(other[at])
    return _table(register, identity, at, (partner.uscc, partner.name), kind, stake)


def _table(
    register: Register, identity: Identity, at: Ints, party: tuple[pa.Array, pa.Array], kind: str, stake: Floats | None
) -> Ties:
    """Return the rows of one kind; known since the founding, reported some weeks later, never after the end."""
    since = register.established(identity)[at]
    told = since + register.streams.below(f"told {kind}", identity.row[at], 40)
    share = pa.nulls(len(at), pa.string()) if stake is None else pa.array(stake[at]).cast(pa.string())
    place = pa.array(at)
    columns = [*party, identity.uscc.take(place), identity.name.take(place)]
    columns += [pa.repeat(kind, len(at)), share, iso_dates(since)]
    columns.append(iso_dates(np.minimum(told, register.as_of)))
    return pa.Table.from_arrays(columns, schema=SCHEMA), identity.row[at]
