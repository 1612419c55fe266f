"""A deterministic source of realistic landing files, with planted schemes whose truth is kept apart."""

from etl.demo.produce import Summary, add_arguments, generate, run

__all__ = ["Summary", "add_arguments", "generate", "run"]
