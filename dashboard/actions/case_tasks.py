"""Tasks of a case: set, changed, ticked off, done or dropped, by the departments that work on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from dashboard.access.permissions import Permission
from dashboard.actions.case_rows import require_open, row_of, typed, write_row
from dashboard.actions.casework import Done, carry_out
from dashboard.errors import Invalid, NotAllowed
from dashboard.i18n import N_
from dashboard.models.casework import CaseTask
from dashboard.workflow.people import people_of
from dashboard.workflow.standing import ASSISTANT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.actions.casework import Act, Held
    from dashboard.clock import Moment

TITLE_LONGEST, ITEM_LONGEST, REASON_LONGEST = 200, 200, 500
MOST_ITEMS = 30
FARTHEST = timedelta(days=3653)
WHAT = N_("The task")


@dataclass(frozen=True)
class AddTask:
    """Set a task for the department of `region_code`: the handler's or an assistant's; `owner_id` None: nobody yet."""

    act: Act
    title: str
    region_code: str
    owner_id: int | None
    due_on: date | None
    checklist: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChangeTask:
    """Write a task anew; items of the checklist that stay keep their tick."""

    act: Act
    task_id: int
    version: int
    title: str
    owner_id: int | None
    due_on: date | None
    checklist: tuple[str, ...] = ()


@dataclass(frozen=True)
class TickTask:
    """Tick the item of a task's checklist that reads `item`, or take its tick away.

    The task's version is not compared: ticks at two items do not meet, and one after another come fast.
    """

    act: Act
    task_id: int
    item: str
    done: bool


@dataclass(frozen=True)
class EndTask:
    """Say that a task is done; every item of its checklist must be."""

    act: Act
    task_id: int
    version: int


@dataclass(frozen=True)
class DropTask:
    """Say that a task is not to be done, and why."""

    act: Act
    task_id: int
    version: int
    reason: str


def add_task(session: Session, viewer: Viewer, command: AddTask, when: Moment) -> int:
    """Set a task and return its id; commits, as `dashboard.actions.casework.carry_out` does and raises.

    Raises Invalid on a closed case, for a department that does not work on it, for an owner who is not of that
    department or may not work on cases, and for an empty or overlong text; NotAllowed for another department's task.
    """

    def change(held: Held) -> Done:
        require_open(held)
        values, items = _checked(held, command.region_code, command)
        values["checklist"] = [{"text": one, "done": False} for one in items]
        row = CaseTask(
            case_id=held.case.id,
            region_code=command.region_code,
            **values,
            state="open",
            made_at=when.at,
            made_by=viewer.id,
            reason="",
            version=1,
        )
        session.add(row)
        session.flush()
        after = {"region_code": row.region_code, "state": "open", **_shown(values)}
        return Done(str(row.id), before=dict.fromkeys(after), after=after, row=f"task:{row.id}", row_version=1)

    return int(carry_out(session, viewer, "task:added", command, when, change))


def change_task(session: Session, viewer: Viewer, command: ChangeTask, when: Moment) -> int:
    """Write an open task anew and return its id; commits. Raises as `add_task` does, and Stale."""

    def change(held: Held) -> Done:
        row = _open_task(held, command.task_id, command.version)
        values, items = _checked(held, row.region_code, command)
        ticked = {str(one["text"]) for one in row.checklist if one["done"]}
        values["checklist"] = [{"text": one, "done": one in ticked} for one in items]
        return _written(held, row, command.version, values)

    return int(carry_out(session, viewer, "task:changed", command, when, change))


def tick_task(session: Session, viewer: Viewer, command: TickTask, when: Moment) -> int:
    """Tick an item of an open task, or take its tick away, and return the task's id; commits.

    Raises Invalid, with a sentence, for an item that is not on the list any more, and as `change_task` does.
    """

    def change(held: Held) -> Done:
        row = _open_task(held, command.task_id)
        if command.item not in {one["text"] for one in row.checklist}:
            raise Invalid.telling(N_("That item is no longer on the checklist"))
        items = [one | {"done": command.done} if one["text"] == command.item else one for one in row.checklist]
        return _written(held, row, row.version, {"checklist": items})

    return int(carry_out(session, viewer, "task:changed", command, when, change))


def end_task(session: Session, viewer: Viewer, command: EndTask, when: Moment) -> int:
    """Say that a task is done and return its id; commits. Raises Invalid while an item of its list is not ticked."""

    def change(held: Held) -> Done:
        row = _open_task(held, command.task_id, command.version)
        left = sum(1 for one in row.checklist if not one["done"])
        if left:
            raise Invalid.telling(N_("%(n)s items of the checklist are not ticked yet"), n=left)
        ended = {"state": "done", "ended_at": when.at, "ended_by": viewer.id}
        return _written(held, row, command.version, ended)

    return int(carry_out(session, viewer, "task:ended", command, when, change))


def drop_task(session: Session, viewer: Viewer, command: DropTask, when: Moment) -> int:
    """Say that a task is not to be done and return its id; commits. Raises Invalid without a reason."""

    def change(held: Held) -> Done:
        row = _open_task(held, command.task_id, command.version)
        reason = typed(command.reason, REASON_LONGEST, N_("Say why the task is dropped"))
        ended = {"state": "dropped", "ended_at": when.at, "ended_by": viewer.id, "reason": reason}
        return _written(held, row, command.version, ended, reason)

    return int(carry_out(session, viewer, "task:ended", command, when, change))


def _open_task(held: Held, task_id: int, version: int | None = None) -> CaseTask:
    """Return a task that the viewer's department may still work on; `version` as it was seen, None for as it is."""
    require_open(held)
    row = row_of(held, CaseTask, task_id)
    _require_own(held, row.region_code)
    if row.version == (row.version if version is None else version) and row.state != "open":
        raise Invalid.telling(N_("That task has ended"))
    return row


def _require_own(held: Held, region_code: str) -> None:
    if held.standing == ASSISTANT and region_code != held.viewer.home_region:
        raise NotAllowed.telling(N_("An assisting department has only its own tasks"))


def _checked(held: Held, region_code: str, command: AddTask | ChangeTask) -> tuple[dict[str, object], list[str]]:
    """Return the columns that a form gives and the items of its checklist, or say what is wrong with it."""
    _require_own(held, region_code)
    seated = {code for code, role in held.seats.items() if role == ASSISTANT}
    if region_code not in seated | {held.case.handler_code}:
        raise Invalid.telling(N_("That department does not work on this case"))
    able = people_of(held.session, [region_code], Permission.CASE_WRITE) if command.owner_id is not None else ()
    if command.owner_id is not None and command.owner_id not in {one.id for one in able}:
        raise Invalid.telling(N_("That person is not of the department, or may not work on cases"))
    if len(command.checklist) > MOST_ITEMS:
        raise Invalid.telling(N_("A checklist has at most %(most)s items"), most=MOST_ITEMS)
    items = [typed(one, ITEM_LONGEST, N_("An item of a checklist says something")) for one in command.checklist]
    if len(set(items)) < len(items):
        raise Invalid.telling(N_("Two items of the checklist are the same"))
    if command.due_on is not None and abs(command.due_on - held.when.on) > FARTHEST:
        raise Invalid.telling(N_("That day cannot be meant: it is more than ten years away"))
    values: dict[str, object] = {
        "title": typed(command.title, TITLE_LONGEST, N_("Say what is to be done")),
        "owner_id": command.owner_id,
        "due_on": command.due_on,
    }
    return values, items


def _written(held: Held, row: CaseTask, seen: int, values: Mapping[str, object], reason: str = "") -> Done:
    told = [name for name in values if name in {"title", "owner_id", "due_on", "checklist", "state"}]
    before = _shown({name: getattr(row, name) for name in told})
    name = f"task:{row.id}"
    version = write_row(held, row, seen, (name, WHAT), values)
    after = _shown({name: values[name] for name in told})
    changed = [one for one in told if before[one] != after[one]]
    return Done(
        str(row.id),
        before={one: before[one] for one in changed},
        after={one: after[one] for one in changed},
        reason=reason,
        row=name,
        row_version=version,
    )


def _shown(values: Mapping[str, object]) -> dict[str, object]:
    """Return columns as the audit log tells them: dates as text, a checklist as its items, the ticked ones marked."""
    shown = dict(values)
    if shown.get("due_on") is not None:
        shown["due_on"] = str(shown["due_on"])
    items = shown.get("checklist")
    if isinstance(items, list):
        shown["checklist"] = [f"✓ {one['text']}" if one["done"] else str(one["text"]) for one in items]
    return shown
