"""The portrait's sentences and vocabularies, in the page's language; dossiers are written with the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.i18n import N_, NOTHING
from layouts.portrait_paths import way_words
from layouts.terms import STATUS_WORDS, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Any

    from dashboard.i18n import Words
    from dashboard.queries.portrait import Facts, PeerLine
    from dashboard.queries.weighing import Weight
    from etl.index.reasons import Change

NAMED = 3  # factors that the sentence names

ORIGIN_WORDS = {
    "hotline_12345": N_("Hotline 12345"),
    "hotline_110": N_("Police hotline 110"),
    "petition_office": N_("Petition office"),
    "market_regulator": N_("Market regulator"),
    "court": N_("Court"),
    "web_monitoring": N_("Web monitoring"),
    "app_monitoring": N_("App monitoring"),
    "field_inspection": N_("Field inspection"),
    "bank_report": N_("Bank's report"),
    "citizen_tip": N_("Citizen's tip"),
    "other": N_("Other source"),
    "register": N_("Register"),
    "relations": N_("Relations"),
    "national_register": N_("National register"),
    "licence_authority": N_("Licensing authority"),
    "relations_register": N_("Register, ties"),
    "relations_web": N_("Web, ties"),
}
"""Who reported, and from which of the sources that ship with the demo it was read."""
OUTCOME_WORDS = {
    "confirmed": N_("confirmed"),
    "rectified": N_("put right"),
    "transferred": N_("handed to the police"),
    "unfounded": N_("unfounded"),
    "false_positive": N_("false alarm"),
}
TIE_WORDS = {
    ("legal_representative", True): N_("is represented by it"),
    ("legal_representative", False): N_("is its legal representative"),
    ("shareholder", True): N_("is held by it"),
    ("shareholder", False): N_("holds shares of it"),
    ("director", True): N_("is directed by it"),
    ("director", False): N_("is a director of it"),
    ("branch", True): N_("is its branch"),
    ("branch", False): N_("is its head office"),
    ("same_address", True): N_("at the same address"),
    ("same_address", False): N_("at the same address"),
    ("same_phone", True): N_("with the same telephone"),
    ("same_phone", False): N_("with the same telephone"),
}
"""What the other party is to the enterprise, by kind and whether the tie leads from the enterprise outward."""
LICENCE_WORDS = {
    "microcredit": N_("Microcredit licence"),
    "financing_guarantee": N_("Financing guarantee licence"),
    "pawn": N_("Pawnbroking licence"),
    "financial_leasing": N_("Financial leasing licence"),
    "factoring": N_("Commercial factoring licence"),
    "private_fund": N_("Private fund registration"),
    "direct_selling": N_("Direct selling licence"),
    "elder_care": N_("Elder care registration"),
    "training": N_("Training licence"),
    "payment": N_("Payment licence"),
}


FACT_WORDS = {
    "capital_unpaid": N_("Large registered capital of which little or nothing is paid in"),
    "shared_address": N_("Registered at an address with many other firms"),
    "branch_burst": N_("Many branches opened within a short time"),
}
"""What a fact says that no text tells of: factors of the register and of ties."""


def day(given: date | None) -> str:
    """Return a whole date, as both languages write it in lists."""
    return NOTHING if given is None else given.isoformat()


def money(amount: float | None, words: Words) -> str:
    """Return an amount in yuan, short."""
    return NOTHING if amount is None else words("CNY %(amount)s", amount=words.compact(round(amount)))


def of(table: dict[Any, str], code: Any, words: Words) -> str:  # noqa: ANN401 - a code or a pair of them
    """Return the words of a code; one that a newer run brought is shown as it is."""
    return words(table[code]) if code in table else str(code[0] if isinstance(code, tuple) else code or NOTHING)


def weight_words(weight: Weight, words: Words) -> str:
    """Return one factor as the sentence names it: points, pieces, and the money that they tell."""
    told = [words("%(n)s pieces", n=weight.count) if weight.count > 1 else words("1 piece")]
    if weight.amount:
        told.append(words("amounts of %(money)s", money=money(weight.amount, words)))
    name = words.factor(weight.factor)
    points = words.number(float(weight.points), 1)
    return words("%(factor)s %(points)s points (%(told)s)", factor=name, points=points, told=listed(told, words))


def sentence(facts: Facts, weights: Sequence[Weight], words: Words) -> str:
    """Return the one sentence that says why the index is what it is; also why there is none."""
    if facts.score is None:
        status = of(STATUS_WORDS, facts.register["status"], words)
        return words("Not in operation (%(status)s): it is not scored.", status=status)
    if not weights:
        return words("Nothing is known against it: no piece of evidence has been reported.")
    counted = [weight for weight in weights if weight.points][:NAMED]
    if not counted:
        return words("What is known against it has faded to nothing.")
    share = sum(weight.points for weight in counted) / max(sum(weight.points for weight in weights), counted[0].points)
    return words(
        "%(type)s leads: %(factors)s make up %(share)s of the index; known since %(since)s.",
        type=words.risk_type(facts.score["risk_type"]),
        factors=listed([weight_words(weight, words) for weight in counted], words),
        share=words.percent(float(share)),
        since=day(min(weight.since for weight in weights)),
    )


def change_sentence(changes: Sequence[Change], before: float | None, after: float, words: Words) -> str:
    """Return what moved the index since the generation before, in one sentence whose sums are exact."""
    if before is None:
        return words("It was not scored in the generation before.")
    up = float(sum(change.points for change in changes if change.points > 0))
    down = float(sum(change.points for change in changes if change.points < 0))
    return words(
        "From %(before)s to %(after)s: %(up)s by new and heavier evidence, %(down)s by evidence that faded.",
        before=words.number(before, 2),
        after=words.number(after, 2),
        up=words.signed(up, 2) if up else "0",
        down=words.signed(down, 2) if down else "0",
    )


def change_words(change: Change, words: Words) -> str:
    """Return in a word why a piece of evidence weighs more or less than before."""
    return {
        "new": words("new"),
        "gone": words("no longer counts"),
        "changed": words("weighs more") if change.points > 0 else words("faded"),
    }[change.kind]


def piece_words(piece: Mapping[str, Any], words: Words) -> str:
    """Return what a piece of evidence says: its text, its way along ties, or for the register what it rests on."""
    text = piece["text"] or ""
    if piece.get("path"):
        return way_words(piece["path"], words)
    fact = FACT_WORDS.get(piece["factor"])
    if fact and not text:
        return words(fact)
    if piece["origin"] == "register" and text in LICENCE_WORDS:
        return words("%(licence)s: required for what it offers, none on record", licence=words(LICENCE_WORDS[text]))
    return str(text)


def peer_words(line: PeerLine, words: Words) -> str:
    """Return the name of a group of peers."""
    return {"sector": words("sector"), "region": words("county"), "all": words("all")}[line.kind]
