"""What a screen's address says: the region, the measure and the grain live in the URL, so that links and Back work."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

from dash.exceptions import PreventUpdate

from dashboard.access.scope import Scope, is_region_code
from dashboard.errors import Invalid, NotFound
from geo.divisions import exists

if TYPE_CHECKING:
    from dashboard.access.viewer import Viewer
    from dashboard.settings import Settings

MEASURES = ("mean", "high", "rate")
"""Mean index; enterprises graded red or orange; warnings per 10 000 enterprises."""
GRAINS = ("province", "city", "county")
LONGEST = 500  # characters of a query string that are looked at
_FACTOR = re.compile(r"[a-z_]{1,40}", re.ASCII)
_USCC = re.compile(r"[0-9A-Z]{18}", re.ASCII)
_CASE = re.compile(r"[0-9]{1,12}-[0-9]{4}-[0-9]{4,8}", re.ASCII)


@dataclass(frozen=True)
class Place:
    """What is looked at: a region, a measure, and how fine the map is cut ('' for one step down)."""

    region: str
    measure: str = "mean"
    grain: str = ""

    def at(self, region: str) -> Place:
        """Return the same look at another region, one step down."""
        return replace(self, region=region, grain="")

    def on(self, stem: str) -> str:
        """Return the address of this look on a screen."""
        return f"/{stem}{self.search}"

    @property
    def search(self) -> str:
        """The query string, with only what differs from the default."""
        given = {"region": self.region}
        if self.measure != "mean":
            given["measure"] = self.measure
        if self.grain:
            given["grain"] = self.grain
        return "?" + urlencode(given)


def elsewhere(search: str, region: str) -> str:
    """Return a query string with another region in it and all else as it was; '' for an empty one."""
    given = {name: values[-1] for name, values in parse_qs(search[:LONGEST].removeprefix("?")).items()}
    return "?" + urlencode(given | {"region": region}) if given else ""


def portrait_href(uscc: str) -> str:
    """Return the address of an enterprise's portrait."""
    return f"/enterprise/{uscc}"


def is_elsewhere(pathname: str | None) -> bool:
    """Return whether a path leads to another screen: a portrait that is being left still hears of it."""
    return isinstance(pathname, str) and not pathname.startswith(portrait_href(""))


def uscc_in(pathname: str | None) -> str:
    """Return the credit code that a path ends with; raise NotFound for what is none.

    The same error as for a code that nobody has, so that an address tells nothing but what one may see.
    """
    code = pathname.rpartition("/")[2] if isinstance(pathname, str) else ""
    if not _USCC.fullmatch(code):
        raise NotFound("there is no such enterprise in this jurisdiction")
    return code


def case_href(number: str) -> str:
    """Return the address of a case's page."""
    return f"/case/{number}"


def case_in(pathname: str | None) -> str:
    """Return the number of the case that a path ends with; raise NotFound for what is none, as for one not seen.

    Raises PreventUpdate for the path of another screen: a case that is being left still hears of it.
    """
    if isinstance(pathname, str) and not pathname.startswith(case_href("")):
        raise PreventUpdate
    number = pathname.rpartition("/")[2] if isinstance(pathname, str) else ""
    if not _CASE.fullmatch(number):
        raise NotFound("there is no such case")
    return number


def factor_in(search: str | None) -> str:
    """Return the factor whose evidence alone is asked for, '' for all; raise Invalid for what cannot name one."""
    given = parse_qs((search or "")[:LONGEST].removeprefix("?")).get("factor", [""])[-1]
    if given and not _FACTOR.fullmatch(given):
        raise Invalid(f"there is no factor {given[:20]!r}")
    return given


def factor_clicked(clicked: Any) -> str:  # noqa: ANN401 - whatever JSON a client sends
    """Return the factor whose bar was clicked, '' for the bar of all; raise Invalid for what is no click on one."""
    try:
        return str(clicked["points"][0].get("customdata") or "")
    except (AttributeError, LookupError, TypeError) as error:
        raise Invalid("that is no click on a bar") from error


def network_href(node: str) -> str:
    """Return the address of the network around a party: a credit code, or the id of a person, door or telephone."""
    return "/network?" + urlencode({"node": node})


def community_href(community: int) -> str:
    """Return the address of a community's network."""
    return "/network?" + urlencode({"community": community})


def home_of(viewer: Viewer, settings: Settings) -> str:
    """Return where a viewer starts: the home region, or the viewer's own where that lies outside the jurisdiction."""
    return settings.home_region if Scope(viewer.home_region).covers(settings.home_region) else viewer.home_region


def place_in(search: str | None, viewer: Viewer, settings: Settings) -> Place:
    """Parse a query string; what is absent takes the default.

    Raises Invalid for a malformed value, NotFound for a region that does not exist, NotAllowed for one outside the
    viewer's jurisdiction.
    """
    if not isinstance(search, str | None):
        raise Invalid("a query string is text")
    given = {name: values[-1] for name, values in parse_qs((search or "")[:LONGEST].removeprefix("?")).items()}
    region = given.get("region", home_of(viewer, settings))
    if not is_region_code(region):
        raise Invalid(f"{region[:20]!r} is not a region code")
    Scope(viewer.home_region).require(region)
    if not exists(region):
        raise NotFound(f"there is no region {region}")
    measure, grain = given.get("measure", "mean"), given.get("grain", "")
    if measure not in MEASURES:
        raise Invalid(f"there is no measure {measure[:20]!r}")
    if grain and grain not in GRAINS:
        raise Invalid(f"there is no grain {grain[:20]!r}")
    return Place(region, measure, "" if grain == GRAINS[0] else grain)


def area_clicked(feature: dict[str, Any] | None, place: Place, scope: Scope) -> Place | None:
    """Return where a click on a map's area leads; None for here, a line, or a neighbour drawn for orientation only."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return None
    region = str(properties.get("c", ""))
    if "k" in properties or region == place.region or not scope.covers(region):
        return None
    return place.at(region)
