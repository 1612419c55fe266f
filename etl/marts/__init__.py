"""What screens show, made out of scores: regions by week, warnings, the watchlist, and the promises between them."""

from etl.marts.check import check_marts
from etl.marts.evidence import build_evidence_rows
from etl.marts.peers import build_peers
from etl.marts.population import build_population
from etl.marts.regions import build_regions
from etl.marts.warnings import build_warnings
from etl.marts.watchlist import build_watchlist

__all__ = [
    "build_evidence_rows",
    "build_peers",
    "build_population",
    "build_regions",
    "build_warnings",
    "build_watchlist",
    "check_marts",
]
