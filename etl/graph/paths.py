"""Paths as text: JSON lists that are built set-wise, and searched for a party without being parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir


def quoted(party: ir.Value) -> ir.Value:
    """Return a party's id as a JSON string."""
    safe = party.replace("\\", "\\\\").replace('"', '\\"')
    return ibis.literal('"').concat(safe, '"')


def held_in(path: ir.Value, party: ir.Value) -> ir.Value:
    """Return whether a path of `quoted` ids passes a party."""
    return path.contains(quoted(party))


def as_list(path: ir.Value) -> ir.Value:
    """Return a path of `quoted` items joined by commas as a JSON list."""
    return ibis.literal("[").concat(path, "]")
