"""Invented names."""

from __future__ import annotations

import numpy as np

from dashboard.vocabulary import SECTORS
from etl.demo.names import brands, enterprise_names, person_names, trades
from etl.demo.places import places
from etl.demo.streams import Ints, Streams
from etl.demo.tables import blocklist, table

ROWS = np.arange(30_000)


def names() -> tuple[list[str], Ints]:
    streams = Streams(5)
    county = streams.below("county", ROWS, len(places().code))
    sector = streams.below("sector", ROWS, len(SECTORS))
    brand = streams.below("brand", ROWS, len(brands()))
    return enterprise_names(streams, ROWS, county, sector, brand).to_pylist(), sector


def test_no_name_contains_a_well_known_brand() -> None:
    assert len(blocklist()) > 200
    whole = "\n".join(names()[0])
    assert [brand for brand in blocklist() if brand in whole] == []


def test_every_brand_carries_a_rare_character_and_there_are_enough() -> None:
    rare = set(table("words")["rare"])
    known = brands().to_pylist()
    assert len(set(known)) == len(known) > 20_000
    assert all(2 <= len(brand) <= 3 and rare & set(brand) for brand in known)


def test_a_name_ends_with_its_trade_and_form() -> None:
    made, sector = names()
    for name, position in list(zip(made, sector.tolist(), strict=True))[:2000]:
        words = table("sectors")[SECTORS[position]]["words"]
        assert any(word in name for word in words), name
        assert name.endswith(("公司", "）", "合作社"))


def test_the_sector_table_is_the_vocabulary_in_its_order() -> None:
    assert tuple(table("sectors")) == SECTORS
    assert len(trades().count) == len(SECTORS)


def test_people_have_two_or_three_characters() -> None:
    people = person_names(Streams(1), ROWS).to_pylist()
    assert {len(person) for person in people} == {2, 3}
    assert len(set(people)) > 15_000
