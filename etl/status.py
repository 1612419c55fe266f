"""What `python -m etl status` tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.clock import local
from dashboard.db import make_engine, sessions
from dashboard.models.reporting import Generation, Pointer, Run

if TYPE_CHECKING:
    from dashboard.settings import Settings

RUNS_TOLD = 10


def report(settings: Settings) -> str:
    """Return the live generation and the last runs, newest first, one line each; times in the settings' zone."""
    engine = make_engine(settings.database)
    try:
        with sessions(engine)() as session:
            live = session.scalar(select(Generation).join(Pointer, Pointer.generation == Generation.generation))
            last = session.scalars(select(Run).order_by(Run.started_at.desc()).limit(RUNS_TOLD)).all()
    finally:
        engine.dispose()
    lines = [_live(live) if live else "no generation is live yet"]
    for run in last:
        begun = local(run.started_at, settings.timezone)
        made = f"generation {run.generation}" if run.generation else "no generation"
        lines.append(f"{begun:%Y-%m-%d %H:%M}  {run.state:<9}  as of {run.as_of}  {made}  {run.message}".rstrip())
    return "\n".join(lines) + "\n"


def _live(generation: Generation) -> str:
    return (
        f"generation {generation.generation} is live: as of {generation.as_of}, model {generation.model_version}, "
        f"{generation.enterprises} enterprises, {generation.sources_read} of {generation.sources_expected} sources read"
    )
