"""Readers: from files and databases of many bureaux to one table of text per contract."""

from etl.sources.config import Source, load_sources
from etl.sources.extraction import extract

__all__ = ["Source", "extract", "load_sources"]
