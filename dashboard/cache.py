"""Query results, kept per generation: the key says everything that the answer depends on, so nothing goes stale."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from flask_caching import Cache

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from dashboard.settings import Settings

Answer = TypeVar("Answer")
Argument = str | int | float | bool | None

KEPT_SECONDS = 86_400
MOST_FILES = 20_000
MOST_IN_MEMORY = 2_000


def make_cache(server: Flask, settings: Settings) -> Cache:
    """Return the application's cache: files shared by all web workers, or the memory of one process."""
    config: dict[str, object] = {"CACHE_DEFAULT_TIMEOUT": KEPT_SECONDS}
    if settings.cache == "files":
        folder = settings.var_dir / "cache" / program_mark()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        config |= {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(folder), "CACHE_THRESHOLD": MOST_FILES}
    else:
        config |= {"CACHE_TYPE": "SimpleCache", "CACHE_THRESHOLD": MOST_IN_MEMORY}
    return Cache(server, config=config)


def program_mark() -> str:
    """Return a mark of the program that makes the answers: another program may not understand what this one kept.

    It covers the text of every module of `dashboard`, whose rows the answers are.
    """
    digest = hashlib.sha256()
    for module in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:12]


def cached_query(
    cache: Cache, name: str, scope: str, generation: int, args: tuple[Argument, ...], compute: Callable[[], Answer]
) -> Answer:
    """Return what `compute()` returned when this was asked before, else ask it now.

    `scope` is a scope's prefix. Raise TypeError when an argument is anything but text, a number, a truth or None: the
    repr of an object says where it lies in memory, and two viewers' objects may lie at the same place.
    """
    key = query_key(name, scope, generation, args)
    kept: tuple[Answer] | None = cache.get(key)
    if kept is None:
        kept = (compute(),)  # in a tuple, so that an answer of None is an answer
        cache.set(key, kept)
    return kept[0]


def query_key(name: str, scope: str, generation: int, args: tuple[Argument, ...]) -> str:
    """Return the key of a query's answer."""
    parts = (name, scope, generation, *args)
    for part in parts:
        if type(part) not in {str, int, float, bool, type(None)}:
            raise TypeError(f"a cache key is made of primitives, not of {type(part).__name__}")
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
