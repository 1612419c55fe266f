"""The model that a generation was computed with: what its thresholds were, whoever published a newer one since."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from dashboard.errors import Invalid
from dashboard.models.index_models import ModelVersion
from etl.index.model import Model, load_model, parse_model

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

GRADED = ("red", "orange", "yellow")


def model_used(session: Session, version: str, folder: Path) -> Model | None:
    """Return the model of a version, from the files that ship or from those approved.

    None where neither has it, or where only another version of the program can read it: a portrait opens without.
    """
    file = folder / f"{version}.toml"
    try:
        if file.is_file():
            return _load(file)
        stored = session.get(ModelVersion, version)
        return None if stored is None else parse_model(stored.text, folder)
    except Invalid:
        return None


def floors_of(model: Model | None) -> dict[str, float]:
    """Return {grade: the index from which it is entered}, the worst first; nothing without a model."""
    return {} if model is None else {grade: float(getattr(model.thresholds, grade)) for grade in GRADED}


@cache
def _load(file: Path) -> Model:
    return load_model(file)
