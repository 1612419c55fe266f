"""Where an enterprise is, and its branches: its county among its neighbours, on the map's own plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.codes import NATION
from geo.projection import project
from geo.views import names_in, view_of
from layouts.maps import layer_url

if TYPE_CHECKING:
    from dashboard.i18n import Words
    from dashboard.queries.portrait import Facts, Ties


def ground(region: str, words: Words) -> tuple[str, dict[str, Any]]:
    """Return the layer's address and hideout for the county that holds `region` ('' is nowhere: the nation)."""
    view = view_of(region or NATION)
    held = {
        "values": {},
        "view": [list(corner) for corner in view.bounds],
        "selected": view.selected,
        "names": names_in(view, words.locale) if words.locale != "zh_CN" else {},
    }
    return layer_url(view.layer), held


def points(facts: Facts, ties: Ties, words: Words) -> dict[str, Any]:
    """Return the enterprise and its branches as points, those that have coordinates; itself drawn last, on top."""
    own = facts.register
    grade = facts.score["grade"] if facts.score else "blue"
    found = [
        (tie["name"], tie["lon"], tie["lat"], tie["grade"] or "blue", words("branch"))
        for tie in ties.rows
        if tie["kind"] == "branch" and tie["lon"] is not None and tie["lat"] is not None
    ]
    if own["lon"] is not None and own["lat"] is not None:
        found.append((facts.name, own["lon"], own["lat"], grade, own["address"] or ""))
    x, y = project([one[1] for one in found], [one[2] for one in found])
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [round(float(at_x), 3), round(float(at_y), 3)]},
                "properties": {"n": name, "grade": shown, "lines": [line] if line else []},
            }
            for (name, _lon, _lat, shown, line), at_x, at_y in zip(found, x, y, strict=True)
        ],
    }


def note(facts: Facts, ties: Ties, words: Words) -> str:
    """Return what the map can and cannot show."""
    branches = sum(tie["kind"] == "branch" and tie["outward"] for tie in ties.rows)
    if facts.register["lon"] is None:
        return words("its address has no coordinates")
    return words("%(n)s branches", n=branches) if branches else words("no branch on record")
