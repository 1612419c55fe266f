"""The orders of one case: who asked whom for what, by when, and what became of it; and what the viewer may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from dashboard.models.accounts import UserAccount
from dashboard.models.cases import CaseOrder
from dashboard.queries.case_seen import case_seen
from dashboard.queries.offices import kinds_allowed
from dashboard.workflow.standing import ASSISTANT, HANDLER

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.queries.case_seen import CaseSeen


@dataclass(frozen=True)
class OrderSeen:
    """One order with the names of who sent and who answered it, '' where nobody did, and whether its answer is late."""

    order: CaseOrder
    sender: str
    answerer: str
    late: bool


@dataclass(frozen=True)
class Linkage:
    """A case's orders, newest first, who assists, and what the viewer may do about it."""

    seen: CaseSeen
    orders: tuple[OrderSeen, ...]
    assistants: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def to_answer(self) -> tuple[CaseOrder, ...]:
        """The orders that wait for an answer of the viewer's department."""
        mine = self.seen.viewer.home_region
        return tuple(order for order in self._waiting("order:answered") if order.to_code == mine)

    @property
    def to_withdraw(self) -> tuple[CaseOrder, ...]:
        """The orders that the viewer's department may take back."""
        mine, handles = self.seen.viewer.home_region, self.seen.standing == HANDLER
        return tuple(
            order
            for order in self._waiting("order:withdrawn")
            if order.made_by is not None and (order.from_code == mine or (order.kind == "assist" and handles))
        )

    @property
    def to_end(self) -> tuple[str, ...]:
        """The regions whose assistance the viewer may end."""
        if not self.seen.may("order:assist_ended"):
            return ()
        mine, handles = self.seen.viewer.home_region, self.seen.standing == HANDLER
        return tuple(code for code in self.assistants if handles or code == mine)

    def _waiting(self, verb: str) -> list[CaseOrder]:
        return [one.order for one in self.orders if one.order.state == "pending"] if self.seen.may(verb) else []


def linkage_of(session: Session, viewer: Viewer, number: str, today: date) -> Linkage:
    """Return a case's orders by its number; raises as `case_seen` does."""
    seen = case_seen(session, viewer, number)
    sender, answerer = aliased(UserAccount), aliased(UserAccount)
    query = (
        select(CaseOrder, sender, answerer)
        .outerjoin(sender, sender.id == CaseOrder.made_by)
        .outerjoin(answerer, answerer.id == CaseOrder.answered_by)
        .where(CaseOrder.case_id == seen.case.id)
        .order_by(CaseOrder.id.desc())
        .execution_options(populate_existing=True)
    )
    orders = tuple(
        OrderSeen(order, _told(by), _told(of), _late(order, today)) for order, by, of in session.execute(query)
    )
    helping = tuple(sorted(code for code, role in seen.seats.items() if role == ASSISTANT))
    return Linkage(seen, orders, helping, tuple(kinds_allowed(session, seen)))


def _late(order: CaseOrder, today: date) -> bool:
    return order.state == "pending" and order.answer_due_on is not None and order.answer_due_on < today


def _told(account: UserAccount | None) -> str:
    return " ".join(part for part in (account.unit, account.name) if part) if account else ""
