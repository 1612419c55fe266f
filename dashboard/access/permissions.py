"""Permissions and roles: one table says who may do what; where they may do it is their Scope."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a viewer may do, `subject:verb`."""

    OVERVIEW_READ = "overview:read"
    RISKMAP_READ = "riskmap:read"
    RUNS_READ = "runs:read"
    ENTERPRISE_READ = "enterprise:read"  # names of individual enterprises
    USER_WRITE = "user:write"
    AUDIT_READ = "audit:read"
    WALL_WRITE = "wall:write"


class Role(StrEnum):
    """What a person is in the system; a person may have several, a wall has the last one."""

    LEADER = "leader"
    OFFICER = "officer"
    ANALYST = "analyst"
    WORKER = "worker"
    ADMINISTRATOR = "administrator"
    WALL = "wall"


_MAPS = frozenset({Permission.OVERVIEW_READ, Permission.RISKMAP_READ})
_DESK = _MAPS | {Permission.RUNS_READ, Permission.ENTERPRISE_READ}

# | role          | overview, riskmap | runs | enterprise | user, audit, wall | why                                    |
# |---------------|-------------------|------|------------|-------------------|----------------------------------------|
# | leader        | yes               | yes  | yes        |                   | decides, and presses lower levels      |
# | officer       | yes               | yes  | yes        |                   | works the warnings of a jurisdiction   |
# | analyst       | yes               | yes  | yes        |                   | answers for data and model             |
# | worker        | yes               |      |            |                   | a town or grid sees its own aggregates |
# | administrator | yes               | yes  |            | yes               | runs the system, reads no names        |
# | wall          | yes               |      | yes        |                   | hangs in a room that officers work in  |
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.LEADER: _DESK,
    Role.OFFICER: _DESK,
    Role.ANALYST: _DESK,
    Role.WORKER: _MAPS,
    Role.ADMINISTRATOR: _MAPS
    | {Permission.RUNS_READ, Permission.USER_WRITE, Permission.AUDIT_READ, Permission.WALL_WRITE},
    Role.WALL: _MAPS | {Permission.ENTERPRISE_READ},
}
"""Each role's permissions, everywhere in the holder's home region."""
