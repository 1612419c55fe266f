"""Who is tied to whom: landed relations and registered doors, as one list of ties between parties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.index.rows import ALWAYS

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir

CODE = r"^[0-9A-HJ-NPQRTUWXY]{18}$"
"""What a unified social credit code looks like: a party so named is an enterprise, registered or not."""

MUTUAL = ("same_address", "same_phone")
"""Kinds of ties that have no direction."""

COLUMNS = ("party", "other", "kind", "share", "since_on", "reported_on", "origin")
"""`party` is the one that represents, holds, or is branched from; of two neighbours the door, or the lesser code."""


def is_enterprise(party: ir.Value) -> ir.Value:
    """Return whether a party's id is a credit code."""
    return party.re_search(CODE)


def landed_ties(relations: ir.Table, as_of: date) -> ir.Table:
    """Return `COLUMNS` of the relations reported by `as_of`, each pair of parties once for each kind.

    Several reports of one tie are one tie: known since the first of them, with the largest share told. Nobody is tied
    to himself.
    """
    known = relations.filter(relations.reported_on <= as_of, relations.from_id != relations.to_id)
    turned = known.kind.isin(MUTUAL) & is_enterprise(known.from_id) & (
        ~is_enterprise(known.to_id) | (known.from_id > known.to_id)
    )
    placed = known.select(
        "kind",
        "share",
        "since_on",
        "reported_on",
        party=ibis.ifelse(turned, known.to_id, known.from_id),
        other=ibis.ifelse(turned, known.from_id, known.to_id),
        origin=known.source,
    )
    told = placed.group_by("party", "other", "kind").agg(
        share=placed.share.max(),
        since_on=placed.since_on.min(),
        reported_on=placed.reported_on.min(),
        origin=placed.origin.min(),
    )
    return told.select(*COLUMNS)


def housed(enterprises: ir.Table) -> ir.Table:
    """Return `uscc`, `established_on`, `address` and the node `door` of enterprises whose address names a door.

    Doors are compared as `etl.index.compliance.shared_address` compares them: the same region, and the same address
    without its spaces; an address without a digit names no door. The node's id is a digest, for addresses are long.
    """
    address = enterprises.address.fill_null("").re_replace(r"\s+", "")
    named = enterprises.mutate(address=address).filter(ibis._.address.re_search(r"\d"))
    door = ibis.literal("D").concat(named.region_code.concat(" ", named.address).hexdigest("md5").left(20))
    return named.select("uscc", "established_on", "address", door=door)


def door_ties(enterprises: ir.Table, as_of: date) -> ir.Table:
    """Return `COLUMNS` of the ties from each door that at least two enterprises share to every one of them.

    The register does not say when it learned of an address: a tie is taken to be known since the founding.
    """
    rows = housed(enterprises).mutate(reported_on=ibis._.established_on.fill_null(ALWAYS))
    rows = rows.filter(rows.reported_on <= as_of)
    together = rows.group_by("door").agg(housed=rows.count())
    shared = rows.semi_join(together.filter(together.housed > 1), "door")
    return shared.select(
        party=shared.door,
        other=shared.uscc,
        kind=ibis.literal("same_address"),
        share=ibis.null("float64"),
        since_on=shared.established_on,
        reported_on=shared.reported_on,
        origin=ibis.literal("register"),
    )
