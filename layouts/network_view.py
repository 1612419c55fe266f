"""What the network's address says: whose network, how far it was opened, which ties count, and the way asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode

from dashboard.errors import Invalid
from dashboard.queries.ties import Filter
from dashboard.vocabulary import RELATION_KINDS

LONGEST = 2000  # characters of a query string that are looked at
LONGEST_ID = 100
MOST_OPENED = 12  # parties that one picture may be opened at
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True)
class View:
    """One picture: around `node`, or of a `community`, or neither for the list of communities of `region`."""

    node: str = ""
    community: int | None = None
    region: str = ""
    chosen: str = ""
    opened: tuple[str, ...] = ()
    to: str = ""
    kinds: tuple[str, ...] = RELATION_KINDS
    until: date | None = None
    since: date | None = None
    hubs: bool = False

    @property
    def search(self) -> str:
        """The query string, with only what differs from the default."""
        given: dict[str, Any] = {
            "region": self.region,
            "node": self.node,
            "community": self.community,
            "at": self.chosen,
            "open": list(self.opened),
            "to": self.to,
            "kinds": "" if self.kinds == RELATION_KINDS else ",".join(self.kinds) or "none",
            "until": self.until,
            "since": self.since,
            "hubs": "1" if self.hubs else "",
        }
        said = {name: value for name, value in given.items() if value not in ("", None, [])}
        return "?" + urlencode(said, doseq=True)

    @property
    def href(self) -> str:
        """The address."""
        return "/network" + self.search

    @property
    def filter(self) -> Filter:
        """Which ties count."""
        return Filter(self.kinds, self.until, self.since)

    @property
    def begun(self) -> View:
        """The same network as it was at first: nothing opened, chosen, or asked the way to."""
        return replace(self, opened=(), chosen="", to="")

    def opening(self, node: str) -> View:
        """Return the picture opened at one more party; the one opened first gives way."""
        return replace(self, opened=(*self.opened, node)[-MOST_OPENED:], chosen=node)

    def toggling(self, kind: str) -> View:
        """Return the picture with one kind of ties more or less."""
        wanted = set(self.kinds) ^ {kind}
        return replace(self, kinds=tuple(one for one in RELATION_KINDS if one in wanted))


def view_in(search: str | None) -> View:
    """Parse a query string; raise Invalid for what cannot be meant. Whether it may be seen is the query's to say."""
    if not isinstance(search, str | None):
        raise Invalid("a query string is text")
    given = parse_qs((search or "")[:LONGEST].removeprefix("?"))
    last = {name: values[-1] for name, values in given.items()}
    community = last.get("community", "")
    if community and not _NUMBER.fullmatch(community):
        raise Invalid("a community has a number")
    kinds = last["kinds"].split(",") if "kinds" in last else list(RELATION_KINDS)
    return View(
        node=_party(last.get("node", "")),
        community=int(community) if community else None,
        region=last.get("region", ""),
        chosen=_party(last.get("at", "")),
        opened=tuple(_party(node) for node in given.get("open", [])[:MOST_OPENED]),
        to=_party(last.get("to", "")),
        kinds=tuple(kind for kind in RELATION_KINDS if kind in kinds),
        until=_day(last.get("until", "")),
        since=_day(last.get("since", "")),
        hubs=last.get("hubs") == "1",
    )


def _party(text: str) -> str:
    if len(text) > LONGEST_ID:
        raise Invalid("no party has an id that long")
    return text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(f"{text[:20]!r} is not a date") from error
