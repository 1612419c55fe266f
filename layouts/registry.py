"""The screens, in the order of the navigation, and the small router that finds one by its path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.access.permissions import Permission
from dashboard.access.scope import Scope
from dashboard.i18n import N_
from layouts import case, cases, inbox, models, network, overview, portrait, riskmap, runs, watchlist
from layouts.cases_filters import cases_in
from layouts.filters import filters_in
from layouts.inbox_asked import asked_in
from layouts.links import factor_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from dash.development.base_component import Component

    from dashboard.access.viewer import Viewer
    from dashboard.i18n import Words

WALL = "/wall"
ONE = "<one>"
"""What stands in a screen's path for the one thing that it shows: a credit code, a case's number."""


@dataclass(frozen=True)
class Screen:
    """One screen: `stem` names its modules, `title` is a message id, `on_walls` whether a wall may show it.

    `understands` raises for a query string that cannot be meant: then a notice stands instead of the screen.
    A `whole` one shows the installation's whole jurisdiction at once, so only those see it whose own covers that.
    A `filtered` one keeps what else its address says when another region is chosen.
    One `of` something shows one thing of a kind: its path is that prefix and what names it, an enterprise's credit code
    or a case's number, so no navigation can list it.
    """

    stem: str
    title: str
    permission: Permission
    layout: Callable[[Words], Component]
    on_walls: bool
    whole: bool = False
    filtered: bool = False
    of: str = ""
    understands: Callable[[str | None], object] | None = None  # parses what the address says to this screen alone

    @property
    def path(self) -> str:
        """Its path on desks; on walls it stands behind /wall."""
        return f"/{self.of}/{ONE}" if self.of else f"/{self.stem}"

    def stands_at(self, path: str) -> bool:
        """Return whether a desk's path names it, whatever the path names."""
        if not self.of:
            return path == self.path
        head, _, code = path.rpartition("/")
        return head == f"/{self.of}" and bool(code)

    def is_for(self, viewer: Viewer, home: str) -> bool:
        """Return whether a viewer may open it in an installation whose region is `home`."""
        return viewer.may(self.permission) and (not self.whole or Scope(viewer.home_region).covers(home))


SCREENS = (
    Screen("overview", N_("Overview"), Permission.OVERVIEW_READ, overview.layout, on_walls=True),
    Screen("riskmap", N_("Risk map"), Permission.RISKMAP_READ, riskmap.layout, on_walls=True),
    Screen("inbox", N_("My work"), Permission.CASE_READ, inbox.layout, on_walls=False, understands=asked_in),
    Screen(
        "watchlist",
        N_("Watchlist"),
        Permission.ENTERPRISE_READ,
        watchlist.layout,
        on_walls=False,
        filtered=True,
        understands=filters_in,
    ),
    Screen(
        "cases",
        N_("Cases"),
        Permission.CASE_READ,
        cases.layout,
        on_walls=False,
        filtered=True,
        understands=cases_in,
    ),
    Screen(
        "portrait",
        N_("Enterprise portrait"),
        Permission.PORTRAIT_READ,
        portrait.layout,
        on_walls=False,
        of="enterprise",
        understands=factor_in,
    ),
    Screen("case", N_("Case"), Permission.CASE_READ, case.layout, on_walls=False, of="case"),
    Screen("network", N_("Networks"), Permission.PORTRAIT_READ, network.layout, on_walls=False),
    Screen("models", N_("Models"), Permission.MODEL_READ, models.layout, on_walls=False),
    Screen("runs", N_("Data and runs"), Permission.RUNS_READ, runs.layout, on_walls=False, whole=True),
)


def is_wall(pathname: str) -> bool:
    """Return whether a path asks for the wall's form of a screen."""
    return pathname.startswith(f"{WALL}/")


def screen_at(pathname: str) -> Screen | None:
    """Return the screen that a path names, or None."""
    wall = is_wall(pathname)
    bare = pathname.removeprefix(WALL) if wall else pathname
    return next((screen for screen in SCREENS if screen.stands_at(bare) and (screen.on_walls or not wall)), None)


def screen_of(component_id: str) -> Screen | None:
    """Return the screen whose layout renders a component, by the id's stem, or None (the shell, a stranger)."""
    stem = component_id.split("--", maxsplit=1)[0]
    return next((screen for screen in SCREENS if screen.stem == stem), None)
