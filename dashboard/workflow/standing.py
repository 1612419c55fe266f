"""How an office stands to a case, and what each standing may do: the table behind every button and every action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboard.access.scope import Scope

Standing = Literal["handler", "above", "assistant", "onlooker", "none"]
HANDLER: Standing = "handler"  # works on it now
ABOVE: Standing = "above"  # a higher level of the office that works on it: sees all, presses, comments
ASSISTANT: Standing = "assistant"  # was invited and has accepted
ONLOOKER: Standing = "onlooker"  # it happened here, or it was here once, or an invitation waits: reads and comments


@dataclass(frozen=True)
class Verb:
    """One thing that can be done to a case: by whom, and whether only to the case exactly as it was seen.

    An exclusive one replaces something of the case itself: it compares the case's version and moves it on. Others add
    something, or change a row with a version of its own.
    """

    by: frozenset[Standing]
    exclusive: bool = False


_HANDLER, _TEAM = frozenset({HANDLER}), frozenset({HANDLER, ASSISTANT})
_ANYONE = frozenset({HANDLER, ABOVE, ASSISTANT, ONLOOKER})

VERBS: dict[str, Verb] = {
    "case:stepped": Verb(_HANDLER, exclusive=True),
    "case:suspended": Verb(_HANDLER, exclusive=True),
    "case:resumed": Verb(_HANDLER, exclusive=True),
    "case:merged": Verb(_HANDLER, exclusive=True),
    "case:split": Verb(_HANDLER, exclusive=True),
    "case:owner_set": Verb(_HANDLER, exclusive=True),
    "case:source_added": Verb(_HANDLER),
    "order:assign_down": Verb(_HANDLER, exclusive=True),
    "order:report_up": Verb(_HANDLER, exclusive=True),
    "order:transfer": Verb(_HANDLER, exclusive=True),
    "order:return": Verb(_HANDLER, exclusive=True),
    "order:assist": Verb(_HANDLER),
    "order:supervise": Verb(frozenset({ABOVE})),
    "order:assist_ended": Verb(_TEAM),  # an assistant only its own
    "order:answered": Verb(_ANYONE),  # and only by the department that it was sent to
    "order:withdrawn": Verb(_ANYONE),  # and only by the department that sent it; the handler any request to assist
    "task:added": Verb(_TEAM),
    "task:changed": Verb(_TEAM),  # an assistant only its own department's
    "task:ended": Verb(_TEAM),  # as above
    "comment:added": Verb(_ANYONE),
    "attachment:added": Verb(_TEAM),
    "attachment:removed": Verb(_HANDLER),
    "evidence:added": Verb(_TEAM),
    "evidence:moved": Verb(_TEAM),
    "person:added": Verb(_HANDLER),
    "person:changed": Verb(_HANDLER),
    "person:removed": Verb(_HANDLER),
    "determination:written": Verb(_HANDLER),
    "measure:taken": Verb(_HANDLER),
    "measure:withdrawn": Verb(_HANDLER),
    "repayment:reported": Verb(_HANDLER),
}
"""Every change to a case, by the name that the audit log gives it. All need case:write as well."""


def standing_of(home: str, *, handler: str, place: str, seats: dict[str, str]) -> Standing:
    """Return how the office of region `home` stands to a case that `handler` works on and that happened in `place`.

    `seats` maps regions to their lasting seat (SEATS). The strongest standing counts. An office above an invited one
    looks on, as does the office of the place when the case is elsewhere.
    """
    if home == handler:
        return HANDLER
    scope = Scope(home)
    if scope.covers(handler):
        return ABOVE
    if seats.get(home) == ASSISTANT:
        return ASSISTANT
    if scope.covers(place) or any(scope.covers(code) for code in seats):
        return ONLOOKER
    return "none"
