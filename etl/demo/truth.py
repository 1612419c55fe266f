"""What was planted: for measuring hits and lead time, and for nothing that the index may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from dashboard.vocabulary import RISK_TYPES, SECTORS
from etl.demo.register import Register, iso_dates
from etl.demo.schemes import ROLES

if TYPE_CHECKING:
    from pathlib import Path

    from etl.demo.streams import Ints


def write(register: Register, folder: Path) -> None:
    """Write `members.parquet` (scheme × enterprise), `schemes.parquet` and the same as `schemes.csv`."""
    plan = register.plan
    folder.mkdir(parents=True, exist_ok=True)
    schemes = np.unique(plan.scheme)
    member = register.identity(plan.row)
    members = pa.table(
        {
            "scheme_id": _ids(plan.scheme),
            "uscc": member.uscc,
            "name": member.name,
            "role": pa.array(ROLES, pa.string()).take(pa.array(plan.role)),
            "region_code": pa.array(register.places.code[plan.county]).cast(pa.string()),
            "sector": pa.array(SECTORS).take(pa.array(plan.sector)),
            "risk_type": pa.array(RISK_TYPES).take(pa.array(plan.risk_type[plan.scheme])),
            "buildup_on": iso_dates(plan.buildup[plan.scheme]).cast(pa.date32()),
            "breaks_on": iso_dates(plan.breaks[plan.scheme]).cast(pa.date32()),
        }
    )
    sizes = np.bincount(plan.scheme, minlength=len(plan.risk_type))[schemes] if len(schemes) else schemes
    table = pa.table(
        {
            "scheme_id": _ids(schemes),
            "risk_type": pa.array(RISK_TYPES).take(pa.array(plan.risk_type[schemes])),
            "home_region": pa.array(plan.city[schemes]).cast(pa.string()),
            "members": pa.array(sizes),
            "buildup_on": iso_dates(plan.buildup[schemes]).cast(pa.date32()),
            "breaks_on": iso_dates(plan.breaks[schemes]).cast(pa.date32()),
        }
    )
    pq.write_table(members, folder / "members.parquet", compression="zstd")
    pq.write_table(table, folder / "schemes.parquet", compression="zstd")
    csv.write_csv(table, folder / "schemes.csv")


def _ids(schemes: Ints) -> pa.Array:
    """Return scheme numbers as S00001."""
    return pa.array([f"S{scheme + 1:05d}" for scheme in schemes.tolist()], pa.string())
