"""One row for each identity: which one is kept when bureaux send the same thing more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

if TYPE_CHECKING:
    from etl.contracts import Contract


def repeats(rows: Any, files: Any, contract: Contract) -> Any:  # noqa: ANN401 - Ibis ships no types
    """Return `position` and `line` of the sound rows that stand back for another row of the same identity.

    Kept is the row of the source listed first; within a source that of its last file (by name: bureaux number their
    deliveries), and within a file the first.
    """
    sound = rows.filter(rows.reason.isnull()).select("position", "line", *contract.key)
    ranked = sound.inner_join(
        files.select("position", rank=files.position.min().over(group_by=files.source)), "position"
    )
    order = [ranked["rank"], ranked.position.desc(), ranked.line]
    window = ibis.window(group_by=[ranked[key] for key in contract.key], order_by=order)
    return (
        ranked.mutate(place=ibis.row_number().over(window)).filter(lambda row: row.place > 0).select("position", "line")
    )
