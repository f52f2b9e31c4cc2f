"""Statements that a worker submitted, for the one that takes its run up."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds what is kept of statements."""
    op.create_table(
        "statements",
        sa.Column("statement_id", sa.String(64), primary_key=True),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_statements_run_id", "statements", ["run_id"])
    op.create_index("ix_statements_noted_at", "statements", ["noted_at"])
