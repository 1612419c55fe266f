"""Reporting tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import dashboard.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rpt_generation",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("model_version", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("published_at", dashboard.db.Instant(timezone=True), nullable=True),
        sa.Column("data_until", sa.Date(), nullable=True),
        sa.Column("sources_expected", sa.Integer(), nullable=False),
        sa.Column("sources_read", sa.Integer(), nullable=False),
        sa.Column("rows_in", sa.Integer(), nullable=False),
        sa.Column("rows_staged", sa.Integer(), nullable=False),
        sa.Column("rows_quarantined", sa.Integer(), nullable=False),
        sa.Column("enterprises", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("generation", name=op.f("pk_rpt_generation")),
        sa.UniqueConstraint("run_id", name=op.f("uq_rpt_generation_run_id")),
    )
    op.create_table(
        "rpt_region_week",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("enterprises", sa.Integer(), nullable=False),
        sa.Column("mean_index", sa.Double(), nullable=False),
        sa.Column("smoothed_index", sa.Double(), nullable=False),
        sa.Column("red", sa.Integer(), nullable=False),
        sa.Column("orange", sa.Integer(), nullable=False),
        sa.Column("yellow", sa.Integer(), nullable=False),
        sa.Column("blue", sa.Integer(), nullable=False),
        sa.Column("new_red", sa.Integer(), nullable=False),
        sa.Column("new_orange", sa.Integer(), nullable=False),
        sa.Column("new_yellow", sa.Integer(), nullable=False),
        sa.Column("signals", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=True),
        sa.Column("upper", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("generation", "region_code", "week_on", name=op.f("pk_rpt_region_week")),
    )
    with op.batch_alter_table("rpt_region_week", schema=None) as batch_op:
        batch_op.create_index("ix_rpt_region_week_level", ["generation", "level", "week_on"], unique=False)

    op.create_table(
        "rpt_run",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("model_version", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", dashboard.db.Instant(timezone=True), nullable=True),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_rpt_run")),
    )
    op.create_table(
        "rpt_warning",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("grade", sa.String(length=6), nullable=False),
        sa.Column("previous_grade", sa.String(length=6), nullable=False),
        sa.Column("smoke_index", sa.Double(), nullable=False),
        sa.Column("previous_index", sa.Double(), nullable=False),
        sa.Column("risk_type", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("generation", "uscc", "week_on", name=op.f("pk_rpt_warning")),
    )
    with op.batch_alter_table("rpt_warning", schema=None) as batch_op:
        batch_op.create_index("ix_rpt_warning_raised", ["generation", "raised_on", "region_code"], unique=False)

    op.create_table(
        "rpt_watchlist",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("grade", sa.String(length=6), nullable=False),
        sa.Column("smoke_index", sa.Double(), nullable=False),
        sa.Column("previous_index", sa.Double(), nullable=False),
        sa.Column("risk_type", sa.String(length=12), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column("contribution_compliance", sa.Double(), nullable=False),
        sa.Column("contribution_yield_lure", sa.Double(), nullable=False),
        sa.Column("contribution_complaints", sa.Double(), nullable=False),
        sa.Column("contribution_spread", sa.Double(), nullable=False),
        sa.Column("contribution_keywords", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "uscc", name=op.f("pk_rpt_watchlist")),
    )
    with op.batch_alter_table("rpt_watchlist", schema=None) as batch_op:
        batch_op.create_index("ix_rpt_watchlist_region", ["generation", "region_code", "smoke_index"], unique=False)

    op.create_table(
        "rpt_current",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["generation"], ["rpt_generation.generation"], name=op.f("fk_rpt_current_generation_rpt_generation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rpt_current")),
    )
    op.create_table(
        "rpt_quarantine",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("file", sa.String(length=300), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["rpt_run.run_id"], name=op.f("fk_rpt_quarantine_run_id_rpt_run")),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_rpt_quarantine")),
    )
    op.create_table(
        "rpt_run_step",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["rpt_run.run_id"], name=op.f("fk_rpt_run_step_run_id_rpt_run")),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_rpt_run_step")),
    )
    op.create_table(
        "rpt_source_file",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("contract", sa.String(length=40), nullable=False),
        sa.Column("file", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows_in", sa.Integer(), nullable=False),
        sa.Column("rows_staged", sa.Integer(), nullable=False),
        sa.Column("rows_quarantined", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["rpt_run.run_id"], name=op.f("fk_rpt_source_file_run_id_rpt_run")),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_rpt_source_file")),
    )


def downgrade() -> None:
    op.drop_table("rpt_source_file")
    op.drop_table("rpt_run_step")
    op.drop_table("rpt_quarantine")
    op.drop_table("rpt_current")
    with op.batch_alter_table("rpt_watchlist", schema=None) as batch_op:
        batch_op.drop_index("ix_rpt_watchlist_region")

    op.drop_table("rpt_watchlist")
    with op.batch_alter_table("rpt_warning", schema=None) as batch_op:
        batch_op.drop_index("ix_rpt_warning_raised")

    op.drop_table("rpt_warning")
    op.drop_table("rpt_run")
    with op.batch_alter_table("rpt_region_week", schema=None) as batch_op:
        batch_op.drop_index("ix_rpt_region_week_level")

    op.drop_table("rpt_region_week")
    op.drop_table("rpt_generation")
