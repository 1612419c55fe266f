"""Region codes: what their digits say, without asking any table.

A code is a string of 2, 4, 6, 9 or 12 digits (province, city, county, town, village; the statistical coding of the
National Bureau of Statistics) and every code starts with its parent's. The nation is ``"0"``. Whether a well-formed
code is that of a real place is asked of `geo.divisions.exists`.
"""

NATION = "0"
LEVELS = ("nation", "province", "city", "county", "town", "village")

LENGTHS = {"nation": 1, "province": 2, "city": 4, "county": 6, "town": 9, "village": 12}
_LEVEL_BY_LENGTH = {length: level for level, length in LENGTHS.items()}


def level_of(code: str) -> str:
    """Return the level of a code, one of `LEVELS`; ValueError if it is not a region code."""
    level = _LEVEL_BY_LENGTH.get(len(code))
    well_formed = code.isascii() and code.isdigit() and (code == NATION if len(code) == 1 else code[0] != "0")
    if level is None or not well_formed:
        raise ValueError(f"not a region code: {code!r}")
    return level


def parent_of(code: str) -> str | None:
    """Return the code one level up, None for the nation; ValueError if malformed."""
    level = level_of(code)
    if level == "nation":
        return None
    above = LEVELS[LEVELS.index(level) - 1]
    return NATION if above == "nation" else code[: LENGTHS[above]]


def ancestors_of(code: str) -> tuple[str, ...]:
    """Return every code above this one, nearest first, ending with the nation; ValueError if malformed."""
    depth = LEVELS.index(level_of(code))
    between = tuple(code[: LENGTHS[level]] for level in reversed(LEVELS[1:depth]))
    return (*between, NATION) if depth else ()


def at_level(code: str, level: str) -> str | None:
    """Return the code's ancestor (or itself) at a level, None if it is not that deep; ValueError if unknown."""
    if level not in LENGTHS:
        raise ValueError(f"not a level: {level!r}")
    if LEVELS.index(level) > LEVELS.index(level_of(code)):
        return None
    return NATION if level == "nation" else code[: LENGTHS[level]]
