"""The files of a generation: the full population as Parquet, one row group's read away from any one enterprise.

They lie in `var/generations/<n>/`, each sorted by its first column. The ETL writes them (`etl.publish.files`), screens
read them (`dashboard.queries.population`); neither may know a column that does not stand here.
"""

from __future__ import annotations

import pyarrow as pa

from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES

TEXT, DAY, REAL, WHOLE, POINTS = pa.string(), pa.date32(), pa.float64(), pa.int64(), pa.decimal128(5, 2)

FILES: dict[str, pa.Schema] = {
    # Grain: one enterprise of the register, in operation or not.
    "enterprises": pa.schema(
        [
            ("uscc", TEXT),
            ("name", TEXT),
            ("region_code", TEXT),
            ("region_confidence", REAL),
            ("address", TEXT),
            ("legal_representative", TEXT),
            ("established_on", DAY),
            ("registered_capital", REAL),  # CNY
            ("paid_in_capital", REAL),  # CNY
            ("industry", TEXT),
            ("sector", TEXT),
            ("business_scope", TEXT),
            ("status", TEXT),
            ("licences", TEXT),  # joined by semicolons
            ("lon", REAL),
            ("lat", REAL),
            ("community", WHOLE),  # of rpt_community, null: none
            ("exempt", TEXT),  # '', white, grey
            ("source", TEXT),
        ]
    ),
    # Grain: one enterprise in operation, at the as-of date.
    "scores": pa.schema(
        [
            ("uscc", TEXT),
            ("region_code", TEXT),
            ("sector", TEXT),
            ("smoke_index", POINTS),
            ("risk_type", TEXT),  # which type leads; '' without evidence
            ("grade", TEXT),
            *((f"contribution_{sub}", POINTS) for sub in SUB_INDEXES),  # of the leading type; they add up to the index
            *((f"index_{kind}", POINTS) for kind in RISK_TYPES),
            # Decayed sums of points before the curve, in points: what a moved weight, scale or threshold is tried on.
            *((f"raw_{kind}_{sub}", REAL) for kind in RISK_TYPES for sub in SUB_INDEXES),
            ("probability", REAL),  # learned, 0-1, null: nothing was learned
        ]
    ),
    # Grain: one piece of evidence against one enterprise in operation, known at the as-of date.
    "evidence": pa.schema(
        [
            ("uscc", TEXT),
            ("factor", TEXT),
            ("sub_index", TEXT),
            ("risk_type", TEXT),  # '' speaks of none in particular
            ("known_on", DAY),
            ("occurred_on", DAY),
            ("strength", REAL),  # 0-1
            ("contribution", POINTS),  # to the index at the as-of date; all of an enterprise add up to it exactly
            ("ref", TEXT),  # signal id, column of the register, or for spread risk the path as JSON
            ("origin", TEXT),  # who reported it: SIGNAL_SOURCES; register; relations
            ("amount", REAL),  # CNY
            ("text", TEXT),
            ("hits", TEXT),  # JSON [[start, length, word], …] in characters of `text`; '' none
            ("url", TEXT),
            ("source", TEXT),
            ("file", TEXT),
            ("line", WHOLE),
        ]
    ),
    # Grain: enterprise with evidence × week from its first evidence on.
    "weeks": pa.schema(
        [
            ("uscc", TEXT),
            ("week_on", DAY),
            ("smoke_index", POINTS),
            ("risk_type", TEXT),
            ("grade", TEXT),
            *((f"contribution_{sub}", POINTS) for sub in SUB_INDEXES),
        ]
    ),
    # Grain: one ended case of an enterprise, known at the as-of date: what a moved model is held against.
    "outcomes": pa.schema(
        [
            ("uscc", TEXT),
            ("opened_on", DAY),
            ("reported_on", DAY),  # when its end became known
            ("outcome", TEXT),  # OUTCOMES
            ("risk_type", TEXT),
        ]
    ),
    # Grain: one tie, once from each of its two ends.
    "ties": pa.schema(
        [
            ("node", TEXT),  # a credit code, or the id of a person, door or telephone
            ("other", TEXT),
            ("kind", TEXT),  # RELATION_KINDS
            ("outward", pa.bool_()),  # whether `node` is the one that represents, holds, or is branched from
            ("share", REAL),  # 0-1
            ("weight", REAL),  # 0-1: how much of a risk passes along it, less at a crowded door; 0: cut
            ("since_on", DAY),
            ("reported_on", DAY),
            ("origin", TEXT),  # the source of the landing files, or register where it was derived from the register
        ]
    ),
    # Grain: one party of any tie.
    "nodes": pa.schema(
        [
            ("node", TEXT),
            ("kind", TEXT),  # enterprise, person, door, telephone
            ("name", TEXT),
            ("degree", WHOLE),  # ties
            ("community", WHOLE),
            ("controller", TEXT),  # of an enterprise: who ends its chains of shareholdings; '' unknown
            ("controller_name", TEXT),
            ("control_share", REAL),  # 0-1, multiplied along the chains and summed over them
        ]
    ),
}
