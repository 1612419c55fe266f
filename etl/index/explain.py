"""Why an index is what it is: how much each factor contributes, for the few enterprises and weeks that are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from dashboard.vocabulary import RISK_TYPES, SUB_INDEXES
from etl.index.decay import factor_table, half_lives, worth_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etl.index.model import Model


def factor_contributions(evidence: ir.Table, shown: ir.Table, model: Model) -> ir.Table:
    """Return `uscc`, `week_on`, `factor`, `contribution` (hundredths, BIGINT) and `place` (0: contributes most).

    `shown` is rows of `fct_score_week` with `end_on`. Within a sub-index each factor takes the part of the contribution
    that its evidence has of the raw sum for the leading type, rounded down: the factors of a sub-index never add up to
    more than its contribution, nor those of an enterprise to more than its index. Equal parts are placed by name.
    """
    held = evidence.rename(spoken="risk_type").join(factor_table(model), "factor")
    pairs = shown.join(held, "uscc").filter(ibis._.known_on <= ibis._.end_on)
    pairs = pairs.mutate(lead=pairs.risk_type, risk_type=pairs.spoken)
    grains = ibis.cases(*((pairs.lead == risk_type, worth_of(pairs, model, risk_type)) for risk_type in RISK_TYPES))
    age = half_lives(pairs.end_on, pairs.half_life) - half_lives(pairs.known_on, pairs.half_life)
    of_sub = ibis.cases(*((pairs.sub_index == sub, pairs[f"contribution_{sub}"]) for sub in SUB_INDEXES))
    faded = pairs.mutate(worth=(grains.cast("float64") * ibis.literal(2.0) ** -age).round(), of_sub=of_sub)
    by_factor = faded.group_by("uscc", "week_on", "sub_index", "factor").agg(
        worth=faded.worth.sum(), of_sub=faded.of_sub.max()
    )
    whole = by_factor.worth.sum().over(ibis.window(group_by=["uscc", "week_on", "sub_index"]))
    share = (by_factor.of_sub.cast("float64") * 100 * by_factor.worth / whole.nullif(0)).fill_null(0.0)
    # A factor alone in its sub-index must not lose a hundredth to a division that ends a hair below the whole.
    parts = by_factor.mutate(contribution=(share + 1e-6).floor().cast("int64"))
    order = ibis.window(group_by=["uscc", "week_on"], order_by=[parts.contribution.desc(), parts.factor])
    return parts.select("uscc", "week_on", "factor", "contribution", place=ibis.row_number().over(order))
