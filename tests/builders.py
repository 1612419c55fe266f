"""What tests stand on: fixed personas, told apart by what they may see, and accounts made of them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import text

from dashboard.access.passwords import fold_username, hash_password
from dashboard.access.permissions import Role
from dashboard.access.viewer import Viewer
from dashboard.models.accounts import UserAccount

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)  # 14:05 in Shanghai, a Sunday
PASSWORD = "a long enough 密码 for tests"  # noqa: S105 - opens nothing outside the tests


def viewer(name: str, region: str, *roles: Role, number: int = 1) -> Viewer:
    """Return a person with the given roles in `region`."""
    return Viewer(number, name, "", frozenset(roles), region, "zh_CN", "user")


LEADER = viewer("leader", "0", Role.LEADER, number=1)
PROVINCE = viewer("province", "33", Role.OFFICER, number=2)
CITY = viewer("city", "3301", Role.OFFICER, number=3)
COUNTY = viewer("county", "330106", Role.OFFICER, number=4)
WORKER = viewer("worker", "330106109", Role.WORKER, number=5)
STRANGER = viewer("stranger", "330106", number=6)
ADMINISTRATOR = viewer("administrator", "0", Role.ADMINISTRATOR, number=7)
ANALYST = viewer("analyst", "33", Role.ANALYST, number=8)
TOWN = viewer("town", "330106109", Role.OFFICER, number=9)
NEIGHBOUR = viewer("neighbour", "330105", Role.OFFICER, number=10)
CHIEF = viewer("chief", "330106", Role.LEADER, number=11)
WALL = Viewer(1, "wall", "", frozenset({Role.WALL}), "33", "zh_CN", "wall")

PERSONAS = (LEADER, PROVINCE, CITY, COUNTY, WORKER, STRANGER, ADMINISTRATOR, ANALYST)
SIGNING_IN = (*PERSONAS, TOWN, NEIGHBOUR, CHIEF)
"""Who has an account: beside the personas the other offices that a case may go to."""


@cache
def password_hash() -> str:
    """Return the hash of PASSWORD; made once, because making it is meant to be slow."""
    return hash_password(PASSWORD)


def make_account(session: Session, person: Viewer) -> UserAccount:
    """Store the account of a persona, under its own id and with PASSWORD; commits."""
    account = UserAccount(
        id=person.id,
        username=person.name,
        username_key=fold_username(person.name),
        name=person.name,
        home_region=person.home_region,
        roles=sorted(person.roles),
        locale=None,
        password_hash=password_hash(),
        created_at=NOW,
        password_changed_at=NOW,
        disabled_at=None,
    )
    session.add(account)
    session.flush()
    if session.get_bind().dialect.name == "postgresql":  # an id of its own leaves the sequence where it was
        session.execute(text("SELECT setval(pg_get_serial_sequence('user_account', 'id'), 1000)"))
    session.commit()
    return account
