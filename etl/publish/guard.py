"""What must not be published unasked: a generation without its register, or with hardly half of the last one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.errors import Invalid
from dashboard.models.reporting import Generation, Pointer, SourceFile
from etl.index.combine import OPERATING

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend
    from sqlalchemy.orm import Session, sessionmaker

LEAST_SHARE = 0.5
REMEDY = "nothing is published; --accept-loss publishes all the same"


def refuse_loss(con: Backend, factory: sessionmaker[Session]) -> None:
    """Raise Invalid, naming the source, when the staged register of enterprises cannot be the whole one.

    That is when a file of it is missing or unreadable, when it holds no enterprise at all, and when the enterprises in
    operation are fewer than `LEAST_SHARE` of the live generation's. Reads `source_files` and `stg_enterprises`.
    """
    files = con.table("source_files")
    register = files.filter(files.contract == "enterprises").order_by("position").to_pyarrow().to_pylist()
    for file in register:
        if file["state"] in {"missing", "unreadable"}:
            found = f"{file['file']} is {file['state']} ({file['problem']})"
            raise Invalid(f"source {file['source']!r}, the register: {found}; {REMEDY}")
    rows = con.table("stg_enterprises")
    standing = int(con.execute(rows.filter(rows.status.isin(OPERATING)).count()))
    staged = Counter[str]()
    for file in register:
        staged[file["source"]] += file["rows_staged"]
    if not staged.total():
        named = ", ".join(map(repr, staged)) or "none of the sources file"
        raise Invalid(f"the register of enterprises (source {named}) holds no sound row; {REMEDY}")
    with factory() as session:
        live = session.scalar(select(Generation).join(Pointer, Pointer.generation == Generation.generation))
        if live is None or standing >= live.enterprises * LEAST_SHARE:
            return
        lost = _before(session, live.run_id) - staged
    named = lost.most_common(1)[0][0] if lost else max(staged, key=staged.__getitem__)
    raise Invalid(
        f"source {named!r}, the register: only {standing} enterprises in operation where generation {live.generation} "
        f"has {live.enterprises}; {REMEDY}"
    )


def _before(session: Session, run_id: str) -> Counter[str]:
    """Return how many rows each source of the register gave to a run."""
    counted = Counter[str]()
    files = select(SourceFile).where(SourceFile.run_id == run_id, SourceFile.contract == "enterprises")
    for file in session.scalars(files):
        counted[file.source] += file.rows_staged
    return counted
