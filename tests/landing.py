"""Landing files of a tiny invented district, with a few rows that cannot be right."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dashboard.vocabulary import SIGNAL_KINDS

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 6, 30)
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SOURCES = """
[[source]]
name = "register"
contract = "enterprises"
files = "enterprises.csv"

[[source]]
name = "bureaux"
contract = "signals"
files = "signals.csv"

[[source]]
name = "never_sent"
contract = "relations"
files = "relations.csv"
"""


def uscc(number: int) -> str:
    """Return the credit code of an invented enterprise, with its check character (GB 32100-2015)."""
    body = f"91330106MA{number:07d}"
    total = sum(CHARACTERS.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return body + CHARACTERS[-total % 31]


def land(folder: Path) -> Path:
    """Write the files into `folder`; return the sources file."""
    folder.mkdir(parents=True, exist_ok=True)
    people = [
        [uscc(number), f"西湖星禾{number}商贸有限公司", code, "2020-03-04", "active"]
        for number, code in enumerate(("330106", "330106", "330106109", "3301", "330102", ""))
    ]
    people.append(["91330106MA0000000?", "西湖错码商贸有限公司", "330106", "2020-03-04", "active"])
    write(folder / "enterprises.csv", "uscc,name,region_code,established_on,status", people)
    kinds = [kind for sub in SIGNAL_KINDS.values() for kind in sub]
    told = [
        [f"{number}-{place}", uscc(number), kind, (AS_OF - timedelta(days=number + place % 9)).isoformat(), "0.9"]
        for number in (0, 1)
        for place, kind in enumerate(kinds)
    ]
    told.append(["bad-1", uscc(1), "penalty", "2026-02-30", "0.9"])
    write(folder / "signals.csv", "signal_id,uscc,kind,reported_on,severity", told)
    sources = folder / "sources.toml"
    sources.write_text(SOURCES, encoding="utf-8")
    return sources


def write(path: Path, header: str, rows: list[list[str]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
