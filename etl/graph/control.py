"""Who is behind an enterprise: shares multiplied along chains of shareholdings, and summed over the chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.engine import drop, materialise, rows_in
from etl.graph.paths import held_in, quoted

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

    from etl.index.graph_part import Graph

WHOLE = 1_000_000
"""Shares are counted in whole millionths, so that their sums do not depend on the order in which they are added."""


def build_control(con: BaseBackend, graph: Graph) -> None:
    """Leave behind `fct_control`: enterprise with a controller. uscc, controller, control_share, known_on, links, path.

    Integrated ownership (Brioschi, Buzzacchi and Colombo 1989): the share that a holder has of an enterprise is the
    product of the shares along a chain, summed over all chains that lead from one to the other. A chain passes no party
    twice, which is what keeps cross-holdings from counting the same capital again (Baldone, Brioschi and Paleari 1998),
    and has at most `graph.chain` links; what has become less than `graph.least_share` is followed no further.

    Only who ends a chain, held by nobody on record, can be a controller: the one with the largest share, of equals the
    first by id, if it is more than `graph.control_share`. Being the legal representative is not control.
    `known_on`: when the last tie of all its chains was reported. `links`, `path` (`paths.quoted` ids from the enterprise
    to the controller): of its heaviest chain.
    """
    chains = materialise(con, "wrk_chain", _chains(con, graph))
    held = chains.group_by("uscc", "holder").agg(share=chains.share.sum(), known_on=chains.known_on.max())
    heaviest = ibis.window(group_by=["uscc", "holder"], order_by=[chains.share.desc(), chains.path])
    first = chains.mutate(place=ibis.row_number().over(heaviest)).filter(ibis._.place == 0)
    held = held.join(first.select("uscc", "holder", "links", "path"), ["uscc", "holder"])
    held = held.filter(held.share > round(graph.control_share * WHOLE))
    largest = ibis.window(group_by="uscc", order_by=[held.share.desc(), held.holder])
    chosen = held.mutate(place=ibis.row_number().over(largest)).filter(ibis._.place == 0)
    share = ibis.least(chosen.share, WHOLE).cast("float64") / WHOLE
    materialise(
        con,
        "fct_control",
        chosen.select("uscc", controller="holder", control_share=share, known_on="known_on", links="links", path="path"),
    )


def _chains(con: BaseBackend, graph: Graph) -> ir.Table:
    """Return every chain from an enterprise to who is held by nobody: uscc, holder, share, known_on, links, path."""
    ties = con.table("wrk_tie")
    held = ties.filter(ties.kind == "shareholder", ties.share > 0)
    share = (held.share * WHOLE).round().cast("int64")
    links = materialise(con, "wrk_holding", held.select("party", "other", "reported_on", share=share))
    reach = links.select(
        uscc="other",
        holder="party",
        share="share",
        known_on="reported_on",
        path=quoted(links.other).concat(",", quoted(links.party)),
    )
    reached = [materialise(con, "wrk_chain_1", reach)]
    for length in range(2, graph.chain + 1):
        longer = reached[-1].join(links, reached[-1].holder == links.other)
        longer = longer.filter(~held_in(longer.path, longer.party))
        product = (longer.share.cast("float64") * longer.share_right / WHOLE).round().cast("int64")
        longer = longer.select(
            uscc="uscc",
            holder="party",
            share=product,
            known_on=ibis.greatest(longer.known_on, longer.reported_on),
            path=longer.path.concat(",", quoted(longer.party)),
        )
        longer = materialise(con, f"wrk_chain_{length}", longer.filter(longer.share >= round(graph.least_share * WHOLE)))
        if not rows_in(longer):
            break
        reached.append(longer)
    every = ibis.union(*(chain.mutate(links=ibis.literal(at + 1, "int64")) for at, chain in enumerate(reached)))
    return every.anti_join(links, every.holder == links.other)


def drop_chains(con: BaseBackend, graph: Graph) -> None:
    """Forget the scratch of `build_control`."""
    drop(con, "wrk_chain", "wrk_holding", *(f"wrk_chain_{length}" for length in range(1, graph.chain + 1)))
