"""The whole demo: what it writes, and that it always writes the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TypedDict, Unpack

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard.vocabulary import RISK_TYPES, SECTORS, SIGNAL_KINDS, STATUSES
from etl import demo
from etl.contracts import CONTRACTS
from etl.demo.bureaux import WORDS, bureaux
from etl.demo.places import places
from etl.demo.register import Identity, Register
from etl.demo.schemes import plan
from etl.demo.signals import ORIGINS, Signals, of_chunk
from etl.demo.streams import Streams
from etl.demo.tables import table
from etl.demo.texts import KINDS
from etl.sources import load_sources

AS_OF = date(2026, 9, 30)
SOURCES = 15

Made = tuple[Path, demo.Summary]
Many = tuple[Register, Identity, Signals]


class Asked(TypedDict, total=False):
    """Arguments of a demo that differ from the usual."""

    enterprises: int
    months: int
    seed: int
    as_of: date
    chunk: int


def make(out: Path, **changes: Unpack[Asked]) -> demo.Summary:
    usual: Asked = {"enterprises": 1500, "months": 14, "seed": 1, "as_of": AS_OF}
    usual.update(changes)
    return demo.generate(out=out, **usual)


def fingerprint(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def signals_of(enterprises: int) -> Many:
    streams = Streams(1)
    schemes = plan(streams, places(), enterprises=enterprises, months=14, as_of=AS_OF)
    register = Register(streams, places(), schemes, enterprises=enterprises, as_of=AS_OF)
    identity = register.identity(np.arange(enterprises))
    return register, identity, of_chunk(register, identity, months=14, as_of=AS_OF)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    out = tmp_path_factory.mktemp("demo")
    return out, make(out)


@pytest.fixture(scope="module")
def many() -> Many:
    return signals_of(20_000)


def register_of(out: Path) -> pd.DataFrame:
    return pd.read_parquet(out / "landing/national_register")


def test_the_same_arguments_give_the_same_bytes_at_any_chunk(made: Made, tmp_path: Path) -> None:
    out, summary = made
    assert make(tmp_path / "again", chunk=97) == summary
    assert fingerprint(tmp_path / "again") == fingerprint(out)


def test_a_rerun_replaces_what_lay_there(made: Made, tmp_path: Path) -> None:
    make(tmp_path, enterprises=40)
    (tmp_path / "landing/court/court-9999.xlsx").write_bytes(b"old")
    make(tmp_path)
    assert fingerprint(tmp_path) == fingerprint(made[0])


def test_another_seed_gives_another_country(made: Made, tmp_path: Path) -> None:
    make(tmp_path, seed=2)
    mine, theirs = fingerprint(made[0]), fingerprint(tmp_path)
    assert mine.keys() == theirs.keys()
    assert [name for name in mine if mine[name] == theirs[name]] == ["sources.toml"]


@pytest.mark.parametrize(
    ("enterprises", "months", "as_of"),
    [
        (1, 14, AS_OF),
        (10, 1, date(2024, 2, 29)),
        (31, 2, date(2026, 1, 1)),
        (1000, 1, date(2028, 2, 29)),
    ],
)
def test_any_size_window_and_day_will_do(tmp_path: Path, enterprises: int, months: int, as_of: date) -> None:
    summary = make(tmp_path, enterprises=enterprises, months=months, as_of=as_of)
    assert summary.enterprises == enterprises == len(register_of(tmp_path))
    assert len(summary.rows) == SOURCES == len(list((tmp_path / "landing").iterdir()))
    assert all(list(folder.iterdir()) for folder in (tmp_path / "landing").iterdir())
    assert (summary.schemes > 0) == (enterprises >= 30)


@pytest.mark.parametrize("wrong", [Asked(enterprises=0), Asked(months=0)])
def test_a_demo_of_nothing_is_refused(tmp_path: Path, wrong: Asked) -> None:
    with pytest.raises(ValueError, match="at least one"):
        make(tmp_path, **wrong)


def test_the_sources_file_maps_every_folder_and_never_the_truth(made: Made) -> None:
    out, _ = made
    sources = load_sources(out / "sources.toml")
    assert {source.name for source in sources} == {folder.name for folder in (out / "landing").iterdir()}
    assert all(list(out.glob(pattern)) for source in sources for pattern in source.files)
    assert "truth" not in (out / "sources.toml").read_text(encoding="utf-8")


def test_files_speak_the_contracts(made: Made) -> None:
    out, _ = made
    known = {name: {column.name for column in contract.columns} for name, contract in CONTRACTS.items()}
    assert set(register_of(out).columns) <= known["enterprises"]
    assert set(pq.read_table(out / "landing/relations_register").column_names) == known["relations"]
    for bureau in bureaux():
        assert set(bureau.columns) < known["signals"]
    assert set(WORDS) == {kind for kinds in SIGNAL_KINDS.values() for kind in kinds}


def test_encodings_and_marks_are_those_of_each_bureau(made: Made) -> None:
    landing = made[0] / "landing"
    assert next((landing / "hotline_12345").iterdir()).read_bytes().startswith("\ufeff工单编号,".encode())
    assert next((landing / "market_regulator").iterdir()).read_bytes().startswith("文号,当事人".encode("gb18030"))
    assert next((landing / "hotline_110").iterdir()).read_bytes().startswith("警情编号|".encode())
    assert next((landing / "court").iterdir()).read_bytes().startswith(b"PK")


def test_about_three_rows_in_a_thousand_are_spoilt_and_counted(made: Made) -> None:
    out, summary = made
    rows = sum(summary.rows.values())
    assert 0.001 * rows < sum(summary.malformed.values()) < 0.005 * rows
    register = register_of(out)
    assert (register["registered_capital"] < 0).sum() == summary.malformed.get("negative", 0)
    shifted = register["uscc"].str.len() != 18
    assert shifted.sum() == summary.malformed["bad_code"]


def test_the_register_keeps_to_the_vocabularies_and_to_its_counties(made: Made) -> None:
    register = register_of(made[0])
    assert set(register["sector"]) <= set(SECTORS)
    assert set(register["status"]) <= set(STATUSES)
    sound = register[register["uscc"].str.len() == 18]
    coded = sound[sound["region_code"] != ""]
    assert (coded["region_code"].str[:6] == coded["uscc"].str[2:8]).all()
    assert 0.05 < (sound["region_code"] == "").mean() < 0.15
    assert sound["uscc"].is_unique


def test_truth_names_only_enterprises_of_the_register_and_they_are_sound(made: Made) -> None:
    out, summary = made
    members = pq.read_table(out / "truth/members.parquet").to_pandas()
    schemes = pq.read_table(out / "truth/schemes.parquet").to_pandas()
    assert len(members) == summary.members > 0
    assert len(schemes) == summary.schemes
    joined = members.merge(register_of(out), on=["uscc", "name"], how="inner")
    assert len(joined) == len(members)
    assert set(members["scheme_id"]) == set(schemes["scheme_id"])
    assert (schemes["buildup_on"] < schemes["breaks_on"]).all()
    assert schemes["members"].sum() == len(members)


def test_nothing_is_reported_early_late_or_before_the_founding(many: Many) -> None:
    register, identity, signals = many
    assert np.all(signals.reported >= signals.occurred)
    assert signals.reported.max() <= register.as_of
    assert np.all(signals.occurred >= register.established(identity)[signals.firm])
    assert len(np.unique(signals.number)) == len(signals.number)
    assert signals.severity.min() >= 0
    assert signals.severity.max() <= 1


def test_noise_is_of_the_promised_size_and_touches_few(many: Many) -> None:
    _, identity, signals = many
    share = len(signals.number) / len(identity.row)
    assert 2 < share < 4
    touched = np.bincount(signals.firm[signals.flavour == 0], minlength=len(identity.row))
    assert 0.08 < (touched >= 3).mean() < 0.2
    assert touched.var() > 5 * touched.mean()


def test_recent_events_are_under_reported(many: Many) -> None:
    register, _, signals = many
    court = signals.where(signals.origin == ORIGINS.index("court"))
    age = register.as_of - court.occurred
    assert np.sum(age < 30) < 0.5 * np.sum((age >= 150) & (age < 180))


def test_schemes_lure_first_and_are_reported_to_the_police_last(many: Many) -> None:
    register, identity, signals = many
    planted = signals.where(signals.flavour > 0)
    scheme = register.plan.scheme[identity.member[planted.firm]]
    begins, breaks = register.plan.buildup[scheme], register.plan.breaks[scheme]
    stage = (planted.occurred - begins) / (breaks - begins)
    order = ["advert", "promised_yield", "keyword_hit", "complaint", "police_report"]
    fundraising = planted.flavour == 1 + RISK_TYPES.index("fundraising")
    typical = [np.mean(stage[fundraising & (planted.kind == KINDS.index(kind))]) for kind in order]
    assert all(earlier < later for earlier, later in pairwise(typical))
    broken = breaks < register.as_of - 90
    whole = stage[broken & (begins > register.as_of - 400)]
    assert np.sum((whole > 0.7) & (whole < 1.0)) > 1.5 * np.sum(whole < 0.3)
    assert whole.max() <= 1.25


def test_members_share_people_and_doors(made: Made) -> None:
    out, _ = made
    members = pq.read_table(out / "truth/members.parquet").to_pandas().merge(register_of(out), on="uscc")
    people = members.groupby("scheme_id")["legal_representative"].nunique()
    sizes = members.groupby("scheme_id").size()
    assert (people[sizes > 4] <= 3).all()
    ties = pq.read_table(out / "landing/relations_register").to_pandas()
    assert set(members["uscc"]) <= set(ties["to_id"])


def test_every_county_has_enterprises_and_the_coast_has_most() -> None:
    count = 100_000
    register = Register(
        Streams(1),
        places(),
        plan(Streams(1), places(), enterprises=0, months=14, as_of=AS_OF),
        enterprises=count,
        as_of=AS_OF,
    )
    county = register._ordinary(np.arange(count))[0]
    assert np.bincount(county, minlength=len(places().code)).min() >= 1
    provinces = Counter(places().province[county].tolist())
    assert {code for code, _ in provinces.most_common(4)} == {44, 32, 33, 37}
    assert len(provinces) == len(table("places")["province"])
