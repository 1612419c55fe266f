"""What people decided and the ETL obeys: white and grey lists, and the approved version of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from sqlalchemy import or_, select

from dashboard.errors import NotFound
from dashboard.models.exemptions import Exemption
from dashboard.models.index_models import ModelVersion
from etl.index.model import load_model, parse_model

if TYPE_CHECKING:
    from datetime import datetime

    from ibis.backends.duckdb import Backend
    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.settings import Settings
    from etl.index.model import Model

EXEMPTIONS = {"uscc": "string", "kind": "string", "risk_type": "string", "begins_on": "date", "ends_on": "date"}


def stage_exemptions(con: Backend, factory: sessionmaker[Session], known_at: datetime) -> None:
    """Leave behind `stg_exemptions`: `EXEMPTIONS` of the entries that stood at the instant `known_at`.

    They are those made before it and not withdrawn before it, whatever days they speak of.
    """
    stood = (
        Exemption.created_at < known_at,
        or_(Exemption.withdrawn_at.is_(None), Exemption.withdrawn_at >= known_at),
    )
    with factory() as session:
        columns = (getattr(Exemption, name) for name in EXEMPTIONS)
        rows = [row._asdict() for row in session.execute(select(*columns).where(*stood).order_by(Exemption.id))]
    if rows:
        con.create_table("stg_exemptions", ibis.memtable(rows, schema=EXEMPTIONS))
    else:
        con.create_table("stg_exemptions", schema=ibis.schema(EXEMPTIONS))


def model_for(
    factory: sessionmaker[Session], settings: Settings, known_at: datetime, version: str | None = None
) -> Model:
    """Return the model of this version, approved or shipped; without one that in force at the instant `known_at`.

    In force is what was approved last before it, and the settings' file where nothing was. NotFound for a version that
    is neither approved nor shipped; Invalid for a model that cannot be used.
    """
    return _named(factory, settings, version) if version else _in_force(factory, settings, known_at)


def _in_force(factory: sessionmaker[Session], settings: Settings, known_at: datetime) -> Model:
    approved = select(ModelVersion).where(ModelVersion.state == "approved", ModelVersion.decided_at < known_at)
    with factory() as session:
        newest = session.scalars(approved.order_by(ModelVersion.decided_at.desc()).limit(1)).first()
    if newest is None:
        return load_model(settings.model_file)
    return parse_model(newest.text, settings.model_file.parent)


def _named(factory: sessionmaker[Session], settings: Settings, version: str) -> Model:
    with factory() as session:
        approved = session.get(ModelVersion, version)
    folder = settings.model_file.parent
    if approved is not None and approved.state == "approved":
        return parse_model(approved.text, folder)
    for path in sorted(folder.glob("*.toml")):
        model = load_model(path)
        if model.version == version:
            return model
    raise NotFound(f"there is no shipped and no approved model {version!r}")
