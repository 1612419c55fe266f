"""The shipped definitions: read once, validated, and found by jurisdiction or by code and version."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from dashboard.errors import Invalid, NotFound
from dashboard.workflow.definition import Workflow
from dashboard.workflow.soundness import clashes, faults

FOLDER = Path(__file__).resolve().parent / "definitions"


def parse_workflow(text: str) -> Workflow:
    """Return the definition that a TOML text holds; raise Invalid, naming what is wrong and where."""
    try:
        workflow = Workflow.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise Invalid(f"not a case workflow: {error}") from error
    wrong = faults(workflow)
    if wrong:
        raise Invalid(f"case workflow {workflow.code} {workflow.version}: {'; '.join(wrong)}")
    return workflow


@cache
def workflows() -> tuple[Workflow, ...]:
    """Return all shipped definitions by code, newest version first; Invalid for unsound ones or such that clash."""
    found = [parse_workflow(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.toml"))]
    wrong = clashes(found)
    if wrong:
        raise Invalid(f"case workflows: {'; '.join(wrong)}")
    return tuple(sorted(found, key=lambda one: (one.code, [-int(part) for part in one.version.split(".")])))


@cache
def workflow_of(code: str, version: str) -> Workflow:
    """Return one definition, which a case keeps for its whole life; raise NotFound where it is not shipped."""
    for one in workflows():
        if (one.code, one.version) == (code, version):
            return one
    raise NotFound(f"there is no case workflow {code} {version}")


@cache
def workflow_for(region_code: str) -> Workflow:
    """Return the definition by which a case of this region begins: the nearest jurisdiction's newest version."""

    def nearness(one: Workflow) -> int:
        within = [code for code in one.jurisdictions if code == "0" or region_code.startswith(code)]
        return max((0 if code == "0" else len(code) for code in within), default=-1)

    return max(workflows(), key=nearness)  # the first of equals: the newest version
