"""Runs that were let in, counted by all workers."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds admissions."""
    op.create_table(
        "admissions",
        sa.Column("run_id", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_admissions_user_id", "admissions", ["user_id"])
