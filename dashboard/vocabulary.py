"""The field's closed vocabularies: the words that tables, models, figures and catalogues share."""

from __future__ import annotations

GRADES = ("red", "orange", "yellow", "blue")
"""Warning grades, worst first."""

RISK_TYPES = ("fundraising", "pyramid", "lending")
"""Illegal fundraising, pyramid selling, illegal lending."""

SUB_INDEXES = ("compliance", "yield_lure", "complaints", "spread", "keywords")
"""The five sub-indexes of the Smoke Index, each 0-100."""

SIGNAL_KINDS: dict[str, tuple[str, ...]] = {
    "compliance": (
        "penalty",
        "judgment",
        "abnormal_listing",
        "dishonest_debtor",
        "licence_lapsed",
        "address_mismatch",
        "representative_change",
    ),
    "yield_lure": ("promised_yield", "capital_guarantee", "gift", "referral_reward"),
    "complaints": ("complaint", "petition", "police_report", "payment_overdue", "confirmed_tip"),
    "spread": ("advert", "offline_event", "recruiting", "app_post", "social_post", "elderly_venue"),
    "keywords": ("keyword_hit",),
}
"""Kinds of landed signals under the sub-index that each feeds."""

REGISTRY_FACTORS: dict[str, str] = {
    "licence_missing": "compliance",
    "shared_address": "compliance",
    "capital_unpaid": "compliance",
    "young_promise": "compliance",
    "representative_churn": "compliance",
    "branch_burst": "compliance",
    "hidden_control": "compliance",
    "related_risk": "compliance",
    "spread_growth": "spread",
    "many_places": "spread",
    "scope_keyword": "keywords",
    "name_keyword": "keywords",
}
"""Factors that the index derives from the register, from ties or from many signals, with the sub-index of each."""

SECTORS = (
    "wealth_management",
    "private_fund",
    "elder_care",
    "real_estate",
    "virtual_currency",
    "digital_collectibles",
    "prepaid_training",
    "online_lending",
    "microcredit",
    "financing_guarantee",
    "pawn",
    "financial_leasing",
    "factoring",
    "direct_selling",
    "agriculture_cooperative",
    "cultural_exchange",
    "technology",
    "trade",
    "catering",
    "manufacturing",
    "other",
)
"""What an enterprise offers, as regulators sort it."""

LICENCES = (
    "microcredit",
    "financing_guarantee",
    "pawn",
    "financial_leasing",
    "factoring",
    "private_fund",
    "direct_selling",
    "elder_care",
    "training",
    "payment",
)
"""Licences and registrations that matter to the index."""

STATUSES = ("active", "abnormal", "revoked", "deregistered")
"""Registration status; only `active` and `abnormal` enterprises are in operation."""

SIGNAL_SOURCES = (
    "hotline_12345",
    "hotline_110",
    "petition_office",
    "market_regulator",
    "court",
    "web_monitoring",
    "app_monitoring",
    "field_inspection",
    "bank_report",
    "citizen_tip",
    "other",
)
"""Who reported a signal."""

RELATION_KINDS = ("legal_representative", "shareholder", "director", "same_address", "same_phone", "branch")
"""How two parties are tied."""

OUTCOMES = ("confirmed", "rectified", "transferred", "unfounded", "false_positive")
"""How a case ends. The first three say that there was something; the last two that there was not."""

PROVEN = OUTCOMES[:3]
"""The outcomes that say that there was something."""

RATES = ("deposit_1y", "treasury_10y", "lending_cap")
"""Reference rates by date, in per cent a year: what money honestly earns, and the most that lending may cost."""

NODE_KINDS = ("enterprise", "person", "door", "telephone")
"""Kinds of parties that ties bind."""

EXEMPTION_KINDS = ("white", "grey")
"""White holds all warnings of an enterprise back, grey all but red ones."""

EXEMPTION_REASONS = ("false_positive", "licensed", "rectified", "known")
"""Why an enterprise is exempt; the text beside it says more."""

PHASES = (
    "intake",
    "verification",
    "investigation",
    "assessment",
    "determination",
    "disposal",
    "aftercare",
    "closed",
    "archived",
)
"""What every stage of every jurisdiction's definition counts as, in the order of a case's life."""

OPEN_PHASES = PHASES[:7]
"""The phases in which somebody has still to do something."""

MERGED = "merged"
"""Stage and phase of a case that another has taken in."""

CASE_SOURCES = ("warning", "tip", "inspection", "order", "manual")
"""What a case comes from."""

ORDER_KINDS = ("assign_down", "report_up", "transfer", "assist", "return", "supervise", "escalation")
"""The five-level linkage: down, up, sideways, help, back, pressure; and what the scheduler sends up when time is up."""

ORDER_STATES = ("pending", "accepted", "refused", "withdrawn", "answered", "done")
"""`done` took effect at once and wants no answer."""

SEATS = ("origin", "handler", "assistant", "invited")
"""Why a region sees a case outside its jurisdiction: it came from there, it handled it, it helps, it is being asked."""

TASK_STATES = ("open", "done", "dropped")
"""What became of a task."""

ATTACHMENT_KINDS = (
    "inspection_record",
    "interview_record",
    "bank_statement",
    "contract",
    "advertisement",
    "photo",
    "assessment_report",
    "determination_letter",
    "rectification_order",
    "penalty_decision",
    "transfer_letter",
    "repayment_plan",
    "other",
)
"""What an attached file is."""

EVIDENCE_KINDS = ("document", "electronic", "statement", "physical", "audiovisual", "record")
"""What a piece of evidence is."""

PEOPLE_ROLES = ("organiser", "responsible", "assister", "employee", "investor", "other")
"""The part that a person played."""

MEASURES = ("warning_talk", "rectification_order", "penalty", "police_transfer")
"""What is done about a finding."""

PENALISED = ("organiser", "responsible", "assister", "institution", "institution_person")
"""Whom the Regulation's penalties are for; an institution is a bank or a payment firm."""

CLOCKS = ("running", "near", "overdue", "stopped", "none")
"""How a case stands to its deadline."""
