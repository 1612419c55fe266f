"""Performance, communities and peers; owner and due date of warnings; more columns of the watchlist."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tables()
    add_to_warnings()
    add_to_watchlist()


def create_tables() -> None:
    op.create_table(
        "rpt_community",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("community", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("red", sa.Integer(), nullable=False),
        sa.Column("orange", sa.Integer(), nullable=False),
        sa.Column("yellow", sa.Integer(), nullable=False),
        sa.Column("highest", sa.Double(), nullable=False),
        sa.Column("mean_index", sa.Double(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("regions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "community", name=op.f("pk_rpt_community")),
    )
    with op.batch_alter_table("rpt_community", schema=None) as batch_op:
        batch_op.create_index("ix_rpt_community_highest", ["generation", "highest"], unique=False)
    op.create_table(
        "rpt_drift",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("factor", sa.String(length=40), nullable=False),
        sa.Column("psi", sa.Double(), nullable=False),
        sa.Column("share_before", sa.Double(), nullable=False),
        sa.Column("share_now", sa.Double(), nullable=False),
        sa.Column("mean_before", sa.Double(), nullable=False),
        sa.Column("mean_now", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "factor", name=op.f("pk_rpt_drift")),
    )
    op.create_table(
        "rpt_learned",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("dismissed", sa.Integer(), nullable=False),
        sa.Column("trained_until", sa.Date(), nullable=True),
        sa.Column("calibrated_until", sa.Date(), nullable=True),
        sa.Column("tested_until", sa.Date(), nullable=True),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("generation", name=op.f("pk_rpt_learned")),
    )
    op.create_table(
        "rpt_peer",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("enterprises", sa.Integer(), nullable=False),
        sa.Column("median", sa.Double(), nullable=False),
        sa.Column("p75", sa.Double(), nullable=False),
        sa.Column("p90", sa.Double(), nullable=False),
        sa.Column("p99", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "kind", "key", "measure", name=op.f("pk_rpt_peer")),
    )
    op.create_table(
        "rpt_performance",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("scorer", sa.String(length=12), nullable=False),
        sa.Column("cut", sa.String(length=9), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("measure", sa.String(length=24), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "scorer", "cut", "key", "measure", "k", name=op.f("pk_rpt_performance")),
    )
    op.create_table(
        "rpt_reliability",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("bin", sa.Integer(), nullable=False),
        sa.Column("predicted", sa.Double(), nullable=False),
        sa.Column("observed", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "bin", name=op.f("pk_rpt_reliability")),
    )


def add_to_warnings() -> None:
    """Add owner and due date; warnings from before belong to their county and were due at once."""
    with op.batch_alter_table("rpt_warning") as batch:
        batch.add_column(sa.Column("owner_code", sa.String(length=6), nullable=False, server_default=""))
        batch.add_column(sa.Column("due_on", sa.Date(), nullable=False, server_default="2000-01-03"))
    op.execute("UPDATE rpt_warning SET owner_code = substr(region_code, 1, 6), due_on = raised_on")
    with op.batch_alter_table("rpt_warning") as batch:
        for column in ("owner_code", "due_on"):
            batch.alter_column(column, server_default=None)


def add_to_watchlist() -> None:
    """Add what the list shows since; of enterprises listed before, the typed indexes are not known and read 0."""
    texts = (sa.Column("legal_representative", sa.String(length=100)), sa.Column("exempt", sa.String(length=5)))
    numbers = tuple(sa.Column(f"index_{name}", sa.Double()) for name in ("fundraising", "pyramid", "lending"))
    with op.batch_alter_table("rpt_watchlist") as batch:
        for column in (*texts, *numbers):
            column.nullable = False
            column.server_default = sa.DefaultClause("" if column in texts else "0")
            batch.add_column(column)
        batch.add_column(sa.Column("probability", sa.Double(), nullable=True))
        batch.add_column(sa.Column("community", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("warned_week_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("due_on", sa.Date(), nullable=True))
    with op.batch_alter_table("rpt_watchlist") as batch:
        for column in (*texts, *numbers):
            batch.alter_column(column.name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("rpt_watchlist") as batch:
        for column in (
            "legal_representative",
            "exempt",
            "index_fundraising",
            "index_pyramid",
            "index_lending",
            "probability",
            "community",
            "warned_week_on",
            "due_on",
        ):
            batch.drop_column(column)
    with op.batch_alter_table("rpt_warning") as batch:
        batch.drop_column("due_on")
        batch.drop_column("owner_code")
    op.drop_table("rpt_reliability")
    op.drop_table("rpt_performance")
    op.drop_table("rpt_peer")
    op.drop_table("rpt_learned")
    op.drop_table("rpt_drift")
    op.drop_table("rpt_community")
