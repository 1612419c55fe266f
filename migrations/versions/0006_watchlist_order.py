"""The watchlist of the nation in order of its index, without sorting all of it for each page."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_rpt_watchlist_order", "rpt_watchlist", ["generation", "smoke_index", "uscc"])


def downgrade() -> None:
    op.drop_index("ix_rpt_watchlist_order", "rpt_watchlist")
