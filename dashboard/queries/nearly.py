"""Whether a word stands in a text but for one character."""

from __future__ import annotations


def nearly_in(word: str, text: str) -> tuple[int, int] | None:
    """Return the first [start, end) of `text` that is one edit away from `word` at most, or None.

    One edit: a character wrong, missing, too many, or changed with its neighbour. The first and last characters of what
    is found need not be those of `word`; words shorter than three characters are never found.
    """
    if len(word) < 3:  # noqa: PLR2004 - less has nothing left to be known by once a character is taken away
        return None
    for start in range(len(text)):
        for length in (len(word), len(word) - 1, len(word) + 1):
            piece = text[start : start + length]
            if len(piece) == length and _one_edit(word, piece):
                return start, start + length
    return None


def _one_edit(one: str, two: str) -> bool:
    """Return whether a single edit makes one of the other."""
    head = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    first, second = one[head:], two[head:]
    if len(one) == len(two):
        swapped = first[:2] == second[:2][::-1] and first[2:] == second[2:]
        return first[1:] == second[1:] or swapped
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    return longer[1:] == shorter
