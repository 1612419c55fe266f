"""What the register says of an enterprise against which a case is opened: read anew, never taken from a browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.errors import Invalid, NotFound
from dashboard.i18n import N_
from dashboard.queries.portrait import facts_of

if TYPE_CHECKING:
    from dashboard.access.scope import Scope
    from dashboard.queries.population import Population


@dataclass(frozen=True)
class Registered:
    """An enterprise of the register: its region and its legal representative are '' where they are not known."""

    uscc: str
    name: str
    region_code: str
    representative: str


def registered(population: Population, scope: Scope, uscc: str) -> Registered:
    """Return an enterprise; Invalid, with a sentence, for one that is not registered or lies outside the scope."""
    try:
        facts = facts_of(population, scope, uscc)
    except NotFound as error:
        raise Invalid.telling(N_("No enterprise of your jurisdiction has that credit code")) from error
    return Registered(uscc, facts.name, facts.region, str(facts.register["legal_representative"] or ""))
