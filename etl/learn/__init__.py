"""The probability beside the index: learned from how cases ended, explained exactly, never changing a grade."""

from etl.learn.card import Explained, explain

__all__ = ["Explained", "explain"]
