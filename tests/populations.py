"""The full population's files of a small generation with invented figures, in step with `tests.generations`."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.models.population import FILES
from dashboard.settings import HOUSE
from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.index.model import load_model
from tests.generations import AS_OF, NEIGHBOUR, NEIGHBOURS, WATCHED, enterprise

if TYPE_CHECKING:
    from pathlib import Path

MODEL = load_model(HOUSE / "etl" / "index" / "models" / "2026.1.toml")
"""The model that `tests.generations` says its generations were made with."""
HISTORY = 12  # weeks
UNWATCHED = 900  # number of an enterprise that no list holds, but the register does
EVIDENCE = (
    ("promised_yield", "yield_lure", "web_monitoring", "保本高息，年化18%，拉人头再返2%", "保本高息"),
    ("petition", "complaints", "petition_office", "到期不兑付，涉及四十余人", ""),
    ("offline_event", "spread", "field_inspection", "在老年活动中心办理财讲座，赠送鸡蛋", ""),
    ("keyword_hit", "keywords", "app_monitoring", "原始股认购，稳赚不赔", "原始股"),
    ("licence_missing", "compliance", "register", "private_fund", ""),
)
"""Factor, sub-index, origin, text and the feature word in it: one piece of evidence for each sub-index."""


def write(generations: Path, generation: int = 1) -> None:
    """Write every file of `dashboard.models.population.FILES` to `generations`/`generation`."""
    folder = generations / str(generation)
    folder.mkdir(parents=True, exist_ok=True)
    listed = [enterprise(generation, number) for number in range(1, WATCHED + 1)]
    listed += [enterprise(generation, 100 + number, NEIGHBOUR) for number in range(1, NEIGHBOURS + 1)]
    everyone = [*listed, unwatched(generation)]
    rows: dict[str, list[dict[str, Any]]] = {
        "enterprises": [_registered(row) for row in everyone],
        "scores": [_score(row) for row in everyone],
        "evidence": [piece for row in everyone for piece in _evidence(row)],
        "weeks": [week for row in everyone for week in _weeks(row)],
        "outcomes": _outcomes(listed),
        "ties": _ties(listed),
        "nodes": _nodes(listed),
    }
    for name, schema in FILES.items():
        first = schema.names[0]
        ordered = sorted(rows[name], key=lambda row: str(row[first]))
        pq.write_table(pa.Table.from_pylist(ordered, schema=schema), folder / f"{name}.parquet", row_group_size=16)


def unwatched(generation: int) -> dict[str, Any]:
    """Return an enterprise of the register that has no evidence and is on no list."""
    return enterprise(generation, UNWATCHED) | {
        "grade": "blue",
        "smoke_index": 0.0,
        "previous_index": 0.0,
        "risk_type": "",
        "probability": None,
        **dict.fromkeys((f"index_{kind}" for kind in RISK_TYPES), 0.0),
        **dict.fromkeys((f"contribution_{sub}" for sub in SUB_INDEXES), 0.0),
    }


def contributions(index: float) -> list[Decimal]:
    """Return five contributions, one for each sub-index, that add up to `index` to the hundredth."""
    whole = round(index * 100)
    parts = [whole * share // 10 for share in (3, 2, 2, 2)]
    return [Decimal(part) / 100 for part in (*parts, whole - sum(parts))]


def _of_subs(index: float) -> dict[str, Decimal]:
    return {f"contribution_{sub}": part for sub, part in zip(SUB_INDEXES, contributions(index), strict=True)}


def _registered(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("uscc", "name", "region_code", "sector", "lon", "lat", "legal_representative")},
        "region_confidence": 0.9,
        "address": "浙江省杭州市西湖区文三路1号",
        "established_on": date(2021, 3, 4),
        "registered_capital": 50_000_000.0,
        "paid_in_capital": 1_000_000.0,
        "industry": "J6760",
        "business_scope": "投资咨询（不得从事吸收存款业务）；私募基金管理",
        "status": "active",
        "licences": "",
        "community": row["community"],
        "exempt": row["exempt"],
        "source": "national_register",
    }


def _score(row: dict[str, Any]) -> dict[str, Any]:
    index = row["smoke_index"]
    return {
        **{name: row[name] for name in ("uscc", "region_code", "sector", "risk_type", "grade", "probability")},
        "smoke_index": Decimal(str(index)),
        **_of_subs(index),
        **{f"index_{kind}": round(Decimal(str(row[f"index_{kind}"])), 2) for kind in RISK_TYPES},
        **{f"raw_{kind}_{sub}": _raw(row[f"index_{kind}"], kind, sub) for kind in RISK_TYPES for sub in SUB_INDEXES},
    }


def _raw(index: float, kind: str, sub: str) -> float:
    """Return the raw sum that makes a sub-index as high as its type's index, in whole millionths."""
    return round(-MODEL.scales[kind][sub] * math.log(1 - index / 100), 6)


def _outcomes(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return an ended case for every third enterprise: the higher its grade, the oftener there was something."""
    return [
        {
            "uscc": row["uscc"],
            "opened_on": AS_OF - timedelta(days=90),
            "reported_on": AS_OF - timedelta(days=20),
            "outcome": {"red": "confirmed", "orange": "confirmed", "yellow": "transferred"}.get(
                row["grade"] if place % 4 else "blue", "unfounded"
            ),
            "risk_type": row["risk_type"],
        }
        for place, row in enumerate(listed)
        if place % 3 == 0
    ]


def _evidence(row: dict[str, Any]) -> list[dict[str, Any]]:
    if not row["smoke_index"]:
        return []
    of_sub = dict(zip(SUB_INDEXES, contributions(row["smoke_index"]), strict=True))
    return [
        {
            "uscc": row["uscc"],
            "factor": factor,
            "sub_index": sub,
            "risk_type": "fundraising" if sub == "keywords" else "",
            "known_on": AS_OF - timedelta(days=9 * (place + 1)),
            "occurred_on": None if origin == "register" else AS_OF - timedelta(days=9 * (place + 1) + 3),
            "strength": 0.8,
            "contribution": of_sub[sub],
            "ref": f"licences: {text}" if origin == "register" else f"S{row['uscc'][-5:]}{place}",
            "origin": origin,
            "amount": 120_000.0 if factor == "petition" else None,
            "text": text,
            "hits": json.dumps([[text.index(word), len(word), word]], ensure_ascii=False) if word else "",
            "url": "",
            "source": "petition_office" if factor == "petition" else "web_monitoring",
            "file": "2026-11.csv",
            "line": 10 + place,
        }
        for place, (factor, sub, origin, text, word) in enumerate(EVIDENCE)
    ]


def _weeks(row: dict[str, Any]) -> list[dict[str, Any]]:
    if not row["smoke_index"]:
        return []
    weeks = []
    for back in range(HISTORY):
        index = round(row["smoke_index"] * (1 - back / (2 * HISTORY)), 2)
        grade = next(
            (grade for grade, floor in (("red", 80), ("orange", 60), ("yellow", 40)) if index >= floor), "blue"
        )
        weeks.append(
            {
                "uscc": row["uscc"],
                "week_on": AS_OF - timedelta(days=6 + 7 * back),
                "smoke_index": Decimal(str(index)),
                "risk_type": row["risk_type"],
                "grade": grade,
                **_of_subs(index),
            }
        )
    return weeks


def _pairs(listed: list[dict[str, Any]]) -> list[tuple[str, str, str, float | None]]:
    """Return ties as party, party, kind, share: a representative each, every third firm held by the one before."""
    ties: list[tuple[str, str, str, float | None]] = []
    for place, row in enumerate(listed):
        ties.append((f"P{place // 2:09d}", row["uscc"], "legal_representative", None))
        if place % 3 and place:
            ties.append((listed[place - 1]["uscc"], row["uscc"], "shareholder", 0.6))
        if place % 4 == 0:
            ties.append((f"T{place // 8:09d}", row["uscc"], "same_phone", None))
    return ties


def _ties(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for party, other, kind, share in _pairs(listed):
        for node, far, outward in ((party, other, True), (other, party, False)):
            rows.append(
                {
                    "node": node,
                    "other": far,
                    "kind": kind,
                    "outward": outward,
                    "share": share,
                    "weight": share or 0.5,
                    "since_on": date(2021, 3, 4),
                    "reported_on": date(2021, 4, 1),
                    "origin": "relations_register",
                }
            )
    return rows


def _nodes(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = {row["uscc"]: row["name"] for row in listed}
    communities = {row["uscc"]: row["community"] for row in listed}
    ends = [end for pair in _pairs(listed) for end in pair[:2]]
    kinds = {"P": "person", "T": "telephone"}
    return [
        {
            "node": node,
            "kind": kinds.get(node[0], "enterprise"),
            "name": names.get(node, "试一" if node[0] == "P" else node),
            "degree": ends.count(node),
            "community": communities.get(node),
            "controller": "P000000000" if node in names else "",
            "controller_name": "试一" if node in names else "",
            "control_share": 0.6 if node in names else None,
        }
        for node in sorted(set(ends))
    ]
