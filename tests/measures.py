"""Invented measures of a generation: a good index, a learned model a little better, complaints well behind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dashboard.vocabulary import RISK_TYPES, SECTORS, SIGNAL_KINDS
from geo.divisions import divisions

AS_OF, DAY = date(2026, 11, 22), timedelta(days=1)
KS = (50, 100, 200, 500, 1000)
CONFIRMED, DISMISSED = 412, 96
SKILL = {"index": 0.86, "learned": 0.9, "complaints": 0.41}
"""Share of confirmed cases among the first fifty, by scorer."""


def performance(generation: int) -> list[dict[str, Any]]:
    """Return the rows of rpt_performance; the smallest sectors and most provinces have too little data."""
    rows = []
    for scorer, skill in SKILL.items():
        rows += [row for k in KS for row in _at_k(generation, scorer, skill, k)]
        rows += _overall(generation, scorer, skill, "all", "", CONFIRMED)
    skill = SKILL["index"]
    for place, kind in enumerate(RISK_TYPES):
        rows += _overall(generation, "index", skill - 0.05 * place, "risk_type", kind, CONFIRMED // (2 + place))
    for place, sector in enumerate(SECTORS):
        rows += _overall(generation, "index", skill - 0.02 * place, "sector", sector, 60 - 3 * place)
    for code in divisions().query("level == 'province'")["code"]:
        rows += _overall(generation, "index", skill - 0.002 * int(code), "province", code, 3 * (int(code) % 10))
    return rows


def reliability(generation: int) -> list[dict[str, Any]]:
    """Return ten bins of a learned probability that is a little too sure of itself."""
    bins = []
    for place in range(10):
        predicted, n = 0.05 + place / 10, 4000 // (1 + place * place)
        observed = predicted * 0.94
        half = 1.96 * (observed * (1 - observed) / n) ** 0.5
        ends = {"low": max(0.0, observed - half), "high": min(1.0, observed + half)}
        bins.append(
            {"generation": generation, "bin": place, "predicted": predicted, "observed": observed, "n": n, **ends}
        )
    return bins


def drift(generation: int) -> list[dict[str, Any]]:
    """Return a row for each kind of signal: one has moved far, two a little."""
    factors = [kind for kinds in SIGNAL_KINDS.values() for kind in kinds]
    psi = {"social_post": 0.31, "advert": 0.17, "promised_yield": 0.12}
    return [
        {
            "generation": generation,
            "factor": factor,
            "psi": psi.get(factor, 0.01 + place / 1000),
            "share_before": 0.1 + place / 200,
            "share_now": 0.1 + place / 200 + psi.get(factor, 0.0) / 3,
            "mean_before": 4.0,
            "mean_now": 4.0 + psi.get(factor, 0.0),
        }
        for place, factor in enumerate(factors)
    ]


def learned(generation: int) -> dict[str, Any]:
    """Return the card of a learned model that was trained."""
    return {
        "generation": generation,
        "state": "trained",
        "horizon_days": 180,
        "confirmed": CONFIRMED,
        "dismissed": DISMISSED,
        "trained_until": AS_OF - 360 * DAY,
        "calibrated_until": AS_OF - 270 * DAY,
        "tested_until": AS_OF - 180 * DAY,
        "card": {},
    }


def _row(generation: int, scorer: str, cut: tuple[str, str], measure: tuple[str, int], **value: Any) -> dict[str, Any]:  # noqa: ANN401 - figures or None
    names = {"generation": generation, "scorer": scorer, "cut": cut[0], "key": cut[1]}
    return {**names, "measure": measure[0], "k": measure[1], **value}


def _share(value: float, n: int) -> dict[str, Any]:
    half = 1.96 * (value * (1 - value) / n) ** 0.5
    return {"value": value, "low": max(0.0, value - half), "high": min(1.0, value + half), "n": n}


def _at_k(generation: int, scorer: str, skill: float, k: int) -> list[dict[str, Any]]:
    precision = skill / (1 + k / 900)
    recall = min(1.0, precision * k / CONFIRMED)
    return [
        _row(generation, scorer, ("all", ""), ("precision_at_k", k), **_share(precision, k)),
        _row(generation, scorer, ("all", ""), ("recall_at_k", k), **_share(recall, CONFIRMED)),
    ]


def _overall(generation: int, scorer: str, skill: float, cut: str, key: str, n: int) -> list[dict[str, Any]]:
    none = {"value": None, "low": None, "high": None, "n": max(0, n)}
    few = n < 10
    days = 140 * skill
    values = {
        "lead_days": none if few else {"value": days, "low": days - 200 / n, "high": days + 200 / n, "n": n},
        "hit_rate": none if few else _share(skill * 0.9, n),
        "false_per_10000": none if few else {"value": 9 / skill, "low": 8 / skill, "high": 10 / skill, "n": 1000 * n},
    }
    return [_row(generation, scorer, (cut, key), (measure, 0), **value) for measure, value in values.items()]
