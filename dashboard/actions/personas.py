"""The demo's people: one for each level, made once, with random passwords kept for their owner only."""

from __future__ import annotations

import json
import os
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access.permissions import Role
from dashboard.access.viewer import CONSOLE
from dashboard.actions.accounts import CreateUser, create_user, set_password
from dashboard.errors import NotAllowed
from dashboard.models.accounts import UserAccount

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from dashboard.settings import Settings

PERSONAS = {
    "leader": ("陈国栋", "国家级指挥中心", "0", (Role.LEADER,)),
    "analyst": ("林筱", "国家级指挥中心", "0", (Role.ANALYST,)),
    "province": ("沈慧", "浙江省主管部门", "33", (Role.OFFICER, Role.ANALYST)),
    "city": ("周明远", "杭州市主管部门", "3301", (Role.OFFICER,)),
    "county": ("方琳", "西湖区主管部门", "330106", (Role.OFFICER,)),
    "chief": ("何建平", "西湖区主管部门", "330106", (Role.LEADER,)),
    "neighbour": ("孙悦", "拱墅区主管部门", "330105", (Role.OFFICER,)),
    "town": ("柳青", "三墩镇金融工作站", "330106109", (Role.OFFICER,)),
    "worker": ("俞小波", "三墩镇网格站", "330106109", (Role.WORKER,)),
    "stranger": ("王路", "", "330106", ()),
}
"""Username → invented name, unit, home region, roles. The stranger may sign in and see nothing."""


def kept_passwords(settings: Settings) -> Path:
    """Return the file that keeps the personas' passwords, readable by its owner only."""
    return settings.var_dir / "demo-personas.json"


def create_personas(session: Session, settings: Settings, now: datetime) -> Mapping[str, str]:
    """Make the personas that are missing and return username → password; raise NotAllowed outside a demo.

    Passwords are written down before the accounts are made: killed in between, the next run goes on from there.
    """
    if settings.environment != "demo":
        raise NotAllowed("personas are made only where SMOKE_ENVIRONMENT is demo")
    file = kept_passwords(settings)
    known: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    fresh = {username: secrets.token_urlsafe(12) for username in PERSONAS if username not in known}
    if fresh:
        _keep(file, known | fresh)
    for username, (name, unit, region, roles) in PERSONAS.items():
        account = session.scalars(select(UserAccount).where(UserAccount.username_key == username)).one_or_none()
        password = (known | fresh)[username]
        if account is None:
            command = CreateUser(username, password, name, region, tuple(roles), unit)
            create_user(session, CONSOLE, command, now)
        elif username in fresh:  # the file was lost: without a new password nobody could sign in
            set_password(session, CONSOLE, account.id, account.version, password, now)
    return known | fresh


def _keep(file: Path, passwords: Mapping[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(passwords, stream, indent=2)
    beside.replace(file)
