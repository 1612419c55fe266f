"""The Smoke Index: evidence out of staged rows, one module per sub-index, then scores and grades out of evidence."""

from etl.index.combine import build_scores
from etl.index.evidence import build_evidence
from etl.index.model import Model, load_model

__all__ = ["Model", "build_evidence", "build_scores", "load_model"]
