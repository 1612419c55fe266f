"""Codes: what digits say."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import codes

_DIGITS = st.sampled_from([2, 4, 6, 9, 12]).flatmap(lambda n: st.integers(10 ** (n - 1), 10**n - 1)).map(str)
REGIONS = st.one_of(st.just("0"), _DIGITS)


@given(REGIONS)
def test_ancestors_climb_one_level_at_a_time_to_the_nation(code: str) -> None:
    chain = (code, *codes.ancestors_of(code))
    levels = [codes.LEVELS.index(codes.level_of(part)) for part in chain]
    assert levels == list(range(levels[0], -1, -1))
    assert chain[-1] == codes.NATION
    assert all(codes.parent_of(below) == above for below, above in pairwise(chain))


@given(REGIONS, st.sampled_from(codes.LEVELS))
def test_at_level_is_the_ancestor_there_or_none(code: str, level: str) -> None:
    found = codes.at_level(code, level)
    chain = {codes.level_of(part): part for part in (code, *codes.ancestors_of(code))}
    assert found == chain.get(level)


@given(st.text(alphabet="0123456789a一 ", max_size=13))
def test_anything_else_is_refused(text: str) -> None:
    well_formed = text == "0" or (
        text.isascii() and text.isdigit() and len(text) in {2, 4, 6, 9, 12} and text[0] != "0"
    )
    if well_formed:
        assert codes.level_of(text) in codes.LEVELS
    else:
        with pytest.raises(ValueError, match="not a region code"):
            codes.level_of(text)


def test_the_nation_has_no_parent_and_unknown_levels_are_refused() -> None:
    assert codes.parent_of("0") is None
    assert codes.ancestors_of("0") == ()
    with pytest.raises(ValueError, match="not a level"):
        codes.at_level("11", "street")
