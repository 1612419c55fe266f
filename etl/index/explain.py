"""Why an index is what it is: its contributions handed down to factors and pieces of evidence, to the last hundredth.

The contribution of a sub-index is a whole number of hundredths. Each of its pieces has a claim to the part that it has
of the decayed sum for the leading type. All get their claim rounded down; the hundredths left over go, one each, to the
pieces whose claims were cut most (largest remainder, Hamilton's method). Ties go to the heavier piece, then by factor,
ref, date, type and strength, so that the order of rows decides nothing. What a factor contributes is the sum over its
pieces: row → factor → sub-index → index add up exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.index.decay import factor_table, half_lives, worth_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.model import Model

FINER = 256
"""Parts of a grain in which decayed pieces are weighed against each other; claims stay below 2^53 and exact."""

EVIDENCE = ("factor", "sub_index", "spoken", "known_on", "strength", "ref")


def row_contributions(evidence: ir.Table, shown: ir.Table, model: Model) -> ir.Table:
    """Return the evidence behind each row of `shown`, with what each piece contributes.

    `shown` is rows of `fct_score_week` (or `fct_score`) with `week_on` and `end_on`. Columns: uscc, week_on, factor,
    sub_index, spoken (the piece's own risk type), known_on, strength, ref, contribution (hundredths, BIGINT). The
    contributions of a sub-index add up to its own.
    """
    held = evidence.rename(spoken="risk_type").join(factor_table(model), "factor")
    wanted = shown.select("uscc", "week_on", "end_on", "risk_type", *(f"contribution_{sub}" for sub in SUB_INDEXES))
    pairs = wanted.join(held, "uscc").filter(ibis._.known_on <= ibis._.end_on)
    pairs = pairs.mutate(lead=pairs.risk_type, risk_type=pairs.spoken)
    grains = ibis.cases(*((pairs.lead == kind, worth_of(pairs, model, kind)) for kind in RISK_TYPES), else_=0)
    age = half_lives(pairs.end_on, pairs.half_life) - half_lives(pairs.known_on, pairs.half_life)
    worth = (grains.cast("float64") * ibis.literal(2.0) ** -age * FINER).round().cast("int64")
    of_sub = ibis.cases(*((pairs.sub_index == sub, pairs[f"contribution_{sub}"]) for sub in SUB_INDEXES), else_=0)
    faded = pairs.select("uscc", "week_on", *EVIDENCE, worth=worth, of_sub=(of_sub * 100).cast("int64"))
    return _handed_down(faded).select("uscc", "week_on", *EVIDENCE, "contribution")


def _handed_down(faded: ir.Table) -> ir.Table:
    """Return `faded` with `contribution`: `of_sub` in proportion to `worth`, by largest remainder."""
    of_one = ["uscc", "week_on", "sub_index"]
    whole = faded.worth.sum().over(ibis.window(group_by=of_one)).cast("int64").nullif(0)
    claims = faded.mutate(whole=whole, claim=faded.of_sub * faded.worth)
    claims = claims.mutate(cut=(claims.claim % claims.whole).fill_null(0))
    # What is left is a multiple of the whole, so the division is exact.
    claims = claims.mutate(floor=((claims.claim - claims.cut) / claims.whole).fill_null(0).cast("int64"))
    order = ibis.window(
        group_by=of_one,
        order_by=[
            claims.cut.desc(),
            claims.worth.desc(),
            *(claims[name] for name in ("factor", "ref", "known_on", "spoken", "strength")),
        ],
    )
    given = claims.floor.sum().over(ibis.window(group_by=of_one)).cast("int64")
    placed = claims.mutate(place=ibis.row_number().over(order), left=claims.of_sub - given)
    more = ibis.ifelse(placed.whole.notnull() & (placed.place < placed.left), 1, 0)
    return placed.mutate(contribution=(placed.floor + more).cast("int64"))


def factor_contributions(evidence: ir.Table, shown: ir.Table, model: Model) -> ir.Table:
    """Return `uscc`, `week_on`, `factor`, `contribution` (hundredths, BIGINT) and `place` (0: contributes most).

    They are the sums of `row_contributions`, and add up to the index of each row of `shown`. Equal ones are placed by
    name.
    """
    rows = row_contributions(evidence, shown, model)
    parts = rows.group_by("uscc", "week_on", "factor").agg(contribution=rows.contribution.sum().cast("int64"))
    order = ibis.window(group_by=["uscc", "week_on"], order_by=[parts.contribution.desc(), parts.factor])
    return parts.select("uscc", "week_on", "factor", "contribution", place=ibis.row_number().over(order))
