"""Cases: the whole workflow, daily work on them, findings, and what a desk keeps for its officer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import dashboard.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:  # rebuilding a table that others refer to looks to SQLite like deleting its rows
        op.execute("PRAGMA foreign_keys=OFF")
    widen_case_file()
    create_tables()
    create_more_tables()
    begin_histories()
    with op.batch_alter_table("case_file") as batch:
        batch.drop_column("warned_week_on")
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject"], unique=False)
    if sqlite:
        op.execute("PRAGMA foreign_keys=ON")


def widen_case_file() -> None:
    """Add the new columns; a case from before is an intake of the default workflow, without a clock."""
    day = "date(opened_at)" if op.get_bind().dialect.name == "sqlite" else "CAST(opened_at AS date)"
    filled = {
        "handler_code": (sa.String(length=12), "substr(region_code, 1, 6)"),
        "grade": (sa.String(length=6), "''"),
        "workflow": (sa.String(length=20), "'default'"),
        "workflow_version": (sa.String(length=20), "'2026.1'"),
        "phase": (sa.String(length=16), "'intake'"),
        "opened_on": (sa.Date(), day),
        "entered_on": (sa.Date(), day),
        "outcome": (sa.String(length=16), "''"),
    }
    with op.batch_alter_table("case_file") as batch:
        batch.add_column(sa.Column("foreign_number", sa.String(length=60), nullable=True))
        for name, (kind, _) in filled.items():
            batch.add_column(sa.Column(name, kind, nullable=True))
        batch.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        for name in ("due_on", "amber_on", "suspended_on", "suspended_until", "closed_on"):
            batch.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch.add_column(sa.Column("days_left", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("escalated_to", sa.String(length=12), nullable=True))
        batch.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("split_from", sa.Integer(), nullable=True))
    values = ", ".join(f"{name} = {value}" for name, (_, value) in filled.items())
    op.execute(f"UPDATE case_file SET {values}")  # noqa: S608 - nothing but the words above
    with op.batch_alter_table("case_file") as batch:
        for name, (kind, _) in filled.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.drop_index("ix_case_file_region")
        batch.create_index("ix_case_file_region", ["region_code", "phase", "due_on"], unique=False)
        batch.create_index("ix_case_file_handler", ["handler_code", "phase", "due_on"], unique=False)
        batch.create_index("ix_case_file_closed", ["closed_on", "region_code", "opened_on"], unique=False)
        of_phase = ["phase", "region_code", "opened_on", "due_on", "amber_on", "suspended_on"]
        batch.create_index("ix_case_file_phase", of_phase, unique=False)
        batch.create_index("ix_case_file_name", ["name"], unique=False)
        batch.create_index("ix_case_file_opened", ["opened_on", "region_code"], unique=False)
        batch.create_index("ix_case_file_owner", ["owner_id", "phase"], unique=False)
        batch.create_unique_constraint(op.f("uq_case_file_foreign_number"), ["foreign_number"])
        for name, table in (("split_from", "case_file"), ("merged_into", "case_file"), ("owner_id", "user_account")):
            batch.create_foreign_key(op.f(f"fk_case_file_{name}_{table}"), table, [name], ["id"])


def begin_histories() -> None:
    """Give each case from before its first stay and the warning that it began with."""
    op.execute(
        """
        INSERT INTO case_span (case_id, position, region_code, handler_code, transition, from_phase, stage, phase,
            entered_at, entered_on, entered_by, reason, given)
        SELECT id, 1, region_code, handler_code, 'open', '', stage, phase, opened_at, opened_on, opened_by, '', '{}'
        FROM case_file
        """
    )
    op.execute(
        """
        INSERT INTO case_source (case_id, kind, key, told, added_at, added_by)
        SELECT id, 'warning', uscc || ':' || CAST(warned_week_on AS varchar(10)), name, opened_at, opened_by
        FROM case_file WHERE warned_week_on IS NOT NULL
        """
    )


def create_tables() -> None:
    op.create_table(
        "command_receipt",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.Column("done_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_command_receipt_user_id_user_account")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_command_receipt")),
    )
    with op.batch_alter_table("command_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_command_receipt_done_at"), ["done_at"], unique=False)

    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("withdrawn_at", dashboard.db.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["user_account.id"], name=op.f("fk_delegation_from_id_user_account")),
        sa.ForeignKeyConstraint(["to_id"], ["user_account.id"], name=op.f("fk_delegation_to_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.create_index("ix_delegation_from", ["from_id", "ends_on"], unique=False)
        batch_op.create_index("ix_delegation_to", ["to_id", "ends_on"], unique=False)

    op.create_table(
        "form_draft",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=80), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.Column("kept_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_form_draft_user_id_user_account")),
        sa.PrimaryKeyConstraint("user_id", "form", name=op.f("pk_form_draft")),
    )
    with op.batch_alter_table("form_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_draft_kept_at"), ["kept_at"], unique=False)

    op.create_table(
        "inbox_snooze",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_inbox_snooze_user_id_user_account")),
        sa.PrimaryKeyConstraint("user_id", "item", name=op.f("pk_inbox_snooze")),
    )
    op.create_table(
        "case_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scan", sa.String(length=10), nullable=False),
        sa.Column("added_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("removed_at", dashboard.db.Instant(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["user_account.id"], name=op.f("fk_case_attachment_added_by_user_account")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_attachment_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["removed_by"], ["user_account.id"], name=op.f("fk_case_attachment_removed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_attachment")),
    )
    with op.batch_alter_table("case_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_attachment_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("made_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_comment_case_id_case_file")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_case_comment_made_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_comment")),
    )
    with op.batch_alter_table("case_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_comment_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_determination",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("risk_type", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("illegal_income", sa.Double(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("basis", sa.String(length=4000), nullable=False),
        sa.Column("made_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_determination_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_case_determination_made_by_user_account")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_determination")),
    )


def create_more_tables() -> None:
    op.create_table(
        "case_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("fine", sa.Double(), nullable=False),
        sa.Column("base", sa.Double(), nullable=False),
        sa.Column("document", sa.String(length=80), nullable=False),
        sa.Column("organ", sa.String(length=120), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("justification", sa.String(length=500), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("made_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", dashboard.db.Instant(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_measure_case_id_case_file")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_case_measure_made_by_user_account")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["user_account.id"], name=op.f("fk_case_measure_withdrawn_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_measure")),
    )
    with op.batch_alter_table("case_measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_measure_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("from_code", sa.String(length=12), nullable=False),
        sa.Column("to_code", sa.String(length=12), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.Column("answered_at", dashboard.db.Instant(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user_account.id"], name=op.f("fk_case_order_answered_by_user_account")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_order_case_id_case_file")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_case_order_made_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_order")),
    )
    with op.batch_alter_table("case_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_order_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_case_order_from", ["from_code", "state"], unique=False)
        batch_op.create_index("ix_case_order_to", ["to_code", "state", "answer_due_on"], unique=False)

    op.create_table(
        "case_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("added_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["user_account.id"], name=op.f("fk_case_person_added_by_user_account")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_person_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_person")),
    )
    with op.batch_alter_table("case_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_person_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_person_name"), ["name"], unique=False)

    op.create_table(
        "case_repayment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("owed", sa.Double(), nullable=False),
        sa.Column("repaid", sa.Double(), nullable=False),
        sa.Column("people_owed", sa.Integer(), nullable=False),
        sa.Column("people_repaid", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("made_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_repayment_case_id_case_file")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_case_repayment_made_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_repayment")),
    )
    with op.batch_alter_table("case_repayment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_repayment_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_seat",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("since_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", dashboard.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_seat_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "region_code", name=op.f("pk_case_seat")),
    )
    with op.batch_alter_table("case_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_seat_region_code"), ["region_code"], unique=False)

    op.create_table(
        "case_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("told", sa.String(length=1000), nullable=False),
        sa.Column("added_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["user_account.id"], name=op.f("fk_case_source_added_by_user_account")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_source_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_source")),
    )
    with op.batch_alter_table("case_source", schema=None) as batch_op:
        batch_op.create_index("ix_case_source_case", ["case_id"], unique=False)
        batch_op.create_index("ix_case_source_key", ["kind", "key"], unique=False)

    op.create_table(
        "case_span",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("handler_code", sa.String(length=12), nullable=False),
        sa.Column("transition", sa.String(length=20), nullable=False),
        sa.Column("from_phase", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("entered_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("days_allowed", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("days_taken", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_span_case_id_case_file")),
        sa.ForeignKeyConstraint(["entered_by"], ["user_account.id"], name=op.f("fk_case_span_entered_by_user_account")),
        sa.PrimaryKeyConstraint("case_id", "position", name=op.f("pk_case_span")),
    )
    with op.batch_alter_table("case_span", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_span_entered", ["entered_on", "from_phase", "phase", "region_code"], unique=False
        )
        batch_op.create_index("ix_case_span_phase", ["case_id", "phase"], unique=False)
        batch_op.create_index(
            "ix_case_span_left", ["left_on", "phase", "region_code", "days_taken", "days_allowed"], unique=False
        )

    op.create_table(
        "case_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", dashboard.db.Instant(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_task_case_id_case_file")),
        sa.ForeignKeyConstraint(["ended_by"], ["user_account.id"], name=op.f("fk_case_task_ended_by_user_account")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_case_task_made_by_user_account")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_case_task_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_task")),
    )
    with op.batch_alter_table("case_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_task_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_case_task_owner", ["owner_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_case_task_region", ["region_code", "state", "due_on"], unique=False)

    op.create_table(
        "case_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        sa.Column("obtained_from", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("added_at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["user_account.id"], name=op.f("fk_case_evidence_added_by_user_account")),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["case_attachment.id"], name=op.f("fk_case_evidence_attachment_id_case_attachment")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_evidence_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_evidence")),
    )
    with op.batch_alter_table("case_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_evidence_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_mention",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("read_at", dashboard.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["case_comment.id"], name=op.f("fk_case_mention_comment_id_case_comment")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_case_mention_user_id_user_account")),
        sa.PrimaryKeyConstraint("comment_id", "user_id", name=op.f("pk_case_mention")),
    )
    with op.batch_alter_table("case_mention", schema=None) as batch_op:
        batch_op.create_index("ix_case_mention_user", ["user_id", "read_at"], unique=False)

    op.create_table(
        "case_custody",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("from_holder", sa.String(length=120), nullable=False),
        sa.Column("to_holder", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("at", dashboard.db.Instant(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_case_custody_by_user_account")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["case_evidence.id"], name=op.f("fk_case_custody_evidence_id_case_evidence")
        ),
        sa.PrimaryKeyConstraint("evidence_id", "position", name=op.f("pk_case_custody")),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_entry_subject", "audit_entry")
    for name in (
        "case_custody",
        "case_mention",
        "case_evidence",
        "case_task",
        "case_span",
        "case_source",
        "case_seat",
        "case_repayment",
        "case_person",
        "case_order",
        "case_measure",
        "case_determination",
        "case_comment",
        "case_attachment",
        "inbox_snooze",
        "form_draft",
        "delegation",
        "command_receipt",
    ):
        op.drop_table(name)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA foreign_keys=OFF")
    with op.batch_alter_table("case_file") as batch:
        batch.add_column(sa.Column("warned_week_on", sa.Date(), nullable=True))
        for name, table in (("split_from", "case_file"), ("merged_into", "case_file"), ("owner_id", "user_account")):
            batch.drop_constraint(op.f(f"fk_case_file_{name}_{table}"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_case_file_foreign_number"), type_="unique")
        for name in ("closed", "phase", "region", "handler", "name", "opened", "owner"):
            batch.drop_index(f"ix_case_file_{name}")
    with op.batch_alter_table("case_file") as batch:
        for name in (
            "foreign_number",
            "handler_code",
            "grade",
            "workflow",
            "workflow_version",
            "phase",
            "opened_on",
            "entered_on",
            "outcome",
            "owner_id",
            "due_on",
            "amber_on",
            "suspended_on",
            "suspended_until",
            "closed_on",
            "days_left",
            "escalated_to",
            "merged_into",
            "split_from",
        ):
            batch.drop_column(name)
        batch.create_index("ix_case_file_region", ["region_code", "stage"], unique=False)
