"""One stem per screen, the same everywhere; every id exists; every callback stays within its screen."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

import callbacks
from dashboard.settings import HOUSE
from layouts import shell
from layouts.registry import SCREENS, Screen, screen_of
from tests.trees import ids

if TYPE_CHECKING:
    from dashboard.app import Page
    from tests.wiring.visitor import Visitor

ID = re.compile(r"[a-z]+--[a-z]+(-[a-z]+)*")
SHARED = {
    "__init__",
    "asked",
    "filters",
    "links",
    "listed",
    "maps",
    "notices",
    "panels",
    "registry",
    "search",
    "shell",
    "terms",
}
screens = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.stem)


@screens
@pytest.mark.parametrize("file", ["layouts/{}.py", "callbacks/{}.py", "assets/30_{}.css", "tests/browser/test_{}.py"])
def test_a_screens_files_carry_its_stem(screen: Screen, file: str) -> None:
    assert (HOUSE / file.format(screen.stem)).is_file()


@screens
def test_a_screen_is_wired(screen: Screen) -> None:
    assert import_module(f"callbacks.{screen.stem}") in callbacks.MODULES


@screens
def test_a_screen_is_mentioned_in_the_documents(screen: Screen) -> None:
    pages = [page.read_text(encoding="utf-8") for page in (HOUSE / "docs").rglob("*.md")]
    assert any(re.search(rf"\b{screen.stem}\b", page) for page in pages)


@pytest.mark.parametrize("folder", ["layouts", "callbacks"])
def test_no_module_is_left_over(folder: str) -> None:
    stems = {file.stem.partition("_")[0] or file.stem for file in (HOUSE / folder).glob("*.py")}  # portrait_parts
    assert stems - SHARED == {screen.stem for screen in SCREENS}


def test_stems_paths_and_titles_are_told_apart() -> None:
    for name in ("stem", "path", "title"):
        assert len({getattr(screen, name) for screen in SCREENS}) == len(SCREENS)


def test_every_id_is_rendered_once_and_says_whose_it_is(app: Page) -> None:
    rendered = ids(app.validation_layout)
    assert len(rendered) == len(set(rendered))
    assert [name for name in rendered if not ID.fullmatch(name)] == []
    assert [name for name in rendered if screen_of(name) is None and not name.startswith("shell--")] == []


def test_every_id_that_a_callback_names_is_rendered(app: Page, visitors: dict[str, Visitor]) -> None:
    rendered = set(ids(app.validation_layout))
    for output, callback in visitors["leader"].known.items():
        written = {text.rpartition(".")[0] for text in output.strip(".").split("...")}
        read = {one["id"] for one in (*callback["inputs"], *callback["state"])}
        assert written | read <= rendered, output


def test_every_id_constant_is_rendered(app: Page) -> None:
    rendered = set(ids(app.validation_layout))
    for stem in ("shell", *(screen.stem for screen in SCREENS)):
        module = import_module(f"layouts.{stem}")
        constants = {value for value in vars(module).values() if isinstance(value, str) and ID.fullmatch(value)}
        assert constants <= rendered, stem


def test_a_callback_writes_to_one_screen_or_to_the_shell(visitors: dict[str, Visitor]) -> None:
    for output in visitors["leader"].known:
        stems = {text.partition("--")[0] for text in output.strip(".").split("...")}
        assert len(stems) == 1, output


def test_exceptions_of_callbacks_are_not_suppressed(app: Page) -> None:
    assert app.config.suppress_callback_exceptions is False


def test_every_screen_refreshes_when_the_clock_moves(visitors: dict[str, Visitor]) -> None:
    known = visitors["leader"].known
    for screen in SCREENS:
        moved = [
            output
            for output, one in known.items()
            if output.strip(".").startswith(f"{screen.stem}--")
            and shell.CLOCK in {read["id"] for read in one["inputs"]}
        ]
        assert len(moved) == 1, screen.stem  # one request for each movement, no more


def test_callbacks_are_wiring_only() -> None:
    long = []
    for file in (HOUSE / "callbacks").glob("*.py"):
        for outer in ast.parse(file.read_text(encoding="utf-8")).body:
            if not isinstance(outer, ast.FunctionDef) or outer.name != "register":
                continue
            inner = [node for node in ast.walk(outer) if isinstance(node, ast.FunctionDef) and node is not outer]
            long += [node.name for node in inner if (node.end_lineno or 0) - node.lineno + 1 > 15]
    assert long == []
