"""Words that several screens share: states of registration, kinds of ties, how things are counted up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.i18n import Words

STATUS_WORDS = {
    "active": N_("in operation"),
    "abnormal": N_("in operation, listed as abnormal"),
    "revoked": N_("licence revoked"),
    "deregistered": N_("deregistered"),
}
TIE_WORDS = {
    "legal_representative": N_("legal representative"),
    "shareholder": N_("shareholding"),
    "director": N_("director"),
    "same_address": N_("same address"),
    "same_phone": N_("same telephone"),
    "branch": N_("branch"),
}
"""The kinds of ties by themselves; seen from one enterprise they are worded in `portrait_words`."""


def listed(parts: Sequence[str], words: Words) -> str:
    """Return texts joined as the language joins what it counts up."""
    return ("、" if words.locale == "zh_CN" else ", ").join(parts)
