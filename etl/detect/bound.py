"""The bound above which a week's warnings are called unusual.

A first method, to be replaced by the whole of Farrington's: a quasi-Poisson regression with a log link and a linear
trend on the weeks before, log μ(t) = β0 + β1·t, dispersion φ = max(1, Pearson χ² / degrees of freedom). The upper bound
is the 99 % quantile on the ⅔-power scale, which makes Poisson counts nearly symmetric (Farrington, Andrews, Beale and
Catchpole 1996, J. R. Statist. Soc. A 159, 547-563, section 3.5):

    U(t) = μ(t) · (1 + ⅔ · z · √τ(t) / μ(t))^(3/2),    τ(t) = φ·μ(t) + Var(μ(t))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM  # statsmodels.api loads a second's worth of all the rest

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = {"region_code": "string", "week": "int64", "expected": "float64", "upper": "float64"}
GUARD_WEEKS = 2  # the newest weeks before t: an outbreak that is building up must not raise its own bound
BASELINE_WEEKS = 26
BASELINE_COUNT = 52  # two a week on average; below that a trend cannot be told from chance
Z = 2.326  # one-sided 99 %


def bounds(series: pd.DataFrame) -> list[dict[str, object]]:
    """Return `region_code`, `week`, `expected` and `upper` (warnings a week) for the weeks that have enough before.

    `series` has `region_code`, `week` (0 …) and `count`, one row per region and week. Week 0 cannot hold warnings, so
    no baseline begins with it. A week without a row in the result has too little data: an answer, not a bound of 0.
    """
    rows: list[dict[str, object]] = []
    for region, group in series.groupby("region_code", sort=True):
        counts = group.sort_values("week")["count"].to_numpy(dtype=float)
        for week in range(1 + BASELINE_WEEKS + GUARD_WEEKS, len(counts)):
            found = bound(counts[1 : week - GUARD_WEEKS], ahead=GUARD_WEEKS)
            if found is not None:
                rows.append({"region_code": region, "week": week, "expected": found[0], "upper": found[1]})
    return rows


def bound(baseline: np.ndarray, ahead: int) -> tuple[float, float] | None:
    """Return (expected, upper) for the week that follows `baseline` after `ahead` weeks; None: too little data.

    The formula is in the module's docstring.
    """
    if len(baseline) < BASELINE_WEEKS or baseline.sum() < BASELINE_COUNT:
        return None
    weeks = np.arange(len(baseline)) / len(baseline)
    target = np.array([1.0, (len(baseline) + ahead) / len(baseline)])
    fit = GLM(baseline, np.column_stack((np.ones_like(weeks), weeks)), family=Poisson()).fit()
    mean = float(np.exp(target @ fit.params))
    dispersion = max(1.0, float(fit.pearson_chi2) / fit.df_resid)
    spread = float(target @ fit.cov_params() @ target) * dispersion * mean**2
    deviation = np.sqrt(dispersion * mean + spread)
    return round(mean, 4), round(mean * (1 + 2 / 3 * Z * deviation / mean) ** 1.5, 4)
