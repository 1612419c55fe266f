"""The words of networks: kinds of ties and parties, and where ties are known from."""

from __future__ import annotations

from dashboard.i18n import N_

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
