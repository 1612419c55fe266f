"""The probability beside the index: learned from how cases ended, explained exactly, never changing a grade."""

from etl.learn.card import Explained, explain
from etl.learn.single import explain_evidence

__all__ = ["Explained", "explain", "explain_evidence"]
