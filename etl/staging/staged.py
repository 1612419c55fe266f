"""From raw text to staged rows and quarantine: every row ends in exactly one of the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from dashboard.errors import SmokeError
from dashboard.vocabulary import SIGNAL_KINDS
from etl.contracts import CONTRACTS
from etl.engine import materialise
from etl.sources.extraction import LONGEST_PROBLEM
from etl.staging.attribution import attributed
from etl.staging.checks import check_rows
from etl.staging.duplicates import ROW, repeats
from etl.staging.places import located

if TYPE_CHECKING:
    from datetime import date

    from ibis.backends.duckdb import Backend

ORIGIN = ("source", "file", "line")
REGION = ("region_code", "region_confidence", "region_basis")
STAGED = ("stg_enterprises", "stg_signals", "stg_relations", "stg_outcomes", "stg_rates")


class Unreconciled(SmokeError):
    """A row of a file was lost or counted twice: the run must not publish."""


def stage(con: Backend, as_of: date) -> None:
    """Make the tables of `STAGED` and `quarantine`, and complete `source_files`.

    Rows dated after `as_of` are kept out. Raises `Unreconciled` unless, for every file, the rows that came in are the
    rows staged plus the rows in quarantine.
    """
    kept_out = []
    for contract in CONTRACTS.values():
        check_rows(con, contract, as_of)
        rows, failed = con.table(f"typed_{contract.name}"), con.table(f"failed_{contract.name}")
        again = rows.semi_join(repeats(con, contract), ROW)
        key = ibis.literal(contract.key[0])
        again = again.select(*ORIGIN, column=key, value=again[contract.key[0]], reason=ibis.literal("duplicate"))
        kept_out += [
            out.select(*ORIGIN, "column", "value", "reason", contract=ibis.literal(contract.name))
            for out in (failed, again)
        ]
    told = ("contract", *ORIGIN, "column", "value", "reason")
    materialise(con, "quarantine", ibis.union(*kept_out).select(*told))
    _stage_enterprises(con)
    _stage_signals(con)
    for plain in ("relations", "outcomes", "rates"):
        columns = [column.name for column in CONTRACTS[plain].columns]
        materialise(con, f"stg_{plain}", _sound(con, plain).select(*columns, *ORIGIN))
    _reconcile(con)


def _sound(con: Backend, name: str) -> Any:  # noqa: ANN401 - Ibis ships no types
    """Return the typed rows of a contract that are not in quarantine."""
    kept_out = (con.table(f"{table}_{name}").select(*ROW) for table in ("failed", "repeated"))
    return con.table(f"typed_{name}").anti_join(ibis.union(*kept_out), ROW)


def _stage_enterprises(con: Backend) -> None:
    rows = _sound(con, "enterprises")
    columns = [column.name for column in CONTRACTS["enterprises"].columns]
    after = columns.index("region_code")
    places = located(con, rows, "enterprises").select(*ROW, *REGION)
    placed = rows.drop("region_code").inner_join(places, ROW)
    kept = [column for column in columns[after:] if column not in {"region_code", "province", "city"}]
    materialise(con, "stg_enterprises", placed.select("uscc", "name", *REGION, *kept, *ORIGIN))


def _stage_signals(con: Backend) -> None:
    rows = _sound(con, "signals")
    places = located(con, rows, "signals").select(*ROW, "region_code")
    # Whom a signal means is found among narrow rows; the wide ones are written once.
    placed = materialise(con, "placed_signals", rows.select(*ROW, "uscc", "name").inner_join(places, ROW))
    found = rows.drop("uscc", "region_code").inner_join(attributed(con, placed), ROW)
    sub_index = [(kind, sub) for sub, kinds in SIGNAL_KINDS.items() for kind in kinds]
    found = found.mutate(sub_index=found.kind.cases(*sub_index, else_=ibis.null("string")))
    columns = ["signal_id", "uscc", "name", "region_code", "kind", "sub_index", "occurred_on", "reported_on", "origin"]
    columns += ["severity", "amount", "text", "url", *ORIGIN]
    materialise(con, "stg_signals", found.select(*columns))


def _with_notes(con: Backend) -> Any:  # noqa: ANN401 - Ibis ships no types
    """Return `source_files` with a sentence added where amounts were left empty for want of an exchange rate."""
    rows = (_sound(con, name).select("position", unrated=ibis._.unrated.cast("int64")) for name in CONTRACTS)
    marked = ibis.union(*rows).filter(ibis._.unrated > 0)
    counts = marked.group_by("position").agg(unrated=marked.unrated.sum())
    files = con.table("source_files").left_join(counts, "position").drop("position_right")
    note = files.unrated.cast("string").concat(" amounts in a foreign currency without a stated rate were left empty")
    both = (files.problem == "").ifelse(note, files.problem.concat("; ", note)).left(LONGEST_PROBLEM)
    return files.mutate(problem=(files.unrated.fill_null(0) > 0).ifelse(both, files.problem)).drop("unrated")


def _reconcile(con: Backend) -> None:
    """Complete `source_files`, and raise when a file's rows do not add up."""
    files = _with_notes(con).drop("rows_staged", "rows_quarantined")
    for name, tables in (("rows_staged", STAGED), ("rows_quarantined", ("quarantine",))):
        rows = ibis.union(*(con.table(table).select("source", "file") for table in tables))
        counted = rows.group_by("source", "file").agg(counted=rows.count())
        files = files.left_join(counted, ["source", "file"]).drop("source_right", "file_right")
        files = files.mutate(counted=files.counted.fill_null(0)).rename({name: "counted"})
    materialise(con, "source_files", files.order_by("position"))
    files = con.table("source_files")
    wrong = files.filter(files.rows_in != files.rows_staged + files.rows_quarantined).to_pyarrow().to_pylist()
    if wrong:
        told = ", ".join(f"{file['file']}: {file['rows_in']} in, {file['rows_staged']} staged" for file in wrong[:3])
        raise Unreconciled(f"Rows of {len(wrong)} files were lost or counted twice ({told})")
