"""The screens and the router that finds one by its path."""

from __future__ import annotations

import pytest

from dashboard.access.permissions import ROLE_PERMISSIONS, Role
from dashboard.i18n import words_for
from layouts.registry import SCREENS, Screen, is_wall, screen_at, screen_of
from tests.trees import ids


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.stem)
def test_a_screen_is_found_by_its_path_and_by_the_ids_that_it_renders(screen: Screen) -> None:
    assert screen_at(screen.path) is screen
    rendered = ids(screen.layout(words_for("en")))
    assert rendered
    assert {screen_of(component) for component in rendered} == {screen}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.stem)
def test_walls_show_only_what_is_meant_for_walls(screen: Screen) -> None:
    assert (screen_at(f"/wall{screen.path}") is screen) == screen.on_walls


@pytest.mark.parametrize("screen", [screen for screen in SCREENS if screen.on_walls], ids=lambda screen: screen.stem)
def test_a_walls_viewer_may_read_every_screen_meant_for_walls(screen: Screen) -> None:
    assert screen.permission in ROLE_PERMISSIONS[Role.WALL]


@pytest.mark.parametrize(
    "path", ["", "/", "/wall", "/wall/", "/wall/wall/overview", "/overview/", "//overview", "/wall/runs", "/Overview"]
)
def test_other_paths_are_no_screen(path: str) -> None:
    assert screen_at(path) is None


@pytest.mark.parametrize("component", ["", "shell--clock", "overviewer--kpi", "--kpi", "nothing"])
def test_other_ids_belong_to_no_screen(component: str) -> None:
    assert screen_of(component) is None


@pytest.mark.parametrize(("path", "wall"), [("/wall/overview", True), ("/wall", False), ("/wallpaper", False)])
def test_walls_stand_behind_their_own_path(path: str, wall: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_wall(path) is wall


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.stem)
def test_a_title_is_translated(screen: Screen) -> None:
    assert words_for("zh_CN")(screen.title) != screen.title
