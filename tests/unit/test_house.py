"""The house's own measures: short modules, short functions, nothing left to do."""

from __future__ import annotations

import ast
import re
from functools import cache
from statistics import median
from typing import TYPE_CHECKING

import pytest

from dashboard.settings import HOUSE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGES = ("dashboard", "layouts", "callbacks", "etl", "geo")
LONGEST_MODULE, LONGEST_FUNCTION, USUAL_MODULE = 300, 40, 110
LEFT = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


def modules() -> list[Path]:
    return [HOUSE / "wsgi.py", *(file for package in PACKAGES for file in sorted((HOUSE / package).rglob("*.py")))]


@cache
def source(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(source(file))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def own_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has without those of the functions inside it, which count by themselves."""

    def span(one: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        first = min([one.lineno, *(decorator.lineno for decorator in one.decorator_list)])
        return (one.end_lineno or first) - first + 1

    inner = [one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return span(node) - sum(span(one) for one in inner)


def name_of(file: Path) -> str:
    return str(file.relative_to(HOUSE))


def test_modules_are_short() -> None:
    lines = {name_of(file): len(source(file).splitlines()) for file in modules()}
    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == {}
    assert median(lines.values()) <= USUAL_MODULE


def test_functions_are_short() -> None:
    long = [
        f"{name_of(file)}:{node.lineno} {node.name}"
        for file in modules()
        for node in functions(file)
        if own_lines(node) > LONGEST_FUNCTION
    ]
    assert long == []


def test_nothing_is_left_to_do() -> None:
    tests = [file for file in (HOUSE / "tests").rglob("*.py") if file.name != "test_house.py"]
    written = [*modules(), *tests, *(HOUSE / "assets").glob("*.[jc]s*")]
    assert [name_of(file) for file in written if LEFT.search(source(file))] == []


def test_no_function_is_a_stub() -> None:
    def empty(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        body = [one for one in node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
        return all(isinstance(one, ast.Pass) for one in body) and bool(body)

    assert [f"{name_of(file)} {node.name}" for file in modules() for node in functions(file) if empty(node)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_queries_are_not_called_get(package: str) -> None:
    found = [
        node.name
        for file in (HOUSE / package).rglob("*.py")
        for node in functions(file)
        if node.name.startswith("get_") and node.name != "get_id"  # Flask-Login's own name
    ]
    assert [name for name in found if name != "get_translations"] == []  # Flask-Babel's own name


def test_noqa_gives_its_reason() -> None:
    bare = re.compile(r"#\s*noqa(?!: [A-Z0-9, ]+ - \S)", re.IGNORECASE)
    given = [*modules(), *(HOUSE / "tests").rglob("*.py")]
    silent = [
        f"{name_of(file)}:{at}"
        for file in given
        for at, line in enumerate(source(file).splitlines(), 1)
        if bare.search(line) and "re.compile" not in line
    ]
    assert silent == []


def test_tests_do_not_sleep() -> None:
    nap = re.compile(r"\b(?:time\.sleep|wait_for_timeout)\(")
    assert [name_of(file) for file in (HOUSE / "tests").rglob("*.py") if nap.search(source(file))] == []
