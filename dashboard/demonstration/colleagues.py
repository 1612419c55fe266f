"""Invented colleagues of the demo's personas: officers of every department with a case. None of them can sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access.permissions import ROLE_PERMISSIONS, Permission, Role
from dashboard.models.accounts import UserAccount
from geo.views import region_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

EACH = 2  # officers of a department
NO_PASSWORD = "!"  # noqa: S105 - no password hashes to this, which is the point
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
GIVEN = (
    "文静",
    "建国",
    "晓峰",
    "丽娟",
    "志远",
    "雨晴",
    "海涛",
    "思齐",
    "明辉",
    "秀英",
    "子涵",
    "永强",
    "慧敏",
    "立新",
    "佳宁",
    "振华",
)


def colleagues(session: Session, regions: Iterable[str], now: datetime) -> dict[str, list[int]]:
    """Return who works on cases in each of the departments, with new colleagues where there are too few; no commit.

    Accounts that are there already come first, so that the demo's personas have cases of their own.
    """
    able = [role.value for role in Role if Permission.CASE_WRITE in ROLE_PERMISSIONS[role]]
    found: dict[str, list[int]] = {region: [] for region in sorted(set(regions))}
    known = session.scalars(select(UserAccount).where(UserAccount.disabled_at.is_(None)).order_by(UserAccount.id))
    for account in known:
        if account.home_region in found and set(able) & set(account.roles):
            found[account.home_region].append(account.id)
    for region, people in found.items():
        for number in range(len(people), EACH):
            account = _colleague(region, number, now)
            session.add(account)
            session.flush()
            people.append(account.id)
    return found


def _colleague(region: str, number: int, now: datetime) -> UserAccount:
    at = int(region) * EACH + number
    username = f"demo.{region}.{number + 1}"
    return UserAccount(
        username=username,
        username_key=username,
        name=FAMILY[at * 7 % len(FAMILY)] + GIVEN[at * 11 % len(GIVEN)],
        unit=f"{region_name(region, 'zh_CN')}主管部门",
        home_region=region,
        roles=[Role.OFFICER.value],
        locale=None,
        password_hash=NO_PASSWORD,
        created_at=now,
        password_changed_at=now,
    )
