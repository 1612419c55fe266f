"""Permissions and roles: one table says who may do what; where they may do it is their Scope."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a viewer may do, `subject:verb`."""

    OVERVIEW_READ = "overview:read"
    RISKMAP_READ = "riskmap:read"
    RUNS_READ = "runs:read"
    ENTERPRISE_READ = "enterprise:read"  # names of individual enterprises
    PORTRAIT_READ = "portrait:read"  # all that is known of one enterprise, its ties and the people in them
    WARNING_WRITE = "warning:write"  # acknowledge, dismiss, assign, open a case
    CASE_READ = "case:read"  # cases of one's jurisdiction, and those one was asked to help with
    CASE_WRITE = "case:write"  # work on cases, as far as their workflow and one's part in them allow
    EXEMPTION_WRITE = "exemption:write"  # white and grey lists
    MODEL_READ = "model:read"
    MODEL_PROPOSE = "model:propose"
    MODEL_APPROVE = "model:approve"  # never one's own proposal
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
_DESK = _MAPS | {
    Permission.RUNS_READ,
    Permission.ENTERPRISE_READ,
    Permission.PORTRAIT_READ,
    Permission.MODEL_READ,
    Permission.CASE_READ,
}

# role           maps  runs  names  portrait,  warnings,  exempt  propose  approve  users,  why
#                                   models,    cases                                audit
#                                   cases
# leader         yes   yes   yes    yes        yes                         yes             decides, presses lower levels
# officer        yes   yes   yes    yes        yes        yes                              works the warnings of a place
# analyst        yes   yes   yes    yes (reads)                   yes                      answers for data and model
# worker         yes                                                                       sees aggregates only
# administrator  yes   yes                                                         yes     runs it, reads no names
# wall           yes         yes                                                           hangs where officers work
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.LEADER: _DESK | {Permission.WARNING_WRITE, Permission.CASE_WRITE, Permission.MODEL_APPROVE},
    Role.OFFICER: _DESK | {Permission.WARNING_WRITE, Permission.CASE_WRITE, Permission.EXEMPTION_WRITE},
    Role.ANALYST: _DESK | {Permission.MODEL_PROPOSE},
    Role.WORKER: _MAPS,
    Role.ADMINISTRATOR: _MAPS
    | {Permission.RUNS_READ, Permission.USER_WRITE, Permission.AUDIT_READ, Permission.WALL_WRITE},
    Role.WALL: _MAPS | {Permission.ENTERPRISE_READ},
}
"""Each role's permissions, everywhere in the holder's home region."""
