"""Who looks: every query and every action takes a Viewer or the Scope that it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboard.access.permissions import ROLE_PERMISSIONS, Permission, Role
from dashboard.access.scope import NATION, Scope
from dashboard.errors import NotAllowed


@dataclass(frozen=True)
class Viewer:
    """A person at a desk or a wall's browser, as of this request."""

    id: int
    name: str
    unit: str
    roles: frozenset[Role]
    home_region: str
    locale: str  # the one in force: chosen in this browser, else the account's, else the installation's
    kind: Literal["user", "wall"]

    def may(self, permission: Permission) -> bool:
        """Return whether one of the roles carries `permission`."""
        return any(permission in ROLE_PERMISSIONS[role] for role in self.roles)

    def scope(self, permission: Permission) -> Scope:
        """Return where the viewer may use `permission`; raise NotAllowed when nowhere."""
        if not self.may(permission):
            raise NotAllowed(f"{self.actor} lacks {permission}")
        return Scope(self.home_region)

    @property
    def actor(self) -> str:
        """How the audit log names this viewer: user:5, wall:3, console."""
        return f"{self.kind}:{self.id}" if self.id else "console"


CONSOLE = Viewer(0, "console", "", frozenset({Role.ADMINISTRATOR}), NATION, "en", "user")
"""Whoever may run commands on the server itself: an administrator of the whole country, named so in the audit log."""
