"""The words of the closed vocabularies (`dashboard.vocabulary`), as message ids by code."""

from __future__ import annotations

from dashboard.i18n.marks import N_

GRADE_WORDS = {"red": N_("Red"), "orange": N_("Orange"), "yellow": N_("Yellow"), "blue": N_("Blue")}
RISK_TYPE_WORDS = {
    "fundraising": N_("Illegal fundraising"),
    "pyramid": N_("Pyramid selling"),
    "lending": N_("Illegal lending"),
}
SUB_INDEX_WORDS = {
    "compliance": N_("Compliance"),
    "yield_lure": N_("Yield lure"),
    "complaints": N_("Complaints"),
    "spread": N_("Spread"),
    "keywords": N_("Keywords"),
}
FACTOR_WORDS = {
    "penalty": N_("Administrative penalty"),
    "judgment": N_("Court judgment"),
    "abnormal_listing": N_("Listed as abnormal"),
    "dishonest_debtor": N_("Dishonest debtor"),
    "licence_lapsed": N_("Licence lapsed"),
    "address_mismatch": N_("Not found at its address"),
    "representative_change": N_("Legal representative changed"),
    "promised_yield": N_("Promised yield"),
    "capital_guarantee": N_("Capital guarantee"),
    "gift": N_("Gifts for investors"),
    "referral_reward": N_("Referral reward"),
    "complaint": N_("Complaint"),
    "petition": N_("Petition"),
    "police_report": N_("Police report"),
    "payment_overdue": N_("Payment overdue"),
    "confirmed_tip": N_("Confirmed tip"),
    "advert": N_("Advertising"),
    "offline_event": N_("Offline event"),
    "recruiting": N_("Recruiting"),
    "app_post": N_("App post"),
    "social_post": N_("Social media post"),
    "elderly_venue": N_("Activity at venues for the elderly"),
    "keyword_hit": N_("Keyword hit"),
    "licence_missing": N_("Licence missing"),
    "shared_address": N_("Shared address"),
    "capital_unpaid": N_("Capital not paid in"),
    "young_promise": N_("Young and promising much"),
    "representative_churn": N_("Representatives change often"),
    "branch_burst": N_("Branches opened fast"),
    "hidden_control": N_("Hidden common control"),
    "related_risk": N_("Risk of related parties"),
    "spread_growth": N_("Spreading faster"),
    "many_places": N_("Spread over many places"),
    "scope_keyword": N_("Keyword in business scope"),
    "name_keyword": N_("Keyword in name"),
}
SECTOR_WORDS = {
    "wealth_management": N_("Wealth management"),
    "private_fund": N_("Private fund"),
    "elder_care": N_("Elder care"),
    "real_estate": N_("Real estate"),
    "virtual_currency": N_("Virtual currency"),
    "digital_collectibles": N_("Digital collectibles"),
    "prepaid_training": N_("Prepaid training"),
    "online_lending": N_("Online lending"),
    "microcredit": N_("Microcredit"),
    "financing_guarantee": N_("Financing guarantee"),
    "pawn": N_("Pawnbroking"),
    "financial_leasing": N_("Financial leasing"),
    "factoring": N_("Commercial factoring"),
    "direct_selling": N_("Direct selling"),
    "agriculture_cooperative": N_("Farmers' cooperative"),
    "cultural_exchange": N_("Art and culture trading"),
    "technology": N_("Technology"),
    "trade": N_("Trade"),
    "catering": N_("Catering"),
    "manufacturing": N_("Manufacturing"),
    "other": N_("Other sector"),
}
HANDLING_WORDS = {
    "open": N_("Open"),
    "acknowledged": N_("Acknowledged"),
    "dismissed": N_("Dismissed"),
    "in_case": N_("In a case"),
}
EXEMPTION_WORDS = {"white": N_("White list"), "grey": N_("Grey list")}
EXEMPTION_REASON_WORDS = {
    "false_positive": N_("Confirmed false positive"),
    "licensed": N_("Licensed and supervised"),
    "rectified": N_("Rectified"),
    "known": N_("Known and handled otherwise"),
}
LEVEL_WORDS = {
    "nation": N_("Nation"),
    "province": N_("Province"),
    "city": N_("City"),
    "county": N_("County"),
    "town": N_("Town"),
    "village": N_("Village"),
}
