"""docs/workflow.md tells what the definitions may hold, which gates there are, and what is shipped."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from dashboard.settings import HOUSE
from dashboard.workflow import definition
from dashboard.workflow.gates import Need
from dashboard.workflow.load import FOLDER, parse_workflow

PAGE = (HOUSE / "docs" / "workflow.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading, where they begin with code."""
    told = re.split(r"^#{2,3} ", PAGE.split(f"\n{heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in told.splitlines() if line.startswith("| `")]


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("### A definition", definition.Workflow),
        ("### A stage", definition.Stage),
        ("### A step", definition.Step),
        ("### A question", definition.Question),
        ("### An order", definition.OrderRule),
        ("### A penalty", definition.Penalty),
        ("### What follows an outcome", definition.Afterwards),
    ],
)
def test_every_key_of_the_format_is_told_in_order(heading: str, model: type[definition.Part]) -> None:
    told = rows(heading)
    assert [cells[0].strip("`") for cells in told] == list(model.model_fields)
    assert all(meaning for _, meaning in told)


def test_every_gate_is_told_in_order() -> None:
    assert [cells[0].strip("`") for cells in rows("## Gates")] == list(get_args(Need))


def test_every_shipped_definition_is_told_with_its_jurisdictions_and_stages() -> None:
    told = {cells[0].strip("`"): cells[1:] for cells in rows("## Which definition a case follows")}
    assert sorted(told) == sorted(file.stem for file in FOLDER.glob("*.toml"))
    for name, (jurisdictions, stages) in told.items():
        workflow = parse_workflow((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        assert re.findall(r"`(\d+)`", jurisdictions) == list(workflow.jurisdictions)
        assert stages.split(" → ") == [stage.name.zh for stage in workflow.stages]
