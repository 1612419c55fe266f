"""What people decide: handled warnings, cases, exemptions, versions of the model."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import dashboard.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("risk_type", sa.String(length=12), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("warned_week_on", sa.Date(), nullable=True),
        sa.Column("opened_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["opened_by"], ["user_account.id"], name=op.f("fk_case_file_opened_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index("ix_case_file_region", ["region_code", "stage"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_file_uscc"), ["uscc"], unique=False)
    op.create_table(
        "exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("risk_type", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("created_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", dashboard.db.Instant(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"], name=op.f("fk_exemption_created_by_user_account")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["user_account.id"], name=op.f("fk_exemption_withdrawn_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
    )
    with op.batch_alter_table("exemption", schema=None) as batch_op:
        batch_op.create_index("ix_exemption_region", ["region_code", "ends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_exemption_uscc"), ["uscc"], unique=False)
    op.create_table(
        "model_version",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("based_on", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", dashboard.db.Instant(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_model_version_decided_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["user_account.id"], name=op.f("fk_model_version_proposed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_model_version")),
    )
    op.create_table(
        "warning_handling",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["user_account.id"], name=op.f("fk_warning_handling_assignee_id_user_account")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_warning_handling_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_warning_handling_changed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("uscc", "week_on", name=op.f("pk_warning_handling")),
    )
    with op.batch_alter_table("warning_handling", schema=None) as batch_op:
        batch_op.create_index("ix_warning_handling_assignee", ["assignee_id", "state"], unique=False)


def downgrade() -> None:
    op.drop_table("warning_handling")
    op.drop_table("model_version")
    op.drop_table("exemption")
    op.drop_table("case_file")
