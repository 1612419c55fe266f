"""Words that stand in a text but for one character."""

from __future__ import annotations

import pytest

from dashboard.queries.nearly import nearly_in


@pytest.mark.parametrize(
    ("word", "text", "span"),
    [
        ("华新达", "杭州华信达实业", (2, 5)),  # wrong
        ("华达实", "杭州华信达实业", (2, 6)),  # missing
        ("华信了达实", "杭州华信达实业", (2, 6)),  # too many
        ("信华达", "杭州华信达实业", (2, 5)),  # changed places
        ("华信达", "杭州华信达实业", (2, 5)),
        ("大有所为", "杭州华信达实业", None),
        ("信华业", "杭州华信达实业", None),
        ("华信", "华信", None),
        ("", "华信达", None),
    ],
)
def test_one_character_may_be_amiss(word: str, text: str, span: tuple[int, int] | None) -> None:
    found = nearly_in(word, text)
    if span is None or found is None:
        assert found == span
    else:
        assert found[0] <= span[0] + 1
        assert found[1] >= span[1] - 1
