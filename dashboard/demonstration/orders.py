"""What passes between offices about a case of the demo: handed up and down, refused, helped with, pressed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from dashboard.models.cases import CaseOrder, CaseSeat
from dashboard.workdays import after
from geo.codes import parent_of
from geo.divisions import children_of

if TYPE_CHECKING:
    from datetime import date

    from dashboard.demonstration.histories import Life

_CHANCES = (("report_up", 0.1), ("refused", 0.05), ("assist", 0.07), ("supervise", 0.06))
"""How often each happens in a stage from verification on; at most one a stage."""
_LATE_PRESSED = 0.35
_PHASES = frozenset({"verification", "investigation", "assessment", "determination", "disposal"})
_TEXTS = {
    "report_up": "涉案地区跨区县，建议由市级统一办理。",
    "refused": "涉案地区跨区县，建议由市级统一办理。",
    "assist": "涉案人员居住在贵区，请协助询问。",
    "supervise": "请加快办理，按期反馈进展。",
}
_ANSWERS = {
    "report_up": "",
    "refused": "主要事实发生在本区县，请继续办理。",
    "assist": "",
    "supervise": "已加派人手，本月内完成。",
}


class Linkage:
    """The orders of one case, in order of time."""

    def __init__(self, life: Life) -> None:
        """Begin without any."""
        self.life, self.seated = life, set[str]()

    def happen(self, entered: date, until: date) -> None:
        """Tell what passes between offices in the present stage: mostly nothing."""
        life = self.life
        roll = life.dice.random()
        if life.row["phase"] not in _PHASES or (until - entered).days < 6:  # noqa: PLR2004 - too short for an answer
            return
        for kind, chance in _CHANCES:
            if roll < chance:
                self._order(kind, entered + timedelta(days=1))
                return
            roll -= chance

    def press(self) -> None:
        """Have some of the cases that are late today pressed from above, without an answer so far."""
        life, due_on = self.life, self.life.row["due_on"]
        late = due_on is not None and due_on < life.today  # type: ignore[operator] # a date
        above = parent_of(life.handler)
        if late and above is not None and above in life.people and life.dice.random() < _LATE_PRESSED:
            self._send("supervise", above, life.handler, life.today - timedelta(days=2), life.people[above][0])

    def _order(self, kind: str, day: date) -> None:
        life, above = self.life, parent_of(self.life.handler)
        if above is None or above not in life.people or len(life.handler) < 6:  # noqa: PLR2004 - a county's code
            return
        if kind == "supervise":
            self._answered(kind, above, life.handler, day, life.people[above][0])
        elif kind == "assist":
            beside = [
                one
                for one in children_of(above)
                if one != life.handler and one in life.people and one not in self.seated
            ]
            if beside:
                self._answered(kind, life.handler, life.dice.choice(beside), day, life.officer)
        else:
            self._answered(kind, life.handler, above, day, life.officer)

    def _answered(self, kind: str, sender: str, receiver: str, day: date, by: int) -> None:
        life, answered = self.life, day + timedelta(days=life_days(self.life))
        order = self._send(kind, sender, receiver, day, by)
        who, at = life.people[receiver][0], life.at(answered)
        state = {"refused": "refused", "supervise": "answered"}.get(kind, "accepted")
        order |= {"state": state, "answered_at": at, "answered_by": who, "answer": _ANSWERS[kind], "version": 2}
        told: dict[str, object] = {"row": f"order:{order['id']}", "row_version": 2, "state": state}
        if order["answer"]:
            told["reason"] = order["answer"]
        if kind == "report_up":
            told |= {"before": {"handler_code": sender}, "after": {"handler_code": receiver}}
            life.row |= {"handler_code": receiver, "owner_id": who, "version": int(str(life.row["version"])) + 1}
            self._seat(sender, "handler", at)
        if kind == "assist":
            self._seat(receiver, "assistant", at)
        life.told(at, "order:answered", who, **told)

    def _send(self, kind: str, sender: str, receiver: str, day: date, by: int) -> dict[str, object]:
        life, real = self.life, {"refused": "report_up"}.get(kind, kind)
        at, number = life.at(day), life.ledger.reserve(CaseOrder)
        order = life.ledger.put(
            CaseOrder,
            id=number,
            case_id=life.case_id,
            kind=real,
            from_code=sender,
            to_code=receiver,
            text=_TEXTS[kind],
            state="pending",
            made_at=at,
            made_by=by,
            answer_due_on=after(day, life.workflow.order(real).answer_days or 5),
            escalated_on=None,
            answered_at=None,
            answered_by=None,
            answer="",
            version=1,
        )
        life.told(at, f"order:{real}", by, row=f"order:{number}", row_version=1, to=receiver, reason=_TEXTS[kind])
        return order

    def _seat(self, region: str, role: str, at: object) -> None:
        if region in self.seated:
            return
        self.seated.add(region)
        seats = {"case_id": self.life.case_id, "region_code": region, "role": role}
        self.life.ledger.put(CaseSeat, **seats, since_at=at, ended_at=None)


def life_days(life: Life) -> int:
    """Return after how many days an order is answered."""
    return life.dice.randint(1, 4)
