"""Parties by name and kind, and communities by number: what screens list, once the scores are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from etl.engine import materialise
from etl.graph.parties import housed, is_enterprise
from geo.codes import LENGTHS, NATION

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

COUNTED = ("red", "orange", "yellow")


def build_nodes(con: BaseBackend, as_of: date) -> None:
    """Leave behind `dim_community` and `dim_node`, from `build_ties`'s tables and `fct_score`.

    `dim_community`: the columns of `rpt_community` less the generation. The riskiest is number 1: the highest index
    of a member, then the mean, then the number of members, then the code of the member with the highest index.
    Members that are no longer in operation count as members, with an index of 0. `dim_node`: exactly `FILES["nodes"]`.
    """
    numbered = materialise(con, "wrk_numbered", _numbered(con, as_of))
    materialise(con, "dim_community", numbered.drop("label"))
    materialise(con, "dim_node", _nodes(con, numbered))


def _numbered(con: BaseBackend, as_of: date) -> ir.Table:
    """Return the columns of `dim_community` and `label`."""
    parties = con.table("wrk_community")
    people = _kinds(con).filter(ibis._.kind == "person").semi_join(parties, "node")
    people = people.join(parties, "node").group_by("label").agg(people=ibis._.count())
    members = _members(con, parties, as_of)
    order = ibis.window(group_by="label", order_by=[members.hundredths.desc(), members.uscc])
    first = members.mutate(place=ibis.row_number().over(order)).filter(ibis._.place == 0)
    first = first.select("label", "uscc", "name")
    known = members.region_code != ""
    county = members.region_code.left(LENGTHS["county"])
    deep = members.region_code.length() >= LENGTHS["county"]
    sums = members.group_by("label").agg(
        region_code=_smallest(members),
        members=members.count(),
        **{grade: members.count(where=members.grade == grade) for grade in COUNTED},
        highest=members.hundredths.max().cast("float64") / 100,
        mean_index=(members.hundredths.sum().cast("float64") / members.count() / 100).round(4),
        amount=members.amount.sum(),
        regions=county.nunique(where=known & deep),
    )
    whole = sums.join(first, "label").left_join(people, "label").drop("label_right")
    order = ibis.window(order_by=[whole.highest.desc(), whole.mean_index.desc(), whole.members.desc(), whole.uscc])
    return whole.select(
        "label",
        "name",
        "uscc",
        "region_code",
        "members",
        *COUNTED,
        "highest",
        "mean_index",
        "amount",
        "regions",
        people=whole.people.fill_null(0),
        community=ibis.row_number().over(order).cast("int64") + 1,
    )


def _members(con: BaseBackend, parties: ir.Table, as_of: date) -> ir.Table:
    """Return label, uscc, name, region_code, grade, hundredths (of the index) and amount (whole CNY) of each member."""
    firms = parties.filter(is_enterprise(parties.node)).rename(uscc="node")
    scores = con.table("fct_score").select("uscc", "grade", hundredths=(ibis._.smoke_index * 100).cast("int64"))
    signals = con.table("stg_signals").filter(ibis._.reported_on <= as_of)
    told = signals.group_by("uscc").agg(amount=signals.amount.fill_null(0.0).round().cast("int64").sum())
    register = con.table("stg_enterprises").select("uscc", "name", "region_code")
    joined = firms
    for table in (register, scores, told):
        joined = joined.left_join(table, "uscc").drop("uscc_right")
    names = _told_names(con).rename(uscc="node", told="name")
    joined = joined.left_join(names, "uscc").drop("uscc_right")
    return joined.select(
        "label",
        "uscc",
        name=ibis.coalesce(joined.name, joined.told, joined.uscc),
        region_code=joined.region_code.fill_null(""),
        grade=joined.grade.fill_null("blue"),
        hundredths=joined.hundredths.fill_null(0),
        amount=joined.amount.fill_null(0).cast("float64"),
    )


def _smallest(members: ir.Table) -> ir.Value:
    """Return the smallest region that holds all members whose place is known; '' where nobody's is."""
    code = members.region_code
    known = code.nullif("")
    found = []
    for length in sorted((LENGTHS[level] for level in LENGTHS if LENGTHS[level] > 1), reverse=True):
        deep = known.length().min() >= length
        same = known.left(length).min() == known.left(length).max()
        found.append((deep & same, known.left(length).min()))
    return ibis.cases((known.count() == 0, ""), *found, else_=NATION)


def _kinds(con: BaseBackend) -> ir.Table:
    """Return `node`, `kind` and `degree` of every party of a tie.

    Who has no credit code is a person, unless all that is told of the party is a telephone, or a door.
    """
    ties = con.table("dim_tie")
    sums = ties.group_by("node").agg(
        degree=ties.count(),
        phones=(ties.kind == "same_phone").sum(),
        doors=(ties.kind == "same_address").sum(),
    )
    kind = ibis.cases(
        (is_enterprise(sums.node), "enterprise"),
        (sums.phones == sums.degree, "telephone"),
        (sums.doors == sums.degree, "door"),
        else_="person",
    )
    return sums.select("node", "degree", kind=kind)


def _told_names(con: BaseBackend) -> ir.Table:
    """Return `node`, `name` as relations tell it; of several the first in order."""
    told = con.table("stg_relations")
    both = ibis.union(told.select(node="from_id", name="from_name"), told.select(node="to_id", name="to_name"))
    named = both.filter(both.name.fill_null("") != "")
    return named.group_by("node").agg(name=named.name.min())


def _nodes(con: BaseBackend, numbered: ir.Table) -> ir.Table:
    """Return `FILES["nodes"]`: the register's name, else the one that relations tell, a door's address, or the id."""
    parties = con.table("wrk_community").join(numbered.select("label", "community"), "label").drop("label")
    doors = housed(con.table("stg_enterprises"))
    doors = doors.group_by(node=doors.door).agg(address=doors.address.min())
    names = _told_names(con)
    control = con.table("fct_control").select(node="uscc", controller="controller", control_share="control_share")
    behind = con.table("stg_enterprises").select(controller="uscc", behind="name")
    told = names.select(controller="node", told_behind="name")
    nodes = _kinds(con)
    register = con.table("stg_enterprises").select(node="uscc", registered="name")
    for table in (register, names.rename(told="name"), doors, parties, control):
        nodes = nodes.left_join(table, "node").drop("node_right")
    for table in (behind, told):
        nodes = nodes.left_join(table, "controller").drop("controller_right")
    return nodes.select(
        "node",
        "kind",
        name=ibis.coalesce(nodes.registered, nodes.told, nodes.address, nodes.node),
        degree=nodes.degree,
        community=nodes.community,
        controller=nodes.controller.fill_null(""),
        controller_name=ibis.coalesce(nodes.behind, nodes.told_behind, nodes.controller, ibis.literal("")),
        control_share=nodes.control_share,
    )
