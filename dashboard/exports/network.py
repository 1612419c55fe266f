"""A network as a workbook: its parties and its ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.access.scope import is_region_code
from dashboard.exports.workbook import Sheet, workbook
from geo.views import place_words

if TYPE_CHECKING:
    from datetime import datetime

    from dashboard.i18n import Words
    from dashboard.models.network import Net
    from dashboard.queries.generations import Live


def network_workbook(net: Net, texts: dict[str, str], words: Words, live: Live, *, by: str, at: datetime) -> bytes:
    """Return the XLSX of a network; `texts` says how parties and kinds of ties are called.

    Who is outside the jurisdiction has neither code nor name here either.
    """
    cover = [
        (words("Generation"), str(live.generation)),
        (words("As of"), live.as_of.isoformat()),
        (words("Made by"), by),
        (words("Made at"), at.isoformat(timespec="minutes")),
        (words("Not listed"), words.number(net.undrawn)),
    ]
    return workbook(words("Network"), cover, [_parties(net, texts, words), _ties(net, texts, words)])


def _parties(net: Net, texts: dict[str, str], words: Words) -> Sheet:
    heads = (
        words("Id or credit code"),
        words("Party"),
        words("Region"),
        words("Region code"),
        words("Grade"),
        words("Smoke Index"),
        words("Ties"),
    )
    rows = [
        (
            "" if party.outside else party.node,
            texts[party.node],
            place_words(party.region_code, words.locale) if is_region_code(party.region_code) else "",
            party.region_code,
            words.grade(party.grade) if party.grade else "",
            party.smoke_index,
            party.degree or None,
        )
        for party in net.parties
    ]
    return Sheet(words("Parties"), heads, rows)


def _ties(net: Net, texts: dict[str, str], words: Words) -> Sheet:
    heads = (
        words("From"),
        words("Tie"),
        words("To"),
        words("Share, 0–1"),
        words("Since"),
        words("Known on"),
        words("Source"),
    )
    rows = [
        (
            texts.get(tie.holder, ""),
            texts.get(tie.kind, tie.kind),
            texts.get(tie.held, ""),
            tie.share,
            tie.since_on,
            tie.reported_on,
            texts.get(tie.origin, tie.origin),
        )
        for tie in net.ties
    ]
    return Sheet(words("Ties"), heads, rows)
