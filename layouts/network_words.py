"""The words of networks: kinds of ties and parties, and where ties are known from."""

from __future__ import annotations

from dashboard.i18n import N_

TIE_WORDS = {
    "legal_representative": N_("legal representative"),
    "shareholder": N_("shareholding"),
    "director": N_("director"),
    "same_address": N_("same address"),
    "same_phone": N_("same telephone"),
    "branch": N_("branch"),
}
PARTY_WORDS = {
    "enterprise": N_("Enterprise"),
    "person": N_("Person"),
    "door": N_("Address"),
    "telephone": N_("Telephone"),
}
SOURCE_WORDS = {
    "register": N_("register of enterprises"),
    "relations_register": N_("register of relations"),
    "relations_web": N_("web monitoring"),
}
"""Sources of ties under the names that the demo gives them; another installation's show as it calls them."""
