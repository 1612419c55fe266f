"""The pages tell the truth: what exists is documented, and what is documented exists."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from dash import Dash

import dashboard.__main__ as console
import dashboard.models
import etl.__main__ as crunching
from dashboard.access.permissions import ROLE_PERMISSIONS, Permission, Role
from dashboard.access.scope import Scope
from dashboard.cache import make_cache
from dashboard.db import Base
from dashboard.i18n import words_for
from dashboard.services import Services
from dashboard.settings import HOUSE, Settings
from layouts import registry
from layouts.registry import SCREENS
from tests.generations import publish
from tests.trees import ids, of_class, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table
    from sqlalchemy.orm import Session, sessionmaker

for found in pkgutil.iter_modules(dashboard.models.__path__):
    importlib.import_module(f"dashboard.models.{found.name}")  # importing them is what fills Base.metadata

PAGES = {
    path.relative_to(HOUSE).as_posix(): path.read_text(encoding="utf-8")
    for path in [HOUSE / "README.md", *sorted((HOUSE / "docs").rglob("*.md"))]
}
MAPPERS = sorted(Base.registry.mappers, key=lambda mapper: str(mapper.local_table))  # a set, in no order of its own
OPERATIONS, SCREENS_PAGE, TABLES = (PAGES[f"docs/{name}.md"] for name in ("operations", "screens", "tables"))
MAKEFILE = (HOUSE / "Makefile").read_text(encoding="utf-8")
TARGETS = dict(re.findall(r"^([a-z-]+):(.*) ## ", MAKEFILE, re.MULTILINE))
ROOTS = {"dashboard": console.parser(), "etl": crunching.parser()}
FENCE = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
DECISIONS = sorted(name for name in PAGES if re.match(r"docs/decisions/\d", name))


def code_of(page: str) -> str:
    """Return what a page shows as code: fenced blocks and spans, one a line."""
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", page))
    return "\n".join([*FENCE.findall(page), *spans])


def section(page: str, heading: str) -> str:
    """Return what stands under a heading, down to the next of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    rest = page.split(f"\n{heading}", 1)[1]
    return re.split(rf"^#{{1,{level}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of all table rows that begin with code."""
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| `")]


def inner(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return a parser's commands by name; none for one that does something itself."""
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= action.choices
    return found


def leaves(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every command that does something, with its whole name."""
    below = inner(parser)
    if not below:
        yield name, parser
    for word, child in below.items():
        yield from leaves(child, f"{name} {word}")


COMMANDS = {
    name: parser for root, top in ROOTS.items() for name, parser in leaves(top, f"python -m {root}")
}  # whole name → parser


def options(parser: argparse.ArgumentParser) -> set[str]:
    """Return the options of a command, but for --help."""
    return {flag for action in parser._actions for flag in action.option_strings} - {"-h", "--help"}


def _shown(default: object) -> str:
    if default is None or default == "":
        return "—"
    return f"`{default.relative_to(HOUSE) if isinstance(default, Path) else default}`"


def test_every_setting_is_documented_with_its_default_and_its_meaning() -> None:
    documented = rows(section(OPERATIONS, "## Settings"))
    assert [(name, default) for name, default, _ in documented] == [
        (f"`SMOKE_{name.upper()}`", _shown(field.default)) for name, field in Settings.model_fields.items()
    ]
    assert all(meaning for _, _, meaning in documented)


@pytest.mark.parametrize("name", PAGES)
def test_every_setting_that_a_page_names_exists(name: str) -> None:
    named = set(re.findall(r"SMOKE_[A-Z_]*[A-Z]", PAGES[name]))
    assert named <= {f"SMOKE_{field.upper()}" for field in Settings.model_fields}


def test_every_command_is_documented_with_its_options_and_arguments() -> None:
    documented = {row[0].split("`")[1]: row for row in rows(section(OPERATIONS, "## Commands"))}
    assert {name for name in documented if name.startswith("python")} == set(COMMANDS)
    for name, parser in COMMANDS.items():
        asked, told = documented[name]
        positional = [action.dest for action in parser._actions if not action.option_strings]
        assert asked.split("`")[3::2] == positional, name
        assert set(re.findall(r"`(--[a-z-]+)`", told)) == options(parser), name


@pytest.mark.parametrize("name", PAGES)
def test_every_command_that_a_page_shows_exists_and_takes_its_options(name: str) -> None:
    for root, rest in re.findall(r"python -m (dashboard|etl)\b([^\n#]*)", code_of(PAGES[name])):
        parser = ROOTS[root]
        for word in re.findall(r"[\w-]+", rest):
            if not inner(parser):
                break
            assert word in inner(parser), f"python -m {root}{rest}"
            parser = inner(parser)[word]
        assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= options(parser), f"python -m {root}{rest}"


def test_every_make_target_is_documented() -> None:
    documented = {row[0].strip("`").removeprefix("make ") for row in rows(section(OPERATIONS, "### Make"))}
    assert documented | {"help"} == set(TARGETS)


@pytest.mark.parametrize("name", PAGES)
def test_every_make_target_that_a_page_shows_exists(name: str) -> None:
    assert set(re.findall(r"^make ([a-z-]+)", code_of(PAGES[name]), re.MULTILINE)) <= set(TARGETS)


def test_ci_runs_the_command_that_the_readme_tells_people_to_run() -> None:
    told = [line for block in FENCE.findall(PAGES["README.md"]) for line in block.splitlines() if "test" in line]
    assert told == ["make test"]
    ci = (HOUSE / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()
    assert ci[-1] == "make check"
    assert "test" in TARGETS["check"].split()
    assert re.search(r"^test:.*\n\t.*-m pytest", MAKEFILE, re.MULTILINE)


def test_every_screen_is_documented_in_the_order_of_the_navigation() -> None:
    chinese = words_for("zh_CN")
    assert re.findall(r"^## (`.*)$", SCREENS_PAGE, re.MULTILINE) == [
        f"`{screen.stem}` · {chinese(screen.title)} {screen.title}" for screen in SCREENS
    ]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.stem)
def test_a_screens_section_says_where_it_stands_who_may_see_it_and_where_its_figures_come_from(
    screen: registry.Screen,
) -> None:
    told = section(SCREENS_PAGE, f"## `{screen.stem}`")
    assert f"`{screen.path}`" in told
    assert f"`{screen.permission}`" in told
    assert (f"`/wall{screen.path}`" in told) is screen.on_walls
    assert set(re.findall(r"`(\w+)`", told)) & set(Base.metadata.tables)


def test_the_table_of_permissions_is_the_one_in_force() -> None:
    lines = section(SCREENS_PAGE, "## What all screens share").split("| role |")[1].splitlines()
    groups = [re.findall(r"`([\w:]+)`", cell) for cell in lines[0].split("|")[:-1]]
    assert {Permission(name) for group in groups for name in group} == set(Permission)
    told = {cells[1].strip(): cells[2:-1] for cells in (line.split("|") for line in lines[2:]) if len(cells) > 1}
    assert list(told) == [role.value for role in Role]
    for role, cells in told.items():
        held = ROLE_PERMISSIONS[Role(role)]
        assert [cell.strip() == "yes" for cell in cells] == [held.issuperset(group) for group in groups], role
        assert [bool(cell.strip()) for cell in cells] == [not held.isdisjoint(group) for group in groups], role


def test_every_table_is_documented_and_no_other() -> None:
    assert sorted(re.findall(r"^### `(\w+)`$", TABLES, re.MULTILINE)) == sorted(Base.metadata.tables)


@pytest.mark.parametrize("mapper", MAPPERS, ids=lambda mapper: mapper.local_table.name)
def test_a_tables_section_has_its_grain_and_its_columns(mapper: object) -> None:
    model: type[Base] = mapper.class_  # type: ignore[attr-defined]  # pytest hands over what Base.registry holds
    table: Table = model.__table__  # type: ignore[assignment]  # declarative types it as any selectable
    told = section(TABLES, f"### `{table.name}`\n")
    assert " ".join((model.__doc__ or "").split()) in " ".join(told.split())
    assert [(name, kind.endswith(" null")) for name, kind, _ in rows(told)] == [
        (f"`{column.name}`" + " ⚷" * column.primary_key, bool(column.nullable)) for column in table.columns
    ]


@pytest.mark.parametrize("name", PAGES)
def test_every_reporting_table_that_a_page_names_exists(name: str) -> None:
    assert set(re.findall(r"\brpt_[a-z_]*[a-z]", PAGES[name])) <= set(Base.metadata.tables)


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.*)$", FENCE.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", PAGES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", PAGES[name])):
        path, _, anchor = target.partition("#")
        linked = (HOUSE / name).parent / path if path else HOUSE / name
        assert ":" in path or linked.resolve().is_relative_to(HOUSE), target
        assert ":" in path or linked.exists(), target
        if anchor and linked.suffix == ".md":
            assert anchor in anchors(linked.read_text(encoding="utf-8")), target


def test_every_decision_is_numbered_in_turn_and_listed_by_its_title() -> None:
    titles = [PAGES[name].splitlines()[0].removeprefix("# ").partition(" ") for name in DECISIONS]
    assert [number for number, _, _ in titles] == [f"{place:04d}" for place in range(1, len(DECISIONS) + 1)]
    assert re.findall(r"^\| \[(\d+)\]\((.*)\) \| (.*) \|$", PAGES["docs/decisions/README.md"], re.MULTILINE) == [
        (number, Path(name).name, title) for name, (number, _, title) in zip(DECISIONS, titles, strict=True)
    ]


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_says_why_what_and_what_follows(name: str) -> None:
    assert Path(name).name.startswith(PAGES[name].split()[1])
    assert re.findall(r"^## (.*)$", PAGES[name], re.MULTILINE) == ["Context", "Decision", "Consequences"]


# -- the worked example ------------------------------------------------------------------------------------------------

ADDING = PAGES["docs/adding-a-screen.md"]
EXAMPLE = dict(re.findall(r"^### `([\w/.]+)`\n+```\w+\n(.*?)^```$", ADDING, re.MULTILINE | re.DOTALL))


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """Return the example's modules, as if its files lay where the page says."""
    made = {}
    for path, source in EXAMPLE.items():
        if path.endswith(".py"):
            name = path.removesuffix(".py").replace("/", ".")
            module = made[path] = ModuleType(name)
            monkeypatch.setitem(sys.modules, name, module)
            parent, _, leaf = name.rpartition(".")
            if parent in sys.modules:
                monkeypatch.setattr(sys.modules[parent], leaf, module, raising=False)
            exec(compile(source, path, "exec"), vars(module))  # noqa: S102 - our own page's code is what is tested
    return made


def test_the_examples_own_tests_pass(example: dict[str, ModuleType]) -> None:
    tests = example["tests/unit/dashboard/test_sectors.py"]
    ran = [getattr(tests, name)() for name in vars(tests) if name.startswith("test_")]
    assert len(ran) == 2


def test_the_example_reads_a_published_generation(
    example: dict[str, ModuleType], sqlite_sessions: sessionmaker[Session]
) -> None:
    query = example["dashboard/queries/sectors.py"].graded_by_sector
    with sqlite_sessions() as session:
        publish(session)
        inside = query(session, Scope("33"), 1, "330106")
        elsewhere = query(session, Scope("33"), 1, "3302")
    shown = example["layouts/sectors.py"].table(inside, words_for("zh_CN"))
    assert said(shown)[-2:] == ["20", "10"]  # forty enterprises, ten of each grade
    assert of_class(example["layouts/sectors.py"].table(elsewhere, words_for("zh_CN")), "state--zero")


def test_the_example_is_wired_to_what_it_renders(
    example: dict[str, ModuleType], settings: Settings, sqlite_sessions: sessionmaker[Session]
) -> None:
    app = Dash(__name__)
    example["callbacks/sectors.py"].register(app, Services(settings, sqlite_sessions, make_cache(app.server, settings)))
    rendered = ids(example["layouts/sectors.py"].layout(words_for("en")))
    assert [f"{component}.children" for component in rendered] == list(app.callback_map)
    line = re.search(r"^Screen\(.*\),$", ADDING, re.MULTILINE)
    assert line is not None
    screen = eval(line[0].rstrip(","), vars(registry) | {"sectors": example["layouts/sectors.py"]})  # noqa: S307 - as above
    assert screen.path == "/sectors"
    assert {component.split("--")[0] for component in rendered} == {screen.stem}
    assert all(screen.stem in path for path in EXAMPLE)
