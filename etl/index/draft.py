"""A model with other thresholds or weights: tried on a screen, then proposed as a text of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import ValidationError

from dashboard.errors import Invalid
from etl.index.model import Model, parse_model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Weights = dict[str, dict[str, float]]
GRAIN = 100  # weights are tried and proposed in whole hundredths


def moved(model: Model, thresholds: Mapping[str, float], weights: Mapping[str, Mapping[str, float]]) -> Model:
    """Return `model` with other thresholds and weights; Invalid when no model may have them."""
    try:
        return Model.model_validate(model.model_dump() | {"thresholds": thresholds, "weights": weights})
    except ValidationError as error:
        raise Invalid(str(error.errors()[0]["msg"])) from error


def rebalanced(live: Mapping[str, float], tried: Mapping[str, float]) -> dict[str, float]:
    """Return one risk type's weights brought back to a sum of 1, in hundredths.

    Weights that were moved away from `live` keep their place and the others share the rest in proportion, unless
    nothing is left for them, or all were moved: then all are scaled alike. Hundredths left over by rounding go to the
    largest remainders.
    """
    kept = {name: value for name, value in tried.items() if value != live[name]}
    others = {name: value for name, value in live.items() if name not in kept}
    left = 1 - sum(kept.values())
    if not others or left < 0 or not sum(others.values()):
        kept, others, left = {}, dict(tried), 1.0
    whole = sum(others.values())
    exact = {name: GRAIN * left * (value / whole if whole else 1 / len(others)) for name, value in others.items()}
    parts = {name: int(value + 1e-9) for name, value in exact.items()}  # a hair below a whole is that whole
    for name in sorted(exact, key=lambda name: parts[name] - exact[name])[: round(GRAIN * left) - sum(parts.values())]:
        parts[name] += 1
    return {name: kept[name] if name in kept else parts[name] / GRAIN for name in tried}


def written(text: str, wanted: Model, folder: Path) -> str:
    """Return the model file `text` with the version, thresholds and weights of `wanted`, all else as it stands.

    Only the numbers themselves are replaced, so comments and order stay. Raise Invalid when the result, read back as
    any model file is, is not exactly `wanted`: a file written in another style than ours.
    """
    section, lines = "", []
    for line in text.splitlines():
        heading = re.fullmatch(r"\s*\[+([\w.]+)\]+\s*(?:#.*)?", line)
        section = heading[1] if heading else section
        lines.append(line if heading else _line(section, line, wanted))
    result = "\n".join(lines) + "\n"
    if parse_model(result, folder).model_dump() != wanted.model_dump():
        raise Invalid("the model file is written in a way that cannot be edited here")
    return result


def _line(section: str, line: str, wanted: Model) -> str:
    key = line.partition("=")[0].strip()
    if section == "" and key == "version":
        return _replaced(line, "version", f'"{wanted.version}"')
    if section == "thresholds" and hasattr(wanted.thresholds, key):
        return _replaced(line, key, f"{getattr(wanted.thresholds, key):g}")
    if section == "weights" and key in wanted.weights:
        for sub_index, weight in wanted.weights[key].items():
            line = _replaced(line, sub_index, f"{weight:g}")
    return line


def _replaced(line: str, key: str, value: str) -> str:
    """Return the line with what `key` is set to replaced by `value`."""
    return re.sub(rf'(\b{key}\s*=\s*)("[^"]*"|[\w.+-]+)', lambda found: found[1] + value, line, count=1)


def differences(live: Model, other: Model) -> list[tuple[str, float | None, float | None]]:
    """Return (place, live number, other number) for every number that differs, such as ("weights.lending.spread", …).

    None where one of the two has no such number.
    """
    before, after = _numbers(live.model_dump()), _numbers(other.model_dump())
    places = [*before, *(place for place in after if place not in before)]
    return [(place, before.get(place), after.get(place)) for place in places if before.get(place) != after.get(place)]


def _numbers(part: object, place: str = "") -> dict[str, float]:
    """Return every number inside a dumped model by its place; words, with their weights, by their order."""
    if isinstance(part, bool | int | float):
        return {place: float(part)}
    pairs = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list | tuple) else ()
    return {
        name: value
        for key, inner in pairs
        for name, value in _numbers(inner, f"{place}.{key}" if place else str(key)).items()
    }
